"""What erasing a person does here: nothing more is sent, and what goes with replies is gone."""

from __future__ import annotations

import attrs

from switchroom.kernel.transaction import Transaction
from switchroom.kernel.vertical import Traces
from switchroom.outbound import notifying
from switchroom.outbound.notice_records import ENDED
from switchroom.outbound.places import attempt_free, place_of_message
from switchroom.outbound.state import Outbound

NOBODY: frozenset[str] = frozenset()


def withdraw(o: Outbound, tx: Transaction, traces: Traces) -> bool:
    """Cancel the person's notifications."""
    found = [o.notices[id] for id in sorted(traces.get("notice", NOBODY)) if id in o.notices]
    still = [notice.id for notice in found if notice.state != ENDED]
    for id in still:
        notifying.cancel(tx, o, id)
    return bool(still)


def forget(o: Outbound, traces: Traces) -> None:
    """Blank whom notifications were for, and what goes with replies to campaigns."""
    for id in sorted(traces.get("notice", NOBODY)):
        notice = o.notices.get(id)
        if notice is not None:
            notice.spec = attrs.evolve(notice.spec, to=notice.spec.to.blanked(), values={})
    for message in sorted(traces.get("message", NOBODY)):
        place = place_of_message(message)
        if place is not None and attempt_free(place) in o.metadata:
            o.metadata[attempt_free(place)] = {}
