"""What an operation is about: the ids among its arguments, with their kinds."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, cast

import attrs

Subject = tuple[str, str]
"""(kind, id), such as ``("queue", "sales")``."""

BARE = {
    "conversations": "conversation",
    "flows": "flow",
    "kernel": "effect",
    "workitems": "work",
    "outbound": "campaign",
}
"""What a bare ``id`` names, by vertical."""

NAMES = {"target": "agent", "ids": "item", "membership": "queue"}
"""Arguments whose kind their name does not say."""

NOUNS = {
    **dict.fromkeys(("either", "submitting", "changing", "closing", "statuses", "shelving", "tasks"), "work"),
    "desk": "conversations",
    "threading": "conversations",
    "sending": "messages",
    "transfers": "assignments",
    "after_call": "assignments",
    "escalation": "work",
    "setup": "worktypes",
    "notifying": "notifications",
}
"""Nouns of operations whose module is called otherwise, because it holds a part of them."""

KINDS = frozenset({
    *("item", "work", "agent", "queue", "offer", "assignment", "conversation", "message", "line", "contact", "flow"),
    *("effect", "campaign", "list", "worktype", "workbin", "source", "intake", "team"),
})  # fmt: skip
"""What an argument can be about by its name; others are settings."""


def name_of(operation: Callable[..., Any], vertical: str) -> str:
    """The name under which permissions know an operation: its noun and its verb, such as ``offers.accept``."""
    found = inspect.unwrap(operation)
    module: str = getattr(found, "__module__", "") or ""
    noun = module.rpartition(".")[2]
    if noun.endswith("front"):
        noun = noun.removesuffix("_front") if noun != "front" else vertical
    return f"{NOUNS.get(noun, noun)}.{getattr(found, '__name__', 'call').lstrip('_')}"


def subjects_of(operation: Callable[..., Any], vertical: str, arguments: tuple[object, ...]) -> tuple[Subject, ...]:
    """The subjects, in the order of the arguments, each once."""
    found: dict[Subject, None] = {}
    for (name, kind), value in zip(_kinds(operation, vertical), arguments, strict=False):
        found.update(dict.fromkeys(_about(name, kind, value)))
    return tuple(found)


@cache
def _kinds(operation: Callable[..., Any], vertical: str) -> tuple[tuple[str, str], ...]:
    """(name, kind) of each argument after the transaction and the state."""
    names = list(inspect.signature(operation).parameters)[2:]
    return tuple((name, _kind(name, vertical)) for name in names)


def _kind(name: str, vertical: str) -> str:
    if name == "id":
        return BARE.get(vertical, "")
    kind = NAMES.get(name) or (name[:-1] if name[:-1] in KINDS else name.removesuffix("_id"))
    return kind if kind in KINDS else ""


def _about(name: str, kind: str, value: object) -> Iterator[Subject]:
    if isinstance(value, str):
        if kind and value:
            yield kind, value
    elif isinstance(value, tuple | list):
        for one in cast("tuple[object, ...]", value):
            yield from _about(name, kind, one)
    elif attrs.has(type(value)):
        yield from _of_spec(value)


def _of_spec(value: Any) -> Iterator[Subject]:
    """A spec is about itself, its division, and the queue or line that it names."""
    own = getattr(value, "id", None)
    kind = SPECS.get(type(value).__name__, type(value).__name__.lower())
    if isinstance(own, str):
        yield kind, own
    division = getattr(value, "division", None)
    if isinstance(division, str):
        yield "division", division
    for name in ("queue", "agent", "line", "contact"):
        named = getattr(value, name, None)
        if isinstance(named, str):
            yield name, named
    for membership in getattr(value, "queues", ()):
        yield from _about("", "queue", membership)
    ours = getattr(value, "ours", None)
    if ours is not None:
        yield "address", f"{ours.channel}:{ours.value}"


SPECS = {"WorkItem": "item", "ContactList": "list", "Notification": "notice"}
"""Classes that are called otherwise than what they describe."""
