"""What happened, played again: recordings of logs and call logs, back-tests, and the rules that explain decisions."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import attrs
import pytest

from switchroom import Agent, ManualClock, Membership, Queue
from switchroom.config import Behaviour, Configuration
from switchroom.durations import to_micros
from switchroom.errors import InvalidInput, UnknownId
from switchroom.kernel.records import Record
from switchroom.reporting.ledger import Ledger
from switchroom.routing.queue_model import AfterCallWork
from switchroom.simulation.backtest import BackTest
from switchroom.simulation.behaviours import Behaviours
from switchroom.simulation.calllog import CallLog, Columns, read_call_log
from switchroom.simulation.interactions import Interaction
from switchroom.simulation.logrecording import of_log
from switchroom.simulation.player import Player
from switchroom.simulation.recording import Recording, of_interactions
from switchroom.simulation.rules import NEXT, WHO, rules_of
from switchroom.simulation.synthetic import Traffic, WorkType

START = datetime.fromisoformat("2026-03-02T08:00:00+00:00")


def configuration(ordering: str = "oldest", selection: str = "longest_idle", agents: int = 6) -> Configuration:
    queue = Queue("q", ordering=ordering, selection=selection, alert_timeout="20s", service_level=None)
    behaviour = Behaviour(handle="100s", patience="3m", answer="3s", miss=0.01, decline=0.02, back_after="1m")
    return Configuration(
        queues=[attrs.evolve(queue, after_call_work=AfterCallWork("mandatory"), decline_retry="5m")],
        agents=[Agent(f"a{n}", queues=[Membership("q")]) for n in range(agents)],
        behaviours=[behaviour],
    )


def recorded(configuration: Configuration, *, load: float = 4.5, hours: int = 2) -> list[Record]:
    """The log of some hours; types differ by priority, and agents come one after the other."""
    rates = [load * 36 / 2] * hours
    types = [WorkType(f"t{n}", rates=rates, queue="q", priority=3 * n) for n in range(2)]
    clock = ManualClock(START)
    center = configuration.build(clock=clock, seed=1)
    player = Player(center, clock, Behaviours(configuration.behaviours), 1)
    start = clock.micros()
    for number, agent in enumerate(configuration.agents):
        player.plan(start + number * 1_000_000, player.attendance.go, agent.id, "on_queue")
    traffic = Traffic(types=types)
    end = traffic.end(start)
    player.run(traffic.cases(1, start), end, limit=2 * end - start)
    center.check()
    return list(center.events())


@pytest.fixture(scope="module")
def log() -> list[Record]:
    return recorded(configuration())


@pytest.fixture(scope="module")
def recording(log: list[Record]) -> Recording:
    return of_log(log)


# -- recordings


def test_a_log_says_what_happened(log: list[Record], recording: Recording) -> None:
    """The recording has the figures of the reports: who came, who was answered, who left, who was there."""
    (row,) = Ledger.of(log).queues()
    outcomes = [one.outcome for one in recording.interactions]
    assert row.offered == len(outcomes)
    assert (row.answered, row.abandoned) == (outcomes.count("answered"), outcomes.count("abandoned"))
    assert row.mean_wait is not None
    waits = [one.wait for one in recording.interactions if one.outcome == "answered"]
    assert sum(waits, timedelta()) / len(waits) == pytest.approx(row.mean_wait, abs=timedelta(microseconds=1))
    assert {agent for _, agent, _ in recording.presences} == {f"a{n}" for n in range(6)}
    assert [queue.id for queue in recording.configuration.queues] == ["q"]
    assert recording.start == START


def test_patience_is_more_than_the_wait(recording: Recording) -> None:
    """Of those who were answered only a lower bound is known, and the mean takes that into account."""
    left = [arrival.patience for arrival in recording.arrivals if arrival.patience is not None]
    assert len(left) >= 5
    mean = recording.mean_patience()["q"]
    assert mean is not None
    assert 60 < mean / 1e6 < 400
    assert sum(left, timedelta()) / len(left) < timedelta(microseconds=mean)
    seen = recording.interactions
    assert all(a.patience == s.wait for a, s in zip(recording.arrivals, seen, strict=True) if s.outcome == "abandoned")


# -- back-tests


def test_the_same_configuration_changes_nothing(recording: Recording) -> None:
    """Beside itself a configuration makes no difference, in no decision."""
    result = BackTest(recording, recording.configuration).run(2)
    assert result.changed == ()
    assert all(one.difference is None or one.difference.mean == 0 for one in result.differences)


def test_played_again_it_comes_out_as_recorded(log: list[Record], recording: Recording) -> None:
    """The configuration that it happened under gives about the figures that were recorded."""
    (row,) = Ledger.of(log).queues()
    (again,) = BackTest(recording, recording.configuration).run(5).before.queues()
    assert again.offered.mean == row.offered
    assert again.answered.mean == pytest.approx(row.answered, rel=0.05)
    assert again.mean_wait is not None
    assert row.mean_wait is not None
    assert again.mean_wait.mean == pytest.approx(row.mean_wait.total_seconds(), rel=0.4)


def test_more_agents_are_an_improvement(recording: Recording) -> None:
    """Agents who were not there when it happened are there all the time; the decisions that change are named."""
    before = recording.configuration
    more = [*before.agents, *(Agent(f"new-{n}", queues=["q"]) for n in range(2))]
    test = BackTest(recording, attrs.evolve(before, agents=more))
    result = test.run(3)
    waits = {one.name: one for one in result.differences if one.figure == "wait"}
    assert waits["q"].certain
    assert waits["q"].difference is not None
    assert waits["q"].difference.mean < 0
    assert 0 < result.share_changed <= 1
    taken = [one for one in result.changed if (one.after.agent or "").startswith("new-")]
    assert taken
    decision = test.explain(taken[0].id)
    assert decision.chosen == taken[0].after.agent
    assert test.explain(taken[0].id, "before").chosen != decision.chosen
    test.center("after").check()


def test_what_is_not_there_is_refused(recording: Recording) -> None:
    """A configuration without the queue that work was sent to, and work that is not in the recording."""
    other = Configuration(queues=[Queue("other")], agents=[Agent("ana", queues=["other"])])
    with pytest.raises(InvalidInput, match="'q'"):
        BackTest(recording, other)
    with pytest.raises(UnknownId):
        BackTest(recording, recording.configuration).explain("nothing")
    with pytest.raises(InvalidInput, match="no work"):
        of_log([])


# -- rules


@pytest.mark.parametrize(
    ("ordering", "selection"),
    [("oldest", "longest_idle"), ("strict", "round_robin"), ("aging", "fewest_today"), ("newest", "longest_idle")],
)
def test_the_rule_that_was_followed_explains_everything(ordering: str, selection: str) -> None:
    """A log that the engine has written under a rule is explained by that rule; others do worse."""
    ruled = configuration(ordering, selection)
    queues = [attrs.evolve(ruled.queues[0], auto_answer=True, after_call_work=AfterCallWork())]
    made = recorded(attrs.evolve(ruled, queues=queues), hours=2, load=5.0)
    fits = {(fit.decision, fit.rule): fit for fit in rules_of(of_log(made).interactions)}
    for kind, rule in ((NEXT, ordering), (WHO, selection)):
        fit = fits[kind, rule]
        assert fit.decisions > 20
        assert fit.explained == fit.decisions
        assert fit.low < fit.share <= fit.high
    assert fits[NEXT, "newest" if ordering != "newest" else "oldest"].share < 0.3
    assert fits[WHO, "longest_idle" if selection != "longest_idle" else "round_robin"].share < 0.7
    assert fits[NEXT, ordering].by_chance < 0.6


# -- call logs

OWN = """id,type,queued,left,ended,agent,outcome,priority
c1,sales,2026-03-02T09:00:00+01:00,2026-03-02T09:00:10+01:00,2026-03-02T09:03:00+01:00,ana,answered,0
c2,sales,2026-03-02T09:00:05+01:00,2026-03-02T09:00:45+01:00,,,abandoned,0
c3,support,2026-03-02T09:01:00+01:00,2026-03-02T09:01:00+01:00,2026-03-02T09:04:00+01:00,bob,answered,2
"""

SWITCH = """call\tline\tday\tin\twaited\ttalk_from\ttalk_to\tend\twho
7\tPS\t991231\t23:59:50\t15\t0:00:05\t0:02:05\tAGENT\tMIRI, L.
8\tPS\t991231\t23:59:58\t40\t0:00:00\t0:00:00\tHANG\tNO_SERVER
9\tNW\t991231\t10:00:01\t0\t10:00:00\t10:01:00\tAGENT\tDAN
10\tNW\t991231\t10:00:00\t0\t0:00:00\t0:00:00\tPHANTOM\tNO_SERVER
11\tNW\t99x231\t10:00:00\t0\t0:00:00\t0:00:00\tHANG\tNO_SERVER
12\tNW\t991231\t\t0\t0:00:00\t0:00:00\tHANG\tNO_SERVER
"""

MAPPING = Columns(
    delimiter="\t",
    id="call",
    type="line",
    date="day",
    date_format="%y%m%d",
    queued="in",
    left="talk_from",
    wait="waited",
    ended="talk_to",
    outcome="end",
    agent="who",
    zone="Asia/Jerusalem",
    shift="10227d",
    none=["0:00:00", "NO_SERVER"],
    outcomes={"AGENT": "answered", "HANG": "abandoned", "PHANTOM": "skip"},
)


def read(text: str, columns: Columns | None = None) -> CallLog:
    return read_call_log(io.StringIO(text, newline=""), columns)


def test_the_form_of_ones_own() -> None:
    """Instants with an offset, in order of arrival."""
    found = read(OWN).interactions
    assert [one.id for one in found] == ["c1", "c2", "c3"]
    assert found[0].queued == datetime.fromisoformat("2026-03-02T08:00:00+00:00")
    assert [one.wait.total_seconds() for one in found] == [10, 40, 0]
    assert [one.handle for one in found] == [timedelta(seconds=170), None, timedelta(minutes=3)]
    assert found[2].priority == 2
    assert found[1].agent is None


def test_the_form_of_a_switch() -> None:
    """Times of the day, past midnight and off by a second, other words, other years; wrong rows are told of."""
    log = read(SWITCH, MAPPING)
    assert [one.id for one in log.interactions] == ["9", "7", "8"]
    dan, miri, gone = log.interactions
    assert (dan.wait, dan.agent) == (timedelta(0), "DAN")
    assert (miri.wait, miri.handle, miri.agent) == (timedelta(seconds=15), timedelta(minutes=2), "MIRI_L.")
    assert (gone.outcome, gone.wait) == ("abandoned", timedelta(seconds=40))
    assert miri.queued.isoformat() == "2027-12-31T21:59:50+00:00"
    assert log.skipped == 1
    assert [(one.line, one.problem.partition(":")[0]) for one in log.unread] == [(6, "day"), (7, "in")]


def test_what_no_call_log_has_is_refused() -> None:
    """A header without type or queue times."""
    for text in ("", "id,type\n", "id,queued,left\n", "type,queued\n"):
        with pytest.raises(InvalidInput, match="no column"):
            read(text)
    log = read("type,queued,left\na,9:00,9:01\nb,2026-03-02T09:00:00Z,2026-03-02T08:00:00Z\n")
    assert [one.line for one in log.unread] == [2, 3]


def test_a_call_log_is_played_again() -> None:
    """Queues and agents come out of the log; who is away for long is away."""
    hour = timedelta(hours=1)
    calls = [
        Interaction(
            id=f"c{n}",
            type="q",
            queued=START + n * timedelta(minutes=2) + (hour if n >= 10 else timedelta()),
            left=START + n * timedelta(minutes=2) + (hour if n >= 10 else timedelta()) + timedelta(seconds=5),
            ended=START + n * timedelta(minutes=2) + (hour if n >= 10 else timedelta()) + timedelta(minutes=1),
            agent="ab"[n % 2],
        )
        for n in range(20)
    ]
    recording = of_interactions(calls)
    assert [agent.id for agent in recording.configuration.agents] == ["a", "b"]
    first = [(at - to_micros(START)) / 60e6 for at, agent, presence in recording.presences if agent == "a"]
    assert first == pytest.approx([5 / 60, 17, 80 + 5 / 60, 97], abs=0.01)
    result = BackTest(recording, recording.configuration).run(2)
    assert result.before.count("answered").mean == 20
    assert recording.behaviours[0].handle.average == timedelta(seconds=55)
