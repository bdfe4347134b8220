"""Where work comes from: systems, the rules that read their tasks, and the shares by which work is distributed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from switchroom.errors import InvalidInput
from switchroom.routing.fields import Fact, placed, to_facts, to_id, to_optional_id, to_whole
from switchroom.routing.model import to_requirement
from switchroom.routing.requirements import Requirement

MAX_SHARES = 1_000


def _to_priority(value: int | None) -> int | None:
    return None if value is None else to_whole(value)


@attrs.frozen(kw_only=True, field_transformer=placed("source_rule"))
class SourceRule:
    """If ``when`` holds over a task's fields, the task gets what the rule names.

    Every rule that fits adds its requirement and its ``attributes``; the first that names a worktype, a place (queue or
    workbin) or a priority decides that.
    """

    when: Requirement = attrs.field(default=None, converter=to_requirement)
    worktype: str | None = attrs.field(default=None, converter=to_optional_id)
    queue: str | None = attrs.field(default=None, converter=to_optional_id)
    workbin: str | None = attrs.field(default=None, converter=to_optional_id)
    priority: int | None = attrs.field(default=None, converter=_to_priority)
    requirement: Requirement = attrs.field(default=None, converter=to_requirement)
    attributes: Mapping[str, Fact] = attrs.field(factory=dict[str, Fact], converter=to_facts)

    def __attrs_post_init__(self) -> None:
        if self.queue is not None and self.workbin is not None:
            raise InvalidInput("source_rule.queue", "one_of", hint="a queue or a workbin, not both")


def _to_rules(value: Iterable[SourceRule]) -> tuple[SourceRule, ...]:
    return tuple(value)


def _to_names(value: Mapping[str, str]) -> Mapping[str, str]:
    return dict(value)


@attrs.frozen(kw_only=True, field_transformer=placed("source"))
class Source:
    """A system that work comes from.

    ``rules`` map its tasks; ``worktype``: of tasks that no rule gives one. ``fields`` renames a task's fields to those
    that we read (``{"policy_no": "policy"}``). ``sync``: changes made here are sent back to it.
    """

    id: str = attrs.field(kw_only=False, converter=to_id)
    rules: tuple[SourceRule, ...] = attrs.field(default=(), converter=_to_rules)
    worktype: str | None = attrs.field(default=None, converter=to_optional_id)
    fields: Mapping[str, str] = attrs.field(factory=dict[str, str], converter=_to_names)
    sync: bool = True


def _to_shares(value: Mapping[str, float]) -> Mapping[str, float]:
    if not 0 < len(value) <= MAX_SHARES:
        raise InvalidInput("shares", "count", len(value), hint=f"1 to {MAX_SHARES} queues")
    for queue, share in value.items():
        to_id(queue)
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share <= 1e6:
            raise InvalidInput(f"shares.{queue}", "range", share, hint="a number above 0")
    return dict(value)


@attrs.frozen(kw_only=True, field_transformer=placed("distribution"))
class Distribution:
    """Work is spread over queues, one for each department or segment, in proportion to ``shares`` (queue -> weight).

    Each item goes to the queue that is furthest behind its share of all, the first of several, so that the shares hold
    at every moment and not only in the long run.
    """

    id: str = attrs.field(kw_only=False, converter=to_id)
    shares: Mapping[str, float] = attrs.field(converter=_to_shares)
