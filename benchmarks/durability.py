"""B9: what it costs that nothing is lost. B10: how fast a log becomes a center again.

**The durable lifecycle.** 100 tasks at once take pieces of work through ``AsyncContactCenter``: submit, the offer is
accepted, complete; each call returns when what it did is on the disk. It is compared with the sum of two things that
cannot be left out: what bare ``sqlite3`` takes to insert the same rows and tag rows in the same batches into a file of
the same layout at the same setting, and what the same lifecycles cost in memory. Wall-clock time, because waiting for
the disk counts; the sides run in turn.

**PostgreSQL** is compared with job queues that live in it, pgqueuer and procrastinate, on the same server in the same
run: how many jobs a second they take and finish with 100 tasks at once, each in the way that its documentation
recommends for speed; that jobs are put in is not counted for them, and is for Switchroom.

Needs the ``postgres`` and ``bench`` extras, and a server at ``SWITCHROOM_POSTGRES_DSN``; what is not there is left out.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Coroutine, Generator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time, time_ns
from typing import Any

from figures import figure
from switchroom import Agent, AsyncContactCenter, ContactCenter, ManualClock, Queue, SystemClock, WorkItem, snapshots
from switchroom.kernel.records import Record
from switchroom.routing.utilization import Utilization
from switchroom.storage.codec import encode, rows_of
from switchroom.storage.protocol import Snapshot
from switchroom.storage.sqlite import FIELDS, SqliteStorage
from switchroom.storage.sqlite_schema import STEPS

CALLERS = 100
LIFECYCLES = 2_000
ROUNDS = 7

Batch = tuple[list[Any], list[tuple[str, int]]]


def furnished(storage: Any = None) -> ContactCenter:
    """A queue and as many agents as callers."""
    center = ContactCenter(clock=SystemClock(), storage=storage, snapshot_every=None)
    center.queues.add(Queue("q"))
    for n in range(CALLERS):
        center.agents.add(Agent(f"a{n}", queues=["q"], utilization=Utilization(capacity=100)))
        center.agents.sign_in(f"a{n}")
    return center


async def caller(desk: AsyncContactCenter, lifecycles: int) -> None:
    center = desk.center
    submit, accept, complete = center.work.submit, center.offers.accept, center.assignments.complete
    item = WorkItem(queue="q")
    for _ in range(lifecycles):
        id = await desk.call(submit, item)
        offer = center.offers.of_item(id)[0].id
        await desk.call(complete, await desk.call(accept, offer))


async def durable(center: ContactCenter) -> float:
    """Seconds for all lifecycles, each step of each acknowledged."""
    async with AsyncContactCenter(center) as desk:
        start = perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(CALLERS):
                group.create_task(caller(desk, LIFECYCLES // CALLERS))
        return perf_counter() - start


def in_memory(center: ContactCenter) -> float:
    """Seconds for the same lifecycles, one after the other, in memory."""
    start = perf_counter()
    item = WorkItem(queue="q")
    for _ in range(LIFECYCLES):
        id = center.work.submit(item)
        center.assignments.complete(center.offers.accept(center.offers.of_item(id)[0].id))
    return perf_counter() - start


class Watched(SqliteStorage):
    """Remembers what it was given, for the bare side."""

    given: list[tuple[Sequence[Record], int]] | None = None

    def append(self, records: Sequence[Record], after: int) -> int:
        if self.given is not None:
            self.given.append((records, after))
        return super().append(records, after)


def batches_of(given: list[tuple[Sequence[Record], int]]) -> list[Batch]:
    return [(rows_of(records, after), [(t, r.position) for r in records for t in r.tags]) for records, after in given]


def bare(path: Path, synchronous: str, batches: list[Batch]) -> float:
    """Seconds to insert the rows into a file of the same layout, in the same transactions."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    for step in STEPS:
        for statement in step:
            connection.execute(statement)
    connection.execute("PRAGMA journal_mode = WAL")
    start = perf_counter()
    for rows, tags in batches:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(f"INSERT INTO records ({FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        connection.executemany("INSERT INTO tags (tag, position) VALUES (?, ?)", tags)
        connection.execute("COMMIT")
    spent = perf_counter() - start
    connection.close()
    return spent


def on_sqlite(synchronous: Any) -> float:
    """Durable seconds by those of the bare inserts and the lifecycles in memory together."""
    found: list[float] = []
    memory = furnished()
    with tempfile.TemporaryDirectory() as folder:
        for n in range(ROUNDS):
            storage = Watched(Path(folder) / f"ours-{n}.db", synchronous=synchronous)
            center = furnished(storage)
            storage.given = given = []
            ours = asyncio.run(durable(center))
            center.close()
            floor = bare(Path(folder) / f"bare-{n}.db", synchronous, batches_of(given))
            found.append(ours / (floor + in_memory(memory)))
    return median(found)


@figure("B9/sqlite/full", goal=2.0)
def sqlite_full() -> float:
    return on_sqlite("full")


@figure("B9/sqlite/normal", goal=2.0)
def sqlite_normal() -> float:
    return on_sqlite("normal")


# -- PostgreSQL

DSN = os.environ.get("SWITCHROOM_POSTGRES_DSN", "postgresql://root@127.0.0.1:5432/test")
JOBS = 1_000
TURNS = 3


def there(*modules: str) -> bool:
    """Whether these are installed and the server answers."""
    if not all(map(find_spec, ("psycopg", *modules))):
        return False
    import psycopg

    try:
        with psycopg.connect(DSN, connect_timeout=2):
            return True
    except psycopg.Error:
        return False


@contextmanager
def schema() -> Generator[str]:
    """A DSN to a schema of one's own, dropped in the end."""
    import psycopg

    name = f"bench_{time_ns()}"
    with psycopg.connect(DSN, autocommit=True) as admin:
        admin.execute(f"CREATE SCHEMA {name}")  # type: ignore[arg-type]
        try:
            yield f"{DSN}{'&' if '?' in DSN else '?'}options=-c%20search_path%3D{name}"
        finally:
            admin.execute(f"DROP SCHEMA {name} CASCADE")  # type: ignore[arg-type]


def ours_on_postgres() -> float:
    """Lifecycles a second."""
    from switchroom.storage.postgres import PostgresStorage

    with schema() as dsn:
        center = furnished(PostgresStorage(_without_options(dsn), f"bench-{time_ns()}"))
        spent = asyncio.run(durable(center))
        center.close()
    return LIFECYCLES / spent


def _without_options(dsn: str) -> str:
    """The store sets options of its own, and keeps apart by domain."""
    return dsn.partition("options=")[0].rstrip("?&")


async def pgqueuer_jobs(dsn: str) -> float:
    """Jobs a second, taken and finished by one manager with 100 tasks, in batches of 100."""
    import psycopg
    from pgqueuer import PsycopgDriver, Queries, QueueManager
    from pgqueuer.types import QueueExecutionMode

    connection = await psycopg.AsyncConnection.connect(dsn, autocommit=True)
    async with connection:
        driver = PsycopgDriver(connection)
        manager = QueueManager(Queries(driver))
        await manager.queries.install()
        await manager.queries.enqueue(["job"] * JOBS, [None] * JOBS, [0] * JOBS)

        @manager.entrypoint("job")
        async def job(job: Any) -> None:
            """Nothing to do: the queue is measured."""

        start = perf_counter()
        await manager.run(batch_size=CALLERS, mode=QueueExecutionMode.drain, max_concurrent_tasks=2 * CALLERS)
        return JOBS / (perf_counter() - start)


async def procrastinate_jobs(dsn: str) -> float:
    """Jobs a second, taken and finished by one worker with 100 tasks."""
    import procrastinate

    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=dsn))

    @app.task(name="job")
    async def job() -> None:
        """Nothing to do: the queue is measured."""

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        await job.batch_defer_async(*({} for _ in range(JOBS)))
        start = perf_counter()
        await app.run_worker_async(wait=False, concurrency=CALLERS, listen_notify=False, install_signal_handlers=False)
        return JOBS / (perf_counter() - start)


def theirs(jobs: Callable[[str], Coroutine[Any, Any, float]]) -> float:
    with schema() as dsn:
        return asyncio.run(jobs(dsn))


def beside(jobs: Callable[[str], Coroutine[Any, Any, float]]) -> float:
    """Their rate by ours: the median of several turns."""
    return median(theirs(jobs) / ours_on_postgres() for _ in range(TURNS))


if there("pgqueuer", "procrastinate"):

    @figure("B9/postgres/pgqueuer", goal=0.2, unit="x ours")
    def beside_pgqueuer() -> float:
        return beside(pgqueuer_jobs)

    @figure("B9/postgres/procrastinate", goal=0.2, unit="x ours")
    def beside_procrastinate() -> float:
        return beside(procrastinate_jobs)


# -- from a log to a center


def worked() -> Any:
    """A center with a day of work behind it: submit, accept, complete."""
    center = ContactCenter(clock=ManualClock(), seed=1)
    center.queues.add(Queue("q"))
    for n in range(CALLERS):
        center.agents.add(Agent(f"a{n}", queues=["q"]))
        center.agents.sign_in(f"a{n}")
    return center


@figure("B10/applying", goal=1 / 3, unit="x live")
def applying() -> float:
    """Applying decoded records, by the live run that made them; processor time."""

    def once() -> float:
        center = worked()
        gc.collect()
        start = process_time()
        for n in range(LIFECYCLES):
            item = center.work.submit(WorkItem(queue="q"))
            center.assignments.complete(center.offers.accept(center.offers.of_item(item)[0].id))
            if n % 10 == 0:
                center.advance("1s")
        live = process_time() - start
        entries = [(record.at, record.event) for record in center.storage.read()]
        kernel, _ = center.fresh()
        gc.collect()
        start = process_time()
        kernel.replay(entries)
        return (process_time() - start) / live

    return median(once() for _ in range(ROUNDS))


OPEN_ITEMS = 100_000


@figure("B10/opening", goal=10.0, unit="x json.loads")
def opening() -> float:
    """Opening a center with 100,000 open items from its snapshot, by one ``json.loads`` for each of its records."""
    random = Random(1)
    center = worked()
    for agent in center.agents.ids():
        center.agents.sign_out(agent)
    for _ in range(OPEN_ITEMS):
        need = random.choice(["spanish", "billing", "legal", "sales", "german"])
        center.work.submit(WorkItem(queue="q", requirement=f"{need} >= 2", attributes={"tier": "gold"}))
    records = [encode(record).payload for record in center.storage.read()]
    snapshot = Snapshot(1, snapshots.version(center._kernel), snapshots.take(center._kernel, True))

    def once() -> float:
        gc.collect()
        start = process_time()
        for record in records:
            json.loads(record)
        parsing = process_time() - start
        kernel, _ = center.fresh()
        gc.collect()
        start = process_time()
        assert snapshots.restore(kernel, snapshot)
        return (process_time() - start) / parsing

    return median(once() for _ in range(3))
