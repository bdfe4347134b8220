"""Assertions about a center that say why they fail: what was expected, what is the case, and the explanation of it.

Plain functions that raise AssertionError, for any test runner::

    offer = assert_offered(center, call, to="ana")
    center.offers.accept(offer.id)
    assert_assigned(center, call, to="ana")

Those about one thing return it as it is now, so that a test can go on with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, NoReturn

from switchroom.errors import SwitchroomError
from switchroom.kernel.records import Record
from switchroom.messaging.addresses import Address
from switchroom.messaging.content import plain_text
from switchroom.routing.views import AgentView, AssignmentView, ItemView, OfferView
from switchroom.transport.protocol import Envelope

if TYPE_CHECKING:
    from switchroom.center import ContactCenter
    from switchroom.transport.memory import MemoryTransport

LAST_EVENTS = 8
"""Records about an item shown when it is in no queue any more: what has become of it is among the last."""

MAX_SHOWN = 60
"""Characters of a message shown."""


def _fail(*lines: str) -> NoReturn:
    __tracebackhide__ = True
    raise AssertionError("\n".join(lines))


# -- items


def assert_offered(center: ContactCenter, item: str, *, to: str | None = None) -> OfferView:
    """The item is on offer now, to this agent if one is given; returns the (oldest such) offer.

    Fails with why the agent is not offered it, or with who are the candidates and why none of them is.
    """
    __tracebackhide__ = True
    offers = center.offers.of_item(item)
    found = next((offer for offer in offers if to in (None, offer.agent)), None)
    if found is not None:
        return found
    _fail(f"{item} is not offered{_to(to)}, but {_standing(center, item)}", *_why_not(center, item, to))


def assert_not_offered(center: ContactCenter, item: str, *, to: str | None = None) -> None:
    """The item is not on offer now, or not to this agent. Fails with why it went there."""
    __tracebackhide__ = True
    for offer in center.offers.of_item(item):
        if to in (None, offer.agent):
            _fail(f"{item} is offered to {offer.agent}", str(center.insight.explain_offer(offer.id)))


def assert_waiting(
    center: ContactCenter, item: str, *, queue: str | None = None, position: int | None = None
) -> ItemView:
    """The item waits and is on offer to nobody; in this queue and at this 1-based position, if they are given."""
    __tracebackhide__ = True
    view = center.work.get(item)
    if view.state != "waiting":
        _fail(f"{item} is not waiting, but {_standing(center, item)}", *_why_not(center, item, None))
    if queue not in (None, view.queue):
        _fail(f"{item} does not wait in {queue}, but in {view.queue}", *_story(center, item))
    if position is not None and center.insight.position(item) != position:
        order = [f"  {n}. {id}" for n, id in enumerate(center.queues.waiting(view.queue or ""), 1)]
        _fail(f"{item} is not at position {position} of {view.queue}, but at {center.insight.position(item)}", *order)
    return view


def assert_assigned(center: ContactCenter, item: str, *, to: str | None = None) -> AssignmentView:
    """Somebody has the item in hand (after-call work included), this agent if one is given."""
    __tracebackhide__ = True
    view = center.work.get(item)
    if view.assignment is None or to not in (None, view.agent):
        _fail(f"{item} is not assigned{_to(to)}, but {_standing(center, item)}", *_why_not(center, item, to))
    return center.assignments.get(view.assignment)


def assert_state(center: ContactCenter, item: str, state: str) -> ItemView:
    """The item is in this state (``waiting``, ``offered``, ``assigned``, ``completed``, ...)."""
    __tracebackhide__ = True
    view = center.work.get(item)
    if view.state != state:
        _fail(f"{item} is not {state}, but {_standing(center, item)}", *_story(center, item))
    return view


def _to(agent: str | None) -> str:
    return "" if agent is None else f" to {agent}"


def _standing(center: ContactCenter, item: str) -> str:
    """Where an item is, in a few words."""
    view = center.work.get(item)
    if view.offers:
        return f"offered to {', '.join(offer.agent for offer in center.offers.of_item(item))}"
    if view.agent is not None:
        return f"{view.state} to {view.agent}" if view.state == "assigned" else f"{view.state} with {view.agent}"
    return f"waiting in {view.queue}" if view.state == "waiting" else view.state


def _why_not(center: ContactCenter, item: str, agent: str | None) -> Iterator[str]:
    """The explanation of why an item is not with an agent; what has happened to it, if it is in no queue."""
    try:
        if agent is not None:
            yield str(center.insight.why_not(item, agent))
        yield str(center.insight.explain(item))
    except SwitchroomError as refusal:
        yield refusal.message
        yield from _story(center, item)


def _story(center: ContactCenter, item: str) -> list[str]:
    """What has happened to an item lately."""
    records = [*center.events(tag=f"item:{item}")][-LAST_EVENTS:]
    return ["the latest about it:", *(f"  {record!r}" for record in records)]


# -- agents


def assert_presence(center: ContactCenter, agent: str, presence: str) -> AgentView:
    """The agent's presence is this one (``on_queue``, ``break``, ``not_responding``, ...)."""
    __tracebackhide__ = True
    view = center.agents.get(agent)
    if view.presence != presence:
        _fail(f"{agent} is not {presence}, but {view.presence} since {view.since.isoformat()}")
    return view


# -- messages


def assert_sent(
    transport: MemoryTransport, text: str = "", *, to: Address | None = None, count: int | None = None
) -> tuple[Envelope, ...]:
    """Messages that contain this text have left, to this address if one is given; exactly ``count`` if that is given.

    Returns them, oldest first. Fails with everything that has left.
    """
    __tracebackhide__ = True
    found = _matching(transport, text, to)
    if (not found) if count is None else len(found) != count:
        wanted = "no message" if not found else f"{len(found)} messages"
        if count is not None:
            wanted += f", not {count},"
        _fail(f"{wanted} with {text!r}{_to(_shown(to))} left", *_left(transport))
    return found


def assert_not_sent(transport: MemoryTransport, text: str = "", *, to: Address | None = None) -> None:
    """No message that contains this text has left, to this address if one is given."""
    __tracebackhide__ = True
    found = _matching(transport, text, to)
    if found:
        _fail(f"{len(found)} with {text!r}{_to(_shown(to))} left", *_left(transport))


def _matching(transport: MemoryTransport, text: str, to: Address | None) -> tuple[Envelope, ...]:
    return tuple(
        one for one in transport.sent if text in plain_text(one.content) and (to is None or one.recipient == to)
    )


def _shown(address: Address | None) -> str | None:
    return None if address is None else address.masked


def _left(transport: MemoryTransport) -> list[str]:
    lines = [f"  to {one.recipient.masked}: {plain_text(one.content)[:MAX_SHOWN]!r}" for one in transport.sent]
    return ["what has left:", *(lines or ["  nothing"])]


# -- the log


def assert_happened(
    center: ContactCenter,
    type: str,
    fields: Mapping[str, object] | None = None,
    *,
    tag: str | None = None,
    count: int | None = None,
) -> tuple[Record, ...]:
    """Events of this type are in the log, with these values of fields; exactly ``count`` if that is given.

    Returns their records, oldest first. Fails with the events of that type that there are. Linear in the log, or in
    the records with the ``tag``.
    """
    __tracebackhide__ = True
    wanted = dict(fields or {})
    of_type = [record for record in center.events(tag=tag) if record.type == type]
    found = tuple(record for record in of_type if _has(record, wanted))
    if (not found) if count is None else len(found) != count:
        told = f"{type} {wanted}" if wanted else type
        shown = [f"  {record.position}: {record.event!r}" for record in islice(of_type, LAST_EVENTS)]
        _fail(f"{told} happened {len(found)} times", *(shown or [f"  there is no {type} at all"]))
    return found


def assert_not_happened(
    center: ContactCenter, type: str, fields: Mapping[str, object] | None = None, *, tag: str | None = None
) -> None:
    """No event of this type, with these values of fields, is in the log."""
    __tracebackhide__ = True
    assert_happened(center, type, fields, tag=tag, count=0)


def _has(record: Record, wanted: Mapping[str, object]) -> bool:
    missing = object()
    return all(getattr(record.event, name, missing) == value for name, value in wanted.items())
