"""A child process that runs a center on a store and says over its standard output what has been acknowledged.

``python -m tests.soak.worker STORE TARGET NAME SEED [STEPS [ROLE]]``: works until it is killed, as a writer or, while
it holds the lease, as a standby. Every line is one acknowledged
operation: ``submit ITEM``, ``accept OFFER ITEM``, ``complete ASSIGNMENT``, or ``asked COMMAND`` before and
``done COMMAND ITEM`` after one with a command id.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from random import Random
from typing import Any, Literal

from switchroom import Agent, ContactCenter, Queue, WorkItem
from switchroom.errors import DuplicateId, Refused, StorageError, UnknownId
from switchroom.storage.protocol import LogStorage

AGENTS = 3


def open_store(kind: str, target: str) -> LogStorage:
    """``sqlite`` with a path, or ``postgres`` with a domain."""
    if kind == "sqlite":
        from switchroom.storage.sqlite import SqliteStorage

        return SqliteStorage(target)
    import os

    from switchroom.storage.postgres import PostgresStorage

    dsn = os.environ.get("SWITCHROOM_POSTGRES_DSN", "postgresql://root@127.0.0.1:5432/test")
    return PostgresStorage(dsn, target, attempts=12)


def furnish(center: ContactCenter) -> None:
    """A queue and agents with room, whoever adds them first."""
    with suppress(DuplicateId):
        center.queues.add(Queue("sales", offers_per_item=1))
    for n in range(AGENTS):
        with suppress(DuplicateId):
            center.agents.add(Agent(f"agent-{n}", queues=["sales"]))
        center.agents.sign_in(f"agent-{n}")


def say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


def step(center: ContactCenter, random: Random, name: str, number: int) -> None:
    """One operation and its acknowledgement."""
    agent = f"agent-{random.randrange(AGENTS)}"
    offers, held = center.offers.of_agent(agent), center.assignments.of_agent(agent)
    if held and random.random() < 0.6:
        center.assignments.complete(held[0].id)
        say("complete", held[0].id)
    elif offers and random.random() < 0.7:
        center.offers.accept(offers[0].id)
        say("accept", offers[0].id, name)
    elif random.random() < 0.5:
        command = f"{name}-{number}"
        say("asked", command)
        say("done", command, center.work.submit(WorkItem(queue="sales"), command_id=command))
    else:
        say("submit", center.work.submit(WorkItem(queue="sales")))


def work(kind: str, target: str, name: str, seed: int, steps: int, role: Literal["writer", "standby"]) -> None:
    """Work until the steps are done, or for ever if there are none."""
    random = Random(seed)
    center = ContactCenter(storage=open_store(kind, target), snapshot_every=200, role=role, lease="1s", name=name)
    if role == "writer":
        furnish(center)
    say("ready")
    number = 0
    wrote = role == "writer"
    while number != steps:
        number += 1
        try:
            if center.role == "follower":
                center.follow(0.05)
                wrote = False
                continue
            if not wrote:
                furnish(center)
                wrote = True
                say("writes")
            center.catch_up()
            step(center, random, name, number)
        except (Refused, UnknownId):
            continue
        except StorageError as error:
            if not error.retryable:
                raise


if __name__ == "__main__":
    _, kind_, target_, name_, seed_, *rest = sys.argv
    role_: Any = rest[1] if len(rest) > 1 else "writer"
    work(kind_, target_, name_, int(seed_), int(rest[0]) if rest else -1, role_)
