"""Agent performance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from switchroom.durations import DurationLike, Micros
from switchroom.reporting.cells import HandCell, TimeCell
from switchroom.reporting.intervals import Interval
from switchroom.reporting.rows import AgentRow
from switchroom.reporting.slices import sliced
from switchroom.reporting.state import State
from switchroom.reporting.sums import Key, add_hands, handled, mean, order, ratio, transferred
from switchroom.reporting.where import PEOPLE, WORK, Slots, Where, checked_by, hand_key

OWN = (*PEOPLE, "division")
"""Who agents are."""

BY = (*OWN, *(name for name in WORK if name != "division"))
"""What agents may be grouped by: who they are, and the work that they do."""


class AgentSums:
    """What a row is computed from."""

    __slots__ = ("hands", "times")

    def __init__(self, hands: HandCell) -> None:
        self.hands = hands
        self.times = TimeCell()

    @property
    def out(self) -> int:
        """By how much the number of offers out grew."""
        h = self.hands
        return h.offered - h.accepted - h.declined - h.missed - h.revoked

    @property
    def held(self) -> int:
        """By how much the work in hand grew."""
        return self.hands.accepted + self.hands.assigned - self.hands.completed - self.hands.released


def agent_rows(
    state: State, now: Micros, where: Where, by: Sequence[str], every: DurationLike | None, zone: str
) -> tuple[AgentRow, ...]:
    """One row for each group of agents and time, by start and names; without ``every``, each agent has one."""
    names = checked_by(by, BY)
    slots = Slots(every, zone, state.intervals.width_us)
    part = sliced(state, now, where, slots)
    timed = not where.asks_about_work and all(name in OWN for name in names)
    out: defaultdict[Key, int] = defaultdict(int)
    held: defaultdict[Key, int] = defaultdict(int)
    rows: list[AgentRow] = []
    for start, intervals in [(None, part.earlier), *part.groups]:
        found = _add_up(intervals, where, names, timed)
        for group, sums in found.items():
            out[group] += sums.out
            held[group] += sums.held
        if start is None:
            continue
        always = [(id,) for id, a in state.agents.items() if a.spec is not None and where.of_agent(a.post)]
        wanted = {*found, *(group for group in out if out[group] or held[group])}
        if names == ("agent",) and every is None:
            wanted.update(always)
        for group in sorted(wanted, key=order):
            sums = found.get(group) or AgentSums(HandCell())
            rows.append(_row(slots.label(start), names, group, sums, out[group], held[group], timed))
    return tuple(rows)


def _add_up(intervals: Iterable[Interval], where: Where, names: tuple[str, ...], timed: bool) -> dict[Key, AgentSums]:
    hands = add_hands(intervals, lambda h: where.of_agent(h.post) and where.of_line(h.line), hand_key(names, OWN))
    found = {group: AgentSums(cell) for group, cell in hands.items()}
    if timed:
        for interval in intervals:
            for post, times in interval.times.items():
                if where.of_agent(post):
                    group = tuple(getattr(post, name) for name in names)
                    found.setdefault(group, AgentSums(HandCell())).times.add(times)
    return found


def _row(
    start: datetime | None, names: tuple[str, ...], group: Key, sums: AgentSums, out: int, held: int, timed: bool
) -> AgentRow:
    hands, times = sums.hands, sums.times
    ended, talk, after_call = handled(hands)
    return AgentRow(
        start=start,
        **dict(zip(names, group, strict=True)),
        offered=hands.offered,
        accepted=hands.accepted,
        declined=hands.declined,
        missed=hands.missed,
        revoked=hands.revoked,
        offers_out=out,
        assigned=hands.assigned,
        handled=hands.completed,
        handed_on=hands.released,
        in_hand=held,
        mean_handle=mean(talk + after_call, ended),
        mean_talk=mean(talk, ended),
        mean_after_call=mean(after_call, ended),
        transfers_blind=transferred(hands, "blind"),
        transfers_consult=transferred(hands, "consult"),
        transfers_queue=transferred(hands, "queue"),
        transfers_target=transferred(hands, "target"),
        staffed=timedelta(microseconds=times.staffed_us) if timed else None,
        busy=timedelta(microseconds=times.busy_us) if timed else None,
        occupancy=ratio(times.busy_us, times.staffed_us) if timed else None,
        concurrency=ratio(times.load_us, times.busy_us) if timed else None,
        most_at_once=times.most if timed else None,
    )
