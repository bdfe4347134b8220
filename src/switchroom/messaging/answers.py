"""What an inbound message answers, if it answers a message that the company began."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from switchroom.routing.fields import Fact


@attrs.frozen(kw_only=True)
class Answer:
    """``source``: ``campaign:ID`` or ``notice:ID``. ``message``: ours that is answered.

    ``metadata``: values that go with the reply. ``queue`` or ``flow``: where a new conversation goes, in place of what
    its line says. ``agent``: who answers it, outside of queues. ``place``: for whoever sent the message.
    """

    source: str
    message: str
    metadata: Mapping[str, Fact]
    queue: str | None = None
    flow: str | None = None
    agent: str | None = None
    place: int = 0
