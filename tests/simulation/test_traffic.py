"""Traffic files: every column, and every mistake with its line and column."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta

import pytest

from switchroom.errors import InvalidInput
from switchroom.routing.model import Preferred, Step, WorkItem
from switchroom.simulation.traffic import MAX_LINE, Arrival, check_traffic, read_traffic

START = datetime(2026, 1, 5, tzinfo=UTC)


def read(text: str, *, json_lines: bool = False) -> list[Arrival]:
    return read_traffic(io.StringIO(text, newline=""), name="day.csv", start=START, json_lines=json_lines)


FULL = WorkItem(
    "i-1",
    queue="sales",
    medium="voice",
    channel="line-1",
    requirement="spanish >= 2",
    priority=-3,
    contact="c1",
    steps=(Step("spanish >= 4", "30s"), Step("spanish")),
    after_steps="cancel",
    preferred=Preferred(["ana", "bob"], wait="45s"),
    due=START + timedelta(hours=13),
    max_wait=timedelta(minutes=10),
    labels=("vip", "x"),
    attributes={"topic": "bikes", "age": 3, "share": 0.5, "new": True},
)


def test_every_column_of_csv() -> None:
    """A row of CSV becomes the work that its columns say."""
    (arrival,) = read(
        "at,id,medium,channel,queue,requirement,priority,contact,steps,after_steps,preferred,preferred_wait,due,"
        "max_wait,labels,handle,patience,attr.topic,attr.age,attr.share,attr.new,attr.none\r\n"
        "9:00:00.5,i-1,voice,line-1,sales,spanish >= 2,-3,c1,spanish >= 4 for 30s; spanish,cancel,ana bob,45s,"
        "2026-01-05T13:00:00Z,10m,x vip,4m30s,90s,bikes,3,0.5,true,\r\n"
    )
    assert arrival == Arrival(
        at=START + timedelta(hours=9, seconds=0.5),
        work=FULL,
        handle=timedelta(minutes=4.5),
        patience=timedelta(seconds=90),
        line=2,
    )


def test_json_lines_say_the_same() -> None:
    """The same work in JSON lines is the same arrival, lists and numbers given as such."""
    row = {
        "at": "2026-01-05T09:00:00.5+00:00",
        "id": "i-1",
        "medium": "voice",
        "channel": "line-1",
        "queue": "sales",
        "requirement": "spanish >= 2",
        "priority": -3,
        "contact": "c1",
        "steps": ["spanish >= 4 for 30s", "spanish"],
        "after_steps": "cancel",
        "preferred": ["ana", "bob"],
        "preferred_wait": 45,
        "due": "2026-01-05T13:00:00Z",
        "max_wait": "10m",
        "labels": ["x", "vip"],
        "handle": 270,
        "patience": 90.0,
        "intake": None,
        "attr.topic": "bikes",
        "attr.age": 3,
        "attr.share": 0.5,
        "attr.new": True,
    }
    (arrival,) = read("\n" + json.dumps(row) + "\n", json_lines=True)
    assert arrival.work == FULL
    assert (arrival.handle, arrival.patience, arrival.line) == (timedelta(seconds=270), timedelta(seconds=90), 2)


def test_order_of_arrival() -> None:
    """Rows are sorted by time; those of one instant stay as they stand."""
    found = read("at,id\n10:00,a\n9:00,b\n10:00,c\n0:00,d\n36:30,e\n")
    assert [arrival.work.id for arrival in found] == ["d", "b", "a", "c", "e"]
    assert found[-1].at == START + timedelta(hours=36, minutes=30)


def test_due_after_arrival() -> None:
    """A deadline given as a duration counts from the arrival."""
    (arrival,) = read("at,due\n9:00:00,4h\n")
    assert arrival.work.due == START + timedelta(hours=13)


def test_exported_formulas_come_back() -> None:
    """The apostrophe that exports put before what a spreadsheet would run is taken off again."""
    (arrival,) = read("at,attr.phone,attr.x\n9:00:00,'+1 555,'=1+1\n")
    assert (arrival.work.attributes["phone"], arrival.work.attributes["x"]) == ("+1 555", "=1+1")


def test_quoted_cells_over_lines() -> None:
    """CSV as RFC 4180 has it: quotes, commas and line ends in cells; errors still name the right line."""
    found = read('at,attr.note,priority\n9:00:00,"a, ""b""\nc",1\n9:01:00,x,2\n')
    assert found[0].work.attributes["note"] == 'a, "b"\nc'
    with pytest.raises(InvalidInput, match="line 4, column priority"):
        read('at,attr.note,priority\n9:00:00,"a\nb",1\n9:01:00,x,y\n')


MISTAKES = [
    ("", "line 1: the column at is missing"),
    ("id\n1\n", "line 1: the column at is missing"),
    ("at,prioritaet\n", "line 1: unknown column; known: at, id,"),
    ("at,attr.\n", "line 1: unknown column"),
    ("at,at\n", "line 1: a column is there twice"),
    ("at,id\n9:00:00\n", "line 2: has 1 columns, the header 2"),
    ("at,id\n,x\n", "line 2, column at: is missing"),
    ("at\nnine\n", "line 2, column at: an instant looks like"),
    ("at\n9:61:00\n", "line 2, column at"),
    ("at\n2026-01-05T09:00:00\n", "line 2, column at: an instant needs a UTC offset"),
    ("at,priority\n9:00:00,high\n", "column priority: a whole number is wanted (got 'high')"),
    ("at,priority\n9:00:00,2.5\n", "column priority: a whole number"),
    ("at,priority\n9:00:00,99999999\n", "column priority: a whole number up to"),
    ("at,priority\n9:00:00,٣\n", "column priority: a whole number"),
    ("at,handle\n9:00:00,4\n", "column handle: a duration is text like"),
    ("at,patience\n9:00:00,-4s\n", "column patience: a duration is not negative"),
    ("at,due\n9:00:00,soon\n", "column due: an instant looks like"),
    ("at,requirement\n9:00:00,spanish >=\n", "column requirement: requirement, column 11"),
    ("at,steps\n9:00:00,a; b for 30s\n", "column steps: only the last step"),
    ("at,steps\n9:00:00,a for ever; b\n", "column steps: a duration is text"),
    ("at,preferred\n9:00:00,a/b\n", "column preferred"),
    ("at,id\n9:00:00,a/b\n", "column id: an id is"),
    ("at,id\n9:00:00,a\n9:00:00,a\n", "line 3, column id: is in line 2 already (got 'a')"),
    ("at,labels\n9:00:00,a/b\n", "column labels"),
    ('at,id\n9:00:00,"a\n', "no CSV: unexpected end of data"),
    ("at,id\n9:00:00,a\x00b\n", "line 2: contains a NUL"),
    ("at,id\n" + "x" * (MAX_LINE + 1), "line 2: has more than"),
]


@pytest.mark.parametrize(("text", "problem"), MISTAKES, ids=[problem[:40] for _, problem in MISTAKES])
def test_mistakes_in_csv(text: str, problem: str) -> None:
    """A mistake names the file, the line, the column and the value."""
    with pytest.raises(InvalidInput) as caught:
        read(text)
    assert caught.value.message.startswith("day.csv, line ")
    assert problem in caught.value.message


MISTAKES_IN_JSON = [
    ("[]", "a JSON object is wanted"),
    ("{", "no JSON: Expecting"),
    ('{"at": "9:00:00", "priority": NaN}', "NaN is no JSON number"),
    ('{"at": "9:00:00", "at": "9:00:00"}', "a key is there twice"),
    ('{"at": "9:00:00", "priority": true}', "column priority: a whole number"),
    ('{"at": "9:00:00", "priority": 1e400}', "column priority: a whole number"),
    ('{"at": 9}', "column at: an instant is"),
    ('{"at": "9:00:00", "id": 9}', "column id: text is wanted (got int)"),
    ('{"at": "9:00:00", "attr.x": {}}', "column attr.x"),
    ('{"at": "9:00:00", "attr.x": 1e300}', "column attr.x: value: a finite number"),
    ('{"at": "9:00:00", "labels": [1]}', "column labels: text is wanted"),
    ('{"at": "9:00:00", "contact": "\\ud800"}', "column contact: text of at most"),
    ("[" * 20_000, "no JSON"),
    ('{"at": ' + "9" * 5000 + "}", "no JSON"),
    ('{"at": null}', "column at: is missing"),
]


@pytest.mark.parametrize(("text", "problem"), MISTAKES_IN_JSON, ids=[problem[:40] for _, problem in MISTAKES_IN_JSON])
def test_mistakes_in_json_lines(text: str, problem: str) -> None:
    """A mistake in JSON lines names the line, and the key where there is one."""
    with pytest.raises(InvalidInput) as caught:
        read('{"at": "8:00:00"}\n' + text, json_lines=True)
    assert caught.value.message.startswith("day.csv, line 2")
    assert problem in caught.value.message


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("at,queue\n9:00:00,sails\n", "line 2, column queue: is not in the configuration (got 'sails')"),
        ("at,queue,intake\n9:00:00,sales,x\n", "line 2, column intake: is not in"),
        ("at,queue,preferred\n9:00:00,sales,ana eve\n", "line 2, column preferred: is not in the configuration"),
        ("at\n9:00:00\n", "line 2, column queue: names no queue, and there is no default intake"),
    ],
)
def test_references_are_checked(text: str, problem: str) -> None:
    """Work that names a queue, intake or agent that is not there is refused before anything is played."""
    with pytest.raises(InvalidInput) as caught:
        check_traffic(read(text), name="day.csv", queues=["sales"], intakes=["other"], agents=["ana"])
    assert problem in caught.value.message
