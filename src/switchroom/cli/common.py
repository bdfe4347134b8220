"""What the commands have in common: exit codes, how a command adds its parser, texts made safe for a terminal."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, HelpFormatter, RawDescriptionHelpFormatter
from datetime import timedelta
from typing import Protocol

OK, PROBLEMS, BAD_INPUT = 0, 1, 2
"""Exit codes: the job is done; it is done and found problems; what was asked for is wrong, and nothing was done.

2 is also what argparse ends with.
"""

INTERRUPTED, BROKEN_PIPE = 130, 141
"""As shells report a process ended by SIGINT and by SIGPIPE: 128 + 2, 128 + 13."""


class Subparsers(Protocol):
    """What ``ArgumentParser.add_subparsers()`` returns."""

    def add_parser(
        self, name: str, *, help: str, description: str, epilog: str, formatter_class: type[HelpFormatter]
    ) -> ArgumentParser:
        """A parser for one sub-command."""
        ...


def command(subparsers: Subparsers, name: str, *, help: str, description: str, examples: str) -> ArgumentParser:
    """The parser of one command, whose ``--help`` ends with examples as they are written here."""
    return subparsers.add_parser(
        name,
        help=help,
        description=description.strip(),
        epilog=f"examples:\n{examples.strip(chr(10))}",
        formatter_class=RawDescriptionHelpFormatter,
    )


def safe(text: str) -> str:
    """The text with control characters escaped, so that no file can steer a terminal; line ends stay."""
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)


def complain(text: str) -> None:
    """One message on standard error."""
    print(safe(text), file=sys.stderr)


def clock_time(span: timedelta | None) -> str:
    """``m:ss``, or ``h:mm:ss`` from an hour on; ``-`` for None.

    >>> clock_time(timedelta(seconds=80.6)), clock_time(timedelta(hours=2))
    ('1:21', '2:00:00')
    """
    if span is None:
        return "-"
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def hours(span: timedelta) -> str:
    """``7.6h``, or ``-`` for none."""
    return f"{span.total_seconds() / 3600:.1f}h" if span else "-"


def percent(share: float | None) -> str:
    """``81.4%``, or ``-`` for None."""
    return "-" if share is None else f"{share:.1%}"


def seconds(span: timedelta | None) -> float | None:
    """A duration for JSON."""
    return None if span is None else span.total_seconds()
