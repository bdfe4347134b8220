"""Configurations put into a center, and compared."""

from __future__ import annotations

import attrs
import pytest

from switchroom import Agent, ContactCenter, ManualClock, Queue, WorkItem
from switchroom.config import Configuration, diff, parse
from switchroom.errors import SwitchroomError

TWO = """
[queue.sales]
overflow = "support"
escalations = [{ name = "late", after_wait = "1m", actions = [{ move_to = "support" }] }]
[queue.support]
escalations = [{ name = "late", after_wait = "1m", actions = [{ move_to = "sales" }] }]
[agent.ana]
queues = ["sales"]
team = "first"
[team.first]
supervisor = "ana"
[intake.default]
fallback = "sales"
"""


def test_built_center_has_all_of_it() -> None:
    """A center built from a configuration has its queues, whatever their order and references, agents and rules."""
    configuration = parse(TWO)
    center = configuration.build(clock=ManualClock(), seed=1)
    assert [center.queues.settings(id) for id in center.queues.ids()] == list(configuration.queues)
    assert center.agents.settings("ana") == configuration.agents[0]
    center.agents.sign_in("ana")
    item = center.work.submit(WorkItem())
    assert center.work.get(item).queue == "sales"
    assert [offer.agent for offer in center.offers.of_item(item)] == ["ana"]
    center.check()


def test_applied_twice_changes_nothing() -> None:
    """What is equal already is left alone: the second time only teams and intake rules are recorded again."""
    configuration = parse(TWO)
    center = configuration.build(clock=ManualClock(), seed=1)
    before = center.dump()
    configuration.apply(center)
    assert center.dump() == before


def test_applied_while_running() -> None:
    """Changed settings reach a running center: its waiting work finds its agent, what it has besides stays."""
    center = parse(TWO).build(clock=ManualClock(), seed=1)
    center.queues.add(Queue("extra"))
    center.agents.sign_in("ana")
    item = center.work.submit(WorkItem(queue="support"))
    assert center.offers.of_item(item) == ()
    parse(TWO.replace('queues = ["sales"]', 'queues = ["sales", "support"]')).apply(center)
    assert [offer.agent for offer in center.offers.of_item(item)] == ["ana"]
    assert "extra" in center.queues.ids()
    center.check()


def test_functions_have_to_be_there() -> None:
    """A queue that names a function of the embedder's needs a center that has it."""
    configuration = Configuration(queues=[Queue("sales", selection="function:mine")])
    with pytest.raises(SwitchroomError):
        configuration.build(clock=ManualClock())
    center = configuration.build(clock=ManualClock(), functions={"mine": lambda *_: 0.0})
    assert isinstance(center, ContactCenter)


def test_differences() -> None:
    """Every difference is listed once, with table, key and both values."""
    before = Configuration(queues=[Queue("a"), Queue("b", limit=3)], agents=[Agent("ana", skills={"english": 3})])
    after = Configuration(
        zone="Europe/Berlin",
        queues=[Queue("b", overflow="c"), Queue("c")],
        agents=[attrs.evolve(before.agents[0], skills={"english": 4})],
    )
    assert [str(change) for change in diff(before, after)] == [
        'changed zone: "UTC" -> "Europe/Berlin"',
        "removed queue.a",
        'changed queue.b.overflow: default -> "c"',
        "changed queue.b.limit: 3 -> default",
        "added queue.c",
        "changed agent.ana.skills: { english = 3 } -> { english = 4 }",
    ]
    assert diff(after, after) == []
