"""Why a step was refused, in the words that a case may use for it."""

from __future__ import annotations

from switchroom.errors import (
    AssignmentGone,
    DuplicateId,
    IdempotencyMismatch,
    InvalidInput,
    NotAllowed,
    NotYours,
    OfferGone,
    OverCapacity,
    QueueClosed,
    QueueFull,
    SendRefused,
    SwitchroomError,
    TargetUnavailable,
    UnknownId,
    VersionMismatch,
)


def reasons(error: SwitchroomError) -> set[str]:
    """Every word that names this refusal."""
    if isinstance(error, UnknownId):
        kind = {"intake": "policy"}.get(error.kind, error.kind)
        return {f"unknown_{kind}", f"{kind}_not_found", "not_found", "unknown", f"no_{kind}"}
    if isinstance(error, OfferGone | AssignmentGone):
        kind = "offer" if isinstance(error, OfferGone) else "assignment"
        return {
            error.outcome,
            f"{kind}_{error.outcome}",
            f"{kind}_gone",
            f"{kind}_ended",
            "gone",
            "not_pending",
            "stale",
        }
    if isinstance(error, InvalidInput):
        return {error.code, str(error.field), "invalid", *_INPUT.get(error.code, ())}
    if isinstance(error, NotAllowed):
        return {
            "not_allowed",
            "invalid_state",
            "wrong_state",
            "illegal_state",
            error.state,
            f"already_{error.state}",
        } | ({"not_empty", "in_use", "queue_not_empty", "has_items"} if error.kind == "queue" else set())
    if isinstance(error, SendRefused):
        return {words for start, words in _SENDING.items() if str(error).split(": ", 1)[1].startswith(start)} | {
            "refused"
        }
    return next((words for kind, words in _WORDS if isinstance(error, kind)), set()) | {type(error).__name__}


_SENDING = {"opted out": "opted_out", "quiet hours": "off_hours", "no consent": "no_consent", "frequency cap": "cap"}
_INPUT: dict[str, tuple[str, ...]] = {
    "self": ("same_agent", "to_self", "self_transfer"),
    "future": ("in_the_future",),
    "past": ("in_the_past",),
    "duplicate": ("duplicate_id", "already_exists"),
}
_WORDS: tuple[tuple[type[SwitchroomError], set[str]], ...] = (
    (QueueFull, {"queue_full", "full"}),
    (
        QueueClosed,
        {"queue_closed", "closed", "out_of_hours", "disabled", "nobody_signed_in", "no_agents", "empty", "queue_empty"},
    ),
    (TargetUnavailable, {"target_unavailable", "agent_unavailable", "unavailable", "not_available"}),
    (OverCapacity, {"over_capacity", "no_capacity", "capacity", "at_capacity", "limit_reached", "target_busy"}),
    (VersionMismatch, {"version_mismatch", "version_conflict", "conflict", "stale_version", "version"}),
    (DuplicateId, {"duplicate", "duplicate_id", "already_exists", "exists"}),
    (IdempotencyMismatch, {"duplicate", "duplicate_id", "already_exists", "conflict"}),
    (NotYours, {"not_yours", "not_owner", "wrong_agent", "forbidden", "not_assigned"}),
)
