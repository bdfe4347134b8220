"""Checks that what is stored comes back as it was: every kind of value, and its limits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any

from switchroom.kernel.answers import Answered
from switchroom.kernel.records import Record
from switchroom.testing.storage_checks_base import Bench, registry
from switchroom.testing.storage_events import START, Noted, Part, batch, noted

CHECKS: dict[str, Callable[[Bench], None]] = {}
check = registry(CHECKS)

VALUES: dict[str, Any] = {
    "a_usual_event": Noted("a", text="hello", number=1),
    "an_event_with_every_field": Noted(
        "a",
        text="hello",
        number=7,
        ratio=1.25,
        flag=True,
        names=("x", "y"),
        facts={"tier": "gold", "age": 4, "score": 0.5, "vip": True, "tags": frozenset({"b", "a"})},
        known=frozenset({"k", "j"}),
        when=datetime(2026, 1, 5, 12, 0, 0, 123456, tzinfo=UTC),
        span=timedelta(days=2, microseconds=7),
        part=Part("p", 0.25),
    ),
    "empty_text": Noted("a", text=""),
    "a_megabyte_of_text": Noted("a", text="x" * (1 << 20)),
    "text_of_other_scripts": Noted("a", text="héllo, 世界 🙂 עברית"),
    "combining_and_joining_characters": Noted("a", text="e\u0301 \u200d \ufeff \u202e"),
    "two_spellings_of_one_character": Noted("a", names=("\u00e9", "e\u0301")),
    "quotes_and_backslashes": Noted("a", text="'\"\\`; DROP TABLE records; --"),
    "line_ends_and_tabs": Noted("a", text="a\r\nb\tc\u2028d\x0b"),
    "a_nul_character": Noted("a", text="a\x00b"),
    "a_lone_surrogate": Noted("a", text="a\ud800b"),
    "text_that_looks_like_a_number": Noted("a", text="007", facts={"n": "1", "t": "true", "z": "null"}),
    "a_large_number": Noted("a", number=(1 << 62) - 1),
    "a_small_number": Noted("a", number=-(1 << 62)),
    "fractions_exactly": Noted("a", ratio=0.1 + 0.2),
    "a_tiny_fraction": Noted("a", ratio=5e-324),
    "a_huge_fraction": Noted("a", ratio=1.7976931348623157e308),
    "minus_zero": Noted("a", ratio=-0.0),
    "a_whole_number_as_fact": Noted("a", facts={"n": 1}),
    "a_fraction_as_fact": Noted("a", facts={"n": 1.0}),
    "true_as_fact": Noted("a", facts={"n": True}),
    "an_empty_set_as_fact": Noted("a", facts={"n": frozenset()}),
    "empty_text_is_not_none": Noted("a", facts={"": ""}),
    "an_instant_of_another_zone": Noted("a", when=datetime(2026, 7, 1, 23, 59, tzinfo=timezone(timedelta(hours=-7)))),
    "an_instant_with_one_microsecond": Noted("a", when=datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC)),
    "a_negative_duration": Noted("a", span=timedelta(microseconds=-1)),
    "the_longest_duration": Noted("a", span=timedelta.max),
    "a_nested_value": Noted("a", part=Part("q")),
    "an_answer_of_text": Answered("c-1", "f", "item-1"),
    "an_answer_of_nothing": Answered("c-1", "f", None),
    "an_answer_of_many_parts": Answered("c-1", "f", ("item-1", 2, [True, None], {"a": (1.5,)})),
    "a_tag_of_another_script": Noted("世界"),
    "a_long_tag": Noted("x" * 2000),
}
"""What is stored, by the name of its check."""


def _comes_back(event: Any, b: Bench) -> None:
    record = Record(1, START, event)
    store = b.fresh([record])
    _same(next(iter(store.read())), record)
    if b.capabilities.reopens:
        _same(next(iter(b.reopened(store).read())), record)


def _same(found: Record, record: Record) -> None:
    assert found == record
    # Equal is not enough: 1, 1.0 and True are equal, and so are 0.0 and -0.0.
    for name in ("ratio", "number", "flag", "facts"):
        one, other = getattr(found.event, name, None), getattr(record.event, name, None)
        assert _with_kinds(one) == _with_kinds(other), (one, other)


def _with_kinds(value: Any) -> Any:
    """What tells 1, 1.0 and True from each other."""
    table: dict[str, Any] = value if value.__class__ is dict else {"": value}
    return {key: (type(one).__name__, sorted(one) if key == "tags" else repr(one)) for key, one in table.items()}


CHECKS.update({f"comes_back_{name}": partial(_comes_back, event) for name, event in VALUES.items()})


@check
def instants_keep_their_microseconds(b: Bench) -> None:
    records = [Record(n, START + n, Noted("a")) for n in range(1, 4)]
    assert [record.at for record in b.fresh(records).read()] == [START + 1, START + 2, START + 3]


@check
def instants_of_two_records_may_be_equal(b: Bench) -> None:
    records = [Record(n, START, Noted("a")) for n in range(1, 4)]
    assert list(b.fresh(records).read()) == records


@check
def command_ids_come_back(b: Bench) -> None:
    records = [noted(1, command_id="c-1"), noted(2), noted(3, command_id="世界 '\""), noted(4, command_id="")]
    assert [record.command_id for record in b.fresh(records).read()] == ["c-1", None, "世界 '\"", ""]


@check
def tags_of_another_script_are_found(b: Bench) -> None:
    store = b.fresh([noted(1, "世界"), noted(2, "' OR 1=1 --")])
    assert [r.position for r in store.read(tag="subject:世界")] == [1]
    assert [r.position for r in store.read(tag="subject:' OR 1=1 --")] == [2]


@check
def what_is_read_is_not_what_was_handed_in(b: Bench) -> None:
    """A store that keeps live objects would change with them. Only for stores that claim to reopen."""
    b.need("reopens")
    facts: dict[str, str | int | float | bool | frozenset[str]] = {"a": 1}
    store = b.fresh([Record(1, START, Noted("a", facts=facts))])
    facts["a"] = 2
    assert next(iter(store.read())).event.facts == {"a": 1}


@check
def a_reader_cannot_change_the_store(b: Bench) -> None:
    b.need("reopens")
    store = b.fresh([Record(1, START, Noted("a", facts={"a": 1}))])
    next(iter(store.read())).event.facts["a"] = 2
    assert next(iter(store.read())).event.facts == {"a": 1}


@check
def the_order_of_keys_does_not_matter(b: Bench) -> None:
    one, two = Noted("a", facts={"x": 1, "y": 2}), Noted("a", facts={"y": 2, "x": 1})
    found = list(b.fresh([Record(1, START, one), Record(2, START, two)]).read())
    assert found[0].event == found[1].event


@check
def a_store_of_batches_equals_one_of_singles(b: Bench) -> None:
    one, two = b.fresh(batch(1, 30)), b.fresh()
    for record in batch(1, 30):
        two.append([record], record.position - 1)
    assert list(one.read()) == list(two.read())
