"""How events are declared: a frozen value with a type name, a version, and the tags under which it is found again.

An event class is written ::

    @event("routing.offer_made", tags=("item", "agent"))
    class OfferMade:
        offer: str
        item: str
        agent: str

The type checker sees a frozen attrs class. At run time the class is slotted but not frozen, because freezing costs
0.5 µs for every event and nothing in the library writes to one (a test of the log's digest would notice).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

import attrs
from typing_extensions import dataclass_transform

from switchroom.errors import DuplicateId, UnknownId

C = TypeVar("C", bound=type)


class EventType:
    """What the kernel knows of one type of event."""

    __slots__ = ("cls", "name", "personal", "tags", "version")

    def __init__(
        self, cls: type, name: str, version: int, tags: tuple[tuple[str, str], ...], personal: tuple[str, ...]
    ) -> None:
        self.cls = cls
        self.name = name
        self.version = version
        self.tags = tags
        self.personal = personal


class EventRegistry:
    """Event types by name and by class. One for the process: declared at import, never changed afterwards."""

    by_name: ClassVar[dict[str, EventType]] = {}
    by_class: ClassVar[dict[type, EventType]] = {}

    @classmethod
    def add(cls, declared: EventType) -> None:
        if declared.name in cls.by_name:
            raise DuplicateId("event type", declared.name)
        cls.by_name[declared.name] = declared
        cls.by_class[declared.cls] = declared

    @classmethod
    def named(cls, name: str) -> EventType:
        try:
            return cls.by_name[name]
        except KeyError:
            raise UnknownId("event type", name) from None


@dataclass_transform(frozen_default=True, field_specifiers=(attrs.field,))
def event(
    name: str, *, version: int = 1, tags: tuple[str, ...] = (), personal: tuple[str, ...] = ()
) -> Callable[[C], C]:
    """Declare an event type.

    ``tags`` names the fields that become tags, as ``"item"`` (tag ``item:<value>``) or ``"agent=assignee"`` (tag
    ``agent:<value of the field assignee>``); a field that is None gives no tag, a tuple gives one each. ``personal``
    names the fields that hold personal data and are blanked by erasure; no apply branches on them.
    """

    def declare(cls: C) -> C:
        made = attrs.define(cls, slots=True, eq=True, order=False)
        if personal:
            _hide(made)
        pairs = tuple((t.partition("=")[0], t.partition("=")[2] or t) for t in tags)
        EventRegistry.add(EventType(made, name, version, pairs, personal))
        return made  # type: ignore[no-any-return, unused-ignore]  # attrs.define keeps the class, mypy sees Any

    return declare


def _hide(cls: Any) -> None:
    """Show no personal fields: events end up in error messages and log lines."""
    shown: Callable[[Any], str] = cls.__repr__

    def hidden(self: Any) -> str:
        return shown(redacted(self))

    cls.__repr__ = hidden


def type_of(event: Any) -> EventType:
    """The declaration of this event's class."""
    return EventRegistry.by_class[type(event)]


def tags_of(event: Any) -> tuple[str, ...]:
    """The tags of an event, in the order of their declaration, without duplicates."""
    found: dict[str, None] = {}
    for kind, attribute in type_of(event).tags:
        value: Any = getattr(event, attribute)
        several: tuple[Any, ...] = value if value.__class__ is tuple else (value,)
        for one in several:
            if one is not None:
                found[f"{kind}:{one}"] = None
    return tuple(found)


def redacted(event: Any) -> Any:
    """The event without what its type declares as personal: collections and text are emptied, the rest is None.

    A value that has a method ``blanked`` says itself what is left of it. The same object if there was nothing to
    blank. A personal field may be a path, such as ``work.attributes``.
    """
    for path in type_of(event).personal:
        event = _blanked(event, path.split("."))
    return event


def _blanked(value: Any, path: list[str]) -> Any:
    held = getattr(value, path[0])
    new = _blank(held) if len(path) == 1 else _blanked(held, path[1:])
    return value if new == held else attrs.evolve(value, **{path[0]: new})


def _blank(held: Any) -> Any:
    blanked = getattr(held, "blanked", None)
    if blanked is not None:
        return blanked()
    for kind, nothing in _NOTHING:
        if isinstance(held, kind):
            return nothing
    return None


_NOTHING: tuple[tuple[type[object], object], ...] = (
    (str, ""),
    (tuple, ()),
    (frozenset, frozenset[str]()),
    (Mapping, dict[str, object]()),
)
