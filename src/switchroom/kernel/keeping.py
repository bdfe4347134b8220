"""Tables of mutable records as plain data and back, for snapshots: what a vertical needs to name is its fields.

A state is kept in full unless a field is named as derived, so that a field that somebody adds to a record is kept
without a change anywhere. Scalars stand as they are; every container is a list that begins with a mark. Records and
specs stand once, however many places hold them: what was one object is one object again.
"""

from __future__ import annotations

from array import array
from base64 import b64decode, b64encode
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dis import get_instructions
from enum import Enum
from typing import Any, Literal

from switchroom.kernel.forms import Forms

SCALARS = frozenset({str, int, float, bool, type(None)})

CONTAINERS: dict[str, type[Any]] = {"l": list, "t": tuple, "q": deque, "s": set, "f": frozenset}
FILLED = frozenset({dict, set, list, deque})
MARKS = {kind: mark for mark, kind in CONTAINERS.items()}


class Keeper:
    """How the state of one vertical is kept: ``Vertical(save=keeper.save, load=keeper.load, layout=keeper.layout)``.

    Every attribute of ``state`` is kept, and every field of its records, but for those that ``derived`` names
    (``table`` of the state, ``Record.slot`` of a record): what the state was given when it was made, and what
    ``rebuild`` fills after loading. Functions that a state was given need not be named. ``records``: the classes of
    mutable records, which have slots or set all their fields in their constructor. ``specs``: classes of frozen values
    and enumerations, which `Forms` and the enumeration itself know how to write.
    """

    def __init__(
        self,
        state: Any,
        *,
        records: Iterable[type[Any]] = (),
        specs: Iterable[type[Any]] = (),
        derived: Iterable[str] = (),
        rebuild: Callable[[], None] | None = None,
    ) -> None:
        left_out = frozenset(derived)
        attributes: dict[str, Any] = state.__dict__
        self.state = state
        kept = (name for name, value in attributes.items() if name not in left_out and not callable(value))
        self.fields: tuple[str, ...] = tuple(kept)
        self.records = {cls: _kept(cls, left_out) for cls in records}
        self.specs = {cls.__name__: cls for cls in specs}
        self._rebuild = rebuild

    @property
    def layout(self) -> object:
        """What a snapshot holds: one of another layout is not read."""
        return self.fields, [(cls.__name__, kept) for cls, kept in self.records.items()], sorted(self.specs)

    def save(self, forms: Forms) -> dict[str, Any]:
        """The state between two operations. Linear in it. Raises TypeError for what is of no class that is named."""
        writer = _Writer(self, forms)
        fields = [writer.plain(getattr(self.state, name)) for name in self.fields]
        return {"fields": fields, "things": writer.things}

    def load(self, plain: dict[str, Any], forms: Forms) -> None:
        """Fill the state, which must be fresh. Sets no deadline: they come with the kernel's."""
        reader = _Reader(self, plain["things"], forms)
        for name, saved in zip(self.fields, plain["fields"], strict=True):
            _put(self.state, name, reader.value(saved))
        if self._rebuild is not None:
            self._rebuild()


def _kept(cls: type[Any], left_out: frozenset[str]) -> tuple[str, ...]:
    """The fields of a record that are kept: its slots, or, without slots, what its constructor sets."""
    slots: tuple[str, ...] | None = cls.__dict__.get("__slots__")
    if slots is None:
        slots = tuple(step.argval for step in get_instructions(cls.__init__) if step.opname == "STORE_ATTR")
    return tuple(name for name in slots if f"{cls.__name__}.{name}" not in left_out)


def _put(state: Any, name: str, value: Any) -> None:
    """Tables are filled where they stand: others may hold them."""
    table = getattr(state, name)
    fill = getattr(table, "update", None) or getattr(table, "extend", None)
    if table.__class__ in FILLED and fill is not None:
        fill(value)
    else:
        setattr(state, name, value)


class _Writer:
    """One saving. ``things``: records and specs, each once, in the order in which they were met."""

    def __init__(self, keeper: Keeper, forms: Forms) -> None:
        self.things: list[Any] = []
        self._records = keeper.records
        self._specs = keeper.specs
        self._forms = forms
        self._places: dict[int, int] = {}

    def plain(self, value: Any) -> Any:
        kind = value.__class__
        if kind in SCALARS:
            return value
        if kind is dict or kind is Counter:
            plain = self.plain
            return ["d" if kind is dict else "c", *(plain(one) for pair in value.items() for one in pair)]
        mark = MARKS.get(kind)
        if mark is not None:
            held: Iterable[Any] = sorted(value) if mark in "sf" else value
            return [mark, *map(self.plain, held)]
        if kind is bytearray:
            return ["b", b64encode(value).decode()]
        if kind is array:
            return ["a", value.typecode, *value]
        return ["@", self._place(value, kind)]

    def _place(self, value: Any, kind: type[Any]) -> int:
        known = self._places.get(id(value))
        if known is None:
            known = self._places[id(value)] = len(self.things)
            self.things.append(None)
            self.things[known] = self._thing(value, kind)
        return known

    def _thing(self, value: Any, kind: type[Any]) -> list[Any]:
        kept = self._records.get(kind)
        if kept is not None:
            return [kind.__name__, [self.plain(getattr(value, name)) for name in kept]]
        if self._specs.get(kind.__name__) is not kind:
            raise TypeError(f"a {kind.__name__} cannot be kept: it is not named")
        return [kind.__name__, value.value if isinstance(value, Enum) else self._forms.plain(value)]


class _Reader:
    """One loading. Things are made when they are first met."""

    def __init__(self, keeper: Keeper, things: list[Any], forms: Forms) -> None:
        self._saved = things
        self._made: list[Any] = [None] * len(things)
        self._records = {cls.__name__: (cls, kept) for cls, kept in keeper.records.items()}
        self._specs = keeper.specs
        self._forms = forms

    def value(self, plain: Any) -> Any:
        if plain.__class__ is not list:
            return plain
        mark = plain[0]
        if mark == "@":
            return self._thing(plain[1])
        if mark == "d" or mark == "c":
            held = [self.value(one) for one in plain[1:]]
            pairs = dict(zip(held[::2], held[1::2], strict=True))
            return pairs if mark == "d" else Counter(pairs)
        if mark == "b":
            return bytearray(b64decode(plain[1]))
        if mark == "a":
            typecode: Literal["I", "Q"] = plain[1]
            return array(typecode, plain[2:])
        return CONTAINERS[mark](map(self.value, plain[1:]))

    def _thing(self, place: int) -> Any:
        made = self._made[place]
        if made is None:
            name, saved = self._saved[place]
            made = self._record(place, name, saved) if name in self._records else self._spec(name, saved)
            self._made[place] = made
        return made

    def _record(self, place: int, name: str, saved: list[Any]) -> Any:
        cls, kept = self._records[name]
        record: Any = object.__new__(cls)
        self._made[place] = record
        for slot, value in zip(kept, saved, strict=True):
            setattr(record, slot, self.value(value))
        return record

    def _spec(self, name: str, saved: Any) -> Any:
        cls = self._specs[name]
        return cls(saved) if issubclass(cls, Enum) else self._forms.value(saved, cls)
