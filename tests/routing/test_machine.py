"""Any order of any operations keeps every promise: the state machine over the public operations."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from driver import ACTIONS, FUNCTIONS, Driver, furnish, run_script
from oracle import Oracle
from switchroom import ContactCenter, ManualClock, WorkItem

choices = st.randoms(use_true_random=False)


def check_replay(center: ContactCenter) -> None:
    """A fresh kernel that has read the log stands where the live one stands, and has nothing to say."""
    kernel, routing = center.fresh()
    kernel.replay((record.at, record.event) for record in center.events())
    out: list[Any] = []
    kernel.advance(center._kernel.now, out)
    assert not out, "replay had something left to do"
    assert routing.dump() == center._routing.dump()
    routing.floor.index.check()
    kernel.deadlines.check()


def check_step(driver: Driver, oracle: Oracle) -> None:
    center = driver.center
    assert center._kernel.poisoned is None, center._kernel.poisoned
    center.check()
    oracle.feed(center.events(after=oracle.position))
    oracle.settled(center._kernel.now)
    for id, item in oracle.items.items():
        assert center.work.get(id).state == item.state


class CenterMachine(RuleBasedStateMachine):
    """One rule for each action of the driver; checked after every step, replayed now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.driver, self.oracle, self.steps = Driver(), Oracle(), 0

    @initialize(rng=choices)
    def begin(self, rng: Random) -> None:
        furnish(self.driver, rng)

    def act(self, name: str, rng: Random) -> None:
        written = len(self.driver.script)
        try:
            getattr(self.driver, name)(rng)
        finally:
            for line in self.driver.script[written:]:
                note(line)
        self.steps += 1
        check_step(self.driver, self.oracle)
        if self.steps % 20 == 0:
            check_replay(self.driver.center)

    def teardown(self) -> None:
        if self.driver.center._kernel.poisoned is None:
            check_replay(self.driver.center)


def _rule_for(action: str) -> Callable[[CenterMachine, Random], None]:
    def act(self: CenterMachine, rng: Random) -> None:
        self.act(action, rng)

    act.__name__ = act.__qualname__ = f"do_{action}"
    return rule(rng=choices)(act)


for _action in ACTIONS:
    setattr(CenterMachine, f"do_{_action}", _rule_for(_action))

TestCenterMachine = CenterMachine.TestCase
if settings.get_current_profile_name() != "soak":
    TestCenterMachine.settings = settings(max_examples=40, stateful_step_count=30)


SCRIPTS = range(2000, 2040) if settings.get_current_profile_name() != "soak" else range(2000, 6000)


@pytest.mark.parametrize("seed", SCRIPTS)
def test_long_scripts_keep_every_promise(seed: int) -> None:
    """A hundred steps from a seed, checked after each, and replayed at the end."""
    oracle = Oracle()
    driver = run_script(seed, 100, lambda driver: check_step(driver, oracle))
    check_replay(driver.center)


def test_a_restarted_center_goes_on_where_the_log_ends() -> None:
    """A second center on the same log has the same state, and takes new work under ids never given before."""
    driver = run_script(5, 60)
    old = driver.center
    clock = ManualClock(old.now())
    new = ContactCenter(clock=clock, storage=old.storage, seed=7, functions=FUNCTIONS)
    known = {record.event.item for record in old.events() if record.type == "routing.item_submitted"}
    assert new.dump()["routing"]["items"] == old.dump()["routing"]["items"]
    queue = new.queues.ids()[0]
    new.queues.change(evolve(new.queues.settings(queue), limit=None, enabled=True, hours=None))
    assert new.work.submit(WorkItem(queue=queue)) not in known
    new.check()
