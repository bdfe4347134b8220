"""Kills a working center again and again and looks at what is left.

``python -m tests.soak.kill --store sqlite --rounds 200``: kill -9 at a random moment; nothing acknowledged may be
lost, and the log must open. With ``--store postgres`` every second round terminates the server's side of all the
child's connections a few times before, which the child must survive. ``--store postgres --server`` makes a server of
its own and kills that, with all its processes, in the middle of every round.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from random import Random

from tests.soak.server import Server, own_server
from tests.soak.verdict import judge_lines, judge_log, judge_state
from tests.soak.worker import open_store

ROOT = Path(__file__).resolve().parents[2]


class Child:
    """A worker process, and every line it has said."""

    def __init__(
        self, kind: str, target: str, name: str, seed: int, steps: int | None = None, role: str = "writer"
    ) -> None:
        arguments = [kind, target, name, str(seed), str(-1 if steps is None else steps), role]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.soak.worker", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        self.lines: list[str] = []
        self.enough = threading.Event()
        self.wanted = 0
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith("\n"):  # a line that the kill cut in two says nothing
                self.lines.append(line)
            if len(self.lines) >= self.wanted:
                self.enough.set()
        self.enough.set()

    def wait_for(self, lines: int, seconds: float = 30) -> None:
        """Until it has said so many lines."""
        self.wanted = lines
        if len(self.lines) < lines:
            self.enough.clear()
            self.enough.wait(seconds)

    def kill(self) -> None:
        self.process.kill()
        self.finish()

    def finish(self) -> int:
        code = self.process.wait()
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


Disturb = Callable[[Child], None]
"""Done to a child that it must survive, before it is killed."""


def kill_once(kind: str, target: str, round: int, random: Random, disturb: Disturb | None = None) -> list[str]:
    """One child, killed after a random number of acknowledgements and a random part of a millisecond."""
    child = Child(kind, target, f"r{round}", random.randrange(1 << 30))
    child.wait_for(random.randrange(2, 60))
    if disturb is not None:
        disturb(child)
        assert child.process.poll() is None, "the child did not survive the loss of its connections"
    time.sleep(random.random() / 500)
    child.kill()
    return child.lines


def lose_connections(target: str, child: Child) -> None:
    """The server ends them, and the child goes on."""
    for _ in range(3):
        terminate_backends(target)
        child.wait_for(len(child.lines) + 10)


def lose_server(server: Server, child: Child) -> None:
    """The server dies and comes back, and the child goes on."""
    server.restart()
    child.wait_for(len(child.lines) + 10)


def terminate_backends(domain: str) -> None:
    """End every connection to a domain."""
    import psycopg

    from switchroom.storage.postgres import application_name

    dsn = os.environ.get("SWITCHROOM_POSTGRES_DSN", "postgresql://root@127.0.0.1:5432/test")
    with psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
            (application_name(domain),),
        )


def soak(kind: str, target: str, rounds: int, seed: int, server: Server | None = None) -> dict[str, int]:
    """Rounds on one log, which is judged after each."""
    random = Random(seed)
    lines: list[str] = []
    for round in range(rounds):
        disturb: Disturb | None = None
        if server is not None:
            disturb = partial(lose_server, server)
        elif kind == "postgres" and round % 2 == 1:
            disturb = partial(lose_connections, target)
        lines += kill_once(kind, target, round, random, disturb)
        storage = open_store(kind, target)
        records = list(storage.read())
        judge_log(records)
        judge_lines(lines, records)
        judge_state(storage)
        close = getattr(storage, "close", None)
        assert close is not None
        close()
    storage = open_store(kind, target)
    records = list(storage.read())
    figures = {"rounds": rounds, "acknowledged": judge_lines(lines, records), **judge_log(records)}
    asked = {line.split()[1] for line in lines if line.startswith("asked")}
    done = {line.split()[1] for line in lines if line.startswith("done")}
    stored = {record.event.command for record in records if record.type == "kernel.answered"}
    figures["stored but not acknowledged"] = len((asked - done) & stored)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--server", action="store_true", help="kill a PostgreSQL server of one's own")
    options = parser.parse_args()
    started = time.monotonic()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = stack.enter_context(own_server()) if options.server else None
        if server is not None:
            os.environ["SWITCHROOM_POSTGRES_DSN"] = server.dsn
        target = str(Path(folder) / "log.db") if options.store == "sqlite" else f"kill-{time.time_ns()}"
        figures = soak(options.store, target, options.rounds, options.seed, server)
    print(f"{options.store}{' server' * options.server}: {figures}, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
