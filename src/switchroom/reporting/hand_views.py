"""Wrap-up performance and transfers: what agents did, by code and by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from switchroom.durations import DurationLike, Micros
from switchroom.reporting.cells import HandCell
from switchroom.reporting.rows import TransferRow, WrapUpRow
from switchroom.reporting.slices import sliced
from switchroom.reporting.state import State
from switchroom.reporting.sums import Key, add_hands, mean, order, ratio
from switchroom.reporting.where import PEOPLE, WORK, Slots, Where, checked_by, hand_key

BY = (*WORK, *PEOPLE)
"""What wrap-up codes and transfers may be grouped by."""

KINDS = ("blind", "consult", "queue", "target")
"""Of transfers."""


def wrap_up_rows(
    state: State, now: Micros, where: Where, by: Sequence[str], every: DurationLike | None, zone: str
) -> tuple[WrapUpRow, ...]:
    """One row for each group and code, by start, names and code."""
    names = checked_by(by, BY)
    slots = Slots(every, zone, state.intervals.width_us)
    rows: list[WrapUpRow] = []
    for start, intervals in sliced(state, now, where, slots).groups:
        found = add_hands(intervals, where.of_hand, hand_key(names))
        for group, cell in sorted(found.items(), key=lambda one: order(one[0])):
            coded = {code: sums for code, sums in cell.ended.items() if code is not None}
            total = sum(count for count, _, _ in coded.values())
            for code, (count, talk, after_call) in sorted(coded.items()):
                rows.append(
                    WrapUpRow(
                        start=slots.label(start),
                        **dict(zip(names, group, strict=True)),
                        code=code,
                        ended=count,
                        share=ratio(count, total),
                        mean_handle=mean(talk + after_call, count),
                        mean_talk=mean(talk, count),
                        mean_after_call=mean(after_call, count),
                    )
                )
    return tuple(rows)


def transfer_rows(
    state: State, now: Micros, where: Where, by: Sequence[str], every: DurationLike | None, zone: str
) -> tuple[TransferRow, ...]:
    """One row for each group and kind in which something happened or is under way, by start, names and kind."""
    names = checked_by(by, BY)
    slots = Slots(every, zone, state.intervals.width_us)
    part = sliced(state, now, where, slots)
    under_way: Counter[tuple[Key, str]] = Counter()
    rows: list[TransferRow] = []
    for start, intervals in [(None, part.earlier), *part.groups]:
        found = add_hands(intervals, where.of_hand, hand_key(names))
        for group, cell in found.items():
            for (kind, outcome), count in cell.transfers.items():
                under_way[group, kind] += count if outcome == "started" else -count
        if start is not None:
            groups = {*found, *(group for (group, _), count in under_way.items() if count)}
            for group in sorted(groups, key=order):
                of = found.get(group) or HandCell()
                kinds = [k for k in KINDS if under_way[group, k] or any(one == k for one, _ in of.transfers)]
                rows.extend(
                    TransferRow(
                        start=slots.label(start),
                        **dict(zip(names, group, strict=True)),
                        kind=kind,
                        started=of.transfers.get((kind, "started"), 0),
                        completed=of.transfers.get((kind, "completed"), 0),
                        failed=of.transfers.get((kind, "failed"), 0),
                        cancelled=of.transfers.get((kind, "cancelled"), 0),
                        under_way=under_way[group, kind],
                    )
                    for kind in kinds
                )
    return tuple(rows)
