"""To which division conversations and lines belong, and what somebody sees who is limited to some."""

from __future__ import annotations

import copy
from typing import Any, cast

from switchroom.conversations.flow_state import Flows
from switchroom.conversations.records import ConversationRecord
from switchroom.conversations.state import Conversations
from switchroom.kernel.within import Visible


def division(c: Conversations, kind: str, id: str) -> str | None:
    """The division of a line (by id or address), conversation or message of ours; empty if there is none."""
    if kind == "line":
        return c.lines[id].division if id in c.lines else ""
    if kind == "address":
        return c.lines[c.by_address[id]].division if id in c.by_address else ""
    if kind == "conversation":
        return c.conversations[id].line.division if id in c.conversations else ""
    if kind == "message":
        conversation = c.messages[id].conversation if id in c.messages else None
        return "" if conversation is None else division(c, "conversation", conversation)
    return None


def within(c: Conversations, divisions: frozenset[str]) -> Conversations:
    """Conversations with the tables cut down to these divisions. Only to be looked at."""

    def passes(_: str, record: ConversationRecord) -> bool:
        return record.line.division in divisions

    seen = copy.copy(c)
    seen.lines = cast("Any", Visible(c.lines, lambda _, line: line.division in divisions))
    seen.conversations = cast("Any", Visible(c.conversations, passes))
    seen.messages = cast("Any", Visible(c.messages, lambda _, m: m.conversation in seen.conversations))
    return seen


def flows_within(f: Flows, divisions: frozenset[str]) -> Flows:
    """Where the conversations of these divisions stand in flows. Only to be looked at."""
    seen = copy.copy(f)
    seen.conversations = within(f.conversations, divisions)
    known = seen.conversations.conversations
    for table in ("runs", "variables", "tags"):
        setattr(seen, table, Visible[Any](getattr(f, table), lambda id, _: id in known))
    return seen
