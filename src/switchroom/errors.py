"""Every error the library raises, split by whose fault it is.

::

    SwitchroomError
    ├── UsageError                 the caller's mistake: fix the call
    │   ├── InvalidInput           a value out of its range or of the wrong shape (also a ValueError)
    │   │   ├── RequirementSyntaxError   the text form of a requirement does not parse
    │   │   └── ConfigError              a configuration file or table is wrong
    │   ├── UnknownId              nothing has this id (also a LookupError)
    │   ├── DuplicateId            the id is taken
    │   ├── TimeWentBack           an instant before the last handled one
    │   └── IdempotencyMismatch    a command id or item id used again with other contents
    ├── Refused                    the call is fine, the rules forbid it now: nothing has changed
    │   ├── NotAllowed             the state of the thing does not allow the operation
    │   ├── OfferGone              the offer has ended already
    │   ├── AssignmentGone         the assignment has ended already
    │   ├── NotYours               the offer or assignment belongs to another agent
    │   ├── TargetUnavailable      the agent to receive the work is not on queue
    │   ├── OverCapacity           no room, and the act was not an explicit manual one
    │   ├── QueueFull              the queue's limit is reached and it has no overflow
    │   ├── QueueClosed            the queue is off or closed and refuses new work
    │   ├── LimitReached           a named limit on something that can grow
    │   ├── SendRefused            a message must not be sent now: opted out, no consent, quiet hours, ...
    │   ├── VersionMismatch        the thing has changed since the caller read it
    │   ├── NotPermitted           the authorization hook said no
    │   └── InputDead              the input has broken the kernel twice: it is not tried again
    └── EnvironmentFault           neither: a store, a network or a bug
        ├── StorageError           the store failed; ``retryable`` says whether trying again makes sense
        │   ├── ConflictError      the end of the log is not where the caller thought
        │   ├── BusyError          gave up after a stated number of tries
        │   └── NotTheWriter       this process follows the log: another one writes
        ├── DamagedRecord          a stored record cannot be read; ``position`` says which
        │   ├── UnknownRecordType  nobody here has declared its type
        │   └── NewerRecord        a later release wrote it
        ├── DeliveryFailed         a receiver did not take an effect this time
        ├── DeliveryRefused        a receiver refused an effect for good
        └── KernelPoisoned         an error after an event was emitted: rebuild from the log

All of them pickle, carry the ids they speak of as attributes, and have an ``error_code`` each.
"""

from __future__ import annotations

from collections.abc import Sized
from typing import Any, ClassVar

QUOTED_CHARACTERS = 32
"""At most this many characters of a bad value are repeated in a message, so that errors never carry bodies."""


def quote(value: object) -> str:
    """The start of a value, escaped, for an error message."""
    text = ascii(value)
    return text if len(text) <= QUOTED_CHARACTERS + 2 else text[:QUOTED_CHARACTERS] + "..."


PRIVATE = frozenset({"address", "attributes", "contact", "content", "details", "note", "text", "words"})
"""Fields whose values are about persons: a message says of what shape a bad one is, and never what it is."""


def shape(value: object) -> str:
    """What a value looks like from afar."""
    kind = type(value).__name__
    return f"{kind} of length {len(value)}" if isinstance(value, Sized) else kind


class SwitchroomError(Exception):
    """Base of every error of this library. ``error_code`` names the class, and stays whatever else changes."""

    error_code: ClassVar[str] = "switchroom_error"

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def __getattr__(self, name: str) -> Any:
        details: dict[str, Any] = self.__dict__.get("details", {})
        try:
            return details[name]
        except KeyError:
            raise AttributeError(name) from None

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message, self.details)


def _rebuild(kind: type[SwitchroomError], message: str, details: dict[str, Any]) -> SwitchroomError:
    error = kind.__new__(kind)
    SwitchroomError.__init__(error, message, **details)
    return error


class UsageError(SwitchroomError):
    """The caller's mistake."""

    error_code = "usage_error"


class InvalidInput(UsageError, ValueError):
    """A value out of its range or of the wrong shape; ``field`` names the place, ``code`` the rule."""

    error_code = "invalid_input"

    def __init__(self, field: str, code: str, value: object = None, *, hint: str = "") -> None:
        private = field.partition(".")[0] in PRIVATE
        shown = "" if value is None else f" (got {shape(value) if private else quote(value)})"
        super().__init__(f"{field}: {hint or code}{shown}", field=field, code=code)


class RequirementSyntaxError(InvalidInput):
    """The text of a requirement does not parse; ``position`` is the 0-based offset of the mistake."""

    error_code = "requirement_syntax_error"

    def __init__(self, text: str, position: int, hint: str) -> None:
        start = max(0, position - 40)
        window = text[start : position + 20].replace("\n", " ")
        pointer = " " * (position - start) + "^"
        message = f"requirement, column {position + 1}: {hint}\n  {window}\n  {pointer}"
        UsageError.__init__(self, message, field="requirement", code="syntax", position=position, hint=hint)


class ConfigError(InvalidInput):
    """A configuration is wrong; ``file``, ``table`` and ``key`` name the place."""

    error_code = "config_error"

    def __init__(self, problem: str, *, file: str = "", table: str = "", key: str = "") -> None:
        place = ": ".join(part for part in (file, ".".join(p for p in (table, key) if p)) if part)
        message = f"{place}: {problem}" if place else problem
        UsageError.__init__(self, message, field=f"{table}.{key}", code="config", file=file, table=table, key=key)


class UnknownId(UsageError, LookupError):
    """Nothing of this kind has this id."""

    error_code = "unknown_id"

    def __init__(self, kind: str, id: str) -> None:
        super().__init__(f"unknown {kind}: {quote(id)}", kind=kind, id=id)


class DuplicateId(UsageError):
    """Something of this kind has this id already."""

    error_code = "duplicate_id"

    def __init__(self, kind: str, id: str) -> None:
        super().__init__(f"{kind} {quote(id)} exists already", kind=kind, id=id)


class TimeWentBack(UsageError):
    """The instant given lies before the last one handled."""

    error_code = "time_went_back"


class IdempotencyMismatch(UsageError):
    """A command id or item id was used again with other contents."""

    error_code = "idempotency_mismatch"


class Refused(SwitchroomError):
    """The rules forbid it now; nothing has changed."""

    error_code = "refused"


class NotAllowed(Refused):
    """The state of the thing does not allow the operation."""

    error_code = "not_allowed"

    def __init__(self, operation: str, kind: str, id: str, state: str) -> None:
        super().__init__(
            f"cannot {operation} {kind} {quote(id)}: it is {state}", operation=operation, kind=kind, id=id, state=state
        )


class OfferGone(Refused):
    """The offer has ended; ``outcome`` says how (accepted, declined, expired or revoked)."""

    error_code = "offer_gone"

    def __init__(self, offer: str, outcome: str) -> None:
        super().__init__(f"offer {quote(offer)} is gone: {outcome}", offer=offer, outcome=outcome)


class AssignmentGone(Refused):
    """The assignment has ended; ``outcome`` says how."""

    error_code = "assignment_gone"

    def __init__(self, assignment: str, outcome: str) -> None:
        super().__init__(f"assignment {quote(assignment)} is gone: {outcome}", assignment=assignment, outcome=outcome)


class NotYours(Refused):
    """The offer or assignment belongs to another agent."""

    error_code = "not_yours"

    def __init__(self, kind: str, id: str, agent: str) -> None:
        super().__init__(f"{kind} {quote(id)} does not belong to agent {quote(agent)}", kind=kind, id=id, agent=agent)


class TargetUnavailable(Refused):
    """The agent to receive the work is not on queue."""

    error_code = "target_unavailable"

    def __init__(self, agent: str, presence: str) -> None:
        super().__init__(f"agent {quote(agent)} cannot be offered work: {presence}", agent=agent, presence=presence)


class OverCapacity(Refused):
    """The agent has no room for the work."""

    error_code = "over_capacity"

    def __init__(self, agent: str, item: str) -> None:
        super().__init__(f"agent {quote(agent)} has no room for item {quote(item)}", agent=agent, item=item)


class QueueFull(Refused):
    """The queue holds as many items as its limit allows, and has no overflow that takes more."""

    error_code = "queue_full"

    def __init__(self, queue: str, limit: int) -> None:
        super().__init__(f"queue {quote(queue)} is full: {limit} waiting", queue=queue, limit=limit)


class QueueClosed(Refused):
    """The queue is switched off, or closed and refuses work outside its hours."""

    error_code = "queue_closed"

    def __init__(self, queue: str, reason: str) -> None:
        super().__init__(f"queue {quote(queue)} takes no work: {reason}", queue=queue, reason=reason)


class LimitReached(Refused):
    """A named limit on something that can grow."""

    error_code = "limit_reached"

    def __init__(self, limit: str, maximum: int) -> None:
        super().__init__(f"limit reached: {limit} = {maximum}", limit=limit, maximum=maximum)


class SendRefused(Refused):
    """A message must not be sent now; ``reason`` says why (opted out, no consent, quiet hours, a cap, a list)."""

    error_code = "send_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the message must not be sent: {reason}", reason=reason)


class VersionMismatch(Refused):
    """The thing has changed since the caller read it."""

    error_code = "version_mismatch"

    def __init__(self, kind: str, id: str, expected: int, actual: int) -> None:
        super().__init__(
            f"{kind} {quote(id)} is at version {actual}, not {expected}",
            kind=kind,
            id=id,
            expected=expected,
            actual=actual,
        )


class NotPermitted(Refused):
    """The authorization hook refused the operation to this principal."""

    error_code = "not_permitted"

    def __init__(self, principal: str, operation: str) -> None:
        super().__init__(f"{quote(principal)} may not {operation}", principal=principal, operation=operation)


class InputDead(Refused):
    """The same input has broken the kernel twice, and is not tried a third time; ``input`` is its id in the list."""

    error_code = "input_dead"

    def __init__(self, operation: str, input: str) -> None:
        super().__init__(
            f"{operation} with these arguments has failed twice: see dead_inputs", operation=operation, input=input
        )


class EnvironmentFault(SwitchroomError):
    """Neither the caller nor the rules: a store, a network or a bug."""

    error_code = "environment_fault"


class StorageError(EnvironmentFault):
    """The store failed; ``reason`` is one word for how, ``retryable`` whether trying again makes sense.

    Reasons: ``locked``, ``read_only``, ``full``, ``missing`` (no such place), ``foreign`` (not a log of this library),
    ``newer`` (written by a later release), ``damaged``, ``unreachable``, ``timeout``, ``closed``, ``conflict``,
    ``busy``, ``follower``, ``failed``.
    """

    error_code = "storage_error"

    def __init__(self, message: str, *, reason: str = "failed", retryable: bool = False, **details: Any) -> None:
        super().__init__(message, reason=reason, retryable=retryable, **details)


class ConflictError(StorageError):
    """The end of the log is not the position that the append named: another writer was here."""

    error_code = "conflict_error"

    def __init__(self, expected: int, actual: int) -> None:
        message = f"log ends at {actual}, not at {expected}"
        super().__init__(message, reason="conflict", retryable=True, expected=expected, actual=actual)


class BusyError(StorageError):
    """Gave up after a stated number of tries, or after a stated time."""

    error_code = "busy_error"

    def __init__(self, message: str, *, reason: str = "busy") -> None:
        super().__init__(message, reason=reason, retryable=True)


class NotTheWriter(StorageError):
    """This process follows the log and writes nothing now; ``holder`` is who does, empty if that is not known."""

    error_code = "not_the_writer"

    def __init__(self, holder: str = "") -> None:
        who = f": {holder} writes" if holder else ""
        super().__init__(f"this process follows the log{who}", reason="follower", retryable=True, holder=holder)


class DamagedRecord(EnvironmentFault):
    """A stored record cannot be read."""

    error_code = "damaged_record"

    def __init__(self, position: int, problem: str) -> None:
        super().__init__(f"record {position}: {problem}", position=position, problem=problem)


class UnknownRecordType(DamagedRecord):
    """Nobody in this process has declared the type of the record: is the module with its events imported?"""

    error_code = "unknown_record_type"

    def __init__(self, position: int, type: str) -> None:
        EnvironmentFault.__init__(
            self, f"record {position}: unknown type {quote(type)}", position=position, problem="unknown type", type=type
        )


class NewerRecord(DamagedRecord):
    """A later release wrote the record, in a form that this one does not know."""

    error_code = "newer_record"

    def __init__(self, position: int, type: str, version: int, known: int) -> None:
        EnvironmentFault.__init__(
            self,
            f"record {position}: {type} has version {version}, known up to {known}",
            position=position,
            problem="newer version",
            type=type,
            version=version,
            known=known,
        )


class DeliveryFailed(EnvironmentFault):
    """A receiver did not take an effect this time; ``retry_after`` (seconds) if it said when to come again."""

    error_code = "delivery_failed"

    def __init__(self, problem: str, *, retry_after: float | None = None) -> None:
        super().__init__(problem, retry_after=retry_after)


class DeliveryRefused(EnvironmentFault):
    """A receiver refused an effect for good: trying again makes no sense."""

    error_code = "delivery_refused"


class KernelPoisoned(EnvironmentFault):
    """An error after an event was emitted: the state in memory cannot be trusted and is rebuilt from the log."""

    error_code = "kernel_poisoned"
