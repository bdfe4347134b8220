"""The state of outbound as plain data, and its invariants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from switchroom.outbound.apply_lists import TAKING
from switchroom.outbound.model import Outcome
from switchroom.outbound.notice_records import ENDED, SENDING, NoticeRecord
from switchroom.outbound.places import message_id
from switchroom.outbound.progress import CampaignRecord, Chunk

if TYPE_CHECKING:
    from switchroom.outbound.state import Outbound


def dump(o: Outbound) -> dict[str, Any]:
    return {
        "lists": {id: [repr(r.spec), sorted(r.chunks.items()), r.order, r.last] for id, r in sorted(o.lists.items())},
        "templates": {id: repr(t) for id, t in sorted(o.templates.items())},
        "campaigns": {id: _campaign(c) for id, c in sorted(o.campaigns.items())},
        "numbers": [o.numbers, sorted(o.by_number.items())],
        "pacing": o.pacing.dump(),
        "flying": {e: [f.campaign, f.message, f.key, f.line] for e, f in sorted(o.flying.items())},
        "links": sorted(o.links.items()),
        "providers": sorted(o.providers.items()),
        "metadata": {place: dict(values) for place, values in sorted(o.metadata.items())},
        "taken": {id: sorted(k for k, _ in table.items()) for id, table in sorted(o.taken.items())},
        "notices": {id: _notice(n) for id, n in sorted(o.notices.items())},
        "notice_keys": sorted(o.notice_keys.items()),
        "notice_by_effect": sorted(o.notice_by_effect.items()),
        "notice_links": sorted(o.notice_links.items()),
        "notice_providers": sorted(o.notice_providers.items()),
        "triggers": {id: repr(t) for id, t in sorted(o.triggers.items())},
    }


def _campaign(c: CampaignRecord) -> dict[str, Any]:
    return {
        "number": c.number,
        "spec": repr(c.spec),
        "state": [c.state.value, c.reason, c.started_us, c.ended_us, c.step],
        "chunks": [_chunk(chunk) for chunk in c.chunks],
        "fresh": list(c.fresh),
        "counts": {int(code): n for code, n in sorted(c.counts.items()) if n},
        "totals": [c.attempts, c.replied, c.opted_out, c.parts, c.in_flight],
        "open": [[e.last_us, list(e.keys), list(e.providers), list(e.places)] for e in c.open],
        "sorted": [c.sorted_names, c.sorted_to],
        "talks": sorted(c.talks.items()),
        "touched": sorted(c.touched.items()),
    }


def _chunk(k: Chunk) -> list[Any]:
    talk = None if k.talk is None else k.talk.hex()
    return [
        k.source, k.rows, k.cursor, k.codes.hex(), k.tries.hex(), k.marks.hex(), list(k.seconds), k.waiting, k.due,
        k.agents, talk,
    ]  # fmt: skip


def _notice(n: NoticeRecord) -> list[Any]:
    return [repr(getattr(n, name)) for name in n.__slots__]


def check(o: Outbound) -> None:
    """Both sides of every relation."""
    o.links.check()
    o.providers.check()
    for number, id in o.by_number.items():
        assert o.campaigns[id].number == number
    assert len(o.by_number) == len(o.campaigns)
    for c in o.campaigns.values():
        c.check()
        _check_campaign(o, c)
    for effect, flying in o.flying.items():
        assert effect in o.outbox.pending, f"message {flying.message} flies without an effect"
        c = o.campaigns[flying.campaign]
        assert flying.message == message_id(c.number, flying.chunk, flying.row, flying.number)
    for key, id in o.notice_keys.items():
        assert o.notices[id].idempotency == key
    for effect, id in o.notice_by_effect.items():
        assert effect in o.outbox.pending
        assert o.notices[id].effect == effect
    for n in o.notices.values():
        _check_notice(o, n)


def _check_campaign(o: Outbound, c: CampaignRecord) -> None:
    flying = sum(1 for f in o.flying.values() if f.campaign == c.id)
    assert flying == c.in_flight, f"campaign {c.id}: {flying} in flight, {c.in_flight} counted"
    if c.step is not None:
        assert c.step in o.outbox.pending, f"campaign {c.id} waits for a step that is not planned"
    if c.state in TAKING:
        known = {chunk.source for chunk in c.chunks}
        there = [(id, n) for id in c.spec.lists for n in o.lists[id].order if n > c.sorted_to]
        missing = [source for source in there if source not in known]
        assert not missing, f"campaign {c.id} does not know of chunks {missing}"
    idle = c.step is None and o.deadlines.due(("campaign", c.id)) is None
    if c.state.value == "running" and not c.spec.two_way and idle and not c.in_flight:
        assert not c.fresh, f"campaign {c.id} has stopped by itself"
        assert not c.counts[Outcome.WAITING], f"campaign {c.id}: nobody wakes those who wait"
    assert bool(c.open) == (o.deadlines.due(("reply_time", c.id)) is not None)
    for entry in c.open:
        for table, keys in ((o.links, entry.keys), (o.providers, entry.providers)):
            assert all(key in table for key in keys), f"campaign {c.id}: a link is missing"


def _check_notice(o: Outbound, n: NoticeRecord) -> None:
    assert (n.state == SENDING) == (n.effect is not None) or n.state == ENDED, f"notification {n.id}: {n.state}"
    planned = o.deadlines.due(("notice", n.id))
    assert (planned is not None) == (n.due_us is not None), f"notification {n.id}: nobody wakes it"
    if n.state == ENDED:
        assert o.deadlines.due(("notice_kept", n.id)) is not None, f"notification {n.id} never leaves memory"
