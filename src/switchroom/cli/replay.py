"""``switchroom replay``: a saved log replayed, such as that of a test that failed."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, cast

from switchroom.cli.common import OK, Subparsers, command, safe
from switchroom.cli.logfile import plain_value
from switchroom.clock import ManualClock
from switchroom.durations import format_instant
from switchroom.errors import InvalidInput, NotAllowed
from switchroom.storage.memory import MemoryStorage
from switchroom.testing.saved_log import read_log

if TYPE_CHECKING:
    from switchroom.center import ContactCenter
    from switchroom.kernel.records import Record

_DESCRIPTION = """
Replay a saved log, check that what comes of it is sound, and show where it ends: the last events, what waits in each
queue, who has what. With --item: what happened to one item, and why it is where it is. With --to the log is cut off
there, and nothing is checked.
"""

_EXAMPLES = """
  switchroom replay failed.jsonl
  switchroom replay failed.jsonl --to 120
  switchroom replay failed.jsonl --item item-3
"""


def add_parser(subparsers: Subparsers) -> None:
    """Add ``replay``."""
    parser = command(subparsers, "replay", help="replay a saved log", description=_DESCRIPTION, examples=_EXAMPLES)
    parser.add_argument("log", metavar="LOG", help="a log as switchroom.testing saves it")
    parser.add_argument("--to", type=int, metavar="POSITION", help="stop after this record")
    parser.add_argument("--item", metavar="ID", help="only what concerns this item, with the explanation")
    parser.add_argument("--last", type=int, default=20, metavar="N", help="how many events to show (20)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Replay, check, print."""
    log = read_log(cast("str", args.log))
    records = list(log.storage.read(limit=cast("int | None", args.to)))
    if not records:
        raise InvalidInput("log", "empty", hint="there is no record to replay")
    center = _opened(records, log.zone, log.now if args.to is None else records[-1].instant)
    if args.to is None:
        center.check()  # a log cut off at a record may end in the middle of an operation
    item = cast("str | None", args.item)
    shown = [record for record in records if item is None or f"item:{item}" in record.tags][-cast("int", args.last) :]
    if args.json:
        print(json.dumps({"events": [_event(record) for record in shown], **_standing(center, item)}, indent=2))
    else:
        _show(shown, center, item)
        print(f"{len(records)} records replayed{'; the state is sound' if args.to is None else ''}")
    return OK


def _opened(records: list[Record], zone: str, now: datetime) -> ContactCenter:
    from switchroom.center import ContactCenter

    storage = MemoryStorage()
    storage.append(records, 0)
    return ContactCenter(storage=storage, clock=ManualClock(now), zone=zone, seed=1)


def _standing(center: ContactCenter, item: str | None) -> Mapping[str, object]:
    if item is not None:
        return {"item": plain_value(center.work.get(item)), "explanation": _explained(center, item)}
    return {
        "queues": [plain_value(center.queues.get(id)) for id in center.queues.ids()],
        "agents": [plain_value(center.agents.get(id)) for id in center.agents.ids()],
    }


def _event(record: Record) -> Mapping[str, object]:
    return {
        "position": record.position,
        "at": format_instant(record.instant),
        "type": record.type,
        "event": plain_value(record.event),
    }


def _show(records: Iterable[Record], center: ContactCenter, item: str | None) -> None:
    for record in records:
        print(safe(f"{record.position:>6}  {format_instant(record.instant)}  {record.type}  {' '.join(record.tags)}"))
    print()
    if item is not None:
        print(safe(_explained(center, item)))
        return
    for id in center.queues.ids():
        waiting = center.queues.waiting(id)
        print(safe(f"queue {id}: {len(waiting)} waiting {' '.join(waiting[:10])}".rstrip()))
    for id in center.agents.ids():
        agent = center.agents.get(id)
        held = " ".join((*agent.offers, *agent.assignments))
        print(safe(f"agent {id}: {agent.presence} {held}".rstrip()))


def _explained(center: ContactCenter, item: str) -> str:
    try:
        return str(center.insight.explain(item))
    except NotAllowed as refusal:
        return refusal.message
