"""An independent reader of the log of a simulated center: what the rules say of it, record by record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from switchroom.kernel.records import Record

ROOM = 2
"""Messages an agent may have at once."""

FINAL = ("kernel.effect_done", "kernel.effect_dead", "kernel.effect_dropped")
ENDS = ("routing.offer_accepted", "routing.offer_declined", "routing.offer_expired", "routing.offer_revoked")


class Witness:
    """Reads the log as it grows, by the rules alone, and knows nothing of the state of the center."""

    def __init__(self) -> None:
        self.position = self.at = self.resumed_at = 0
        self.live: dict[str, Any] = {}
        self.due: dict[str, int] = {}
        self.ended: set[str] = set()
        self.holder: dict[str, str] = {}
        self.load: Counter[str] = Counter()
        self.presence: dict[str, str] = {}
        self.sequence: dict[str, int] = {}
        self.waiting: dict[str, int] = {}
        self.place: dict[str, int] = {}
        self.refused_by: set[tuple[str, str]] = set()
        self.answers: dict[str, Any] = {}
        self.commands: set[str] = set()
        self.received: Counter[str] = Counter()
        self.effects: dict[str, Any] = {}
        self.streams: dict[str, list[str]] = {}
        self.outcome: dict[str, str] = {}
        self.stopped: set[str] = set()
        self.words: dict[str, tuple[str, str]] = {}
        """provider id -> (sender, text), told by the world: who said STOP is known from what was said."""

    def feed(self, records: Sequence[Record]) -> None:
        for record in records:
            assert record.position == self.position + 1, f"position {record.position} follows {self.position}"
            assert record.at >= self.at, f"record {record.position} goes back in time"
            self.position, self.at = record.position, record.at
            if record.command_id is not None:
                self.commands.add(record.command_id)
            see = getattr(self, "on_" + record.type.partition(".")[2], None)
            if see is not None:
                see(record.event, record.at)
            elif record.type in FINAL:
                self.effect_ended(record.event, record.type)
            if record.type in ENDS:
                self.offer_ended(record.event, record.type)
                if record.type.endswith("accepted"):
                    self.taken(record.event, record.at)

    # -- items, offers, assignments

    def on_item_queued(self, e: Any, at: int) -> None:
        self.place.setdefault(e.item, self.position)
        self.waiting[e.item] = self.place[e.item]

    def on_item_ended(self, e: Any, at: int) -> None:
        self.waiting.pop(e.item, None)

    def on_offer_made(self, e: Any, at: int) -> None:
        assert e.offer not in self.live, f"{e.offer} made twice"
        assert e.offer not in self.ended, f"{e.offer} made again"
        assert e.item not in self.holder, f"{e.item} offered while {self.holder.get(e.item)} has it"
        assert all(o.item != e.item for o in self.live.values()), f"{e.item} has two offers out"
        assert self.presence.get(e.agent) == "on_queue", f"{e.agent} is {self.presence.get(e.agent)}"
        self.load[e.agent] += 1
        assert self.load[e.agent] <= ROOM, f"{e.agent} has {self.load[e.agent]}"
        place = self.waiting[e.item]
        for item, other in self.waiting.items():
            if other < place and (item, e.agent) not in self.refused_by:
                offered = any(o.item == item for o in self.live.values())
                assert offered, f"{e.item} was offered before {item}, which came first"
        self.live[e.offer] = e
        if e.expires_us is not None:
            self.due[e.offer] = e.expires_us

    def offer_ended(self, e: Any, kind: str) -> None:
        assert e.offer not in self.ended, f"{e.offer} ended twice"
        assert self.live.pop(e.offer).agent == e.agent, f"{e.offer} ended by {e.agent}"
        self.ended.add(e.offer)
        due = self.due.pop(e.offer, None)
        if due is not None and not kind.endswith("revoked"):
            if kind.endswith("expired"):
                # After a stop, what fell due in it is handled at the moment of going on.
                assert self.at == due or self.resumed_at >= due, f"{e.offer} expired at {self.at}, due at {due}"
            else:
                assert self.at < due, f"{e.offer} was answered after it had expired"
        if kind.endswith(("declined", "expired")):
            self.refused_by.add((e.item, e.agent))
        if not kind.endswith("accepted"):
            self.load[e.agent] -= 1

    def taken(self, e: Any, at: int) -> None:
        assert e.item not in self.holder, f"{e.item} given to {e.agent} and {self.holder.get(e.item)}"
        self.holder[e.item] = e.agent
        self.waiting.pop(e.item, None)

    def on_item_completed(self, e: Any, at: int) -> None:
        assert self.holder.pop(e.item, None) == e.agent, f"{e.item} was not with {e.agent}"
        self.load[e.agent] -= 1

    on_assignment_released = on_item_completed

    def on_presence_changed(self, e: Any, at: int) -> None:
        assert e.sequence >= self.sequence.get(e.agent, 0), f"a late word of {e.agent} was obeyed"
        self.presence[e.agent], self.sequence[e.agent] = e.presence, e.sequence

    def on_resumed(self, e: Any, at: int) -> None:
        self.resumed_at = at
        self.due.update((offer, due) for offer, due in e.offers if offer in self.live)

    # -- commands, messages, effects

    def on_answered(self, e: Any, at: int) -> None:
        assert e.command not in self.answers, f"command {e.command} done twice"
        self.answers[e.command] = e.answer

    def on_message_received(self, e: Any, at: int) -> None:
        self.received[e.provider_id] += 1
        assert self.received[e.provider_id] == 1, f"message {e.provider_id} taken in twice"
        sender, text = self.words[e.provider_id]
        if text == "STOP":
            self.stopped.add(sender)
        elif text == "START":
            self.stopped.discard(sender)

    def on_effect_requested(self, e: Any, at: int) -> None:
        assert e.effect not in self.effects, f"{e.effect} requested twice"
        self.effects[e.effect] = e
        self.streams.setdefault(e.stream, []).append(e.effect)

    def effect_ended(self, e: Any, kind: str) -> None:
        assert self.outcome.get(e.effect, "kernel.effect_dead") == "kernel.effect_dead", f"{e.effect} ended twice"
        self.outcome[e.effect] = kind

    def overdue(self, now: int) -> list[str]:
        return [offer for offer, due in self.due.items() if due <= now]
