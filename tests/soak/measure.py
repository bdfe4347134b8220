"""What durability costs: ``python -m tests.soak.measure``.

Prints what encoding, decoding and replay cost a record, beside the live run that made the log; and how long a center
with 100,000 open items takes to open from a snapshot, beside one ``json.loads`` for each of its records.
"""

from __future__ import annotations

import gc
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from switchroom import Agent, ContactCenter, ManualClock, Queue, WorkItem, snapshots
from switchroom.storage.codec import decode, encode
from switchroom.storage.protocol import Snapshot
from switchroom.storage.sqlite import SqliteStorage

SKILLS = ("spanish", "billing", "legal", "sales", "german")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of the process's own time, and the result."""
    gc.collect()
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def live(items: int, agents: int) -> ContactCenter:
    """A day of work: submit, accept, complete."""
    random = Random(1)
    center = ContactCenter(clock=ManualClock(), seed=1)
    for n in range(10):
        center.queues.add(Queue(f"q{n}", alert_timeout="30s"))
    for n in range(agents):
        skills = {skill: 3 for skill in SKILLS if random.random() < 0.5}
        center.agents.add(Agent(f"a{n}", skills=skills, queues=[f"q{n % 10}", f"q{(n + 3) % 10}"]))
        center.agents.sign_in(f"a{n}")
    for _ in range(items):
        queue, skill = f"q{random.randrange(10)}", random.choice(SKILLS)
        center.work.submit(WorkItem(queue=queue, requirement=f"{skill} >= 2", priority=random.randrange(3)))
        agent = f"a{random.randrange(agents)}"
        for offer in center.offers.of_agent(agent):
            center.assignments.complete(center.offers.accept(offer.id))
    return center


def costs(items: int = 20_000, agents: int = 200) -> None:
    """Per record: live, encoding, decoding, applying."""
    seconds, center = timed(lambda: live(items, agents))
    records = list(center.storage.read())
    unit = len(records) / 1e6
    encoding, rows = timed(lambda: [encode(record) for record in records])
    decoding, decoded = timed(lambda: [decode(row) for row in rows])
    parsing, _ = timed(lambda: [json.loads(row.payload) for row in rows])
    kernel, routing = center.fresh()
    applying, _ = timed(lambda: kernel.replay((record.at, record.event) for record in decoded))
    assert routing.dump() == center.journal.routing.dump()
    print(f"{len(records)} records of {items} items, µs a record:")
    print(f"  live {seconds / unit:.1f}, applying {applying / unit:.1f} ({seconds / applying:.1f} x as fast)")
    print(f"  encoding {encoding / unit:.1f}, decoding {decoding / unit:.1f}, of that json.loads {parsing / unit:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        for mode in ("full", "normal"):
            for size, count in ((100, len(records)), (1, 2000)):
                path = Path(folder) / f"{mode}-{size}.db"
                with SqliteStorage(path, synchronous=mode) as store:  # type: ignore[arg-type]
                    start = time.perf_counter()
                    for n in range(0, count, size):
                        store.append(records[n : min(n + size, count)], n)
                    cost = (time.perf_counter() - start) * 1e6 / count
                print(f"  SQLite {mode}, {size} an append: {cost:.1f} by the clock")


def opening(items: int = 100_000) -> None:
    """A center with so many open items."""
    random = Random(1)
    center: Any = ContactCenter(clock=ManualClock(), seed=1)
    for n in range(10):
        center.queues.add(Queue(f"q{n}"))
    for n in range(200):
        center.agents.add(Agent(f"a{n}", skills={"spanish": 3}, queues=[f"q{n % 10}"]))
        center.agents.sign_in(f"a{n}")
    for _ in range(items):
        queue, skill = f"q{random.randrange(10)}", random.choice(SKILLS)
        center.work.submit(WorkItem(queue=queue, requirement=f"{skill} >= 2", attributes={"tier": "gold"}))
    records = [encode(record).payload for record in center.storage.read()]
    parsing, _ = timed(lambda: [json.loads(record) for record in records])
    saving, payload = timed(lambda: snapshots.take(center._kernel, True))
    kernel, routing = center.fresh()
    loading, done = timed(lambda: snapshots.restore(kernel, Snapshot(1, snapshots.version(kernel), payload)))
    assert done
    assert routing.dump() == center._routing.dump()
    whole = list(center.storage.read())
    fresh, _ = center.fresh()
    replaying, _ = timed(lambda: fresh.replay((record.at, record.event) for record in whole))
    print(f"{items} open items, {len(records)} records, snapshot of {len(payload) / 1e6:.1f} MB, seconds:")
    print(f"  opening {loading:.2f}, json.loads of every record {parsing:.2f} (ratio {loading / parsing:.1f})")
    print(f"  taking the snapshot {saving:.2f}, applying the whole log instead {replaying:.2f}")


if __name__ == "__main__":
    costs()
    opening()
