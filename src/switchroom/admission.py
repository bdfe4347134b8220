"""What is admitted even when a limit is reached: it frees the center, or is a duty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from switchroom.security.subjects import name_of

ALWAYS = frozenset({
    *("conversations.receive", "consent.opt_out", "consent.withdraw", "agents.set_presence", "agents.heartbeat"),
    *("assignments.complete", "assignments.finish", "work.complete", "work.cancel", "work.abandon"),
    *("offers.decline", "messages.report", "effects.succeeded", "effects.failed"),
})  # fmt: skip
"""A customer's message may be a STOP; whoever signs out, completes, declines or cancels makes room; a delivery report
ends something."""


def always_admitted(operation: Callable[..., Any], vertical: str) -> bool:
    """Whether no limit on the whole center holds an operation up."""
    return name_of(operation, vertical) in ALWAYS
