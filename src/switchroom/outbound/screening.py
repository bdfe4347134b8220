"""Whether a contact is written to now: the questions, in their order, and which answer ends them.

Order: taken already, filter, attempts, consent (opted out, marketing held, no consent), do-not-contact lists, window,
cap, template, parts. What can change by itself (window, cap) puts the contact off; everything else skips it, with the
question as the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from switchroom.consent.model import BUSINESS_INITIATED, SendQuestion, pool_scope
from switchroom.errors import InvalidInput
from switchroom.messaging.addresses import Address
from switchroom.outbound.keytable import short_key
from switchroom.outbound.list_model import ContactList, Row
from switchroom.outbound.model import Outcome
from switchroom.outbound.openings import Calls
from switchroom.outbound.rendering import Rendered, Renderer, facts_of
from switchroom.routing.fields import Fact, micros

if TYPE_CHECKING:
    from switchroom.consent.state import Consent
    from switchroom.outbound.progress import CampaignRecord
    from switchroom.outbound.state import Outbound, Sender

_REASONS = (
    ("opted out", Outcome.OPTED_OUT),
    ("marketing is held", Outcome.HELD),
    ("no consent", Outcome.NO_CONSENT),
    ("on do-not-contact list", Outcome.DO_NOT_CONTACT),
    ("quiet hours", Outcome.WINDOW),
    ("frequency cap", Outcome.CAP),
)


def outcome_of(refusal: str) -> Outcome | None:
    """Which question the gate's refusal answers."""
    return next((outcome for words, outcome in _REASONS if refusal.startswith(words)), None)


class Skip(NamedTuple):
    """Not written to. ``until_us``: asked again then; None: never."""

    outcome: Outcome
    until_us: int | None = None


class Pass(NamedTuple):
    """May be written to."""

    to: Address
    keys: tuple[str, ...]
    zones: tuple[str, ...]
    facts: dict[str, Fact]
    message: Rendered


def zones_of(row: Row) -> tuple[str, ...]:
    """The time zones a contact may be in."""
    return tuple(str(row[0]).split("|")) if row[0] else ()


class Screen:
    """The questions of one campaign at one instant."""

    def __init__(
        self, o: Outbound, c: CampaignRecord, senders: tuple[Sender, ...], renderer: Renderer, now: int
    ) -> None:
        self._o, self._c, self._now = o, c, now
        self._sender = sender = senders[0]
        # Who has stopped one of the senders is not written to by another one.
        self._pools = tuple(pool_scope(s.address.channel, s.pool or s.address.value) for s in senders)
        self._renderer = renderer
        self._calls = Calls(o.consent.rules, c.spec.windows, now)
        self._test = c.spec.filter.compile()
        self._taken = o.taken.get(c.id)
        opt_in = o.channel(sender.address.channel).opt_in_needed
        self._opt_in = opt_in and c.spec.purpose in BUSINESS_INITIATED
        self._places: dict[str, int] = {}

    def ask(self, row: Row, spec: ContactList, tries: int) -> Skip | Pass:
        """All the questions about one contact."""
        place = self._places.get(spec.id) or self._places.setdefault(spec.id, spec.place(spec.address))
        if not row:
            return Skip(Outcome.FILTERED)  # erased
        to = Address(self._sender.address.channel, str(row[place]))
        keys = self._o.consent.digests(to.suppression_keys)
        if self._taken is not None and not tries and short_key(keys[0]) in self._taken:
            return Skip(Outcome.DUPLICATE)
        facts = facts_of(row, spec)
        if not self._test(facts):
            return Skip(Outcome.FILTERED)
        if tries >= self._c.spec.attempts:
            return Skip(Outcome.ATTEMPTS)
        zones = zones_of(row)
        return self._allowed(keys, zones) or self._render(to, keys, zones, facts)

    def _allowed(self, keys: tuple[str, ...], zones: tuple[str, ...]) -> Skip | None:
        if self._o.consent.opted_out(keys, self._pools) is not None:
            return Skip(Outcome.OPTED_OUT)
        refusal = self._o.consent.refusal(self._question(keys, zones), self._now)
        outcome = None if refusal is None else outcome_of(refusal)
        if refusal is not None and outcome is None:
            return Skip(Outcome.HELD)  # a reason that is not known here never sends
        if outcome is not None and outcome < Outcome.WINDOW:
            return Skip(outcome)
        closed = self._calls.closed_until(zones) if self._c.spec.purpose in BUSINESS_INITIATED else None
        if closed is not None:
            return Skip(Outcome.WINDOW, closed)
        if outcome is Outcome.CAP:
            return Skip(outcome, cap_over(self._o.consent, keys, self._now))
        return None

    def _question(self, keys: tuple[str, ...], zones: tuple[str, ...]) -> SendQuestion:
        spec, sender = self._c.spec, self._sender
        return SendQuestion(
            keys=keys,
            channel=sender.address.channel,
            purpose=spec.purpose,
            pool=sender.pool or sender.address.value,
            campaign=spec.id,
            category=spec.category,
            lists=spec.do_not_contact,
            zones=zones,
            opt_in_needed=self._opt_in,
        )

    def _render(
        self, to: Address, keys: tuple[str, ...], zones: tuple[str, ...], facts: dict[str, Fact]
    ) -> Skip | Pass:
        try:
            message = self._renderer.render(facts)
        except InvalidInput:
            return Skip(Outcome.TEMPLATE)
        if message.parts > self._c.spec.max_parts:
            return Skip(Outcome.TOO_LONG)
        return Pass(to, keys, zones, facts, message)


def cap_over(consent: Consent, keys: tuple[str, ...], now: int) -> int:
    """When there is room under the frequency cap again: when the oldest of those that fill it is forgotten."""
    period, cap = micros(consent.rules.cap_period), consent.rules.cap or 1
    fills = [list(consent.counted[key])[-cap] for key in keys if len(consent.counted.get(key, ())) >= cap]
    return max((at + period for at in fills), default=now + period)
