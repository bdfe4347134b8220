"""Lines of members by stamp, and the extracts kept of them, where order of events matters."""

from __future__ import annotations

from switchroom.matching import _lines
from switchroom.matching._lines import Line
from switchroom.matching._nodes import SupplyNode

HERE = SupplyNode("here", frozenset())
ELSEWHERE = SupplyNode("elsewhere", frozenset())
ABLE = {HERE}


def line_of(*stamps: int, supply: SupplyNode = HERE) -> Line:
    """A line of members named after their stamps."""
    line = Line()
    for stamp in stamps:
        come(line, stamp, supply)
    return line


def come(line: Line, stamp: int, supply: SupplyNode = HERE) -> None:
    """A member named after its stamp takes its place."""
    line.add((stamp,), str(stamp), supply)
    if supply is HERE:
        HERE.members[str(stamp)] = None


def go(line: Line, *stamps: int) -> None:
    """These members leave."""
    for stamp in stamps:
        del line.current[str(stamp)]
        HERE.members.pop(str(stamp), None)


def test_extract_trusts_no_last_entry_that_has_left() -> None:
    """A member who came after the last of an extract had left the line is found before a later and larger stamp."""
    HERE.members.clear()
    line = line_of(10, 20, 90)
    kept = line.keep([HERE])
    go(line, 90)
    line._compact()
    come(line, 50)  # at the end of the line, so not in the log
    come(line, 80)
    come(line, 70)  # before 80, so in the log
    go(line, 10)
    assert kept.first(ABLE) == ((20,), "20", HERE)
    go(line, 20)
    found = kept.first(ABLE) or line.keep([HERE]).first(ABLE)
    assert found == ((50,), "50", HERE)


def test_extract_is_made_again_when_the_log_has_moved_on() -> None:
    """An extract older than the log says that it does not know."""
    HERE.members.clear()
    line = line_of(10, 10**6)
    kept = line.keep([HERE])
    for stamp in range(100, 101 + _lines.LOG_LIMIT):
        come(line, stamp, ELSEWHERE)
    line.log = line.log[-1:]
    line.log_base += 10**6
    kept.seen = line.logged - 2
    assert kept.first(ABLE) is None


def test_walk_past_the_departed_keeps_the_present() -> None:
    """A walk that meets mostly members who left makes the front of the line dense and loses nobody."""
    HERE.members.clear()
    line = line_of(*range(_lines.STEPS * 2), supply=ELSEWHERE)
    go(line, *range(1, _lines.STEPS - 1))
    assert line.walk(ABLE) == (None, False)
    line.check()
    come(line, 10**6)
    assert line.walk(ABLE)[0] is None
    go(line, *(stamp for stamp in range(_lines.STEPS * 2) if str(stamp) in line.current))
    assert line.walk(ABLE) == (((10**6,), "1000000", HERE), True)
    line.check()


def test_walk_to_the_end_is_certain() -> None:
    """When the line is shorter than a walk and nobody in it is able, nobody is."""
    assert line_of(1, 2, 3, supply=ELSEWHERE).walk(ABLE) == (None, True)
    assert Line().walk(ABLE) == (None, True)
