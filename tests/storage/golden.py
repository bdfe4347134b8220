"""The golden records: one line for each sample, written once and read for ever.

``python tests/storage/golden.py`` adds what is missing and changes no line that is there. What a line holds is what
somebody's log holds: if a test says that a line is read otherwise now, raise the version of the event and add an
upgrade to ``switchroom.storage.codec.UPGRADES``. ``--forget TYPE`` drops the lines of a type that no release has
written yet.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from samples import samples

from switchroom.kernel.records import Record
from switchroom.storage.codec import Row, encode

GOLDEN = Path(__file__).parent / "golden" / "records.jsonl"


def read() -> dict[str, Row]:
    """The golden rows by name."""
    found: dict[str, Row] = {}
    for line in GOLDEN.read_text().splitlines() if GOLDEN.exists() else ():
        name, at, kind, version, payload, checksum = json.loads(line)
        found[name] = Row(len(found) + 1, at, kind, version, "command-1", payload.encode(), checksum)
    return found


def line_of(name: str, event: Any) -> str:
    row = encode(Record(1, 1_767_614_400_000_001, event, "command-1"))
    return json.dumps([name, row.at, row.type, row.version, row.payload.decode(), row.checksum])


def main() -> None:
    forgotten = sys.argv[2] if sys.argv[1:2] == ["--forget"] else None
    known = read()
    lines = [line for line in GOLDEN.read_text().splitlines() if json.loads(line)[2] != forgotten] if known else []
    names = {json.loads(line)[0] for line in lines}
    added = [line_of(name, event) for name, event in samples() if name not in names]
    GOLDEN.write_text("".join(f"{line}\n" for line in [*lines, *added]))
    print(f"{len(names)} kept, {len(added)} added")


if __name__ == "__main__":
    main()
