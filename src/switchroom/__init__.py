"""Switchroom: an embeddable routing library for contact centers."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from switchroom.center import ContactCenter
    from switchroom.clock import Clock, ManualClock, SystemClock
    from switchroom.routing.estimate_error import EstimateError, estimate_error
    from switchroom.routing.estimates import Estimate
    from switchroom.routing.explain_values import Candidate, Condition, Decision, WhyNot
    from switchroom.routing.lint import Finding, lint
    from switchroom.routing.model import Agent, Membership, Presence, WorkItem
    from switchroom.routing.preview import Preview
    from switchroom.routing.queue_model import Queue
    from switchroom.routing.skill_matcher import Match, SkillMatcher

_HOMES = {
    "Agent": "routing.model",
    "Candidate": "routing.explain_values",
    "Clock": "clock",
    "Condition": "routing.explain_values",
    "ContactCenter": "center",
    "Decision": "routing.explain_values",
    "Estimate": "routing.estimates",
    "EstimateError": "routing.estimate_error",
    "Finding": "routing.lint",
    "ManualClock": "clock",
    "Match": "routing.skill_matcher",
    "Membership": "routing.model",
    "Presence": "routing.model",
    "Preview": "routing.preview",
    "Queue": "routing.queue_model",
    "SkillMatcher": "routing.skill_matcher",
    "SystemClock": "clock",
    "WhyNot": "routing.explain_values",
    "WorkItem": "routing.model",
    "estimate_error": "routing.estimate_error",
    "lint": "routing.lint",
}

__all__ = [
    "Agent",
    "Candidate",
    "Clock",
    "Condition",
    "ContactCenter",
    "Decision",
    "Estimate",
    "EstimateError",
    "Finding",
    "ManualClock",
    "Match",
    "Membership",
    "Presence",
    "Preview",
    "Queue",
    "SkillMatcher",
    "SystemClock",
    "WhyNot",
    "WorkItem",
    "estimate_error",
    "lint",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *__all__]
