"""Who acts: carried along with the task or thread, so that two at once never act as each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Any

import attrs

from switchroom.ids import valid_id


def _to_divisions(value: Iterable[str] | None) -> frozenset[str] | None:
    return None if value is None else frozenset(valid_id(division, "divisions") for division in value)


def _to_principal_id(value: str) -> str:
    return valid_id(value, "principal.id")


@attrs.frozen(kw_only=True)
class Principal:
    """Somebody, as the embedder's identity provider knows them.

    ``divisions``: all that this principal may see and touch (None: no limit). ``details``: whatever the authorization
    hook is to know besides: roles, a tenant, scopes of a token.
    """

    id: str = attrs.field(kw_only=False, converter=_to_principal_id)
    divisions: frozenset[str] | None = attrs.field(default=None, converter=_to_divisions)
    details: Mapping[str, Any] = attrs.field(factory=dict[str, Any], repr=False)


ACTING: ContextVar[Principal | None] = ContextVar("switchroom_principal", default=None)
"""The principal that acts in this context; None is the embedder's own code."""
