"""A claims office: two teams, queues, workbins, worktypes, a source with a sink; and random actions on all of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from switchroom import Agent, ContactCenter, ManualClock, Queue, Team, WorkItem
from switchroom.errors import EnvironmentFault, SwitchroomError
from switchroom.routing.escalation_model import AddPriority, Alert, Escalation, MoveTo, ParkIn, SetPriority
from switchroom.routing.hours import OpeningHours
from switchroom.routing.queue_model import AfterCallWork
from switchroom.routing.steps import Branch, SetVariables, Wait
from switchroom.routing.utilization import Utilization
from switchroom.workitems.attributes import Attribute
from switchroom.workitems.model import Automatic, Calendar, Status, TimeRule, Workbin, Worktype
from switchroom.workitems.sla_model import Curve, Sla, SlaRule
from switchroom.workitems.source_model import Distribution, Source, SourceRule
from switchroom.workitems.sources import MemorySink
from switchroom.workitems.trigger_model import Act, AddNote, Done, SetStatus, SubmitWork, WorkTrigger

START = "2026-03-27T08:00:00Z"
"""A Friday: the clocks of Berlin change on the Sunday that follows."""

AGENTS = ("ana", "bob", "cyd", "eve")
OFFICE = OpeningHours.weekdays("08:00", "17:00", zone="Europe/Berlin", holidays={"2026-04-03": None})

CLAIM = Worktype(
    "claim",
    attributes=[
        Attribute("amount", "number", required=True, minimum=0, maximum=1e6),
        Attribute("region", "choice", choices=["north", "south"], default="north", indexed=True),
        Attribute("seen", "date"),
        Attribute("urgent", "boolean"),
        Attribute("tags", "list", maximum=3),
        Attribute("policy"),
    ],
    queue="claims",
    due=TimeRule(at="17:00", days=1, calendar="office"),
    sla=Sla(
        "6h",
        calendar="office",
        rules=[
            SlaRule("half", share=0.5, actions=[AddPriority(5), Alert("supervisor")]),
            SlaRule("most", share=0.8, actions=[MoveTo("experts")]),
            SlaRule("over", share=1, actions=[ParkIn("workbin:supervisor"), Alert("team:red")], take=True),
        ],
        curve=Curve([(0.25, 5), (0.75, 20)]),
    ),
    wrap_up_codes=["paid", "rejected"],
    outcome_text="Your claim is settled: ${code}",
)
LETTER = Worktype(
    "letter",
    extras=True,
    workbin="post",
    priority=3,
    expires=TimeRule(after="5d"),
    sla=Sla("90m", rules=[SlaRule("late", share=1.5, actions=[MoveTo("claims"), SetPriority(9)])],
            curve=Curve([(0.5, 10), (1, 50)], smooth=True)),
    statuses=[
        Status("new", category="open", next=["reading", "void"]),
        Status("reading", category="in_progress", next=["new", "asked", "filed", "void"]),
        Status("asked", category="waiting", room=0.5, wake="queue", next=["reading", "new", "filed"],
               automatic=[Automatic(to="filed", after="3d")]),
        Status("filed", category="closed", next=[]),
        Status("void", category="closed", next=["new"], automatic=[]),
    ],
    reopen_for="2d",
)  # fmt: skip
CALLBACK = Worktype("chore", distribution="shares", medium="chore", sla=Sla("1h"), reopen_for="1h")


def furnish(center: ContactCenter) -> None:
    """Everything but the work."""
    center.queues.add(
        Queue("claims", escalations=[Escalation("shelf", after_wait="4h", actions=[ParkIn("workbin:post")])])
    )
    center.queues.add(Queue("experts", after_call_work=AfterCallWork(mode="mandatory")))
    center.queues.add(Queue("chores"))
    room = Utilization(media={"workitem": 50, "chore": 25})
    for agent, queues in (("ana", ["claims"]), ("bob", ["claims", "chores"]), ("cyd", ["experts", "chores"])):
        center.agents.add(Agent(agent, queues=queues, team="red", utilization=room))
    center.agents.add(Agent("eve", team="red", role="supervisor", utilization=room))
    center.agents.save_team(Team("red", supervisor="eve"))
    center.worktypes.save_calendar(Calendar("office", hours=OFFICE))
    center.worktypes.save_distribution(Distribution("shares", shares={"chores": 2, "claims": 1}))
    center.workbins.save(Workbin("post", claim='team == "red"'))
    for worktype in (CLAIM, LETTER, CALLBACK):
        center.worktypes.save(worktype)
    center.worktypes.save_trigger(BIG)
    center.worktypes.save_trigger(AFTER)
    center.sources.save(
        Source("crm", worktype="claim", rules=[SourceRule(when='kind == "letter"', worktype="letter", priority=4)])
    )


BIG = WorkTrigger(
    "big",
    on=["submitted", "changed"],
    when="amount > 500000",
    start="mark",
    steps={
        "mark": SetVariables({"urgent": True}, then="wait"),
        "wait": Wait("30m", then="look"),
        "look": Branch([("urgent == true", "rise")], otherwise="end"),
        "rise": Act([AddPriority(7), MoveTo("experts")], then="note"),
        "note": AddNote("a big one: ${amount}", then="end"),
        "end": Done(),
    },
)
AFTER = WorkTrigger(
    "after",
    on=["closed", "overdue"],
    when='worktype == "claim"',
    start="branch",
    steps={
        "branch": Branch([('category == "closed"', "more")], otherwise="status"),
        "more": SubmitWork("chore", then="end", failed="end"),
        "status": SetStatus("waiting", then="end", failed="end"),
        "end": Done(),
    },
)


class Office:
    """Random actions on a center. Every refusal must leave no trace."""

    def __init__(self, seed: int = 3) -> None:
        self.center = ContactCenter(clock=ManualClock(START), seed=seed)
        furnish(self.center)
        self.sink = MemorySink()
        self.center.sources.connect("crm", self.sink)
        for agent in AGENTS[: seed % 5]:
            self.center.agents.sign_in(agent)
        self.tasks = 0
        self.script: list[str] = []
        self.refused = 0

    # -- choosing

    def works(self) -> list[str]:
        return sorted(self.center.look_on("workitems", lambda w: list(w.works)))

    def any_work(self, rng: Random) -> str:
        return rng.choice([*self.works(), "nobody"])

    def call(self, operation: Callable[..., Any], *args: Any, **named: Any) -> Any:
        self.script.append(f"{operation.__qualname__} {args} {named}")
        before = self.center.storage.end()
        at = self.center.now()
        try:
            return operation(*args, **named)
        except EnvironmentFault:
            raise
        except SwitchroomError as refusal:
            self.refused += 1
            self.script.append(f"  {type(refusal).__name__}: {refusal}")
            assert self.center.now() > at or self.center.storage.end() == before, "a refusal left a trace"
            return None

    # -- actions

    def submit(self, rng: Random) -> None:
        worktype = rng.choice(["claim", "claim", "letter", "chore", None])
        given: dict[str, Any] = {"priority": rng.choice([0, 0, 5]), "worktype": worktype}
        if worktype == "claim":
            given["attributes"] = {"amount": rng.choice([10, 600_000, -1]), "region": rng.choice(["north", "south"])}
        if worktype is None:
            given["target"] = "workbin:post"
        elif rng.random() < 0.2:
            given["at"] = self.center.now() + timedelta(minutes=rng.randrange(1, 300))
        elif rng.random() < 0.2:
            given["target"] = rng.choice(["workbin:post", "workbin:agent:ana", "workbin:team:red", "workbin:nowhere"])
        elif rng.random() < 0.2:
            given["parked"] = True
        if rng.random() < 0.2:
            given["due"] = self.center.now() + timedelta(minutes=rng.randrange(1, 900))
        self.call(self.center.work.submit, WorkItem(**given))

    def receive(self, rng: Random) -> None:
        self.tasks += rng.random() < 0.7
        operation = rng.choice(
            ["submit", "submit", "submit", "update", "cancel", "complete", "suspend", "resume", "note"]
        )
        task = {
            "external_id": f"t{rng.randrange(max(1, self.tasks - 5), self.tasks + 2)}",
            "operation": operation,
            "amount": rng.randrange(1000),
            "note": "from the source",
        }
        if operation in ("submit", "update") and rng.random() < 0.3:
            task = {"external_id": task["external_id"], "kind": "letter"}
        self.call(self.center.sources.receive, "crm", task)

    def presence(self, rng: Random) -> None:
        presence = rng.choice(["on_queue", "on_queue", "on_queue", "offline", "break"])
        self.call(self.center.agents.set_presence, rng.choice(AGENTS), presence)

    def answer(self, rng: Random) -> None:
        offers = [o.id for agent in AGENTS for o in self.center.offers.of_agent(agent)]
        if offers:
            accept, decline = self.center.offers.accept, self.center.offers.decline
            answers: list[Callable[..., Any]] = [accept, accept, decline]
            self.call(rng.choice(answers), rng.choice(offers))

    def finish(self, rng: Random) -> None:
        held = [a.id for agent in AGENTS for a in self.center.assignments.of_agent(agent)]
        if held:
            code = rng.choice([None, "paid", "nonsense"])
            how = rng.choice([self.center.assignments.complete, self.center.assignments.end_after_call_work])
            self.call(how, rng.choice(held), code=code)

    def hand_on(self, rng: Random) -> None:
        held = [a.id for agent in AGENTS for a in self.center.assignments.of_agent(agent)]
        if held:
            one = rng.choice(held)
            desk = self.center.assignments
            ways: list[Callable[[], Any]] = [
                lambda: self.call(desk.requeue, one),
                lambda: self.call(desk.transfer_to, one, "workbin:post"),
                lambda: self.call(desk.transfer_to_queue, one, "experts"),
                lambda: self.call(desk.transfer, one, rng.choice(AGENTS)),
                lambda: self.call(desk.consult, one, rng.choice(AGENTS)),
            ]
            rng.choice(ways)()

    def complete(self, rng: Random) -> None:
        code, agent = rng.choice([None, "paid"]), rng.choice([None, *AGENTS])
        self.call(self.center.work.complete, self.any_work(rng), code=code, agent=agent)

    def cancel(self, rng: Random) -> None:
        self.call(self.center.work.cancel, self.any_work(rng), reason="no more")

    def reopen(self, rng: Random) -> None:
        self.call(self.center.work.reopen, self.any_work(rng))

    def suspend(self, rng: Random) -> None:
        until = rng.choice([None, self.center.now() + timedelta(minutes=rng.randrange(1, 200))])
        self.call(self.center.work.suspend, self.any_work(rng), until=until, reason="papers")

    def resume(self, rng: Random) -> None:
        self.call(self.center.work.resume, self.any_work(rng), queue=rng.choice([None, None, "experts"]))

    def status(self, rng: Random) -> None:
        status = rng.choice(["open", "in_progress", "waiting", "new", "reading", "asked", "filed", "done"])
        self.call(self.center.work.set_status, self.any_work(rng), status)

    def change(self, rng: Random) -> None:
        given: dict[str, Any] = rng.choice([
            {"attributes": {"amount": rng.choice([1, 700_000, "much"])}},
            {"attributes": {"region": rng.choice(["south", None]), "tags": ["a", "b"]}},
            {"priority": rng.randrange(-5, 9)},
            {"due": self.center.now() + timedelta(minutes=rng.randrange(-60, 300))},
            {"requirement": rng.choice(["true", 'agent == "cyd"'])},
            {"links": ["https://example.org/1"]},
            {"expected_version": rng.randrange(1, 9), "priority": 2},
        ])  # fmt: skip
        self.call(self.center.work.change, self.any_work(rng), **given)

    def shelve(self, rng: Random) -> None:
        bin = rng.choice(["post", "agent:bob", "team:red", "supervisor", "supervisor:red", "nowhere"])
        self.call(self.center.workbins.put, self.any_work(rng), bin, by=rng.choice([None, *AGENTS]))

    def claim(self, rng: Random) -> None:
        over = rng.random() < 0.2
        self.call(self.center.workbins.claim, self.any_work(rng), agent=rng.choice(AGENTS), over_capacity=over)

    def give_back(self, rng: Random) -> None:
        self.call(self.center.workbins.give_back, self.any_work(rng), agent=rng.choice(AGENTS))

    def by_routing(self, rng: Random) -> None:
        """What supervisors do to items without knowing that they are work."""
        item = self.any_work(rng)
        if item != "nobody":
            item = self.center.work.view(item).item
        routing = self.center.work
        ways: list[Callable[[], Any]] = [
            lambda: self.call(routing.move, item, rng.choice(["claims", "experts"])),
            lambda: self.call(routing.assign, item, rng.choice(AGENTS), over_capacity=True),
            lambda: self.call(routing.schedule, item, at=self.center.now() + timedelta(minutes=30)),
            lambda: self.call(routing.park_in, item, rng.choice(["workbin:post", "workbin:agent:eve"])),
            lambda: self.call(routing.reprioritise_many, [item], rng.randrange(10)),
            lambda: self.call(routing.abandon, item, reason="gone"),
            lambda: self.call(routing.reclassify, item, {"amount": 5}),
        ]
        rng.choice(ways)()

    def deliver(self, rng: Random) -> None:
        self.sink.failures = rng.choice([0, 0, 1, 2])
        self.center.effects.deliver()

    def change_settings(self, rng: Random) -> None:
        import attrs

        sla = Sla(rng.choice(["6h", "3h"]), calendar="office", rules=CLAIM.sla.rules if CLAIM.sla else ())
        if rng.random() < 0.5:
            self.call(self.center.worktypes.save, attrs.evolve(CLAIM, sla=sla))
        else:
            opens = rng.choice(["07:00", "09:00"])
            hours = OpeningHours.weekdays(opens, "17:00", zone="Europe/Berlin")
            self.call(self.center.worktypes.save_calendar, Calendar("office", hours=hours))

    def pass_time(self, rng: Random) -> None:
        minutes = rng.choice([1, 7, 30, 60, 240, 720, 1440])
        self.script.append(f"advance {minutes} min")
        self.center.advance(minutes * 60)


ACTIONS: tuple[str, ...] = (
    *("submit",) * 4, *("receive",) * 3, *("pass_time",) * 4, *("answer",) * 3, "presence", "finish", "hand_on",
    "complete", "cancel", "reopen", "suspend", "resume", "status", *("change",) * 2, *("shelve",) * 2,
    *("claim",) * 3, "give_back", "by_routing", "deliver", "change_settings",
)  # fmt: skip
