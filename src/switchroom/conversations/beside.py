"""What stands beside conversations, found from them: flows, canned responses, quality."""

from __future__ import annotations

import attrs

from switchroom.conversations.canned import Library
from switchroom.conversations.flow_state import Flows
from switchroom.conversations.quality import Quality
from switchroom.conversations.state import Conversations


@attrs.frozen(kw_only=True)
class Beside:
    """The states of the verticals that work with conversations."""

    flows: Flows
    library: Library
    quality: Quality


def beside_of(c: Conversations) -> Beside:
    """What stands beside these conversations: `install` has put it there."""
    found = c.beside
    assert isinstance(found, Beside), "conversations that were not installed"
    return found
