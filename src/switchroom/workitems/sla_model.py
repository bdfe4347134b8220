"""The service level of a worktype: a length of working time, what happens at shares of it, how priority rises."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

import attrs

from switchroom.errors import InvalidInput
from switchroom.routing.escalation_model import Action
from switchroom.routing.fields import placed, to_id, to_optional_id, to_span, to_whole

MAX_SHARE = 100
"""Of a service level: a rule at a hundred times its length fires for nobody."""

MAX_POINTS = 100


def _to_share(value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= MAX_SHARE:
        raise InvalidInput("share", "range", value, hint="a share above 0, such as 0.8")
    return float(value)


def _to_actions(value: Iterable[Action]) -> tuple[Action, ...]:
    return tuple(value)


@attrs.frozen(kw_only=True, field_transformer=placed("sla_rule"))
class SlaRule:
    """At this ``share`` of the service level the actions are done in order, once for each opening of the work.

    ``take``: moving actions take work out of the hand of the agent who has it; otherwise they are left out then, and an
    event says so. Priority and alerts apply in every case.
    """

    name: str = attrs.field(kw_only=False, converter=to_id)
    share: float = attrs.field(converter=_to_share)
    actions: tuple[Action, ...] = attrs.field(converter=_to_actions)
    take: bool = False


def _to_point(pair: tuple[float, int]) -> tuple[float, int]:
    if isinstance(pair, str) or len(pair) != 2:
        raise InvalidInput("points", "pair", hint="pairs of share and priority are wanted")
    return _to_share(pair[0]), to_whole(pair[1])


def _to_points(value: Iterable[tuple[float, int]]) -> tuple[tuple[float, int], ...]:
    found = [_to_point(pair) for pair in value]
    if not 0 < len(found) <= MAX_POINTS:
        raise InvalidInput("points", "count", len(found), hint=f"1 to {MAX_POINTS} points")
    if any(a[0] >= b[0] or a[1] >= b[1] for a, b in pairwise(found)) or found[0][1] <= 0:
        raise InvalidInput("points", "order", hint="shares and priorities above 0, both rising")
    return tuple(found)


def _to_resolution(value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.001 <= value <= 1:
        raise InvalidInput("resolution", "range", value, hint="a share between 0.001 and 1")
    return float(value)


@attrs.frozen(kw_only=True, field_transformer=placed("curve"))
class Curve:
    """How the priority rises to the end of the service level: ``points`` of (share used, points of priority added).

    Between two points the priority stays, or, if ``smooth``, rises in a straight line (from nothing at the start);
    after the last it stays. Workbins follow it exactly and at no cost; in a queue a smooth curve rises in steps of
    ``resolution`` of the service level.
    """

    points: tuple[tuple[float, int], ...] = attrs.field(kw_only=False, converter=_to_points)
    smooth: bool = False
    resolution: float = attrs.field(default=0.1, converter=_to_resolution)

    def added(self, share: float) -> int:
        """The points of priority that are added at this share of the service level. Never falls as the share grows."""
        before = (0.0, 0)
        for point in self.points:
            if share < point[0]:
                if not self.smooth:
                    return before[1]
                return before[1] + int((point[1] - before[1]) * (share - before[0]) / (point[0] - before[0]))
            before = point
        return before[1]

    def next_share(self, added: int) -> float | None:
        """The share at which more than ``added`` is added, as a queue sees it; None when it rises no more."""
        if not self.smooth:
            return next((share for share, points in self.points if points > added), None)
        last = self.points[-1][0]
        steps = range(1, int(last / self.resolution) + 1)
        stairs = [*(step * self.resolution for step in steps), last]
        return next((share for share in stairs if self.added(share) > added), None)


def _to_rules(value: Iterable[SlaRule]) -> tuple[SlaRule, ...]:
    rules = tuple(sorted(value, key=lambda rule: rule.share))
    if len({rule.name for rule in rules}) != len(rules):
        raise InvalidInput("rules", "duplicate", hint="a name is there twice")
    return rules


def _to_target(value: str | float | timedelta) -> timedelta:
    span = to_span(value)
    if span <= timedelta(0):
        raise InvalidInput("target", "range", value, hint="a service level lasts longer than nothing")
    return span


@attrs.frozen(kw_only=True, field_transformer=placed("sla"))
class Sla:
    """The service level: work is to be closed within ``target`` of the time for which its clock runs.

    ``calendar``: only its open time counts. The clock stops in statuses that say so, and resumes where it stood.
    ``rules`` fire at shares of the target, in the order of the shares. ``curve``: how the priority rises.
    """

    target: timedelta = attrs.field(kw_only=False, converter=_to_target)
    calendar: str | None = attrs.field(default=None, converter=to_optional_id)
    rules: tuple[SlaRule, ...] = attrs.field(default=(), converter=_to_rules)
    curve: Curve | None = None
