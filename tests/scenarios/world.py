"""The world of one case: the center, what was given, and what has become of each step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs

from switchroom import ContactCenter, ManualClock
from switchroom.consent.keywords import KeywordPolicy
from switchroom.durations import from_micros, instant, to_micros
from switchroom.effects import EffectView
from switchroom.errors import SwitchroomError, UnknownId
from switchroom.routing.events import ItemsEvicted
from switchroom.routing.hours import OpeningHours
from switchroom.routing.views import ItemView, item_view
from switchroom.storage.memory import MemoryStorage
from tests.scenarios.words import Table, Unsupported

if TYPE_CHECKING:
    from tests.scenarios.talk import Talk

DEFAULT_START = "2026-01-05T12:00:00Z"
OWN = "x-"
"""Ids of this prefix are the runner's own: probes, and items that were in hand before the case began."""

HELD = f"{OWN}held"
"""The queue of what is in hand before the case begins; it hands out nothing."""

SETTINGS = frozenset(
    {
        "assignment",
        "assign_new_to_bot",
        "bulk_send",
        "durable",
        "help_reply",
        "hours",
        "last_agent",
        "last_agent_timeout",
        "limit",
        "limit_per_agent",
        "longest_waiting_across_queues",
        "max_item_lifetime",
        "opt_in_reply",
        "opt_out_reply",
        "opt_out_scope",
        "prefer_contact_manager",
        "skip_agents_with_external_calls",
        "start_at",
        "start_reply",
        "tz",
        "waiting_queue",
    }
)

SET_ONCE = frozenset({"hours", "opt_out_scope", "opt_out_reply", "opt_in_reply", "start_reply", "help_reply"})
"""Settings that a case cannot change on the way."""


@attrs.define
class Outcome:
    """What became of a step."""

    error: SwitchroomError | None = None
    value: Any = None
    changed: bool = False
    span: tuple[int, int] = (0, 0)
    """Positions in the log before and after the step."""

    @property
    def allowed(self) -> bool:
        return self.error is None


@attrs.define
class Handover:
    """A transfer as it was asked for: the offer to the target, if there is one, and the item."""

    item: str
    offer: str | None


class World:
    """Everything that steps and expectations look at."""

    def __init__(self, given: Table, used: frozenset[str], before: float, horizon: float) -> None:
        self.given = given
        self.used = used
        self.horizon = horizon
        self.settings: Table = dict(given.get("settings") or {})
        unknown = sorted(set(self.settings) - SETTINGS)
        if unknown:
            raise Unsupported(f"setting {', '.join(unknown)}")
        self.agents: dict[str, Table] = tables(given.get("agents"))
        self.queues: dict[str, Table] = tables(given.get("queues"))
        self.policies: dict[str, Table] = tables(given.get("policies"))
        self.contacts: dict[str, Table] = tables(given.get("contacts"))
        self.teams: dict[str, Table] = tables(given.get("teams"))
        self.hours: dict[str, OpeningHours] = {}
        self.start = to_micros(self.settings.get("start_at") or DEFAULT_START)
        self.clock = ManualClock(from_micros(self.start - round(before * 1e6)))
        self.storage = MemoryStorage()
        self.functions: dict[str, Any] = {}
        self.marker = 0
        self.keywords: KeywordPolicy | None = None
        self.answer: Callable[[EffectView], Mapping[str, Any]]
        self.outcomes: dict[str, Outcome] = {}
        self.refused: list[str] = []
        self.transfers: dict[str, Handover] = {}
        self.first_versions: dict[str, int] = {}
        self.versions: dict[float, dict[str, int]] = {}
        self.completed: set[str] = set()
        self.wrapped_up: set[str] = set()
        self.final_items: set[str] = set()
        self.chains: dict[str, Any] = {}
        self.activated: frozenset[str] = frozenset()
        """Items that a step of the case activates."""
        self.pullers: dict[str, str] = {}
        self.probes = 0
        self.workers = 0
        self.unlimited: set[str] = set()
        self.talking = False
        self.campaigning = False
        self.subscribed: set[tuple[str, str]] = set()
        self.talk: Talk

    def open(self) -> None:
        """Make the center on the log: a new one, or after a stop the one that the log tells of."""
        self.center = ContactCenter(
            clock=self.clock,
            storage=self.storage,
            seed=1,
            zone=self.settings.get("tz") or "UTC",
            functions=self.functions,
            keywords=self.keywords,
        )
        if self.talking:
            self.center.effects.register("send", self._carry)
            self.center.effects.register(f"{OWN}rules", self._rule)

    def _carry(self, effect: EffectView) -> Mapping[str, Any]:
        """The transport: it takes everything."""
        to = effect.body["to"]
        contact = next((id for id, address in self.talk.contacts.items() if address.value == to), "")
        self.talk.contact_of[effect.body["message"]] = contact
        return {"provider_id": f"p-{effect.id}", "status": "sent"}

    def _rule(self, effect: EffectView) -> Mapping[str, Any]:
        return self.answer(effect)

    def deliver(self) -> None:
        """Hand over to the transport what is to be sent."""
        if self.talking:
            self.center.effects.deliver()

    # -- time

    def micros(self, t: float) -> int:
        """The instant of a t value."""
        return self.start + round(t * 1_000_000)

    def at(self, t: float) -> datetime:
        return from_micros(self.micros(t))

    def t(self, micros: int) -> float:
        """The t value of an instant."""
        return (micros - self.start) / 1_000_000

    def now(self) -> float:
        return self.t(self.clock.micros())

    def go(self, t: float) -> None:
        """Let time pass up to t: what is due by then happens."""
        self.center.advance(timedelta(microseconds=self.micros(t) - self.clock.micros()))
        self.deliver()

    def when(self, value: float | str) -> datetime:
        """An instant of a case: a t value, or ISO text."""
        return instant(value) if isinstance(value, str) else self.at(value)

    # -- finding things

    def queue_of(self, agent: str) -> list[str]:
        queues = self.agents[agent].get("queues") or []
        if not all(isinstance(q, str) for q in queues):
            raise Unsupported("memberships that are not ids")
        return list(queues)

    def members(self, queue: str) -> list[str]:
        """The members of a queue in the order in which they are declared."""
        return [a for a in self.agents if queue in self.queue_of(a)]

    def item(self, id: str) -> ItemView:
        """An item as it is, or as it was when it left memory long after its end: the log still tells."""
        try:
            return self.center.work.get(id)
        except UnknownId:
            return self._from_log(id)

    def _from_log(self, id: str) -> ItemView:
        records = list(self.storage.read())
        gone = [r.position for r in records if isinstance(r.event, ItemsEvicted) and id in r.event.items]
        if not gone:
            raise UnknownId("item", id)
        kernel, routing = self.center.fresh()
        kernel.replay((r.at, r.event) for r in records if r.position < gone[-1])
        return item_view(routing.item(id), kernel.now)

    def new_probe(self) -> str:
        self.probes += 1
        return f"{OWN}probe-{self.probes}"

    def fork(self) -> ContactCenter:
        """A second center that has lived through the same log: for questions that would change the first."""
        storage = MemoryStorage()
        storage.append(list(self.storage.read()), 0)
        return ContactCenter(
            clock=ManualClock(self.clock.now()),
            storage=storage,
            seed=1,
            zone=self.settings.get("tz") or "UTC",
            functions=self.functions,
        )


def tables(value: list[Table] | None) -> dict[str, Table]:
    """A list of tables with ids as a mapping, in its order."""
    found: dict[str, Table] = {}
    for table in value or []:
        if "id" not in table:
            raise Unsupported("a spec without id")
        found[str(table["id"])] = dict(table)
    return found
