"""Command ids: the same command again gets the first answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from hashlib import blake2b
from typing import Any, cast

import attrs

from switchroom.errors import IdempotencyMismatch
from switchroom.kernel.deadlines import Deadlines
from switchroom.kernel.events import event

MAX_ANSWERS = 5_000_000
"""Commands remembered; a new one above it is refused, because a forgotten one would be done twice. Those that free the
center, or are a duty, are done all the same: they are harmless the second time."""

ANSWER_RETENTION = 24 * 3600 * 1_000_000
"""How long an answer is kept, in microseconds: longer than any client goes on retrying."""


@event("kernel.answered", tags=("command",))
class Answered:
    """An operation with a command id succeeded; ``fingerprint`` tells its contents, ``answer`` what it returned."""

    command: str
    fingerprint: str
    answer: Any


def fingerprint_of(operation: Callable[..., Any], arguments: tuple[object, ...]) -> str:
    """Tells an operation and its arguments from others: equal ones alike in every process, whatever order their sets
    and mappings came in. A digest, so that the log holds the arguments once only, where erasure finds them."""
    digest = blake2b(canonical(arguments).encode(errors="surrogatepass"), digest_size=16).hexdigest()
    return f"{getattr(operation, '__module__', '')}.{getattr(operation, '__qualname__', '')}:{digest}"


def canonical(value: object) -> str:
    """Text that is equal for equal values: sets and mappings in the order of their contents."""
    if value is None or type(value) in _LEAVES:
        return repr(value)
    if isinstance(value, set | frozenset):
        return f"{{{','.join(sorted(map(canonical, cast('Iterable[object]', value))))}}}"
    if isinstance(value, Mapping):
        pairs = cast("Mapping[object, object]", value).items()
        return f"{{{','.join(sorted(f'{canonical(k)}:{canonical(v)}' for k, v in pairs))}}}"
    if isinstance(value, tuple | list):
        return f"[{','.join(map(canonical, cast('Iterable[object]', value)))}]"
    kind: type = type(value)
    names = _fields_of(kind)
    if names is None:
        return repr(value)
    return f"{kind.__name__}({','.join(canonical(getattr(value, name)) for name in names)})"


_LEAVES = frozenset({str, int, float, bool, timedelta, datetime})


@cache
def _fields_of(cls: type) -> tuple[str, ...] | None:
    """What a spec is made of, in the order of declaration; None for what is no spec."""
    return tuple(f.name for f in attrs.fields(cls) if f.init) if attrs.has(cls) else None


class Answers:
    """Answers by command id, each forgotten after the retention."""

    def __init__(self, deadlines: Deadlines) -> None:
        self._answers: dict[str, Answered] = {}
        self._deadlines = deadlines

    def find(self, command: str, fingerprint: str) -> Answered | None:
        """The first answer to this command, or None; other contents under the same id are refused."""
        known = self._answers.get(command)
        if known is not None and known.fingerprint != fingerprint:
            raise IdempotencyMismatch(f"command id {command!r} was used for another operation", command=command)
        return known

    def full(self) -> bool:
        """Whether there are too many to remember another one."""
        return len(self._answers) >= MAX_ANSWERS

    def apply(self, event: Answered, at: int) -> None:
        self._answers[event.command] = event
        self._deadlines.set(("answer", event.command), at + ANSWER_RETENTION)

    def all(self) -> list[Answered]:
        """Every answer kept, oldest first."""
        return list(self._answers.values())

    def remember(self, event: Answered) -> None:
        """Keep an answer whose deadline is set already."""
        self._answers[event.command] = event

    def forget(self, command: str) -> None:
        """Its time is over. No event tells it: replay sets the same deadline and forgets at the same instant."""
        self._answers.pop(command, None)

    def dump(self) -> list[list[Any]]:
        return [[a.command, a.fingerprint, a.answer] for a in self._answers.values()]
