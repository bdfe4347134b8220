"""The same inputs give the same log, whatever else differs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from desk import Desk, agents
from driver import run_script
from switchroom import Agent, ContactCenter, Queue, WorkItem
from switchroom.routing.utilization import Utilization

SCRIPT = """
import sys
sys.path[:0] = [{tests!r}, {here!r}]
from driver import run_script
from test_determinism import written

for seed in range(300, 303):
    for line in written(run_script(seed, 80).center):
        print(line)
"""


def written(center: ContactCenter) -> Iterator[str]:
    """The log as text: every record with its event. Sets are sorted, since their order is no part of their value."""
    for record in center.events():
        yield ascii((record.position, record.at, record.command_id, record.type, record.tags, plain(record.event)))


def plain(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return ["set", *sorted(map(plain, value), key=repr)]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        return [plain(v) for v in value]
    if hasattr(type(value), "__attrs_attrs__"):
        fields = [f.name for f in type(value).__attrs_attrs__ if f.init]
        return [type(value).__name__, *(plain(getattr(value, name)) for name in fields)]
    return value


def run_under(hash_seed: str) -> str:
    tests = Path(__file__).parent
    source = SCRIPT.format(tests=str(tests.parent), here=str(tests))
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run([sys.executable, "-c", source], env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def test_the_log_does_not_depend_on_the_hash_seed() -> None:
    """Two processes with different hash seeds write the same log, byte for byte."""
    one, two = run_under("1"), run_under("4242")
    assert one.count("\n") > 300
    assert one == two


def test_the_same_script_writes_the_same_log_twice() -> None:
    """Nothing is left over from the first run."""
    first, second = (list(written(run_script(9, 60).center)) for _ in range(2))
    assert first == second


def shift(rename: Callable[[str], str], extra: bool = False, seed: int = 3) -> list[str]:
    """A busy shift; what happened, with the names put back."""
    back: dict[str, str] = {}

    def named(name: str) -> str:
        back[rename(name)] = name
        return rename(name)

    rng = Random(seed)
    room = Utilization(media={"chat": 50})
    desk = Desk(Queue(named("q"), alert_timeout="30s"), Queue(named("r"), ordering="strict", offers_per_item=2))
    for n in range(5):
        skills = {"s": n % 3, "t": 1} if n % 2 else {"s": 3}
        queues = [named("q"), named("r")][: 1 + n % 2]
        desk.agents.add(Agent(named(f"agent{n}"), skills=skills, queues=queues, utilization=room))
        desk.agents.sign_in(named(f"agent{n}"))
        desk.wait(1)
    if extra:
        desk.agents.add(Agent("zz-idle", queues=[named("q"), named("r")], utilization=room))
        desk.agents.sign_in("zz-idle")
    for n in range(120):
        act = rng.random()
        live = [o for a in sorted(back.values()) if a.startswith("agent") for o in desk.offers.of_agent(rename(a))]
        if act < 0.4:
            fields = {"requirement": rng.choice(("s >= 2", "t", "s and t")), "priority": rng.randrange(4)}
            desk.submit(named(f"item{n:03}"), named(rng.choice("qr")), medium="chat", **fields)
        elif act < 0.8 and live:
            token = desk.offers.accept(rng.choice(live).id)
            if rng.random() < 0.6:
                desk.assignments.complete(token)
        elif live and act < 0.9:
            desk.offers.decline(rng.choice(live).id, retry_after=5)
        else:
            desk.wait(rng.randrange(20))
    seen: list[str] = []
    for record in desk.center.events():
        if "zz-idle" in str(record.tags) or record.type in ("routing.queue_saved", "routing.agent_saved"):
            continue
        names = [back.get(t.partition(":")[2], "?") for t in record.tags]
        seen.append(f"{record.at} {record.type} {names}")
    return seen


@pytest.mark.parametrize("seed", range(4))
def test_other_names_make_no_difference(seed: int) -> None:
    """Renaming queues, agents and items, the order among them kept, renames what happened and nothing else."""
    plain_names = shift(lambda name: name, seed=seed)
    assert len(plain_names) > 100
    assert shift(lambda name: f"x-{name}.Z", seed=seed) == plain_names


@pytest.mark.parametrize("seed", range(4))
def test_an_agent_who_can_do_nothing_makes_no_difference(seed: int) -> None:
    """One more agent without any skill asked for changes nothing for the others."""
    assert shift(lambda name: name, extra=True, seed=seed) == shift(lambda name: name, seed=seed)


def test_a_command_is_recognised_whatever_order_its_sets_and_mappings_came_in() -> None:
    """Equal contents under a command id are the same command; other contents are refused elsewhere."""
    desk = Desk(Queue("q"), *agents("ana"))
    first = WorkItem("x", queue="q", attributes={"a": 1, "b": {"x", "y", "z"}})
    again = WorkItem("x", queue="q", attributes={"b": {"z", "y", "x"}, "a": 1})
    assert desk.work.submit(first, command_id="c") == desk.work.submit(again, command_id="c") == "x"
