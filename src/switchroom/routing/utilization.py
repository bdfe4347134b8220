"""Utilization: how much work of which medium an agent may hold at once.

One model covers the three that the field uses: one pool with costs (``capacity`` and ``cost``), independent maxima per
medium (``maximum``), and interruption rules (``interruptible_by``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import attrs

from switchroom.errors import InvalidInput
from switchroom.routing.fields import placed, to_amount, to_id_set, to_optional_count

DEFAULT_CAPACITY = 100
DEFAULT_COST = 100
"""Unless said otherwise an agent does one thing at a time: each item costs the whole capacity."""

MAX_MASKS = 64
"""Amounts of used units for which a room remembers what fits; beyond it the memory starts anew."""

Kind: TypeAlias = tuple[str, int | None, tuple[str, ...]]
"""What matters for room about an item: (medium, its own cost or None, labels)."""


@attrs.frozen(kw_only=True, field_transformer=placed("medium"))
class MediumLimit:
    """The rules of one medium for one agent.

    ``cost`` units per item; ``maximum`` items at once (None: as many as the capacity allows); ``interruptible_by``
    names the media that may be offered while an item of this medium is in hand. Where no medium of an agent names any,
    media do not exclude each other; where one does, a medium without a list may not be interrupted.
    """

    cost: int = attrs.field(default=DEFAULT_COST, converter=to_amount)
    maximum: int | None = attrs.field(default=None, converter=to_optional_count)
    interruptible_by: frozenset[str] = attrs.field(default=frozenset(), converter=to_id_set)


def _to_media(value: Mapping[str, MediumLimit | Mapping[str, object] | int]) -> Mapping[str, MediumLimit]:
    return {name: _to_limit(name, limit) for name, limit in value.items()}


def _to_limit(name: str, limit: object) -> MediumLimit:
    if isinstance(limit, MediumLimit):
        return limit
    if isinstance(limit, int) and not isinstance(limit, bool):
        return MediumLimit(cost=limit)
    raise InvalidInput(f"media.{name}", "bad_type", limit, hint=f"{name}: a MediumLimit or a cost is wanted")


def _to_label_limits(value: Mapping[str, int]) -> Mapping[str, int]:
    return {label: to_amount(limit) for label, limit in value.items()}


def _to_groups(value: Iterable[Iterable[str]]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(group) for group in value)


@attrs.frozen(kw_only=True, field_transformer=placed("utilization"))
class Utilization:
    """How much work an agent may hold: see the module's page.

    ``capacity``: units, shared by all media. ``media``: rules per medium (a whole number stands for its cost);
    media not named cost ``default_cost``. ``compatible``: groups of media that never exclude each other.
    ``labels``: the most items at once that carry a label.

    >>> Utilization(media={"voice": 100, "chat": 20}).room().fits(("chat", None, ()))
    True
    """

    capacity: int = attrs.field(default=DEFAULT_CAPACITY, converter=to_amount)
    media: Mapping[str, MediumLimit] = attrs.field(factory=dict[str, MediumLimit], converter=_to_media)
    default_cost: int = attrs.field(default=DEFAULT_COST, converter=to_amount)
    compatible: tuple[frozenset[str], ...] = attrs.field(default=(), converter=_to_groups)
    labels: Mapping[str, int] = attrs.field(factory=dict[str, int], converter=_to_label_limits)

    def room(self) -> Room:
        """An empty room under these rules."""
        return Room(self)


class Room:
    """What one agent holds now, and whether one more fits. Amounts change by whole units only, so nothing drifts."""

    __slots__ = ("_blocking", "_default", "_kinds", "_masks", "_pooled", "count", "label_count", "rules", "used")

    def __init__(self, rules: Utilization) -> None:
        self.used = 0
        self.count: dict[str, int] = {}
        self.label_count: dict[str, int] = {}
        self.set_rules(rules)

    def set_rules(self, rules: Utilization) -> None:
        """Other rules for the same holdings."""
        self.rules = rules
        self._default = MediumLimit(cost=rules.default_cost)
        self._blocking = any(limit.interruptible_by for limit in rules.media.values())
        maxima = any(limit.maximum is not None for limit in rules.media.values())
        self._pooled = not (self._blocking or maxima or rules.labels)
        self._masks: dict[int, int] = {}
        self._kinds = 0

    def limit(self, medium: str) -> MediumLimit:
        return self.rules.media.get(medium, self._default)

    def cost(self, medium: str, own: int | None) -> int:
        """The units that one item of this medium takes; its own cost, if it has one, comes first."""
        return self.rules.media.get(medium, self._default).cost if own is None else own

    def mask(self, kinds: Mapping[Kind, int]) -> int:
        """The bits of the kinds of which one more fits. Where only the pool of units counts, it is remembered, for
        as many kinds as there were then."""
        if self._kinds != len(kinds):
            self._kinds = len(kinds)
            self._masks.clear()
        known = self._masks.get(self.used)
        return self._fitting(kinds) if known is None else known

    def _fitting(self, kinds: Mapping[Kind, int]) -> int:
        mask = 0
        for kind, bit in kinds.items():
            if self.fits(kind):
                mask |= 1 << bit
        if self._pooled:
            if len(self._masks) >= MAX_MASKS:
                self._masks.clear()
            self._masks[self.used] = mask
        return mask

    def fits(self, kind: Kind) -> bool:
        """Whether one more item of this kind fits."""
        medium, cost, labels = kind
        limit = self.rules.media.get(medium, self._default)
        if self.used + (limit.cost if cost is None else cost) > self.rules.capacity:
            return False
        if limit.maximum is not None and self.count.get(medium, 0) >= limit.maximum:
            return False
        if self._blocking and not all(self._allows(held, medium) for held in self.count):
            return False
        return not labels or all(self._label_fits(label) for label in labels)

    def _allows(self, held: str, medium: str) -> bool:
        if held == medium or medium in self.limit(held).interruptible_by:
            return True
        return any(held in group and medium in group for group in self.rules.compatible)

    def _label_fits(self, label: str) -> bool:
        limit = self.rules.labels.get(label)
        return limit is None or self.label_count.get(label, 0) < limit

    def take(self, medium: str, own: int | None, labels: tuple[str, ...]) -> int:
        """Hold one more item of this medium; returns the units that it takes."""
        units = self.rules.media.get(medium, self._default).cost if own is None else own
        self.used += units
        self.count[medium] = self.count.get(medium, 0) + 1
        if labels:
            self._label(labels)
        return units

    def add(self, medium: str, units: int, labels: tuple[str, ...]) -> None:
        """Hold one more item that takes ``units``."""
        self.used += units
        self.count[medium] = self.count.get(medium, 0) + 1
        if labels:
            self._label(labels)

    def _label(self, labels: tuple[str, ...]) -> None:
        for label in labels:
            self.label_count[label] = self.label_count.get(label, 0) + 1

    def remove(self, medium: str, units: int, labels: tuple[str, ...]) -> None:
        """Hold one item less."""
        self.used -= units
        left = self.count[medium] - 1
        if left:
            self.count[medium] = left
        else:
            del self.count[medium]
        for label in labels:
            self.label_count[label] -= 1
            if not self.label_count[label]:
                del self.label_count[label]

    def free_units(self) -> int:
        return self.rules.capacity - self.used

    def share(self) -> float:
        """The used share of the capacity; an agent without capacity counts as full."""
        return self.used / self.rules.capacity if self.rules.capacity else 1.0
