"""Records as bytes: every event comes back as it was, and what cannot be read says where and why."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import attrs
import golden
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import event_names, samples

from driver import run_script
from switchroom.errors import DamagedRecord, InvalidInput, NewerRecord, UnknownRecordType
from switchroom.kernel.events import EventRegistry, redacted
from switchroom.kernel.records import Record
from switchroom.storage import codec
from switchroom.storage.codec import Row, decode, decode_event, encode
from switchroom.testing.storage_events import Noted

ALL = dict(samples())


@pytest.mark.parametrize("name", ALL)
def test_every_event_comes_back(name: str) -> None:
    """Decoding what was encoded gives an equal record, and encoding that the same bytes."""
    record = Record(3, 5, ALL[name], "c")
    row = encode(record)
    assert decode(row) == record
    assert encode(decode(row)) == row


def test_a_full_sample_is_full() -> None:
    """The samples are worth something: no field of the full one of an event is left out of its payload."""
    for name in event_names():
        event = ALL.get(f"{name} full")
        if event is None:
            continue
        stored = json.loads(encode(Record(1, 1, event)).payload)
        fields = {f.name for f in attrs.fields(type(event))}
        assert fields == set(stored), name


@settings(max_examples=8)
@given(st.integers(0, 10_000))
def test_a_whole_log_comes_back(seed: int) -> None:
    """Whatever a center writes comes back, record by record."""
    for record in run_script(seed, 40).center.storage.read():
        row = encode(record)
        assert decode(row) == record
        assert encode(decode(row)) == row


texts = st.text(st.characters(exclude_categories=()), max_size=20)
facts = st.dictionaries(
    texts,
    st.one_of(texts, st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(),
              st.frozensets(texts, max_size=3)),
    max_size=4,
)  # fmt: skip


@given(texts, facts, st.frozensets(texts, max_size=4), st.datetimes(timezones=st.just(__import__("datetime").UTC)))
def test_any_value_comes_back(text: str, facts: dict[str, Any], known: frozenset[str], when: Any) -> None:
    """Texts with anything in them, facts of every type, sets and instants."""
    event = Noted("s", text=text, facts=facts, known=known, when=when)
    found = decode(encode(Record(1, 1, event, text))).event
    assert found == event
    assert {k: type(v) for k, v in found.facts.items()} == {k: type(v) for k, v in facts.items()}


@given(facts, st.randoms(use_true_random=False))
def test_equal_events_have_equal_bytes(facts: dict[str, Any], random: Random) -> None:
    """The order in which keys were put in does not show."""
    other = list(facts.items())
    random.shuffle(other)
    assert encode(Record(1, 1, Noted("s", facts=facts))) == encode(Record(1, 1, Noted("s", facts=dict(other))))


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), object(), b"bytes"])
def test_what_json_cannot_hold_is_refused(bad: Any) -> None:
    """With the event's type and the position in the message, before anything is written."""
    with pytest.raises(InvalidInput, match=r"contract\.noted.*record 4"):
        encode(Record(4, 1, Noted("s", ratio=bad)))


def row(payload: bytes, name: str = "contract.noted", version: int = 1) -> Row:
    known = encode(Record(9, 1, Noted("s")))
    checksum = vars(codec)["_checksum"](known.at, name, version, None, payload)
    return known._replace(type=name, version=version, payload=payload, checksum=checksum)


def test_an_unknown_type_says_so() -> None:
    """Of what type, and at which position."""
    with pytest.raises(UnknownRecordType, match=r"record 9.*no\.such"):
        decode(row(b"{}", "no.such"))


def test_a_newer_version_says_so() -> None:
    """A record of a later release is not read half-way."""
    with pytest.raises(NewerRecord, match=r"record 9.*version 2, known up to 1") as caught:
        decode(row(b"{}", version=2))
    assert (caught.value.position, caught.value.known) == (9, 1)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b"{}",
        b'{"subject":1}',
        b'{"subject":"a","number":"7"}',
        b'{"subject":"a","number":1.5}',
        b'{"subject":"a","flag":1}',
        b'{"subject":"a","names":3}',
        b'{"subject":"a","strange":1}',
        b'{"subject":"a","when":"yesterday"}',
        b'{"subject":"a","part":{"name":"x","more":1}}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_payload_says_so(payload: bytes) -> None:
    """At which position, whatever is wrong with it, even with a checksum that fits."""
    with pytest.raises(DamagedRecord, match="record 9"):
        decode(row(payload))


def test_the_problem_names_the_place() -> None:
    """The path to the value that is wrong."""
    with pytest.raises(DamagedRecord, match=r"part\.share"):
        decode(row(b'{"subject":"a","part":{"name":"x","share":"much"}}'))


@pytest.mark.parametrize("change", [{"at": 2}, {"type": "contract.other"}, {"version": 3}, {"command_id": "x"},
                                    {"payload": b'{"subject":"t"}'}, {"checksum": 0}])  # fmt: skip
def test_a_flipped_bit_is_noticed(change: dict[str, Any]) -> None:
    """The checksum covers everything but the position."""
    with pytest.raises(DamagedRecord):
        decode(encode(Record(9, 1, Noted("s"), "c"))._replace(**change))


def test_an_older_version_is_upgraded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Step by step, to the version that this release knows."""
    declared = EventRegistry.by_name["contract.noted"]
    monkeypatch.setattr(declared, "version", 3)
    monkeypatch.setitem(codec.UPGRADES, ("contract.noted", 1), lambda old: {"subject": old["about"]})
    monkeypatch.setitem(codec.UPGRADES, ("contract.noted", 2), lambda old: {**old, "number": 5})
    assert decode_event(1, "contract.noted", 1, b'{"about":"x"}') == Noted("x", number=5)
    assert decode_event(1, "contract.noted", 2, b'{"subject":"x"}') == Noted("x", number=5)


GOLDEN = golden.read()


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_records_are_read(name: str) -> None:
    """Every record that any release wrote is read, and means today what it meant then."""
    stored = GOLDEN[name]
    record = decode(stored)
    if stored.version == record.version:
        assert encode(record).payload == stored.payload, "read otherwise than it was written: see golden.py"


def test_every_event_has_golden_records() -> None:
    """A new type is added by ``python tests/storage/golden.py``."""
    wanted = {f"{name} {kind}" for name in event_names() for kind in ("full", "bare")}
    assert wanted - set(ALL) == set(), "give a value for the field in BY_FIELD of samples.py"
    assert wanted - set(GOLDEN) == set(), "run: python tests/storage/golden.py"


@pytest.mark.parametrize(("name", "event"), [pair for pair in samples() if redacted(pair[1]) is not pair[1]])
def test_what_erasure_leaves_of_an_event_can_be_stored_and_read(name: str, event: Any) -> None:
    """And is blanked again without a change."""
    left = redacted(event)
    assert decode(encode(Record(1, 1_767_614_400_000_001, left))).event == left
    assert redacted(left) == left
