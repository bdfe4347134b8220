"""What must be true of a log after crashes and races, read from the log alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from switchroom import ContactCenter
from switchroom.kernel.records import Record
from switchroom.storage.protocol import LogStorage


def judge_log(records: Iterable[Record]) -> dict[str, int]:
    """Positions without gap; no item submitted, and no offer answered, twice; an item in one hand at a time."""
    submitted: set[str] = set()
    answered: set[str] = set()
    holder: dict[str, str] = {}
    commands: set[str] = set()
    last = 0
    for record in records:
        assert record.position == last + 1, f"position {record.position} follows {last}"
        last = record.position
        event, kind = record.event, record.type
        if kind == "routing.item_submitted":
            assert event.item not in submitted, f"{event.item} submitted twice"
            submitted.add(event.item)
        elif kind == "routing.offer_accepted":
            assert event.offer not in answered, f"{event.offer} accepted twice"
            assert event.item not in holder, f"{event.item} given to {event.agent} and {holder[event.item]}"
            answered.add(event.offer)
            holder[event.item] = event.agent
        elif kind in ("routing.item_completed", "routing.assignment_released"):
            assert holder.pop(event.item, None) == event.agent, f"{event.item} was not with {event.agent}"
        elif kind == "kernel.answered":
            assert event.command not in commands, f"command {event.command} done twice"
            commands.add(event.command)
    return {"records": last, "items": len(submitted), "accepted": len(answered), "commands": len(commands)}


def judge_lines(lines: Iterable[str], records: list[Record]) -> int:
    """Everything that was acknowledged is in the log. Returns how many acknowledgements there were."""
    items = {r.event.item for r in records if r.type == "routing.item_submitted"}
    accepted = {r.event.offer for r in records if r.type == "routing.offer_accepted"}
    completed = {r.event.assignment for r in records if r.type == "routing.item_completed"}
    answers = {r.event.command: r.event.answer for r in records if r.type == "kernel.answered"}
    count = 0
    for line in lines:
        kind, *words = line.split()
        count += kind not in ("ready", "writes", "asked")
        if kind == "submit":
            assert words[0] in items, f"acknowledged and lost: {line}"
        elif kind == "accept":
            assert words[0] in accepted, f"acknowledged and lost: {line}"
        elif kind == "complete":
            assert words[0] in completed, f"acknowledged and lost: {line}"
        elif kind == "done":
            assert answers.get(words[0]) == words[1], f"acknowledged and lost: {line}"
    return count


def judge_state(storage: LogStorage) -> None:
    """The log can be opened, from its snapshot and without it, to one state in which everything fits."""
    center: Any = ContactCenter(storage=storage, snapshot_every=None)
    center.check()
    kernel, routing = center.fresh()
    kernel.replay((record.at, record.event) for record in storage.read())
    replayed, opened = routing.dump(), center._routing.dump()
    assert replayed == opened, [key for key in opened if opened[key] != replayed[key]]
