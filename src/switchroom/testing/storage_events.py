"""Events with which stores are checked: one with every kind of field, one with a nested value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import attrs

from switchroom.kernel.events import event
from switchroom.kernel.records import Record

START = 1_767_614_400_000_000
"""Noon of a Monday, in microseconds since 1970."""


@attrs.frozen
class Part:
    """A value within a value."""

    name: str
    share: float = 1.0


@event("contract.noted", tags=("subject", "name=names"), personal=("text", "facts", "part"))
class Noted:
    """Something was noted about a subject."""

    subject: str
    text: str = ""
    number: int = 0
    ratio: float = 0.5
    flag: bool = False
    names: tuple[str, ...] = ()
    facts: Mapping[str, str | int | float | bool | frozenset[str]] = {}
    known: frozenset[str] = frozenset()
    when: datetime | None = None
    span: timedelta | None = None
    part: Part | None = None


def noted(
    position: int, subject: str = "a", *, command_id: str | None = None, at: int = START, text: str = ""
) -> Record:
    """A record for this position."""
    return Record(position, at + position, Noted(subject, text=text, number=position), command_id)


def batch(first: int, count: int, subject: str = "a") -> list[Record]:
    """So many records from this position on."""
    return [noted(position, subject) for position in range(first, first + count)]
