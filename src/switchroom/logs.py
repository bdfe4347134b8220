"""The library's logger, silent unless the application listens, and records of a center as log messages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from switchroom.center import ContactCenter
    from switchroom.kernel.records import Record

logger = logging.getLogger("switchroom")
"""What the library has to say to whoever runs it: subscribers that failed, snapshots that could not be kept or read."""
logger.addHandler(logging.NullHandler())

records = logging.getLogger("switchroom.records")
"""What happens in a center, for those who ask for it with ``log_records``."""


def log_records(center: ContactCenter, *, level: int = logging.INFO) -> Callable[[], None]:
    """Log every record of a center from now on, as ``routing.offer_made item:7 agent:ana``; returns how to stop.

    Position, type, tags and command id only: nothing personal. They are attributes of the log record, too
    (``position``, ``event``, ``tags``, ``command_id``), for handlers that write structured lines.
    """

    def log(record: Record) -> None:
        if records.isEnabledFor(level):
            tags = " ".join(record.tags)
            extra = {
                "position": record.position,
                "event": record.type,
                "tags": record.tags,
                "command_id": record.command_id,
            }
            records.log(level, "%d %s %s", record.position, record.type, tags, extra=extra)

    return center.subscribe(log)
