"""The state of consent, and the one gate through which every outbound message passes.

Suppression never leaves memory by age. The gate is asked twice: when a send is requested, and again at the moment of
hand-over, so that a send that races a STOP loses.
"""

from __future__ import annotations

import hmac
from collections import deque
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from switchroom.consent.events import (
    ConsentGiven,
    ConsentRulesSaved,
    ConsentWithdrawn,
    Listed,
    MarketingHeld,
    OptedIn,
    OptedOut,
    SendCounted,
    Unlisted,
)
from switchroom.consent.model import (
    BUSINESS_INITIATED,
    CONFIRMATION,
    MARKETING,
    ConsentRules,
    SendQuestion,
)
from switchroom.durations import from_micros
from switchroom.errors import InvalidInput
from switchroom.kernel.transaction import Applier, Transaction
from switchroom.routing.fields import micros

DEFAULT_PEPPER = b"switchroom"
"""Digests under it can be reversed by trying every number. Give the center a secret of your own."""


@lru_cache(maxsize=8192)
def _digest(pepper: bytes, address_key: str) -> str:
    """Remembered for the latest addresses: one message asks several times for the same."""
    return hmac.digest(pepper, address_key.encode(), "sha256").hex()[:32]


class Consent:
    """Who must not be written to, and who has agreed to what."""

    def __init__(self, pepper: bytes = DEFAULT_PEPPER) -> None:
        if not pepper:
            raise InvalidInput("pepper", "empty", hint="a secret of at least one byte")
        self._pepper = pepper
        self.rules = ConsentRules()
        self.suppressed: dict[str, dict[str, int]] = {}
        self.consents: dict[str, dict[str, int]] = {}
        self.held: dict[str, int] = {}
        self.lists: dict[str, dict[str, None]] = {}
        self.counted: dict[str, deque[int]] = {}

    def appliers(self) -> dict[type, Applier]:
        return {
            ConsentRulesSaved: self._rules_saved,
            OptedOut: self._opted_out,
            OptedIn: self._opted_in,
            ConsentGiven: self._given,
            ConsentWithdrawn: self._withdrawn,
            MarketingHeld: self._held,
            Listed: self._listed,
            Unlisted: self._unlisted,
            SendCounted: self._counted,
        }

    def digest(self, address_key: str) -> str:
        """The key of an address (``channel:value``) in the log: HMAC-SHA256 under the center's secret."""
        return _digest(self._pepper, address_key)

    def digests(self, address_keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.digest(key) for key in address_keys)

    def knows(self, keys: Iterable[str]) -> bool:
        """Whether anything at all is suppressed for one of the keys."""
        suppressed = self.suppressed
        return any(key in suppressed for key in keys) if suppressed else False

    def opted_out(self, keys: Iterable[str], scopes: Iterable[str]) -> str | None:
        """The first scope among these in which one of the keys is suppressed."""
        wanted = tuple(scopes)
        for key in keys:
            known = self.suppressed.get(key)
            if known:
                for scope in wanted:
                    if scope in known:
                        return scope
        return None

    def refusal(self, question: SendQuestion, now: int) -> str | None:
        """Why a message must not leave now, or None. O(keys x scopes)."""
        if question.purpose == CONFIRMATION:
            return None
        scope = self.opted_out(question.keys, question.scopes())
        if scope is not None:
            return f"opted out ({scope})"
        if question.purpose not in BUSINESS_INITIATED:
            return None
        return self._begins(question, now)

    def _begins(self, question: SendQuestion, now: int) -> str | None:
        """The further conditions of a message that the company begins, in their order."""
        if question.purpose == MARKETING and any(key in self.held for key in question.keys):
            return "marketing is held until a person has looked"
        if question.opt_in_needed and not self.consented(question.keys, question.purpose):
            return "no consent"
        for name in question.lists:
            if any(key in self.lists.get(name, ()) for key in question.keys):
                return f"on do-not-contact list {name}"
        if not self.rules.may_leave(from_micros(now), question.zones):
            return "quiet hours"
        if self.rules.cap is not None and self._used(question.keys, now) >= self.rules.cap:
            return "frequency cap"
        return None

    def consented(self, keys: Iterable[str], purpose: str) -> bool:
        """Whether one of the keys has agreed to this purpose."""
        return any(purpose in self.consents.get(key, ()) for key in keys)

    def _used(self, keys: Iterable[str], now: int) -> int:
        since = now - micros(self.rules.cap_period)
        return max((sum(1 for at in self.counted.get(key, ()) if at > since) for key in keys), default=0)

    # -- appliers

    def _rules_saved(self, e: ConsentRulesSaved, at: int) -> None:
        self.rules = e.rules

    def _opted_out(self, e: OptedOut, at: int) -> None:
        self.suppressed.setdefault(e.key, {})[e.scope] = at

    def _opted_in(self, e: OptedIn, at: int) -> None:
        scopes = self.suppressed.get(e.key)
        if scopes is not None:
            scopes.pop(e.scope, None)
            if not scopes:
                del self.suppressed[e.key]
        self.held.pop(e.key, None)

    def _given(self, e: ConsentGiven, at: int) -> None:
        self.consents.setdefault(e.key, {})[e.purpose] = at

    def _withdrawn(self, e: ConsentWithdrawn, at: int) -> None:
        purposes = self.consents.get(e.key)
        if purposes is not None:
            purposes.pop(e.purpose, None)
            if not purposes:
                del self.consents[e.key]

    def _held(self, e: MarketingHeld, at: int) -> None:
        if e.held:
            self.held[e.key] = at
        else:
            self.held.pop(e.key, None)

    def _listed(self, e: Listed, at: int) -> None:
        self.lists.setdefault(e.list, {})[e.key] = None

    def _unlisted(self, e: Unlisted, at: int) -> None:
        self.lists[e.list].pop(e.key, None)
        if not self.lists[e.list]:
            del self.lists[e.list]

    def _counted(self, e: SendCounted, at: int) -> None:
        counted = self.counted.setdefault(e.key, deque())
        counted.append(at)
        since = at - micros(self.rules.cap_period)
        while counted and counted[0] <= since:
            counted.popleft()

    def is_used(self) -> bool:
        """Whether anything is recorded at all."""
        return bool(self.suppressed or self.consents or self.held or self.lists or self.counted)

    # -- checking

    def dump(self) -> dict[str, Any]:
        return {
            "rules": repr(self.rules),
            "suppressed": {k: dict(sorted(v.items())) for k, v in sorted(self.suppressed.items())},
            "consents": {k: dict(sorted(v.items())) for k, v in sorted(self.consents.items())},
            "held": dict(sorted(self.held.items())),
            "lists": {k: sorted(v) for k, v in sorted(self.lists.items())},
            "counted": {k: list(v) for k, v in sorted(self.counted.items())},
        }

    def check(self) -> None:
        assert all(self.suppressed.values()), "an address without a suppressed scope"
        assert all(self.consents.values()), "an address without a consent"
        assert all(self.lists.values()), "an empty list"
        for key, counted in self.counted.items():
            assert list(counted) == sorted(counted), f"sends of {key} out of order"


# -- operations


def opt_out(
    tx: Transaction,
    consent: Consent,
    keys: tuple[str, ...],
    scope: str,
    source: str,
    rule: str = "",
    words: str = "",
    message: str = "",
) -> bool:
    """Record an opt-out; always accepted. Returns whether the scope was open before for any of the keys."""
    new = [key for key in keys if scope not in consent.suppressed.get(key, ())]
    for key in new:
        tx.emit(OptedOut(key, scope, source, rule, words, message))
    return bool(new)


def opt_in(
    tx: Transaction,
    consent: Consent,
    keys: tuple[str, ...],
    scopes: Iterable[str],
    source: str,
    rule: str = "",
    words: str = "",
    message: str = "",
) -> bool:
    """Lift these scopes where they are set; creates no consent. Returns whether anything was lifted."""
    lifted = False
    for key in keys:
        for scope in scopes:
            if scope in consent.suppressed.get(key, ()):
                tx.emit(OptedIn(key, scope, source, rule, words, message))
                lifted = True
    return lifted


def give(tx: Transaction, consent: Consent, keys: tuple[str, ...], purpose: str, how: str, words: str) -> None:
    """Record that somebody agreed to a purpose."""
    for key in keys:
        tx.emit(ConsentGiven(key, purpose, how, words))


def withdraw(tx: Transaction, consent: Consent, keys: tuple[str, ...], purpose: str, how: str, words: str) -> None:
    """Record that an agreement was taken back."""
    for key in keys:
        if purpose in consent.consents.get(key, ()):
            tx.emit(ConsentWithdrawn(key, purpose, how, words))


def hold_marketing(tx: Transaction, consent: Consent, keys: tuple[str, ...], held: bool, message: str) -> None:
    """Hold marketing until a person has looked, or release it."""
    for key in keys:
        if (key in consent.held) != held:
            tx.emit(MarketingHeld(key, held, message))


def list_address(tx: Transaction, consent: Consent, name: str, keys: tuple[str, ...], reason: str) -> None:
    """Put an address on a do-not-contact list."""
    for key in keys:
        if key not in consent.lists.get(name, ()):
            tx.emit(Listed(name, key, reason))


def unlist_address(tx: Transaction, consent: Consent, name: str, keys: tuple[str, ...]) -> None:
    """Take an address off a do-not-contact list."""
    for key in keys:
        if key in consent.lists.get(name, ()):
            tx.emit(Unlisted(name, key))


def save_rules(tx: Transaction, consent: Consent, rules: ConsentRules) -> None:
    """Set quiet hours and caps."""
    tx.emit(ConsentRulesSaved(rules))
