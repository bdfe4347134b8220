"""The life cycle of an item, as a table: every pair of state and event that is not in it is refused.

An item is ``created`` when it is submitted; it may wait for its time (``scheduled``), it waits in a queue
(``waiting``), is offered to one agent or several (``offered``), is worked on (``assigned``), followed by after-call
work (``wrapping``); it may be set aside (``parked``: suspended, or in a workbin). It ends as ``completed``, and may
then be ``closed`` for good; or it ends as ``cancelled`` (withdrawn by somebody), ``abandoned`` (the customer went
away) or ``timed_out`` (nobody took it in time).
"""

from __future__ import annotations

from switchroom.errors import NotAllowed

CREATED = "created"
SCHEDULED = "scheduled"
WAITING = "waiting"
OFFERED = "offered"
ASSIGNED = "assigned"
WRAPPING = "wrapping"
PARKED = "parked"
COMPLETED = "completed"
CLOSED = "closed"
CANCELLED = "cancelled"
ABANDONED = "abandoned"
TIMED_OUT = "timed_out"

IN_QUEUE = frozenset({WAITING, OFFERED})
IN_HAND = frozenset({ASSIGNED, WRAPPING})
FINAL = frozenset({COMPLETED, CLOSED, CANCELLED, ABANDONED, TIMED_OUT})

_ENDS = {"cancel": CANCELLED, "abandon": ABANDONED}

ITEM_LIFECYCLE: dict[str, dict[str, str]] = {
    CREATED: {
        "queue": WAITING,
        "unroute": CREATED,
        "schedule": SCHEDULED,
        "park": PARKED,
        "assign": ASSIGNED,
        **_ENDS,
    },
    SCHEDULED: {
        "queue": WAITING,
        "unroute": CREATED,
        "schedule": SCHEDULED,
        "park": PARKED,
        "assign": ASSIGNED,
        **_ENDS,
    },
    WAITING: {
        "queue": WAITING,
        "offer": OFFERED,
        "assign": ASSIGNED,
        "park": PARKED,
        "schedule": SCHEDULED,
        "time_out": TIMED_OUT,
        "unroute": CREATED,
        **_ENDS,
    },
    OFFERED: {
        "queue": WAITING,
        "unroute": CREATED,
        "offer": OFFERED,
        "unoffer": WAITING,
        "accept": ASSIGNED,
        "assign": ASSIGNED,
        "park": PARKED,
        "schedule": SCHEDULED,
        "time_out": TIMED_OUT,
        **_ENDS,
    },
    ASSIGNED: {
        "accept": ASSIGNED,
        "assign": ASSIGNED,
        "queue": WAITING,
        "unroute": CREATED,
        "offer": OFFERED,
        "park": PARKED,
        "schedule": SCHEDULED,
        "complete": COMPLETED,
        "wrap_up": WRAPPING,
        **_ENDS,
    },
    WRAPPING: {"complete": COMPLETED, "close": CLOSED},
    PARKED: {
        "queue": WAITING,
        "unroute": CREATED,
        "assign": ASSIGNED,
        "schedule": SCHEDULED,
        "park": PARKED,
        **_ENDS,
    },
    COMPLETED: {"queue": WAITING, "unroute": CREATED, "close": CLOSED},
    CLOSED: {},
    CANCELLED: {},
    ABANDONED: {},
    TIMED_OUT: {},
}
"""state -> event -> next state. ``consult`` needs no entry: the item stays assigned while the offer is out."""


def next_state(item: str, state: str, event: str) -> str:
    """The state that follows, or NotAllowed. O(1)."""
    try:
        return ITEM_LIFECYCLE[state][event]
    except KeyError:
        raise NotAllowed(event, "item", item, state) from None


def allows(state: str, event: str) -> bool:
    """Whether the table has this pair."""
    return event in ITEM_LIFECYCLE[state]
