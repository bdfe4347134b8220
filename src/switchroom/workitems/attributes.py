"""Typed attributes of work: what a value may be, and how it is read from text.

Inside a value is a fact of routing, so that requirements, rules and filters compare it: a date is its ISO text, a list
a set of texts (its order is not kept).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, cast

import attrs

from switchroom.errors import InvalidInput
from switchroom.routing.fields import Fact, placed, to_fact, to_text, valid_name

if TYPE_CHECKING:
    from switchroom.workitems.model import Worktype

KINDS = ("text", "number", "date", "choice", "boolean", "list")

TRUE, FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})
"""How a boolean is written in a CSV file, in any case of letters."""

LIST_SEPARATOR = ";"

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _to_kind(value: str) -> str:
    if value not in KINDS:
        raise InvalidInput("kind", "unknown", value, hint=f"one of {', '.join(KINDS)}")
    return value


def _to_choices(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, str):
        raise InvalidInput("choices", "not_list", value, hint="a list of texts is wanted, not one text")
    return tuple(dict.fromkeys(to_text(one) for one in value))


def _to_bound(value: float | None) -> float | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e15):
        raise InvalidInput("bound", "range", value, hint="a finite number")
    return value


@attrs.frozen(kw_only=True, field_transformer=placed("attribute"))
class Attribute:
    """An attribute of a worktype.

    ``kind``: text, number, date, choice (one of ``choices``), boolean, or list (of texts; of ``choices``, if there are
    any). ``minimum`` and ``maximum`` bound a number, or the length of a text or list. ``default`` stands where none is
    given. ``indexed``: workbins find work by its value without looking at the rest.
    """

    name: str = attrs.field(kw_only=False, converter=valid_name)
    kind: str = attrs.field(kw_only=False, default="text", converter=_to_kind)
    required: bool = False
    default: Fact | None = None
    choices: tuple[str, ...] = attrs.field(default=(), converter=_to_choices)
    minimum: float | None = attrs.field(default=None, converter=_to_bound)
    maximum: float | None = attrs.field(default=None, converter=_to_bound)
    indexed: bool = False

    def __attrs_post_init__(self) -> None:
        if self.kind == "choice" and not self.choices:
            raise InvalidInput("attribute.choices", "missing", self.name, hint="a choice needs choices")
        if self.choices and self.kind not in ("choice", "list"):
            raise InvalidInput("attribute.choices", "kind", self.name, hint=f"a {self.kind} has no choices")
        if self.default is not None:
            object.__setattr__(self, "default", self.checked(self.default))

    def checked(self, value: object) -> Fact:
        """The value as it is kept. Raises InvalidInput that names the attribute."""
        found = _CHECKS[self.kind](self, value)
        size = _size(found)
        if size is not None and not (self.minimum is None or size >= self.minimum):
            raise _wrong(self, "range", value, f"at least {self.minimum:g}")
        if size is not None and not (self.maximum is None or size <= self.maximum):
            raise _wrong(self, "range", value, f"at most {self.maximum:g}")
        return found

    def read(self, text: str) -> Fact:
        """The value that a text stands for, as in a CSV file."""
        text = text.strip()
        if self.kind == "number":
            return self.checked(_number(text))
        if self.kind == "boolean":
            word = text.lower()
            return self.checked(word in TRUE if word in TRUE | FALSE else text)
        if self.kind == "list":
            return self.checked([one.strip() for one in text.split(LIST_SEPARATOR) if one.strip()])
        return self.checked(text)


def _wrong(attribute: Attribute, code: str, value: object, hint: str) -> InvalidInput:
    return InvalidInput(f"attributes.{attribute.name}", code, value, hint=hint)


def _as_text(attribute: Attribute, value: object) -> Fact:
    if not isinstance(value, str):
        raise _wrong(attribute, "type", value, "text is wanted")
    return to_fact(attribute.name, value)


def _as_number(attribute: Attribute, value: object) -> Fact:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(attribute, "type", value, "a number is wanted")
    return to_fact(attribute.name, value)


def _as_date(attribute: Attribute, value: object) -> Fact:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise _wrong(attribute, "date", value, "a date such as 2026-01-31 is wanted")


def _as_choice(attribute: Attribute, value: object) -> Fact:
    if not isinstance(value, str) or value not in attribute.choices:
        raise _wrong(attribute, "choice", value, f"one of {', '.join(attribute.choices)}")
    return value


def _as_boolean(attribute: Attribute, value: object) -> Fact:
    if not isinstance(value, bool):
        raise _wrong(attribute, "type", value, "true or false is wanted")
    return value


def _as_list(attribute: Attribute, value: object) -> Fact:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise _wrong(attribute, "type", None, "a list of texts is wanted")
    found = list(cast("Iterable[object]", value))
    if any(not isinstance(one, str) or (attribute.choices and one not in attribute.choices) for one in found):
        allowed = f"texts among {', '.join(attribute.choices)}" if attribute.choices else "texts only"
        raise _wrong(attribute, "choice", None, allowed)
    return to_fact(attribute.name, cast("list[str]", found))


def _size(value: Fact) -> float | None:
    """What the bounds of an attribute are about."""
    if isinstance(value, bool):
        return None
    return value if isinstance(value, int | float) else len(value)


def _number(text: str) -> object:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


_CHECKS = {
    "text": _as_text,
    "number": _as_number,
    "date": _as_date,
    "choice": _as_choice,
    "boolean": _as_boolean,
    "list": _as_list,
}


def complete(spec: Worktype, given: Mapping[str, object]) -> Mapping[str, Fact]:
    """The attributes of new work: those given, checked, and the defaults. Refuses unknown and missing ones."""
    found = changed(spec, given)
    for attribute in spec.attributes:
        if attribute.name in found:
            continue
        if attribute.default is not None:
            found[attribute.name] = attribute.default
        elif attribute.required:
            raise InvalidInput(f"attributes.{attribute.name}", "missing", hint=f"worktype {spec.id} requires it")
    return found


def changed(spec: Worktype, given: Mapping[str, object]) -> dict[str, Fact]:
    """The values of a change, checked; None, which removes one, is left out. Refuses to remove what is required."""
    found: dict[str, Fact] = {}
    for name, value in given.items():
        attribute = spec.attribute(name)
        if attribute is None and not spec.extras:
            known = ", ".join(a.name for a in spec.attributes)
            raise InvalidInput(f"attributes.{name}", "unknown", hint=f"worktype {spec.id} has {known or 'none'}")
        if value is None:
            if attribute is not None and attribute.required:
                raise InvalidInput(f"attributes.{name}", "missing", hint=f"worktype {spec.id} requires it")
        elif attribute is None:
            found[valid_name(name)] = to_fact(name, cast("Fact", value))
        else:
            found[name] = attribute.checked(value)
    return found
