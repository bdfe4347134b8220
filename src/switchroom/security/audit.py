"""The audit: administrative acts as a chain of records, each sealed over the one before.

Whoever changes, removes or inserts a record breaks every seal after it. The end of the chain can be cut off without a
trace in the records themselves: keep `Audit.head` somewhere else from time to time, and give it to the check.

What an act was about (its arguments) may name a person, and erasure blanks it. The seal covers a salted digest of it
instead, so that the chain holds without it, and the digest tells nothing once the salt is gone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from hashlib import sha256
from typing import Any

import attrs

from switchroom.kernel.records import Record
from switchroom.kernel.transaction import Transaction
from switchroom.security.events import Acted

BEGINNING = "0" * 64
"""What the first record is sealed over."""

MAX_ARGUMENTS = 4_000
"""Characters of the arguments of an act that are kept."""


class Audit:
    """Where the chain stands."""

    def __init__(self) -> None:
        self.number = 0
        self.head = BEGINNING

    def acted(self, e: Acted, at: int) -> None:
        """Applier."""
        self.number, self.head = e.number, e.seal

    def used(self) -> bool:
        return self.number > 0

    def dump(self) -> dict[str, Any]:
        return {"number": self.number, "head": self.head}

    def check(self) -> None:
        assert (self.number == 0) == (self.head == BEGINNING), "the chain has a head and no record, or none and some"


def record(
    tx: Transaction,
    audit: Audit,
    principal: str,
    operation: str,
    subjects: tuple[str, ...],
    outcome: str,
    arguments: str,
    contact: str | None,
) -> None:
    """Add an act to the chain."""
    salt = f"{tx.random.getrandbits(128):032x}"
    arguments = arguments[:MAX_ARGUMENTS]
    link = partial(
        Acted,
        number=audit.number + 1,
        principal=principal,
        operation=operation,
        subjects=subjects,
        outcome=outcome,
        arguments=arguments,
        salt=salt,
        digest=digest_of(salt, arguments),
        previous=audit.head,
        contact=contact,
    )
    tx.emit(link(seal=seal_of(link(seal=""), tx.now)))


def digest_of(salt: str, arguments: str) -> str:
    return sha256(f"{salt}:{arguments}".encode("utf-8", "surrogatepass")).hexdigest()


def seal_of(act: Acted, at: int) -> str:
    """SHA-256 over the canonical form of everything but what erasure takes away."""
    sealed = [
        act.number,
        at,
        act.principal,
        act.operation,
        list(act.subjects),
        act.outcome,
        act.digest,
        act.contact,
        act.chain,
        act.previous,
    ]
    return sha256(json.dumps(sealed, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


@attrs.frozen(kw_only=True)
class AuditReport:
    """The outcome of a check: how many acts the chain has, its head, and what is wrong with which record."""

    acts: int
    head: str
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify_audit(records: Iterable[Record], *, head: str | None = None) -> AuditReport:
    """Check the chain in these records of a log, oldest first; records of other types are passed over.

    ``head``: a head of the chain noted earlier; it must be there, so that a chain cut short is found, too. Linear.
    """
    problems: list[str] = []
    number, previous, seen = 0, BEGINNING, head in (None, BEGINNING)
    for entry in records:
        act = entry.event
        if not isinstance(act, Acted):
            continue
        number += 1
        problems += [f"record {entry.position}: {problem}" for problem in _problems(act, entry.at, number, previous)]
        number, previous = act.number, act.seal
        seen = seen or act.seal == head
    if not seen:
        problems.append("the head that was noted is not in the chain: records are missing at its end")
    return AuditReport(acts=number, head=previous, problems=tuple(problems))


def _problems(act: Acted, at: int, number: int, previous: str) -> Iterable[str]:
    if act.number != number:
        yield f"number {act.number} where {number} is next"
    if act.previous != previous:
        yield "it does not follow the record before it"
    if act.seal != seal_of(act, at):
        yield "its seal is wrong: it was changed"
    if (act.salt or act.arguments) and act.digest != digest_of(act.salt, act.arguments):
        yield "its arguments were changed"
