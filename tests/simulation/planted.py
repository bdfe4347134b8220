"""Bugs on purpose: each takes away one thing that the library or its store promises. The simulation must find all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from faulty import Disk, FaultyStorage, World

from switchroom import effects as effects_module
from switchroom.center import ContactCenter
from switchroom.consent import state as consent_ops
from switchroom.conversations import desk, threading
from switchroom.errors import StorageError
from switchroom.journal import Journal
from switchroom.kernel import outbox
from switchroom.kernel.answers import Answers
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.outbox import Outbox
from switchroom.routing import agents, apply_offers, offers
from switchroom.routing.events import PresenceChanged
from switchroom.routing.utilization import Room

Patch = pytest.MonkeyPatch
BUGS: dict[str, Callable[[Patch], None]] = {}


def bug(plant: Callable[[Patch], None]) -> Callable[[Patch], None]:
    BUGS[plant.__name__] = plant
    return plant


# -- the store


@bug
def no_compare_and_set(patch: Patch) -> None:
    """Two processes write behind the same end."""
    append = FaultyStorage.append
    patch.setattr(FaultyStorage, "append", lambda self, records, after: append(self, records, self.end()))


@bug
def lost_tail(patch: Patch) -> None:
    """Opening drops the last record, which was acknowledged."""
    patch.setattr(Disk, "reopen", lambda self: self.records and self.records.pop())


@bug
def torn_batch(patch: Patch) -> None:
    """Opening keeps the first part of a batch that was being written."""

    def reopen(self: Disk) -> None:
        self.records += self.torn
        self.torn = []

    patch.setattr(Disk, "reopen", reopen)


@bug
def acknowledged_before_append(patch: Patch) -> None:
    """An append that fails is passed over."""
    commit = Journal.commit

    def careless(self: Journal, *args: Any) -> None:
        try:
            commit(self, *args)
        except StorageError:
            return

    patch.setattr(Journal, "commit", careless)


@bug
def state_kept_after_a_failed_append(patch: Patch) -> None:
    """Memory goes on with what was never stored."""
    load = Journal.load

    def lazily(self: Journal) -> None:
        if hasattr(self, "kernel"):
            self.kernel.poisoned = None
            self.kernel.end = self.storage.end()
        else:
            load(self)

    patch.setattr(Journal, "load", lazily)


# -- time and replay


@bug
def accept_after_expiry(patch: Patch) -> None:
    """Operations run before the deadlines that are due."""

    def handle(self: Kernel, now: int, out: Any, operation: Any, args: Any = ()) -> Any:
        return self._perform(max(now, self.now), out, operation, args)

    patch.setattr(Kernel, "handle", handle)


@bug
def timers_stamped_with_the_present(patch: Patch) -> None:
    """What fell due a while ago is recorded as of now."""

    def advance(self: Kernel, now: int, out: Any) -> None:
        while (due := self.deadlines.next()) is not None and due <= now:
            kind, subject = self.deadlines.pop()[1]
            if kind in self.silent:
                self.silent[kind](subject)
            else:
                self._perform(now, out, self.timers[kind], (subject,))
        self.now = now

    patch.setattr(Kernel, "advance", advance)


@bug
def deadlines_forgotten_on_replay(patch: Patch) -> None:
    """After a restart no offer expires."""
    replay = Kernel.replay

    def forgetful(self: Kernel, entries: Any) -> None:
        replay(self, entries)
        for _, key in list(self.deadlines):
            if key[0] == "offer":
                self.deadlines.cancel(key)

    patch.setattr(Kernel, "replay", forgetful)


@bug
def retries_forgotten_on_replay(patch: Patch) -> None:
    """After a restart an effect whose try failed is not tried again."""
    replay = Kernel.replay

    def forgetful(self: Kernel, entries: Any) -> None:
        replay(self, entries)
        for _, key in list(self.deadlines):
            if key[0] == "effect":
                self.deadlines.cancel(key)

    patch.setattr(Kernel, "replay", forgetful)


@bug
def command_done_twice(patch: Patch) -> None:
    """The answers to command ids are not looked up."""
    patch.setattr(Answers, "find", lambda self, command, fingerprint: None)


# -- consent


@bug
def suppression_forgotten_on_restart(patch: Patch) -> None:
    """A process begins without knowing who has opted out."""
    load = Journal.load

    def forgetful(self: Journal) -> None:
        load(self)
        self.states["consent"].suppressed.clear()

    patch.setattr(Journal, "load", forgetful)


@bug
def gate_not_asked_at_hand_over(patch: Patch) -> None:
    """Who was open at the request gets the message, whatever was said since."""
    patch.setattr(effects_module, "_refusal", lambda tx, kernel, effect: None)


@bug
def gate_asks_an_old_memory(patch: Patch) -> None:
    """A STOP that another process has stored is not known at hand-over."""
    opens = World.open

    def opened(self: World, place: int) -> ContactCenter:
        center = opens(self, place)
        center.effects._catch_up = lambda: None
        return center

    patch.setattr(World, "open", opened)


@bug
def stop_not_recorded(patch: Patch) -> None:
    """A STOP is confirmed, and no more."""
    patch.setattr(consent_ops, "opt_out", lambda *args: True)


@bug
def start_lifts_too_much(patch: Patch) -> None:
    """A START by text lifts what the customer has told an agent."""
    covering = threading.covering_scopes
    patch.setattr(threading, "covering_scopes", lambda line: (*covering(line), "category:news"))


# -- effects and messages


@bug
def effect_done_twice(patch: Patch) -> None:
    """What was done is requested again."""
    succeeded = outbox.succeeded

    def twice(tx: Any, box: Outbox, id: str, result: Any) -> None:
        effect = box.pending.get(id)
        succeeded(tx, box, id, result)
        if effect is not None:
            outbox.request(tx, box, effect.kind, effect.stream, effect.body)

    patch.setattr(outbox, "succeeded", twice)


@bug
def stream_out_of_order(patch: Patch) -> None:
    """Every effect is ready at once."""
    enqueue = Outbox._enqueue

    def hasty(self: Outbox, effect: Any) -> None:
        enqueue(self, effect)
        self.ready[effect.id] = None

    patch.setattr(Outbox, "_enqueue", hasty)
    patch.setattr(Outbox, "check", lambda self: None)


@bug
def duplicate_provider_id_not_noticed(patch: Patch) -> None:
    """A message that is delivered twice is taken in twice."""
    receive = threading.receive

    def gullible(tx: Any, c: Any, *args: Any) -> Any:
        c.seen.clear()
        return receive(tx, c, *args)

    patch.setattr(threading, "receive", gullible)


# -- routing


@bug
def capacity_not_checked(patch: Patch) -> None:
    """There is always room for one more."""
    patch.setattr(Room, "fits", lambda self, kind: True)


@bug
def requeue_loses_the_key(patch: Patch) -> None:
    """Who was offered in vain goes to the end of the queue."""
    fail = apply_offers._fail_offer

    def backwards(r: Any, offer: Any, outcome: str) -> None:
        offer.item.arrival += 1 << 40
        fail(r, offer, outcome)

    patch.setattr(apply_offers, "_fail_offer", backwards)


@bug
def presence_sequence_ignored(patch: Patch) -> None:
    """A late word about presence is obeyed."""
    set_presence = agents.set_presence

    def obedient(tx: Any, r: Any, id: str, presence: str, sequence: int | None, cause: str = "") -> bool:
        if sequence is not None and sequence <= r.agent(id).sequence and presence == "on_queue":
            tx.emit(PresenceChanged(id, presence, sequence, cause))
            return True
        return set_presence(tx, r, id, presence, sequence, cause)

    patch.setattr(agents, "set_presence", obedient)


@bug
def offers_not_revoked(patch: Patch) -> None:
    """Who leaves keeps the offers."""
    for module in (offers, agents):
        patch.setattr(module, "revoke_all", lambda *args: None)


@bug
def closed_conversation_keeps_its_work(patch: Patch) -> None:
    """Closing says so and leaves the item with its agent."""
    from switchroom.conversations.events import ConversationClosed

    def close(tx: Any, c: Any, id: str, reason: str, code: Any, agent: Any) -> None:
        c.conversation(id)
        tx.emit(ConversationClosed(id, reason, code))

    patch.setattr(desk, "close", close)
