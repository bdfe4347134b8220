"""Days played against a real center."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchroom import Agent, ContactCenter, ManualClock, Queue, SystemClock, WorkItem
from switchroom.config import Behaviour, Break, Configuration, Shift
from switchroom.errors import InvalidInput
from switchroom.reporting.ledger import Ledger
from switchroom.reporting.rows import AgentRow, QueueRow, Totals
from switchroom.reporting.where import Where
from switchroom.routing.escalation_model import Escalation, MoveTo
from switchroom.routing.queue_model import AfterCallWork, ServiceLevel
from switchroom.routing.utilization import Utilization
from switchroom.simulation.behaviours import spans
from switchroom.simulation.day import Played, play
from switchroom.simulation.traffic import Arrival

START = datetime.fromisoformat("2026-01-05T00:00:00+00:00")
STEADY = Behaviour(answer="5s", handle="2m", wrap_up="30s", spread=0)
"""Everybody takes exactly so long."""


def at(hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
    return START + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def call(when: datetime, *, line: int = 0, queue: str = "sales", **more: Any) -> Arrival:
    fields = {name: more.pop(name) for name in ("handle", "patience") if name in more}
    return Arrival(at=when, work=WorkItem(queue=queue, medium="voice", **more), line=line, **fields)


class Found:
    """The figures of a day."""

    def __init__(self, ledger: Ledger, day: Where) -> None:
        self.queues: tuple[QueueRow, ...] = ledger.queues(day)
        self.agents: tuple[AgentRow, ...] = ledger.agents(day)
        self.totals: Totals = ledger.totals(day)


def played(
    arrivals: Sequence[Arrival],
    *,
    queues: Sequence[Queue] = (Queue("sales"),),
    agents: Sequence[Agent] = (Agent("ana", queues=["sales"]),),
    shifts: Sequence[Shift] = (Shift(agents=["ana"], hours="09:00-17:00"),),
    behaviours: Sequence[Behaviour] = (STEADY,),
    seed: int = 1,
    until: datetime = START + timedelta(days=1),
) -> tuple[ContactCenter, Played, Found]:
    configuration = Configuration(queues=queues, agents=agents, shifts=shifts, behaviours=behaviours)
    center = configuration.build(clock=ManualClock(START), seed=seed)
    result = play(center, arrivals, until=until, shifts=shifts, behaviours=behaviours, seed=seed)
    center.check()
    return center, result, Found(Ledger.of(center.events()), Where(until=until))


def story(center: ContactCenter) -> list[tuple[str, str]]:
    """What happened to items and presences: (time, event)."""
    found = []
    for record in center.events():
        kind = record.type.removeprefix("routing.")
        if kind.startswith(("offer", "item_completed", "item_ended", "after_call", "presence")):
            time = datetime.fromtimestamp(record.at / 1e6, START.tzinfo).strftime("%H:%M:%S")
            found.append((time, getattr(record.event, "presence", kind)))
    return found


def test_one_call() -> None:
    """A call is offered when its agent comes, answered after the answer time, and done after the handle time."""
    center, _, found = played([call(at(8, 59))])
    assert story(center) == [
        ("09:00:00", "on_queue"),
        ("09:00:00", "offer_made"),
        ("09:00:05", "offer_accepted"),
        ("09:02:05", "item_completed"),
        ("17:00:00", "offline"),
    ]
    (queue,), (agent,) = found.queues, found.agents
    assert (queue.offered, queue.answered, queue.mean_wait, queue.max_wait) == (
        1,
        1,
        timedelta(seconds=65),
        timedelta(seconds=65),
    )
    assert (agent.staffed, agent.busy, agent.handled) == (timedelta(hours=8), timedelta(minutes=2), 1)
    assert agent.occupancy == pytest.approx(2 / 480)


def test_work_is_finished_before_a_break_and_before_home() -> None:
    """An agent with work in hand at the start of a break, or at the end of the shift, finishes it first."""
    shift = Shift(agents=["ana"], hours="09:00-17:00", breaks=[Break("12:00-12:30", presence="lunch")])
    center, _, found = played([call(at(11, 59)), call(at(16, 59)), call(at(12, 5))], shifts=[shift])
    assert [entry for entry in story(center) if "_" not in entry[1] or entry[1] == "on_queue"] == [
        ("09:00:00", "on_queue"),
        ("12:00:00", "draining"),
        ("12:01:05", "lunch"),
        ("12:30:00", "on_queue"),
        ("17:00:00", "draining"),
        ("17:01:05", "offline"),
    ]
    # Eight hours, less the break, of which the call took 65 seconds, and 65 seconds overtime.
    assert found.agents[0].staffed == timedelta(hours=7, minutes=32, seconds=10)


def test_patience_ends() -> None:
    """A customer leaves at the end of patience, unless somebody has answered before."""
    arrivals = [call(at(9), patience=timedelta(minutes=1)), call(at(9, 0, 1), patience=timedelta(minutes=1))]
    _, _, found = played(arrivals)
    (queue,) = found.queues
    assert (queue.answered, queue.abandoned, queue.max_wait) == (1, 1, timedelta(minutes=1))


def test_handle_time_of_the_traffic_counts() -> None:
    """A handle time that comes with the work goes before that of the behaviour."""
    _, _, found = played([call(at(9), handle=timedelta(minutes=7))])
    assert found.agents[0].busy == timedelta(minutes=7)


@pytest.mark.parametrize(
    ("mode", "busy"), [("none", 120), ("mandatory", 150), ("timed", 140), ("forced", 140), ("optional", 120)]
)
def test_after_call_work(mode: str, busy: int) -> None:
    """After-call work lasts as the agent takes, where the agent ends it, and as the queue says otherwise."""
    queue = Queue("sales", after_call_work=AfterCallWork(mode=mode, limit="20s"), wrap_up_codes=["a", "b"])
    _, _, found = played([call(at(9))], queues=[queue])
    assert found.agents[0].busy == timedelta(seconds=busy)
    assert found.agents[0].handled == 1


def test_missed_and_declined_offers() -> None:
    """Who misses an offer does not respond for a while and comes back; who declines stays, and it goes to another."""
    agents = [Agent("ana", queues=["sales"]), Agent("bob", queues=["sales"])]
    behaviours = [
        Behaviour(agents=["ana"], miss=1.0, back_after="3m"),
        Behaviour(agents=["bob"], decline=1.0, answer="2s", spread=0),
    ]
    shifts = [Shift(agents=["ana", "bob"], hours="09:00-17:00")]
    center, _, found = played(
        [call(at(9), patience=timedelta(minutes=2))],
        queues=[Queue("sales", alert_timeout="10s")],
        agents=agents,
        behaviours=behaviours,
        shifts=shifts,
    )
    assert [(one.agent, one.offered, one.missed, one.declined) for one in found.agents] == [
        ("ana", 1, 1, 0),
        ("bob", 1, 0, 1),
    ]
    presences = [(time, what) for time, what in story(center) if what in ("not_responding", "on_queue")]
    assert presences[2:] == [("09:00:10", "not_responding"), ("09:03:10", "on_queue")]


def test_transfers() -> None:
    """Work that is handed on goes to the other queue once, early in its handle time, and is finished there."""
    agents = [Agent("ana", queues=["sales"]), Agent("bob", queues=["support"])]
    behaviours = [Behaviour(transfer=1.0, transfer_to="support", answer=0, handle="4m", spread=0)]
    _, _, found = played(
        [call(at(9))],
        queues=[Queue("sales"), Queue("support")],
        agents=agents,
        behaviours=behaviours,
        shifts=[Shift(agents=["ana", "bob"], hours="09:00-17:00")],
    )
    assert [(one.agent, one.busy, one.handled) for one in found.agents] == [
        ("ana", timedelta(minutes=1), 0),
        ("bob", timedelta(minutes=4), 1),
    ]
    assert found.totals.transferred == 1


def test_work_that_is_turned_away() -> None:
    """Work that its queue refuses is listed with line and reason, and the day goes on."""
    _, result, found = played([call(at(8), line=2), call(at(8, 1), line=3)], queues=[Queue("sales", limit=1)])
    assert [(one.line, one.queue) for one in result.turned] == [(3, "sales")]
    assert "full" in result.turned[0].reason
    assert list(result.items) == [2]
    assert found.queues[0].answered == 1


def test_service_level() -> None:
    """Within the target: answered in time, of all that were answered, abandoned or timed out."""
    queue = Queue("sales", service_level=ServiceLevel(share=0.8, within="65s"), max_wait="3m")
    arrivals = [
        call(at(8, 59)),  # answered after 65 s
        call(at(9, 0, 10)),  # waits until 9:02:05, answered after 2:00
        call(at(9, 0, 20), patience=timedelta(seconds=30)),
        call(at(9, 0, 30)),  # timed out at 9:03:30
    ]
    _, _, found = played(arrivals, queues=[queue])
    (one,) = found.queues
    assert (one.answered, one.abandoned, one.timed_out) == (2, 1, 1)
    assert one.service_level == 0.25


def test_waiting_at_the_end() -> None:
    """What still waits at the end is counted as such, with its wait so far."""
    _, _, found = played([call(at(23))])
    (one,) = found.queues
    assert (one.waiting, one.answered, one.max_wait, one.mean_wait) == (1, 0, timedelta(hours=1), None)


def test_moved_by_an_escalation() -> None:
    """An item that a rule moves ends its stay in one queue as moved, and begins another."""
    rule = Escalation("late", after_wait="2m", actions=[MoveTo("support")])
    _, _, found = played(
        [call(at(8))], queues=[Queue("sales", escalations=[rule]), Queue("support")], agents=[], shifts=[]
    )
    assert [(one.queue, one.offered, one.moved, one.waiting) for one in found.queues] == [
        ("sales", 1, 1, 0),
        ("support", 1, 0, 1),
    ]
    assert [one.max_wait for one in found.queues] == [timedelta(minutes=2), timedelta(hours=15, minutes=58)]
    assert found.totals.escalated == 1


def test_an_overnight_shift_has_begun_before() -> None:
    """Who is in the middle of a night shift when the day starts is there from its first instant."""
    _, _, found = played([call(at(1))], shifts=[Shift(agents=["ana"], hours="22:00-06:00")])
    assert found.agents[0].staffed == timedelta(hours=8)
    assert found.queues[0].answered == 1


def test_time_with_work_in_hand_counts_as_staffed() -> None:
    """An agent who does not respond, and still has work in hand, is there for that time, and for no more."""
    agent = Agent("ana", queues=["sales"], utilization=Utilization(media={"voice": 50}))
    behaviours = [
        Behaviour(queue="sales", medium="voice", answer="5s", handle="10m", spread=0),
        Behaviour(medium="chat", miss=1.0, back_after="1h"),
    ]
    arrivals = [
        call(at(9)),
        Arrival(at=at(9, 1), work=WorkItem(queue="sales", medium="chat", cost=50), patience=timedelta(minutes=5)),
    ]
    _, _, found = played(arrivals, queues=[Queue("sales", alert_timeout="10s")], agents=[agent], behaviours=behaviours)
    (one,) = found.agents
    assert (one.missed, one.busy) == (1, timedelta(minutes=10))
    # On queue until 9:01:10, with the call in hand until 9:10:05, then away until 10:01:10.
    assert one.staffed == timedelta(hours=8) - (
        timedelta(hours=1, minutes=1, seconds=10) - timedelta(minutes=10, seconds=5)
    )


def test_only_on_a_clock_of_its_own() -> None:
    """A day is not played on the time of the machine, nor from before its start."""
    with pytest.raises(InvalidInput, match="ManualClock"):
        play(ContactCenter(clock=SystemClock()), [], until=at(24))
    with pytest.raises(InvalidInput, match="before the start"):
        play(ContactCenter(clock=ManualClock(START)), [call(at(-1))], until=at(24))


def test_shifts_through_clock_changes() -> None:
    """Shifts are wall time: on the night of the change a shift from 22 to 6 has an hour less."""
    shift = Shift(agents=["ana"], hours="22:00-06:00", days=["sat"], breaks=["04:00-04:30"])
    start, end = (datetime.fromisoformat(f"2026-03-{day}T00:00:00+01:00") for day in ("28", "30"))
    found = spans(shift, "Europe/Berlin", start, end)
    assert [((closes - opens) / 3.6e9, presence) for opens, closes, presence in found] == [
        (7.0, "on_queue"),
        (0.5, "break"),
    ]


@st.composite
def days(draw: st.DrawFn) -> dict[str, Any]:
    """A small center with everything in it, and some traffic."""
    minutes = st.integers(0, 600)
    spans = st.integers(5, 1200).map(lambda n: timedelta(seconds=n))
    queue = st.sampled_from(["sales", "support", "chat"])
    medium = st.sampled_from(["voice", "message", "workitem"])
    arrivals = draw(
        st.lists(
            st.builds(
                lambda minute, queue, medium, handle, patience, requirement, priority: Arrival(
                    at=at(minutes=480 + minute),
                    work=WorkItem(queue=queue, medium=medium, requirement=requirement, priority=priority),
                    handle=handle,
                    patience=patience,
                ),
                minutes,
                queue,
                medium,
                st.none() | spans,
                st.none() | spans,
                st.sampled_from(["true", "spanish", "spanish >= 3", "not spanish"]),
                st.integers(-2, 2),
            ),
            max_size=60,
        )
    )
    behaviour = st.builds(
        Behaviour,
        medium=st.sampled_from([None, "voice"]),
        answer=st.sampled_from(["0s", "5s", "40s"]),
        decline=st.sampled_from([0.0, 0.3]),
        miss=st.sampled_from([0.0, 0.3]),
        transfer=st.sampled_from([0.0, 0.5]),
        transfer_to=st.just("support"),
        patience=st.none() | spans,
    )
    modes = st.sampled_from(["none", "optional", "mandatory", "timed", "forced"])
    return {
        "arrivals": sorted(arrivals, key=lambda arrival: arrival.at),
        "queues": [
            Queue("sales", alert_timeout="15s", after_call_work=AfterCallWork(mode=draw(modes), limit="30s"), limit=5),
            Queue("support", alert_timeout="20s", on_expiry="stay", max_wait="30m", offers_per_item=2),
            Queue("chat", auto_answer=draw(st.booleans()), on_leave="requeue", wrap_up_codes=["a", "b"]),
        ],
        "agents": [
            Agent("ana", skills={"spanish": 4}, queues=["sales", "support"]),
            Agent("bob", skills={"spanish": 1}, queues=["support", "chat"]),
            Agent("cem", queues=["sales", "chat"]),
        ],
        "shifts": [
            Shift(agents=["ana", "bob"], hours="08:00-15:00", breaks=["10:00-10:30", "11:00-12:00"]),
            Shift(agents=["bob", "cem"], hours="12:00-18:00", breaks=["14:00-14:10"]),
        ],
        "behaviours": draw(st.lists(behaviour, max_size=2)),
        "seed": draw(st.integers(0, 3)),
    }


@given(days())
@settings(max_examples=80)
def test_every_stay_is_accounted_for(day: dict[str, Any]) -> None:
    """Whatever happens: each stay has one outcome, each offer of an agent one end, and time adds up."""
    arrivals = day.pop("arrivals")
    _, result, found = played(arrivals, **day)
    assert len(result.turned) + found.totals.submitted == len(arrivals)
    for queue in found.queues:
        outcomes = queue.answered + queue.abandoned + queue.timed_out + queue.cancelled + queue.moved + queue.waiting
        assert outcomes == queue.offered
        assert queue.max_wait is None or queue.mean_wait is None or queue.mean_wait <= queue.max_wait
    for agent in found.agents:
        assert agent.accepted + agent.declined + agent.missed <= agent.offered
        assert agent.handled <= agent.accepted
        assert timedelta(0) <= agent.busy <= agent.staffed <= timedelta(hours=24)


@given(days())
@settings(max_examples=10)
def test_the_same_day_twice(day: dict[str, Any]) -> None:
    """The same configuration, traffic and seed give the same log."""
    arrivals = day.pop("arrivals")
    one, other = (played(arrivals, **day)[0] for _ in range(2))
    assert list(one.events()) == list(other.events())
