"""Sources: rules, files, idempotence, changes in order and without echo, also over a restart."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchroom import ContactCenter, ManualClock, SqliteStorage, WorkItem
from switchroom.errors import DuplicateId, InvalidInput, NotAllowed, UnknownId
from switchroom.kernel import outbox
from switchroom.workitems import sync
from switchroom.workitems.attributes import Attribute
from switchroom.workitems.model import Workbin, Worktype
from switchroom.workitems.source_model import Distribution, Source, SourceRule
from switchroom.workitems.sources import MemorySink

from .desk import desk, taken, types

CLAIM = Worktype(
    "claim",
    queue="claims",
    attributes=[
        Attribute("amount", "number", minimum=0),
        Attribute("seen", "date"),
        Attribute("urgent", "boolean"),
        Attribute("tags", "list"),
        Attribute("policy"),
    ],
)
LETTER = Worktype("letter", workbin="post", attributes=["sender", Attribute("amount", "number")])


def house(**named: Any) -> tuple[ContactCenter, MemorySink]:
    center = desk(**named)
    center.workbins.save(Workbin("post"))
    for worktype in (CLAIM, LETTER):
        center.worktypes.save(worktype)
    rules = [
        SourceRule(when="amount > 1000", queue="experts", priority=50, requirement="legal"),
        SourceRule(when='policy == "vip"', priority=80, requirement="gold", attributes={"urgent": True}),
    ]
    center.sources.save(Source("crm", worktype="claim", rules=rules, fields={"policy_no": "policy"}))
    sink = MemorySink()
    center.sources.connect("crm", sink)
    return center, sink


def test_rules_map_a_task_to_worktype_place_priority_and_requirement() -> None:
    """Every rule that fits adds; the first that names something decides it; the task itself goes first."""
    center, _ = house()
    work = center.sources.receive("crm", {"external_id": "1", "amount": 2000, "policy_no": "vip"})
    item, view = center.work.get(work), center.work.view(work)
    assert (item.queue, item.priority, str(item.requirement)) == ("experts", 50, "legal and gold")
    assert view.attributes == {"amount": 2000, "policy": "vip", "urgent": True}
    plain = center.sources.receive("crm", {"external_id": "2", "amount": 1, "queue": "experts", "priority": 7})
    assert (center.work.get(plain).queue, center.work.get(plain).priority) == ("experts", 7)
    letter = center.sources.receive("crm", {"external_id": "3", "worktype": "letter", "sender": "a"})
    assert center.work.view(letter).place == "workbin:post"
    assert center.work.find("crm", "3") == center.work.view(letter)
    center.check()


def test_the_same_task_again_is_the_same_work() -> None:
    """From Python, from the source, in a file; other contents change nothing."""
    center, _ = house()
    first = center.sources.receive("crm", {"external_id": "1", "amount": 5})
    end = center.storage.end()
    assert center.sources.receive("crm", {"external_id": "1", "amount": 6}) == first
    assert center.work.submit(WorkItem(source="crm", external_id="1")) == first
    assert center.sources.load_csv("crm", "external_id,amount\n1,7\n").works == {1: first}
    assert center.storage.end() == end
    for problem, task in ((InvalidInput, {"amount": 5}), (UnknownId, {"external_id": "9", "operation": "cancel"})):
        with pytest.raises(problem):
            center.sources.receive("crm", task)
    with pytest.raises(UnknownId):
        center.sources.receive("erp", {"external_id": "1"})
    with pytest.raises(InvalidInput, match="one of submit, update"):
        center.sources.receive("crm", {"external_id": "1", "operation": "explode"})
    with pytest.raises(DuplicateId):
        center.sources.connect("crm", MemorySink())


def test_rows_of_a_file_are_typed_and_none_is_lost() -> None:
    """Refused rows are told by number with their reason, and the others are taken."""
    center, _ = house()
    text = (
        "\ufeffexternal_id,amount,seen,urgent,tags,policy_no\r\n"
        "1,12.5,2026-01-31,yes,a; b,p1\r\n"
        "2,much,,,,\r\n"
        "\r\n"
        "3,7,,,\r\n"
        ",7,,,,\r\n"
        "4,2000,,no,,vip\r\n"
    )
    loaded = center.sources.load_csv("crm", text)
    assert sorted(loaded.works) == [1, 5]
    assert [(row.row, row.problem.partition(":")[0]) for row in loaded.refused] == [
        (2, "attributes.amount"),
        (3, "csv"),
        (4, "external_id"),
    ]
    first = center.work.view(loaded.works[1])
    tags = frozenset({"a", "b"})
    assert first.attributes == {"amount": 12.5, "seen": "2026-01-31", "urgent": True, "tags": tags, "policy": "p1"}
    assert center.work.get(loaded.works[5]).queue == "experts"
    assert center.sources.load_csv("crm", io.StringIO(text)).works == loaded.works
    with pytest.raises(InvalidInput, match="same name"):
        center.sources.load_csv("crm", "a,a\n1,2\n")
    assert center.sources.load_csv("crm", "").works == {}
    center.check()


def test_json_lines() -> None:
    """One table a line; what is none is told."""
    center, _ = house()
    lines = '{"external_id": "1", "amount": 3, "tags": ["x"]}\n\n{nonsense\n[1]\n{"external_id": "2", "amount": "3"}\n'
    loaded = center.sources.load_json_lines("crm", lines)
    assert list(loaded.works) == [1]
    assert [row.row for row in loaded.refused] == [2, 3, 4]


def test_every_change_reaches_the_source_once_and_in_order() -> None:
    """Attributes, statuses, notes, completion; what fails is tried again and holds up its own work only."""
    center, sink = house()
    work = center.sources.receive("crm", {"external_id": "1", "amount": 5})
    other = center.sources.receive("crm", {"external_id": "2", "amount": 5})
    center.agents.sign_in("ana")
    center.offers.accept(center.offers.of_item(work)[0].id)
    center.work.change(work, attributes={"amount": 6, "tags": ["b", "a"]}, priority=4, links=["https://a"])
    center.work.note(work, "called", by="ana")
    center.work.complete(work, agent="ana", code="paid", note="all well")
    center.work.cancel(other, reason="double")
    sink.failures = 1
    center.effects.deliver()
    assert {change["external_id"] for change in sink.changes} == {"2"}
    center.advance("1m")
    center.effects.deliver()
    mine = [change for change in sink.changes if change["external_id"] == "1"]
    assert [change["change"] for change in mine] == ["status", "attributes", "note", "completed"]
    assert mine[1]["attributes"] == {"amount": 6, "tags": ["a", "b"]}
    assert (mine[1]["priority"], mine[1]["links"]) == (4, ["https://a"])
    assert (mine[3]["status"], mine[3]["code"], mine[3]["reason"], mine[3]["by"]) == ("done", "paid", "all well", "ana")
    assert not center.effects.pending()


def test_what_the_source_says_is_not_echoed() -> None:
    """Neither are its changes told back, nor work of a source that wants to hear nothing."""
    center, sink = house()
    work = center.sources.receive("crm", {"external_id": "1", "amount": 5})
    for task in (
        {"operation": "update", "amount": 6, "links": ["https://x"]},
        {"operation": "suspend", "reason": "hold"},
        {"operation": "resume"},
        {"operation": "note", "note": "hello"},
        {"operation": "complete", "code": "x"},
        {"operation": "reopen"},
        {"operation": "cancel"},
    ):
        assert center.sources.receive("crm", {"external_id": "1", **task}) == work
        center.check()
    with pytest.raises(NotAllowed, match="closed"):
        center.sources.receive("crm", {"external_id": "1", "operation": "update", "amount": 1})
    center.effects.deliver()
    assert sink.changes == []
    center.sources.save(Source("quiet", worktype="claim", sync=False))
    silent = center.sources.receive("quiet", {"external_id": "1"})
    center.work.change(silent, attributes={"amount": 1})
    assert not center.effects.pending()


def test_from_source_on_our_side() -> None:
    """An adapter may call the fronts itself and say whose change it is."""
    center, sink = house()
    work = taken(center, worktype="claim", source="crm", external_id="2")
    center.effects.deliver()
    before = len(sink.changes)
    center.work.change(work, attributes={"amount": 1}, from_source=True)
    center.work.set_status(work, "waiting", from_source=True)
    center.work.resume(work, from_source=True)
    center.work.complete(work, from_source=True)
    center.effects.deliver()
    assert len(sink.changes) == before
    assert center.agents.get("ana").assignments == ()


def test_changes_survive_a_restart(tmp_path: Path) -> None:
    """What was committed and not handed over is handed over by the next process, once for a sink that keeps keys."""
    clock = ManualClock()
    path = tmp_path / "log.db"
    first = ContactCenter(clock=clock, storage=SqliteStorage(path), seed=1)
    first.queues.add(desk().queues.settings("claims"))
    first.worktypes.save(CLAIM)
    first.sources.save(Source("crm", worktype="claim"))
    work = first.sources.receive("crm", {"external_id": "1", "amount": 1})
    sink = MemorySink()
    first.work.change(work, attributes={"amount": 2})
    first.work.change(work, attributes={"amount": 3})
    first.close()
    second = ContactCenter(clock=clock, storage=SqliteStorage(path), seed=1)
    second.sources.connect("crm", sink)
    second.work.change(work, attributes={"amount": 4})
    second.effects.deliver()
    assert [change["attributes"]["amount"] for change in sink.changes] == [2, 3, 4]
    second.check()
    second.close()


def test_a_sink_that_is_down_for_ever_does_not_stop_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit of pending effects a change is told as lost instead of refused."""
    center, _ = house()
    work = center.sources.receive("crm", {"external_id": "1", "amount": 1})
    monkeypatch.setattr(sync, "MAX_PENDING", 1)
    monkeypatch.setattr(outbox, "MAX_PENDING", 1)
    center.work.change(work, attributes={"amount": 2})
    center.work.change(work, attributes={"amount": 3})
    assert "sync_lost" in types(center)
    assert center.work.view(work).attributes == {"amount": 3}
    center.check()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=40))
@settings(max_examples=30, deadline=None)
def test_order_holds_whatever_fails_when(script: list[tuple[int, int]]) -> None:
    """Of each piece of work the source sees every amount that it had, in order, at every moment."""
    center, sink = house()
    works = [center.sources.receive("crm", {"external_id": str(n), "amount": 0}) for n in range(3)]
    wanted: dict[str, list[int]] = {work: [] for work in works}
    for number, (which, failures) in enumerate(script, 1):
        if which == 3:
            sink.failures = failures
            center.effects.deliver()
            center.advance("1s")
        else:
            center.work.change(works[which], attributes={"amount": number})
            wanted[works[which]].append(number)
        for work, amounts in wanted.items():
            seen = [c["attributes"]["amount"] for c in sink.changes if c["work"] == work]
            assert seen == amounts[: len(seen)]
    sink.failures = 0
    center.advance("2h")
    center.effects.deliver()
    for work, amounts in wanted.items():
        assert [c["attributes"]["amount"] for c in sink.changes if c["work"] == work] == amounts


@given(
    st.dictionaries(st.sampled_from(["claims", "experts", "third"]), st.floats(0.1, 9), min_size=1),
    st.integers(1, 60),
)
@settings(max_examples=40, deadline=None)
def test_work_is_spread_by_shares_at_every_moment(shares: dict[str, float], number: int) -> None:
    """No queue is ever two items off its share, with three queues."""
    center = desk()
    center.queues.add(desk().queues.settings("claims").__class__("third"))
    center.worktypes.save_distribution(Distribution("all", shares=shares))
    center.worktypes.save(Worktype("chore", distribution="all"))
    for _ in range(number):
        center.work.submit(WorkItem(worktype="chore"))
        assert all(abs(one.off) < 2 for one in center.worktypes.spread("all"))
    given = {one.queue: one.given for one in center.worktypes.spread("all")}
    assert sum(given.values()) == number
    assert all(len(center.queues.waiting(queue)) == count for queue, count in given.items())
    center.check()
