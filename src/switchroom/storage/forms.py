"""Values as plain data and back: what JSON can hold, and nothing else.

The forms: a class with ``to_table`` and ``from_table`` is its table; one with ``parse`` is its text; a duration is
microseconds; an instant is ISO text in UTC; a set is a sorted list; one of several classes is its table with the key
``@kind``; every other spec and event is a table of its fields. A field whose default is None, False, zero or empty is
left out when it has that default, so the usual piece of work is short. Such a default is part of the stored form: it
can change only with the version of the events that carry it (the golden records of the tests notice).

cattrs writes the functions; it comes with the extras of the stores that need it.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Set
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from typing import Any, TypeAlias, TypeVar, Union, get_args, get_origin

import attrs

T = TypeVar("T")

Converter: TypeAlias = Any
"""A cattrs converter: it is an optional import, and hooks are about values of any type."""

MICROSECOND = timedelta(microseconds=1)

MAX_TEXTS = 10_000
"""Parsed texts remembered by a converter: most work asks for one of few requirements."""

KIND = "@kind"
"""The key that says which of several classes a table is of: no field can have this name."""

PLAIN = (str, int, float, bool, type(None))


class Forms:
    """Turns specs and events into plain data and back. One for the process (`forms`): it keeps generated functions.

    ``precise`` gives errors that name the path to the value, at several times the cost.
    """

    def __init__(self, *, precise: bool = False) -> None:
        self._converter = _converter(precise)

    def plain(self, value: object) -> Any:
        """The value as plain data."""
        return self._converter.unstructure(value)

    def value(self, plain: object, form: type[T]) -> T:
        """The value of this class that the plain data describes. Raises whatever the class or cattrs finds wrong."""
        made: T = self._converter.structure(plain, form)
        return made

    def writer(self, cls: type) -> Callable[[Any], Any]:
        """The function behind ``plain`` for one class."""
        write: Callable[[Any], Any] = self._converter.get_unstructure_hook(cls)
        return write

    def reader(self, cls: type[T]) -> Callable[[Any, type[T]], T]:
        """The function behind ``value`` for one class."""
        read: Callable[[Any, type[T]], T] = self._converter.get_structure_hook(cls)
        return read


@cache
def forms() -> Forms:
    """The converter of the process."""
    return Forms()


@cache
def precise_forms() -> Forms:
    """The same, for saying what is wrong with data that `forms` refused."""
    return Forms(precise=True)


def _converter(precise: bool) -> Converter:
    try:
        import cattrs
    except ImportError as error:
        raise ImportError('storing records needs cattrs: pip install "switchroom[sqlite]"') from error
    converter: Converter = cattrs.Converter(
        detailed_validation=precise,
        forbid_extra_keys=True,
        unstruct_collection_overrides={Set: sorted, frozenset: sorted, set: sorted},
    )
    _register_values(converter)
    _register_classes(converter)
    return converter


def _register_values(converter: Converter) -> None:
    for kind in (str, int, bool):
        converter.register_structure_hook(kind, _exactly(kind))
    converter.register_structure_hook(float, _number)
    converter.register_unstructure_hook(timedelta, _from_span)
    converter.register_structure_hook(timedelta, _to_span)
    for day in (date, time):
        converter.register_unstructure_hook(day, day.isoformat)
        converter.register_structure_hook(day, _iso)
    converter.register_unstructure_hook(datetime, _from_instant)
    converter.register_structure_hook(datetime, _to_instant)
    converter.register_structure_hook_func(_is_fact, _to_fact)
    converter.register_unstructure_hook_func(_is_fact, _from_fact)
    converter.register_structure_hook_func(_is_any, _to_answer)
    converter.register_unstructure_hook_func(_is_any, to_any)


def _register_classes(converter: Converter) -> None:
    converter.register_structure_hook_factory(attrs.has, partial(_fields_reader, converter))
    converter.register_unstructure_hook_factory(attrs.has, partial(_fields_writer, converter))
    converter.register_unstructure_hook_func(_has_table, _to_table)
    converter.register_structure_hook_func(_has_table, _from_table)
    converter.register_unstructure_hook_func(_has_text, str)
    converter.register_structure_hook_factory(_has_text, _text_reader)
    converter.register_structure_hook_factory(_is_one_of, partial(_kind_reader, converter))
    converter.register_unstructure_hook_factory(_is_one_of, partial(_kind_writer, converter))


# -- plain values: no coercion, because a 1 that was stored as text is damage


def _exactly(kind: type) -> Callable[[Any, Any], Any]:
    def read(plain: Any, _: Any) -> Any:
        if type(plain) is not kind:
            raise ValueError(f"{kind.__name__} expected, not {type(plain).__name__}")
        return plain

    return read


def _number(plain: Any, _: Any) -> float | int:
    if type(plain) is not float and type(plain) is not int:
        raise ValueError(f"a number expected, not {type(plain).__name__}")
    return plain


def _whole(plain: Any) -> int:
    if type(plain) is not int:
        raise ValueError(f"int expected, not {type(plain).__name__}")
    return plain


def _from_span(span: timedelta) -> int:
    return span // MICROSECOND


def _to_span(plain: Any, _: Any) -> timedelta:
    return timedelta(microseconds=_whole(plain))


def _iso(plain: Any, kind: Any) -> Any:
    return kind.fromisoformat(plain)


def _from_instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()


def _to_instant(plain: Any, _: Any) -> datetime:
    return datetime.fromisoformat(plain)


def _is(value: object, kind: type) -> bool:
    """isinstance, but the type checkers go on to see a value of any type: they would ask what is in it."""
    return isinstance(value, kind)


def _held(values: Any) -> list[Any]:
    return list(values)


def _is_fact(form: Any) -> bool:
    """A choice among plain types, or these and a set of texts."""
    members = _members(form)
    return len(members) > 1 and all(m in PLAIN or get_origin(m) is frozenset for m in members) and not _optional(form)


def _to_fact(plain: Any, form: Any) -> Any:
    if isinstance(plain, list):
        return frozenset(_held(plain))
    if plain is not None and not isinstance(plain, PLAIN):
        raise ValueError(f"a plain value expected, not {type(plain).__name__}")
    return plain


def _from_fact(value: Any) -> Any:
    return sorted(_held(value)) if isinstance(value, frozenset) else value


# -- classes


def _has_table(form: Any) -> bool:
    return isinstance(form, type) and hasattr(form, "to_table") and hasattr(form, "from_table")


def _to_table(value: Any) -> Any:
    return value.to_table()


def _from_table(plain: Any, cls: Any) -> Any:
    return cls.from_table(plain)


def _has_text(form: Any) -> bool:
    return isinstance(form, type) and hasattr(form, "parse") and attrs.has(form)


def _text_reader(cls: Any) -> Callable[[Any, Any], Any]:
    known: dict[str, Any] = {}

    def read(plain: Any, _: Any) -> Any:
        found = known.get(plain)
        if found is None:
            if len(known) >= MAX_TEXTS:
                known.clear()
            found = known[plain] = cls.parse(plain)
        return found

    return read


def _fields_reader(converter: Converter, cls: type[T]) -> Callable[[Any, Any], T]:
    from cattrs.gen import make_dict_structure_fn

    read: Callable[[Any, Any], T] = make_dict_structure_fn(cls, converter, _cattrs_forbid_extra_keys=True)
    return read


def _fields_writer(converter: Converter, cls: type) -> Callable[[Any], Any]:
    from cattrs.gen import make_dict_unstructure_fn, override

    short = {a.name: override(omit_if_default=True) for a in attrs.fields(cls) if _is_neutral(a.default)}
    make: Callable[..., Callable[[Any], Any]] = make_dict_unstructure_fn
    return make(cls, converter, **short)


def _is_neutral(default: Any) -> bool:
    if default is attrs.NOTHING:
        return False
    if hasattr(default, "factory"):
        return not default.takes_self and default.factory() in ({}, (), frozenset())
    return default is None or default in ("", 0, (), {}, frozenset(), timedelta(0))


# -- one of several classes


def _members(form: Any) -> tuple[Any, ...]:
    return get_args(form) if get_origin(form) in (Union, types.UnionType) else ()


def _optional(form: Any) -> bool:
    members = _members(form)
    return len(members) == 2 and type(None) in members


def _is_one_of(form: Any) -> bool:
    members = _members(form)
    return len(members) > 1 and all(isinstance(m, type) and attrs.has(m) for m in members)


def _kind_of(cls: type) -> str:
    """``AddPriority`` as ``add_priority``."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in cls.__name__).lstrip("_")


def _kind_reader(converter: Converter, union: Any) -> Callable[[Any, Any], Any]:
    kinds = {_kind_of(cls): cls for cls in _members(union)}

    def read(plain: Any, _: Any) -> Any:
        fields = dict(plain)
        kind = fields.pop(KIND, None)
        if kind not in kinds:
            raise ValueError(f"unknown kind {kind!r}")
        return converter.structure(fields, kinds[kind])

    return read


def _kind_writer(converter: Converter, union: Any) -> Callable[[Any], Any]:
    kinds = {cls: _kind_of(cls) for cls in _members(union)}
    return lambda value: {KIND: kinds[type(value)], **converter.unstructure(value)}


# -- what an operation returned


def _is_any(form: Any) -> bool:
    return form is Any


def _to_answer(plain: Any, _: Any) -> Any:
    return from_any(plain)


def to_any(value: Any) -> Any:
    """An answer of any operation: plain values as they are, tuples and mappings under a key that says what they are."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, list):
        return [to_any(v) for v in _held(value)]
    if isinstance(value, tuple):
        return {"tuple": [to_any(v) for v in _held(value)]}
    if _is(value, Mapping):
        return {"mapping": [[to_any(k), to_any(v)] for k, v in value.items()]}
    if isinstance(value, timedelta):
        return {"micros": value // MICROSECOND}
    if isinstance(value, datetime):
        return {"instant": value.astimezone(UTC).isoformat()}
    raise TypeError(f"an answer of type {type(value).__name__} cannot be stored")


def from_any(plain: Any) -> Any:
    """The answer that was stored."""
    if type(plain) is list:
        return [from_any(v) for v in _held(plain)]
    if not _is(plain, dict):
        return plain
    form: str = next(iter(plain))
    return _ANSWERS[form](plain[form])


_ANSWERS: dict[str, Callable[[Any], Any]] = {
    "tuple": lambda held: tuple(from_any(v) for v in held),
    "mapping": lambda held: {from_any(k): from_any(v) for k, v in held},
    "micros": lambda held: timedelta(microseconds=held),
    "instant": datetime.fromisoformat,
}
