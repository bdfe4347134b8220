"""The mutable records behind notifications. Private."""

from __future__ import annotations

from switchroom.outbound.notice_model import Notification

SCHEDULED, SENDING, SENT, ENDED = "scheduled", "sending", "sent", "ended"


class NoticeRecord:
    """One notification, single or recurring. ``serial``: how many messages were requested for it."""

    __slots__ = (
        "begun_us",
        "code",
        "due_us",
        "effect",
        "ended_us",
        "id",
        "idempotency",
        "key",
        "link",
        "planned_us",
        "provider",
        "reason",
        "serial",
        "spec",
        "state",
        "status",
    )

    def __init__(self, id: str, spec: Notification, key: str, idempotency: str | None, at: int) -> None:
        self.id = id
        self.spec = spec
        self.key = key
        self.idempotency = idempotency
        self.begun_us = at
        self.state = SCHEDULED
        self.due_us: int | None = None
        self.planned_us = at
        """The time for which the present message was meant; `due_us` may be later, because of quiet hours."""
        self.effect: str | None = None
        self.serial = 0
        self.status = ""
        self.code = ""
        self.reason = ""
        self.provider = 0
        self.link = 0
        self.ended_us: int | None = None

    @property
    def message(self) -> str:
        """The id of the latest message."""
        return f"{self.id}-{self.serial}"
