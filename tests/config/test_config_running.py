"""Configurations applied to a center at work: as a whole or not at all, and what becomes of the work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from switchroom import Agent, ContactCenter, ManualClock, Queue, WorkItem
from switchroom.cli.main import main
from switchroom.config import Configuration, diff, dump, parse
from switchroom.errors import ConfigError, NotAllowed, SwitchroomError

TEXT = """
[queue.sales]
overflow = "reserve"
[queue.reserve]
[queue.old]
overflow = "sales"
[agent.ana]
queues = ["sales", "old"]
[agent.bob]
queues = ["reserve"]
[team.first]
supervisor = "ana"
[intake.default]
fallback = "sales"
[line.main]
address = "sms:+15550001111"
queue = "sales"
close_after = "24h"
"""


@pytest.fixture
def center() -> ContactCenter:
    return parse(TEXT).build(clock=ManualClock(), seed=1)


def without(text: str, *tables: str) -> str:
    """The configuration without some of its tables."""
    for table in tables:
        head, _, rest = text.partition(f"[{table}]")
        text = head + rest[rest.find("\n[") + 1 :]
    return text


def records(center: ContactCenter) -> list[Any]:
    return [(record.type, record.event) for record in center.events()]


def test_a_center_gives_its_configuration_back(center: ContactCenter) -> None:
    """What was applied can be read from the center, compared and written, lines included."""
    found = Configuration.of(center)
    assert diff(parse(TEXT), found) == []
    assert diff(parse(dump(found)), found) == []
    assert found.lines[0].address.value == "+15550001111"


def test_equal_things_are_no_events(center: ContactCenter) -> None:
    """Applied again, a configuration adds nothing to the log."""
    before = center.storage.end()
    parse(TEXT).apply(center, remove=True)
    assert center.storage.end() == before


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (TEXT.replace("[queue.old]", '[queue.old]\nselection = "function:mine"'), "queue.old.selection: unknown"),
        (TEXT.replace("[queue.old]", '[queue.old]\nordering = "function:mine"'), "queue.old.ordering: unknown"),
        (
            TEXT.replace(
                "[queue.old]",
                '[queue.old]\nescalations = [{ name = "x", after_wait = 5, actions = [{ call_function = "f" }] }]',
            ),
            "queue.old.escalations[0]: unknown",
        ),
        ('zone = "Asia/Tokyo"\n' + TEXT, "zone: the days of this center begin in UTC"),
        (TEXT.replace("line.main", "line.second"), "line.second.address: line 'main' of the center has this address"),
        (TEXT.replace("sms:", "carrier_pigeon:"), "line.main.address"),
    ],
)
def test_refused_as_a_whole(center: ContactCenter, text: str, problem: str) -> None:
    """One thing that does not fit the center, and nothing of the configuration happens."""
    before, state = records(center), center.dump()
    changed = text.replace("[queue.sales]", "[queue.sales]\nlimit = 7").replace(
        "[agent.ana]", "[agent.cyd]\n[agent.ana]"
    )
    with pytest.raises(ConfigError) as error:
        parse(changed).apply(center)
    assert problem in str(error.value)
    assert (records(center), center.dump()) == (before, state)


def test_what_is_refused_in_the_middle_is_undone(center: ContactCenter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should a check have been forgotten, what was done before the refusal is undone all the same."""
    monkeypatch.setattr("switchroom.config.applying._check_functions", lambda r, specs: None)
    before, state = records(center), center.dump()
    changed = TEXT.replace("[queue.sales]", "[queue.sales]\nlimit = 7").replace(
        "[queue.old]", '[queue.old]\nselection = "function:mine"'
    )
    with pytest.raises(SwitchroomError):
        parse(changed).apply(center)
    assert (records(center), center.dump()) == (before, state)
    assert center.agents.sign_in("ana")


def test_ways_to_overflow_may_turn_round(center: ContactCenter) -> None:
    """A way that goes and one that comes never make a circle between them."""
    turned = Configuration(
        queues=[Queue("sales"), Queue("old"), Queue("reserve", overflow="sales", on_close="overflow")],
        lines=parse(TEXT).lines,
    )
    turned.apply(center)
    assert [center.queues.settings(queue.id) for queue in turned.queues] == list(turned.queues)
    parse(TEXT).apply(center)
    assert diff(parse(TEXT), Configuration.of(center)) == []


def test_what_is_not_there_stays_unless_removal_is_asked_for(center: ContactCenter) -> None:
    """Without ``remove`` a configuration only adds and changes."""
    parse(without(TEXT, "queue.old").replace(', "old"', "")).apply(center)
    assert "old" in center.queues.ids()
    parse(without(TEXT, "queue.old", "agent.bob").replace(', "old"', "")).apply(center, remove=True)
    assert center.queues.ids() == ("reserve", "sales")
    assert center.agents.ids() == ("ana",)
    center.check()


NEW = without(TEXT, "queue.old").replace(', "old"', "")


def test_waiting_work_of_a_queue_that_goes_is_moved_where_it_is_told(center: ContactCenter) -> None:
    """Refused unless told where it goes; then it goes there in its order, with the time that it has waited."""
    for item in ("a", "b"):
        center.work.submit(WorkItem(item, queue="old"))
        center.advance("10s")
    with pytest.raises(NotAllowed, match="holding 2 items that wait: say with move where they go"):
        parse(NEW).apply(center, remove=True)
    parse(NEW).apply(center, remove=True, move={"old": "reserve"})
    assert center.queues.waiting("reserve") == ("a", "b")
    assert (center.now() - center.work.get("a").entered).total_seconds() == 20
    assert center.queues.ids() == ("reserve", "sales")
    center.check()


def test_work_in_hand_keeps_its_queue(center: ContactCenter) -> None:
    """A queue with work in hand, parked or scheduled, and an agent at work, do not go."""
    center.agents.sign_in("ana")
    center.work.submit(WorkItem("a", queue="old"))
    center.offers.accept(center.offers.of_agent("ana")[0].id)
    with pytest.raises(NotAllowed, match="holding 1 items in hand, parked or scheduled"):
        parse(NEW).apply(center, remove=True)
    with pytest.raises(NotAllowed, match="remove agent 'ana'"):
        Configuration(queues=parse(TEXT).queues, lines=parse(TEXT).lines).apply(center, remove=True)
    center.assignments.complete(center.assignments.of_agent("ana")[0].id)
    parse(NEW).apply(center, remove=True)
    assert "old" not in center.queues.ids()


def test_scheduled_and_parked_work_keeps_its_queue(center: ContactCenter) -> None:
    """Work that will come back to a queue holds it as work in hand does."""
    later = center.now() + timedelta(hours=1)
    for id, item in (("scheduled", WorkItem("s", queue="old", at=later)), ("parked", WorkItem("p", queue="old"))):
        center.work.submit(item)
        if id == "parked":
            center.work.suspend("p")
        with pytest.raises(NotAllowed, match="holding 1 items in hand, parked or scheduled"):
            parse(NEW).apply(center, remove=True)
        center.work.cancel(item.id or "")
    parse(NEW).apply(center, remove=True)


@pytest.mark.parametrize(
    ("text", "move", "problem"),
    [
        (NEW, {"sales": "reserve"}, "queue 'sales' does not go"),
        (NEW, {"old": "nowhere"}, "unknown queue 'nowhere'"),
        (without(NEW, "queue.reserve", "agent.bob").replace('overflow = "reserve"', ""), None, None),
        ("[queue.other]", None, "named by intake default, line main"),
    ],
)
def test_removal_is_checked(center: ContactCenter, text: str, move: dict[str, str] | None, problem: str | None) -> None:
    """Queues to move from go, those to move to stay, and nothing that stays names what goes."""
    if problem is None:
        parse(text).apply(center, remove=True, move=move)
        return
    before = center.storage.end()
    with pytest.raises(SwitchroomError, match=problem):
        parse(text).apply(center, remove=True, move=move)
    assert center.storage.end() == before


def test_the_same_command_again(center: ContactCenter) -> None:
    """With a command id the second call changes nothing, whatever has happened since."""
    parse(NEW).apply(center, remove=True, command_id="c1")
    center.queues.add(Queue("late"))
    parse(NEW).apply(center, remove=True, command_id="c1")
    assert "late" in center.queues.ids()


def test_a_replayed_center_is_the_same(center: ContactCenter) -> None:
    """Applied configurations are events like any others."""
    center.work.submit(WorkItem("a", queue="old"))
    center.agents.add(Agent("cyd", queues=["sales"]))
    parse(NEW).apply(center, remove=True, move={"old": "sales"})
    kernel, routing = center.fresh()
    kernel.replay((record.at, record.event) for record in center.events())
    assert routing.dump() == center.look(lambda r, now: r.dump())


def test_diff_on_the_command_line(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """0 for equal files, 1 for others, 2 for a wrong one."""
    old, new = tmp_path / "old.toml", tmp_path / "new.toml"
    old.write_text(TEXT)
    new.write_text(TEXT.replace('close_after = "24h"', 'close_after = "12h"'))
    assert main(["diff", str(old), str(old)]) == 0
    assert main(["diff", str(old), str(new)]) == 1
    assert capsys.readouterr().out == 'changed line.main.close_after: "1d" -> "12h"\n'
    assert main(["diff", str(old), str(new), "--json"]) == 1
    assert '"table": "line.main"' in capsys.readouterr().out
    new.write_text("[queue.a]\nwrong = 1")
    assert main(["diff", str(old), str(new)]) == 2
