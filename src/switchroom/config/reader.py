"""From plain tables to specs, driven by the fields of the specs: a new field of a spec is a new key, without new code.

The TOML key is the name of the field. A list of specs is a list of tables; a plain value in place of a table stands
for the spec's first field, so ``queues = ["sales"]`` is ``queues = [{ queue = "sales" }]``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import attrs

from switchroom.config.place import Place
from switchroom.durations import duration
from switchroom.errors import ConfigError, InvalidInput, RequirementSyntaxError, quote
from switchroom.messaging.addresses import Address
from switchroom.outbound.list_model import ColumnType
from switchroom.outbound.model import Replies
from switchroom.routing.escalation_model import Action
from switchroom.routing.fields import Fact
from switchroom.routing.hours import OpeningHours
from switchroom.routing.requirements import Requirement

T = TypeVar("T")
Table = Mapping[str, object]

MAX_ITEMS = 100_000
"""Entries of one list or table. More is not written by hand and takes minutes to check."""


def read_spec(kind: type[T], value: object, place: Place, /, **given: object) -> T:
    """One spec of this class from its table; ``given`` are fields that the table does not hold, such as the id."""
    table = a_table(value, place)
    hints = hints_of(kind)
    known = [name for name in hints if name not in given]
    for key in table:
        if key not in known:
            raise place.at(key).unknown("key", key, known)
    values = {key: read_value(hints[key], inner, place.at(key)) for key, inner in table.items()}
    for name in required(kind):
        if name not in table and name not in given:
            if NoneType not in get_args(hints[name]):
                raise place.at(name).wrong("is missing")
            values[name] = None
    return made(kind, {**given, **values}, place)


def made(kind: type[T], values: Mapping[str, object], place: Place) -> T:
    """The spec of these values; what its constructor refuses is told with the place."""
    make = cast("Callable[..., T]", kind)
    try:
        return make(**values)
    except ConfigError:
        raise
    except InvalidInput as error:
        # Specs name the spec and the field: ``queue.overflow: a queue cannot overflow into itself``.
        _, _, field = str(error.field).partition(".")
        problem = error.message.partition(": ")[2] or error.message
        raise place.at(field).wrong(problem) from None


def hints_of(kind: type) -> dict[str, Any]:
    """The fields that the constructor of a spec takes, with their types."""
    return _hints_of(kind)


@cache
def _hints_of(kind: Hashable) -> dict[str, Any]:
    kind = cast("type", kind)
    found = get_type_hints(kind)
    return {f.name: found[f.name] for f in attrs.fields(kind) if f.init}


def required(kind: type) -> tuple[str, ...]:
    """The fields without a default."""
    return tuple(f.name for f in attrs.fields(kind) if f.init and f.default is attrs.NOTHING)


def read_value(hint: Any, value: object, place: Place) -> object:
    """A value of the type that a field has."""
    reader = READERS.get(hint)
    if reader is not None:
        return reader(value, place)
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        # Without the None of an optional field: one form, or one of those that have a reader of their own.
        return read_value(Union[tuple(one for one in inner if one is not NoneType)], value, place)  # noqa: UP007
    if attrs.has(hint):
        return _spec_or_first(hint, value, place)
    if origin in (tuple, frozenset):
        items = tuple(read_value(inner[0], one, place.item(n)) for n, one in enumerate(a_list(value, place)))
        return items if origin is tuple else frozenset(items)
    if origin in (Mapping, dict):
        return {key: read_value(inner[1], one, place.at(key)) for key, one in a_table(value, place).items()}
    raise TypeError(f"no reader for {hint}")  # a field of a new type: its reader belongs into READERS


def _spec_or_first(kind: type[object], value: object, place: Place) -> object:
    if isinstance(value, kind):
        return value  # read before, as named utilizations are
    if isinstance(value, Mapping):
        return read_spec(kind, cast("Table", value), place)
    first, hint = next(iter(hints_of(kind).items()))
    if set(required(kind)) - {first}:
        raise place.wrong(f"a table is wanted (got {quote(value)})")
    return made(kind, {first: read_value(hint, value, place)}, place)


# -- plain values


def a_table(value: object, place: Place) -> Table:
    """The value, if it is a table."""
    if not isinstance(value, Mapping):
        raise place.wrong(f"a table is wanted (got {quote(value)})")
    return cast("Table", _capped(value, place))


def a_list(value: object, place: Place) -> list[object]:
    """The value, if it is a list."""
    if not isinstance(value, list):
        raise place.wrong(f"a list is wanted (got {quote(value)})")
    return cast("list[object]", _capped(value, place))


def _capped(value: Any, place: Place) -> object:
    if len(value) > MAX_ITEMS:
        raise place.wrong(f"at most {MAX_ITEMS} entries (got {len(value)})")
    return value


def read_text(value: object, place: Place) -> str:
    if not isinstance(value, str):
        raise place.wrong(f"text is wanted (got {quote(value)})")
    return value


def _read_boolean(value: object, place: Place) -> bool:
    if not isinstance(value, bool):
        raise place.wrong(f"true or false is wanted (got {quote(value)})")
    return value


def _read_whole(value: object, place: Place) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise place.wrong(f"a whole number is wanted (got {quote(value)})")
    return value


def _read_number(value: object, place: Place) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise place.wrong(f"a finite number is wanted (got {quote(value)})")
    return value


def read_duration(value: object, place: Place) -> timedelta:
    """A duration: ``"30s"``, ``"1h30m"`` or a number of seconds."""
    try:
        return duration(cast("str", value), field="duration")
    except InvalidInput as error:
        raise place.wrong(error.message.removeprefix("duration: ")) from None


def _read_instant(value: object, place: Place) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise place.wrong(f"an instant with an offset is wanted (got {quote(str(value))})")
    return value


def _read_time(value: object, place: Place) -> object:
    """A time of day: TOML's own, or text."""
    return value if isinstance(value, time) else read_text(value, place)


def read_requirement(value: object, place: Place) -> Requirement:
    """A requirement in its text form."""
    try:
        return Requirement.parse(read_text(value, place))
    except RequirementSyntaxError as error:
        raise place.wrong(error.message) from None
    except InvalidInput as error:
        raise place.wrong(error.message.removeprefix("requirement: ")) from None


def read_fact(value: object, place: Place) -> Fact:
    """A value of an attribute: text, number, boolean or a list of texts."""
    if isinstance(value, list):
        return frozenset(read_text(one, place.item(n)) for n, one in enumerate(a_list(cast("object", value), place)))
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):
        return _read_number(value, place)
    raise place.wrong(f"text, a number, true, false or a list of texts is wanted (got {quote(str(value))})")


def _read_scalar(value: object, place: Place) -> Fact:
    if isinstance(value, list):
        raise place.wrong("one value is wanted, not a list")
    return read_fact(value, place)


# -- values with a form of their own


def read_hours(value: object, place: Place) -> OpeningHours:
    """Opening hours: ``zone``, ``weekly``, ``holidays``, ``exceptions``."""
    table = plain(a_table(value, place))
    try:
        return OpeningHours.from_table(cast("Table", table))
    except InvalidInput as error:
        key = str(error.field).removeprefix("hours").removeprefix(".")
        raise place.at(key).wrong(error.message.partition(": ")[2]) from None


def plain(value: object) -> object:
    """TOML dates and times as the texts that opening hours are written in."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in cast("Table", value).items()}
    if isinstance(value, list):
        return [plain(inner) for inner in cast("list[object]", value)]
    return value.isoformat() if isinstance(value, date | time) else value


def read_address(value: object, place: Place) -> Address:
    """An address as ``channel:address``, such as ``sms:+15550001111`` or ``email:help@example.com``."""
    channel, colon, rest = read_text(value, place).partition(":")
    if not colon:
        raise place.wrong(f"an address is written as channel:address, such as sms:+15550001111 (got {quote(value)})")
    try:
        return Address(channel, rest)
    except InvalidInput as error:
        raise place.wrong(error.message) from None


@cache
def actions() -> dict[str, type]:
    """The escalation actions by their key: ``AddPriority`` is ``add_priority``."""
    return {action_key(kind): kind for kind in get_args(Action)}


def action_key(kind: type) -> str:
    """``add_priority`` for ``AddPriority``."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in kind.__name__).removeprefix("_")


def read_action(value: object, place: Place) -> Action:
    """One action: a table of one key, such as ``{ add_priority = 10 }`` or ``{ move_to = "support" }``."""
    table = a_table(value, place)
    if len(table) != 1:
        raise place.wrong("an action is a table of one key, such as { add_priority = 10 }")
    ((key, inner),) = table.items()
    kind = actions().get(key)
    if kind is None:
        raise place.at(key).unknown("action", key, actions())
    if key == "reclassify":
        facts = {name: _read_scalar(one, place.at(key).at(name)) for name, one in a_table(inner, place.at(key)).items()}
        return cast("Action", made(kind, {"attributes": tuple(facts.items())}, place.at(key)))
    return cast("Action", _spec_or_first(kind, inner, place.at(key)))


READERS: dict[Any, Callable[[object, Place], object]] = {
    str: read_text,
    bool: _read_boolean,
    int: _read_whole,
    float: _read_number,
    timedelta: read_duration,
    datetime: _read_instant,
    Requirement: read_requirement,
    OpeningHours: read_hours,
    Address: read_address,
    Fact: read_fact,
    Action: read_action,
    time: _read_time,
    ColumnType: read_text,
    Replies: read_text,
}
