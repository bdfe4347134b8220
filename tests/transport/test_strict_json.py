"""Strict JSON: what two readers could understand in two ways is refused, in bounded time."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchroom.errors import InvalidInput
from switchroom.transport.strict_json import MAX_DEPTH, Json, Table, read_json

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
DOCUMENTS = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        TEXTS,
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=15,
)


@given(DOCUMENTS, st.booleans(), st.sampled_from([None, 2]))
def test_every_clean_document_is_read(document: Json, escaped: bool, indent: int | None) -> None:
    """Whatever the standard writer writes, in either way, is read back equal."""
    assert read_json(json.dumps(document, ensure_ascii=escaped, indent=indent).encode()) == document


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "syntax"),
        (b"{", "syntax"),
        (b"[1,]", "syntax"),
        (b"{'a': 1}", "syntax"),
        (b'{"a": 1} x', "syntax"),
        (b'"\x00"', "syntax"),
        (b'"\\ud800"', "surrogate"),
        (b'{"\\ud800": 1}', "surrogate"),
        (b'{"a": {"b": ["\\udc00"]}}', "surrogate"),
        (b"\xef\xbb\xbf{}", "bom"),
        (b'"\xff"', "not_utf8"),
        (b'"\xed\xa0\x80"', "not_utf8"),
        ("{}".encode("utf-16"), "not_utf8"),
        (b"NaN", "not_finite"),
        (b'{"priority": Infinity}', "not_finite"),
        (b"[-Infinity]", "not_finite"),
        (b"1e400", "not_finite"),
        (b"-1e400", "not_finite"),
        (b"9223372036854775808", "range"),
        (b"-9223372036854775809", "range"),
        (b"1" * 10_000, "range"),
        (b'{"role": "user", "role": "admin"}', "duplicate_key"),
        (b'{"a": {"b": 1, "\\u0062": 2}}', "duplicate_key"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 40, "too_deep"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "too_deep"),
        (b" " * (1 << 20) + b"1", "too_large"),
    ],
)
def test_what_readers_disagree_about_is_refused(body: bytes, code: str) -> None:
    """Each kind of ambiguity, and each bomb, is refused with its code."""
    with pytest.raises(InvalidInput) as caught:
        read_json(body)
    assert caught.value.code == code
    assert len(str(caught.value)) < 200


def test_depth_and_brackets_in_texts() -> None:
    """The deepest allowed document is read, and brackets inside texts count nothing."""
    deepest = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert json.dumps(read_json(deepest)).encode() == deepest
    text = '[[[{{{\\"' * 50
    assert read_json(json.dumps([text, {'"[': "]"}]).encode()) == [text, {'"[': "]"}]


@pytest.mark.parametrize(
    "body",
    [
        b'"' + b'\\"' * 500_000,
        b'"' * 1_000_000,
        b'"\\' * 500_000,
        b"{" + b",".join(b'"%d":1' % n for n in range(90_000)) + b',"1":1}',
        b"[]" * 500_000,
        b"\\" * 1_000_000,
    ],
)
def test_hostile_bodies_take_linear_time(body: bytes) -> None:
    """A megabyte of quotes, backslashes or keys is refused at once (quadratic work would take minutes)."""
    with pytest.raises(InvalidInput):
        read_json(body)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    """Bytes from strangers give a document or InvalidInput, and nothing that the standard reader would not read."""
    try:
        document = read_json(body)
    except InvalidInput:
        return
    assert json.loads(body) == document


def test_tables_name_the_path() -> None:
    """Typed reading says where it went wrong."""
    table = Table(read_json(b'{"a": 1, "b": null, "c": "x", "d": true, "e": [1], "f": {"g": 2}}'), "json.events[0]")
    assert (table.text("c"), table.text("b", "y"), table.text("z", "y"), table.flag("d"), table.flag("z")) == (
        "x", "y", "y", True, False,
    )  # fmt: skip
    assert (table.list("e"), table.list("z"), table.texts("z")) == ([1], [], {})
    for read, field in [
        (lambda: table.text("a"), "a"),
        (lambda: table.text("z"), "z"),
        (lambda: table.text("a", ""), "a"),
        (lambda: table.flag("a"), "a"),
        (lambda: table.list("f"), "f"),
        (lambda: table.texts("f"), "f.g"),
        (lambda: table.texts("e"), "e"),
    ]:
        with pytest.raises(InvalidInput) as caught:
            read()
        assert caught.value.field == f"json.events[0].{field}"
    with pytest.raises(InvalidInput):
        Table([])
