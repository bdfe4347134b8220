"""Lines of members by stamp: the first of each supply class, and of several classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchroom.matching import _lines
from switchroom.matching._lines import Line
from switchroom.matching._nodes import SupplyNode

if TYPE_CHECKING:
    from switchroom.matching.model import Stamp


def come(line: Line, stamp: Stamp, member: str, supply: SupplyNode) -> None:
    """A member enters its class and takes its place."""
    supply.members[member] = None
    line.add(stamp, member, supply)


def go(line: Line, member: str) -> None:
    """A member leaves."""
    supply = line.current[member][2]
    del supply.members[member]
    line.remove(member)


def test_members_who_came_at_the_same_instant_stand_by_name() -> None:
    """Equal numbers are told apart by the whole stamp, whether few classes may serve or few members are tied."""
    line = Line((5, "x"))
    classes = [SupplyNode(seat, seat, frozenset()) for seat in range(1, 6)]
    for supply, name in zip(classes, "edcba", strict=True):
        come(line, (5, name), name, supply)
    line.check()
    assert line.first_of(5, classes)[1] == "a"
    assert line.first_of(5, classes[:2])[1] == "d"
    go(line, "d")
    assert line.first_of(5, classes[:2])[1] == "e"
    for name in "abc":
        go(line, name)
    line.check()
    assert line.first_of(5, classes)[1] == "e"


def test_class_of_many_knows_its_first_through_all_comings_and_goings() -> None:
    """The value of a class is that of its first member, also when members come back with the same stamp."""
    line = Line((0.5, 1, "x"))
    here, there = SupplyNode("here", 1, frozenset()), SupplyNode("there", 2, frozenset())
    for number in range(6):
        come(line, (0.5, number, "m"), f"m{number}", here)
    for _ in range(3 * _lines.SPARE_HEAP):
        go(line, "m0")
        assert line.at[1] == (0.5, 1, "m")
        come(line, (0.5, 0, "m"), "m0", here)
        line.check()
    go(line, "m0")
    come(line, (0.5, 0, "m"), "m0", there)
    line.check()
    assert line.at[1:3] == [(0.5, 1, "m"), (0.5, 0, "m")]
    for number in range(6):
        go(line, f"m{number}")
    assert line.at[1:3] == [line.none, line.none]
    line.check()
