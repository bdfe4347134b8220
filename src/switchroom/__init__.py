"""Switchroom: an embeddable routing library for contact centers."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from switchroom.center import ContactCenter
    from switchroom.clock import Clock, ManualClock, SystemClock
    from switchroom.routing.model import Agent, Membership, Presence, WorkItem
    from switchroom.routing.queue_model import Queue

_HOMES = {
    "Agent": "routing.model",
    "Clock": "clock",
    "ContactCenter": "center",
    "ManualClock": "clock",
    "Membership": "routing.model",
    "Presence": "routing.model",
    "Queue": "routing.queue_model",
    "SystemClock": "clock",
    "WorkItem": "routing.model",
}

__all__ = [
    "Agent",
    "Clock",
    "ContactCenter",
    "ManualClock",
    "Membership",
    "Presence",
    "Queue",
    "SystemClock",
    "WorkItem",
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
