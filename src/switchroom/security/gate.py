"""The one place before every operation: may this principal do this, and is it to be audited?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from functools import wraps
from typing import Any, Protocol

import attrs

from switchroom.errors import NotPermitted, UnknownId
from switchroom.kernel.answers import canonical
from switchroom.kernel.transaction import Transaction
from switchroom.kernel.vertical import Vertical
from switchroom.logs import logger
from switchroom.security.audit import Audit, record
from switchroom.security.principals import ACTING, Principal
from switchroom.security.subjects import Subject, name_of, subjects_of

INTERNAL = frozenset({"effects.claim", "effects.failed", "effects.succeeded", "gate.denied"})
"""What the library does itself, in the course of something that was asked for or of its own accord: not asked."""

ADMINISTRATIVE = (
    *("queues.*", "agents.save", "agents.remove", "agents.set_skills", "agents.join", "agents.leave"),
    *("agents.save_team", "intake.*", "flows.*", "canned.*", "quality.save_form", "conversations.save_line"),
    *("conversations.save_contact", "consent.*", "assignments.assign", "work.*_many", "effects.*", "erasure.*"),
    *("campaigns.*", "lists.*", "worktypes.*"),
)
"""Operations that are audited when a principal does them, as patterns: settings, other people's work, consent, data
about persons. What agents do with their own work is in the log anyhow."""


@attrs.frozen(kw_only=True)
class AccessRequest:
    """What the authorization hook is asked. ``operation``: noun and verb, such as ``offers.accept``. ``subjects``:
    (kind, id) of what it is about. ``divisions``: those of the subjects. ``principal`` None: the embedder's own code.
    """

    principal: Principal | None
    operation: str
    subjects: tuple[Subject, ...]
    divisions: frozenset[str]


Authorize = Callable[[AccessRequest], bool]
"""True allows. Anything else, an exception included, denies."""


class GateRunner(Protocol):
    """What the gate needs of the center."""

    @property
    def verticals(self) -> Iterable[Vertical]: ...

    def run_on(self, vertical: str, operation: Callable[..., Any], *args: Any) -> Any: ...


class Gate:
    """Asked once for each operation, before it decides anything."""

    def __init__(self, runner: GateRunner, authorize: Authorize | None, audited: Iterable[str]) -> None:
        self._runner = runner
        self._authorize = authorize
        self._audited = tuple(audited)

    def admit(self, operation: Callable[..., Any], vertical: str, arguments: tuple[object, ...]) -> Callable[..., Any]:
        """The operation to run: this one, or one that also records it. Raises NotPermitted, after recording that, or
        UnknownId for what lies in a division that the principal does not see."""
        name = name_of(operation, vertical)
        principal = ACTING.get()
        if name in INTERNAL or (principal is None and self._authorize is None):
            return operation
        subjects = subjects_of(operation, vertical, arguments)
        request = AccessRequest(
            principal=principal, operation=name, subjects=subjects, divisions=self._divisions(subjects)
        )
        hidden = self._hidden(request)
        if hidden is not None or not self._allowed(request):
            self._runner.run_on("security", denied, request, canonical(arguments))
            raise hidden or NotPermitted("" if principal is None else principal.id, name)
        if principal is None or not any(fnmatchcase(name, pattern) for pattern in self._audited):
            return operation
        return _with_record(operation, request, canonical(arguments), self._audit)

    def _divisions(self, subjects: tuple[Subject, ...]) -> frozenset[str]:
        found = {id for kind, id in subjects if kind == "division"}
        found.update(division for subject in subjects if (division := self._division(subject)))
        return frozenset(found)

    def _division(self, subject: Subject) -> str | None:
        """Of a thing; empty for one of a kind that has divisions but does not exist; None for other kinds."""
        for vertical in self._runner.verticals:
            division = None if vertical.division is None else vertical.division(*subject)
            if division is not None:
                return division
        return None

    def _hidden(self, request: AccessRequest) -> Exception | None:
        """The error that tells a limited principal nothing about other divisions, not even that a thing exists."""
        limits = None if request.principal is None else request.principal.divisions
        if limits is None:
            return None
        known = [(kind, id, self._division((kind, id))) for kind, id in request.subjects]
        for kind, id, division in known:
            if division and division not in limits:
                return UnknownId("item" if kind == "work" else kind, id)  # as of an id that nobody has
        if not request.divisions <= limits or not any(division is not None for _, _, division in known):
            assert request.principal is not None
            return NotPermitted(request.principal.id, request.operation)
        return None

    def _allowed(self, request: AccessRequest) -> bool:
        if self._authorize is None:
            return True
        try:
            return self._authorize(request) is True
        except Exception:
            logger.exception("the authorization hook failed for %s: denied", request.operation)
            return False

    @property
    def _audit(self) -> Audit:
        audit: Audit = next(vertical.state for vertical in self._runner.verticals if vertical.name == "security")
        return audit


def _with_record(
    operation: Callable[..., Any], request: AccessRequest, arguments: str, audit: Audit
) -> Callable[..., Any]:
    """The operation and the record of it, in one step."""

    @wraps(operation)
    def recorded(tx: Transaction, state: Any, *args: Any) -> Any:
        result = operation(tx, state, *args)
        _record(tx, audit, request, "done", arguments)
        return result

    return recorded


def denied(tx: Transaction, audit: Audit, request: AccessRequest, arguments: str) -> None:
    """Operation: somebody tried what they may not."""
    _record(tx, audit, request, "denied", arguments)


def _record(tx: Transaction, audit: Audit, request: AccessRequest, outcome: str, arguments: str) -> None:
    principal = "" if request.principal is None else request.principal.id
    subjects = tuple(f"{kind}:{id}" for kind, id in request.subjects if kind != "address")
    contact = next((id for kind, id in request.subjects if kind == "contact"), None)
    record(tx, audit, principal, request.operation, subjects, outcome, arguments, contact)
