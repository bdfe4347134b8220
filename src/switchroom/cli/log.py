"""``switchroom log``: look into a stored log, without what is personal in it."""

from __future__ import annotations

import json
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, cast

from switchroom.cli.common import OK, Subparsers, command, safe
from switchroom.cli.logfile import plain_record, plain_value
from switchroom.cli.stored import opened
from switchroom.errors import InvalidInput
from switchroom.kernel.events import redacted
from switchroom.kernel.records import Record

_DESCRIPTION = """
Show the records of a log: position, instant, type, tags and what happened. What its type declares as personal is left
out: bodies of messages, addresses, names, attributes.

LOG is the SQLite file of a center, or a log that a test has saved. A tag is such as item:42, agent:ana, contact:7,
conversation:3, queue:sales.

Exit code 0: done; 2: the command line or the file is wrong.
"""

_EXAMPLES = """
  switchroom log center.db --tag item:42
  switchroom log center.db --after 1200 --limit 20 --json
  switchroom log center.db --type routing.offer_declined
  switchroom log center.db --count
"""

WIDTH = 160
"""Characters of a line; --json has everything."""


def add_parser(subparsers: Subparsers) -> None:
    """Add ``log``."""
    parser = command(subparsers, "log", help="look into a log", description=_DESCRIPTION, examples=_EXAMPLES)
    parser.add_argument("log", metavar="LOG", help="a SQLite file or a saved log")
    parser.add_argument("--tag", metavar="TAG", help="only records with this tag, such as item:42")
    parser.add_argument("--type", metavar="TYPE", help="only this type of event, such as routing.offer_made")
    parser.add_argument("--after", type=int, default=0, metavar="N", help="only behind this position (0)")
    parser.add_argument("--limit", type=int, metavar="N", help="at most so many")
    parser.add_argument("--count", action="store_true", help="how many of each type, instead of the records")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, instead of text")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Print the records."""
    tag, limit = cast("str | None", args.tag), cast("int | None", args.limit)
    if tag is not None and ":" not in tag:
        raise InvalidInput("--tag", "syntax", tag, hint="such as item:42")
    if limit is not None and limit < 0:
        raise InvalidInput("--limit", "range", limit, hint="a number from 0 on")
    with opened(cast("str", args.log)) as log:
        records = log.storage.read(max(0, cast("int", args.after)), tag=tag)
        found = islice(_of_type(records, cast("str | None", args.type)), limit)
        if args.count:
            _count(found, as_json=cast("bool", args.json))
        else:
            for record in found:
                shown = record._replace(event=redacted(record.event))
                print(json.dumps(plain_record(shown)) if args.json else _line(shown))
    return OK


def _of_type(records: Iterable[Record], name: str | None) -> Iterator[Record]:
    return (record for record in records if name is None or record.type == name)


def _count(records: Iterable[Record], *, as_json: bool) -> None:
    counts = dict(Counter(record.type for record in records).most_common())
    if as_json:
        print(json.dumps(counts))
    else:
        for name, count in counts.items():
            print(f"{count:>9}  {name}")


def _line(record: Record) -> str:
    """One record on one line."""
    fields = cast("dict[str, Any]", plain_value(record.event))
    told = " ".join(f"{name}={_short(value)}" for name, value in fields.items() if value not in ("", [], {}, False))
    text = f"{record.position:>7}  {record.instant:%Y-%m-%d %H:%M:%S.%f}  {record.type:<32} {told}"
    return safe(text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…")


def _short(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
