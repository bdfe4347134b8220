"""Converters of specs: from what is handy at the border to the one type held inside.

They are plain named functions, so that type checkers see what a constructor takes; ``placed`` makes each error name
the spec and the field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from switchroom.durations import duration
from switchroom.errors import InvalidInput
from switchroom.ids import valid_id

Span = str | int | float | timedelta
"""A duration as the border takes it: ``"30s"``, ``"1h30m"``, seconds, or a timedelta."""

Fact = str | int | float | bool | frozenset[str]
"""A value of an attribute."""

MAX_PRIORITY = 1_000_000
MAX_SKILLS = 256
MAX_TEXT = 1_000


def placed(spec: str) -> Callable[[type, list[attrs.Attribute[Any]]], list[attrs.Attribute[Any]]]:
    """A field transformer that makes converters and validators name ``spec.field`` in their errors."""

    def transform(cls: type, fields: list[attrs.Attribute[Any]]) -> list[attrs.Attribute[Any]]:
        return [_placed_field(f, f"{spec}.{f.name}") for f in fields]

    return transform


def _placed_field(field: Any, place: str) -> Any:
    return field if field.converter is None else field.evolve(converter=_naming(field.converter, place))


def _naming(converter: Any, place: str) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        try:
            return converter(value)
        except InvalidInput as error:
            problem = error.message.partition(": ")[2] or error.message
            raise InvalidInput(place, error.code, hint=problem) from None

    return convert


def set_fields(spec: Any) -> dict[str, object]:
    """The fields of a spec that are not as they would be by default."""
    found: dict[str, object] = {}
    for field in attrs.fields(spec.__class__):
        value: object = getattr(spec, field.name)
        if field.init and value != _default(field):
            found[field.name] = value
    return found


def _default(field: Any) -> object:
    default: Any = field.default
    if hasattr(default, "factory"):
        default = default.factory()
    if default is attrs.NOTHING or field.converter is None:
        return default
    return field.converter(default)


def short_repr(self: Any) -> str:
    """As ``__repr__`` of a spec: what it says beyond its defaults, ``Queue('sales', limit=5)``.

    Thirty fields are read by nobody.
    """
    shown = {field.name: field for field in attrs.fields(self.__class__) if field.repr}
    parts = [
        f"{name}={value!r}" if shown[name].kw_only else repr(value)
        for name, value in set_fields(self).items()
        if name in shown
    ]
    return f"{type(self).__name__}({', '.join(parts)})"


def to_id(value: str) -> str:
    return valid_id(value, "id")


def to_optional_id(value: str | None) -> str | None:
    return None if value is None else valid_id(value, "id")


def to_span(value: Span) -> timedelta:
    return duration(value, field="duration")


def to_optional_span(value: Span | None) -> timedelta | None:
    return None if value is None else duration(value, field="duration")


def to_whole(value: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidInput("number", "not_whole", value, hint="a whole number is wanted")
    if not -MAX_PRIORITY <= value <= MAX_PRIORITY:
        raise InvalidInput("number", "range", value, hint=f"between -{MAX_PRIORITY} and {MAX_PRIORITY}")
    return value


def to_count(value: int) -> int:
    """A whole number of at least 1."""
    if to_whole(value) < 1:
        raise InvalidInput("number", "range", value, hint="at least 1")
    return value


def to_optional_count(value: int | None) -> int | None:
    return None if value is None else to_count(value)


def to_amount(value: int) -> int:
    """A whole number of at least 0."""
    if to_whole(value) < 0:
        raise InvalidInput("number", "range", value, hint="not below 0")
    return value


def to_share(value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise InvalidInput("share", "range", value, hint="a share between 0 and 1")
    return float(value)


def to_score(value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise InvalidInput("score", "range", value, hint="a score between 0 and 100")
    return float(value)


def to_ids(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InvalidInput("ids", "not_list", value, hint="a list of ids is wanted, not one text")
    return tuple(dict.fromkeys(valid_id(v, "id") for v in value))


def to_id_set(value: Iterable[str]) -> frozenset[str]:
    return frozenset(to_ids(value))


def to_levels(value: Mapping[str, float]) -> Mapping[str, float]:
    """Skills: name to level, a finite number of at least 0."""
    if not isinstance(value, Mapping):
        raise InvalidInput("skills", "type", value, hint="a mapping is wanted")
    if len(value) > MAX_SKILLS:
        raise InvalidInput("skills", "too_many", len(value), hint=f"at most {MAX_SKILLS}")
    return {valid_name(name): _level(name, level) for name, level in value.items()}


def _level(name: str, level: float) -> float:
    if isinstance(level, bool) or not isinstance(level, int | float) or not 0 <= level <= MAX_PRIORITY:
        raise InvalidInput(f"skills.{name}", "range", level, hint=f"level of {name}: a number of at least 0")
    return level


def valid_name(name: str) -> str:
    """A skill or attribute name: text of 1 to 128 characters without control characters."""
    if not isinstance(name, str) or not 0 < len(name) <= 128 or not name.isprintable() or name != name.strip():
        raise InvalidInput("name", "bad_name", name, hint="a name is 1 to 128 printable characters")
    return name


def to_facts(value: Mapping[str, Fact | Iterable[str]]) -> Mapping[str, Fact]:
    """Attributes: name to text, number, boolean or set of texts."""
    if not isinstance(value, Mapping):
        raise InvalidInput("attributes", "type", value, hint="a mapping is wanted")
    if len(value) > MAX_SKILLS:
        raise InvalidInput("attributes", "too_many", len(value), hint=f"at most {MAX_SKILLS}")
    return {valid_name(name): to_fact(name, fact) for name, fact in value.items()}


def to_fact(name: str, value: Fact | Iterable[str]) -> Fact:
    if isinstance(value, bool | str):
        if isinstance(value, str) and (len(value) > MAX_TEXT or "\x00" in value or not _encodable(value)):
            raise InvalidInput(f"attributes.{name}", "bad_text", value, hint=f"{name}: text of at most {MAX_TEXT}")
        return value
    if isinstance(value, int | float):
        if not abs(value) <= 1e15:
            raise InvalidInput(f"attributes.{name}", "range", value, hint=f"{name}: a finite number up to 1e15")
        return value
    if isinstance(value, set | frozenset | list | tuple):
        return frozenset(str(to_fact(name, v)) for v in value)
    raise InvalidInput(f"attributes.{name}", "bad_type", value, hint=f"{name}: text, number, boolean or set of texts")


def _encodable(text: str) -> bool:
    """Lone surrogates pass through Python and break every store."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def to_text(value: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT or "\x00" in value or not _encodable(value):
        raise InvalidInput("text", "bad_text", value, hint=f"text of at most {MAX_TEXT} characters without NUL")
    return value


def micros(value: timedelta) -> int:
    """A duration in microseconds, the unit inside."""
    # Dividing by a timedelta of one microsecond says the same in three times the time.
    return (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds


def to_optional_instant(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise InvalidInput("instant", "naive", value, hint="an instant needs a time zone")
    return value
