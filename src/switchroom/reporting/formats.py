"""Values as people read them, in tables and on pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

SHARES = frozenset({"share", "given_share", "target_share", "occupancy", "first_contact", "mean_score", "load"})
"""Columns that are shares, besides those whose names end in ``_rate`` or tell of a service level."""

WORDS = {
    "service_level": "in time",
    "mean_wait": "wait",
    "max_wait": "longest",
    "mean_handle": "handle",
    "mean_talk": "talk",
    "mean_after_call": "after-call",
    "first_contact": "first contact",
    "most_at_once": "most at once",
    "target_share": "target",
}
"""Headings that say less than the name of the column, where there is little room."""


def heading(name: str) -> str:
    """The heading of a column."""
    return WORDS.get(name, name.replace("_", " "))


def is_share(name: str) -> bool:
    """Whether the column is a share."""
    return name in SHARES or name.endswith("_rate") or name.startswith("service_level")


def shown(name: str, value: object) -> str:
    """A value of a column as text; ``-`` for None.

    >>> shown("mean_wait", timedelta(seconds=80.6)), shown("occupancy", 0.8149), shown("concurrency", 1.5)
    ('1:21', '81.5%', '1.50')
    """
    if value is None:
        return "-"
    if isinstance(value, timedelta):
        return clock(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if is_share(name):
        return f"{cast('float', value):.1%}"
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, tuple):
        return " ".join(map(str, value))  # pyright: ignore[reportUnknownArgumentType]
    return str(value)


def clock(span: timedelta) -> str:
    """``m:ss``, or ``h:mm:ss`` from an hour on.

    >>> clock(timedelta(seconds=80.6)), clock(timedelta(hours=30))
    ('1:21', '30:00:00')
    """
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
