"""Any order of any operations keeps every promise: random scripts over the public operations."""

from __future__ import annotations

import json
from collections import Counter
from random import Random
from typing import Any

import pytest

from switchroom import ContactCenter
from switchroom.kernel.snapshot import load_kernel, save_kernel
from switchroom.storage.forms import forms

from .office import ACTIONS, Office


def check_replay(center: ContactCenter) -> None:
    """A fresh kernel that has read the log stands where the live one stands, and has nothing to say."""
    kernel, routing = center.fresh()
    kernel.replay((record.at, record.event) for record in center.events())
    out: list[Any] = []
    kernel.advance(center._kernel.now, out)
    assert not out, f"replay had something left to do: {out}"
    live = center.dump()
    assert kernel.verticals["workitems"].dump() == live["workitems"]
    assert routing.dump() == live["routing"]
    kernel.verticals["workitems"].check()


def check_snapshot(center: ContactCenter) -> None:
    """A snapshot gives the same state, deadlines included."""
    kernel, _ = center.fresh()
    old = center._kernel
    load_kernel(kernel, json.loads(json.dumps(save_kernel(old, forms()))), forms())
    live = center.dump()
    for name in ("routing", "workitems"):
        save, load = old.verticals[name].save, kernel.verticals[name].load
        assert save is not None
        assert load is not None
        load(json.loads(json.dumps(save(forms()))), forms())
        kernel.verticals[name].check()
        assert kernel.verticals[name].dump() == live[name], name


def check_once(center: ContactCenter) -> None:
    """Each rule of a service level fires once for each opening of the work."""
    stays: Counter[str] = Counter()
    fired: Counter[tuple[str, int, str]] = Counter()
    for record in center.events():
        if record.type == "workitems.reopened":
            stays[record.event.work] += 1
        elif record.type == "workitems.escalated":
            fired[record.event.work, stays[record.event.work], record.event.rule] += 1
    assert not [key for key, times in fired.items() if times > 1]


def check_order(office: Office) -> None:
    """The source gets each change of a piece of work once, in the order in which they happened."""
    got: dict[str, list[int]] = {}
    for change in office.sink.changes:
        got.setdefault(change["work"], []).append(change["sequence"])
    for work, sequences in got.items():
        assert sequences == sorted(set(sequences)), f"{work}: {sequences}"


@pytest.mark.parametrize("seed", range(40))
def test_random_scripts_keep_every_promise(seed: int) -> None:
    """Checked after every step, replayed now and then and at the end."""
    rng = Random(seed)
    office = Office(seed)
    try:
        for step in range(120):
            getattr(office, rng.choice(ACTIONS))(rng)
            assert office.center._kernel.poisoned is None, office.center._kernel.poisoned
            office.center.check()
            if step % 40 == 39:
                check_replay(office.center)
                check_snapshot(office.center)
        check_once(office.center)
        check_order(office)
    except BaseException:
        print("\n".join(office.script[-25:]))
        raise
