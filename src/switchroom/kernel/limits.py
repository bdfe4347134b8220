"""Refusing what would make a table longer than its limit."""

from __future__ import annotations

from collections.abc import Container, Sized
from typing import Protocol

from switchroom.errors import LimitReached


class Table(Sized, Container[str], Protocol):
    """Things by id."""


def require_room(table: Table, id: str, limit: str, maximum: int) -> None:
    """Raise LimitReached for a new id in a full table; what is in it may always be changed."""
    if len(table) >= maximum and id not in table:
        raise LimitReached(limit, maximum)
