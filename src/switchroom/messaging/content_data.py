"""Content as plain data, for JSON: a table with its ``kind`` and the fields of the value, defaults left out.

``{"kind": "quick_replies", "text": "Which day?", "replies": [{"title": "Monday"}, {"title": "Friday"}]}``
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias, cast

import attrs

from switchroom.errors import InvalidInput
from switchroom.messaging.content import (
    CONTENT_TYPES,
    KINDS,
    Button,
    Buttons,
    Card,
    Carousel,
    Choice,
    Content,
    LinkButton,
    QuickReplies,
    Template,
    Text,
    plain_text,
)

Data: TypeAlias = dict[str, object]

_TYPES = {t.kind: t for t in CONTENT_TYPES}


def content_to_data(content: Content) -> Data:
    """The content as dictionaries, lists, texts and numbers: the inverse of `content_from_data`.

    >>> from switchroom.messaging.content import Text
    >>> content_to_data(Text("hello"))
    {'kind': 'text', 'text': 'hello'}
    """
    if isinstance(content, Text):
        return {"kind": "text", "text": content.text}  # by far the most frequent
    return {"kind": content.kind, **_fields(content)}


def _fields(value: attrs.AttrsInstance) -> Data:
    fields = attrs.fields(type(value))
    pairs = ((f.name, getattr(value, f.name), f.default) for f in fields)
    return {name: _plain(name, held) for name, held, default in pairs if held != default}


def _plain(name: str, held: object) -> object:
    if name == "parameters":
        return dict(cast("Iterable[tuple[str, str]]", held))
    if isinstance(held, tuple):
        return [_fields(part) for part in cast("tuple[attrs.AttrsInstance, ...]", held)]
    return held


def content_from_data(data: object, *, place: str = "content") -> Content:
    """The content that plain data describes, checked like any other.

    Raises `InvalidInput`, whose field names the place in the data, with the codes of the values and ``type``,
    ``missing``, ``unknown_kind`` and ``unknown_field``: an unknown field could be the very one that matters.
    """
    fields = dict(_table(data, place))
    kind = fields.pop("kind", None)
    if not isinstance(kind, str) or kind not in _TYPES:
        raise InvalidInput(f"{place}.kind", "unknown_kind", kind, hint=f"one of {', '.join(KINDS)}")
    cls = _TYPES[kind]
    for name, read in _NESTED.get(cls, {}).items():
        if name in fields:
            fields[name] = read(fields[name], f"{place}.{name}")
    return cast("Content", _built(cls, fields, place))


def text_of(data: Mapping[str, object]) -> str:
    """The plain text of the content that plain data describes; the data was checked when it was stored."""
    text = data.get("text") if data.get("kind") == "text" else None
    return text if isinstance(text, str) else plain_text(content_from_data(data))


def _built(cls: type[attrs.AttrsInstance], fields: Mapping[str, object], place: str) -> object:
    known = {f.name: f for f in attrs.fields(cls)}
    for name in fields:
        if name not in known:
            raise InvalidInput(f"{place}.{name}", "unknown_field", name, hint=f"one of {', '.join(known)}")
    for name, field in known.items():
        if name not in fields and field.default is attrs.NOTHING:
            raise InvalidInput(f"{place}.{name}", "missing", hint="missing")
    try:
        return cls(**fields)
    except InvalidInput as error:
        raise InvalidInput(place, error.code, hint=error.message) from None
    except (TypeError, AttributeError):
        raise InvalidInput(place, "type", hint="a field has a value of the wrong type") from None


def _table(data: object, place: str) -> Mapping[str, object]:
    if not isinstance(data, Mapping):
        raise InvalidInput(place, "type", data, hint="a table of fields is wanted")
    return cast("Mapping[str, object]", data)


def _list(data: object, place: str) -> list[tuple[object, str]]:
    if not isinstance(data, list | tuple):
        raise InvalidInput(place, "type", data, hint="a list is wanted")
    return [(part, f"{place}[{index}]") for index, part in enumerate(cast("Iterable[object]", data))]


def _choice(data: object, place: str) -> Choice:
    return cast("Choice", _built(Choice, _table(data, place), place))


def _button(data: object, place: str) -> Button:
    fields = _table(data, place)
    return cast("Button", _built(LinkButton if "url" in fields else Choice, fields, place))


def _choices(data: object, place: str) -> list[Choice]:
    return [_choice(part, where) for part, where in _list(data, place)]


def _buttons(data: object, place: str) -> list[Button]:
    return [_button(part, where) for part, where in _list(data, place)]


def _card(data: object, place: str) -> Card:
    fields = dict(_table(data, place))
    if "buttons" in fields:
        fields["buttons"] = _buttons(fields["buttons"], f"{place}.buttons")
    return cast("Card", _built(Card, fields, place))


def _cards(data: object, place: str) -> list[Card]:
    return [_card(part, where) for part, where in _list(data, place)]


def _parameters(data: object, place: str) -> Mapping[str, str]:
    fields = _table(data, place)
    if not all(isinstance(value, str) for value in fields.values()):
        raise InvalidInput(place, "type", hint="parameters are texts")
    return cast("Mapping[str, str]", fields)


_NESTED: Mapping[type, Mapping[str, Callable[[object, str], object]]] = {
    QuickReplies: {"replies": _choices},
    Buttons: {"buttons": _buttons},
    Card: {"buttons": _buttons},
    Carousel: {"cards": _cards},
    Template: {"parameters": _parameters},
}
