"""Drives a contact center through its public operations, at random but repeatable: for machines and for long scripts.

Every choice comes from the ``random.Random`` handed in, and only from sorted or ordered things, so that the same
choices make the same calls. What was called is kept in ``script``, to be read when something fails.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import attrs

from switchroom import Agent, ContactCenter, ManualClock, Membership, Queue, WorkItem
from switchroom.errors import EnvironmentFault, SwitchroomError
from switchroom.routing.escalation_model import (
    AddPriority,
    AddRequirement,
    Alert,
    CallBack,
    CallFunction,
    CancelWith,
    Escalation,
    MoveTo,
    ParkIn,
    Reclassify,
    SetPriority,
    SetRequirement,
)
from switchroom.routing.hours import OpeningHours
from switchroom.routing.intake_model import Intake, IntakeRule
from switchroom.routing.model import Expiring, Preferred, Requirement, Step
from switchroom.routing.queue_model import AfterCallWork, Ring, ServiceLevel
from switchroom.routing.utilization import MediumLimit, Utilization

START = "2026-01-05T12:00:00Z"
AGENTS = ("ana", "bob", "cyd", "dov", "eve")
QUEUES = ("sales", "care", "vip", "mail")
SKILLS = ("spanish", "billing", "legal")
MEDIA = ("voice", "chat", "email")
PRESENCES = ("on_queue", "on_queue", "on_queue", "break", "offline", "away", "draining", "busy")

REQUIREMENTS = (
    "true",
    "spanish",
    "spanish >= 3",
    "billing >= 2 and not legal",
    "spanish or billing",
    'agent == "bob"',
    'team in {"red", "blue"}',
    "legal > 4",
)

UTILIZATIONS = (
    Utilization(),
    Utilization(media={"voice": 100, "chat": 20, "email": 30}),
    Utilization(
        media={"voice": MediumLimit(cost=60), "chat": MediumLimit(cost=10, maximum=2), "email": MediumLimit(cost=10)},
        labels={"gold": 1},
    ),
    Utilization(
        capacity=300,
        media={
            "voice": 100,
            "chat": MediumLimit(cost=50, maximum=3),
            "email": MediumLimit(cost=20, interruptible_by=frozenset({"voice", "chat"})),
        },
        compatible=(frozenset({"voice", "chat"}),),
    ),
)

ESCALATIONS = (
    Escalation("late", after_wait="40s", actions=[AddPriority(5)]),
    Escalation("old", after_age="3m", actions=[Alert("team:one"), SetPriority(20)]),
    Escalation("slow", sla_share=0.5, actions=[AddRequirement("not legal"), Alert("ana")]),
    Escalation("long", queue_longer_than=3, actions=[SetPriority(-3)]),
    Escalation("alone", nobody_for="20s", actions=[SetRequirement("true")]),
    Escalation("unwanted", failed_offers=2, actions=[MoveTo("care")]),
    Escalation("park", after_wait="90s", actions=[ParkIn("bin:nowhere"), CallBack("30s")]),
    Escalation("give-up", after_wait="5m", actions=[CancelWith("too late")]),
    Escalation("ask", after_wait="15s", actions=[CallFunction("decide")]),
    Escalation("again", failed_offers=3, actions=[Reclassify((("kind", "second"),))]),
)

HOURS = OpeningHours.daily("12:00", "12:04", zone="UTC")


def decide(item: Any) -> Any:
    """An escalation function: sometimes an action, sometimes nothing, sometimes nonsense."""
    return (AddPriority(1), None, "nonsense", [Alert("bob"), SetPriority(2)])[len(item.id) % 4]


def order(item: Any) -> Any:
    """An ordering: by priority, but for some items it raises or returns what it must not."""
    if item.priority == 7:
        raise RuntimeError("no order for seven")
    return (0, float("nan")) if item.priority == 6 else (0, -item.priority)


def score(item: Any, agent: Any) -> Any:
    """A selection: by the length of the id; for one agent it fails."""
    return float("nan") if agent.id == "dov" else len(agent.id)


FUNCTIONS: dict[str, Callable[..., Any]] = {"decide": decide, "order": order, "score": score}


class Driver:
    """A center and the actions on it. ``refusals`` counts what was refused; each refusal must leave no trace."""

    def __init__(self, seed: int = 7) -> None:
        self.center = ContactCenter(clock=ManualClock(START), seed=seed, functions=FUNCTIONS)
        self.items: list[str] = []
        self.tokens: list[str] = []
        self.script: list[str] = []
        self.refusals = 0
        self.sequence = 0
        self.commands: list[tuple[Any, tuple[Any, ...], dict[str, Any], object]] = []
        for name in QUEUES:
            self.center.queues.add(Queue(name))
        self.center.queues.save_intake(
            Intake("default", rules=[IntakeRule(when='kind == "first"', queue="sales", priority=3)], fallback="mail")
        )

    # -- calling

    def call(self, operation: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Call an operation; a refusal is fine if it changes nothing. Returns the result, None if refused."""
        shown = ", ".join([*(repr(a) for a in args), *(f"{k}={v!r}" for k, v in options.items())])
        self.script.append(f"{operation.__qualname__}({shown})")
        center = self.center
        batching = center._kernel.batching is not None
        if not batching:
            center.run_due()
        before = None if batching else (center.storage.end(), center.dump())
        count = 0 if not batching else len(center._kernel.batching.out)
        try:
            return operation(*args, **options)
        except SwitchroomError as error:
            refusal = error
        self.refusals += 1
        self.script[-1] += f"  # {type(refusal).__name__}"
        assert not isinstance(refusal, EnvironmentFault), refusal
        if before is None:
            assert len(center._kernel.batching.out) == count, f"{refusal} left a trace"
        else:
            assert before == (center.storage.end(), center.dump()), f"{refusal} left a trace"
        return None

    # -- choosing

    def an_item(self, rng: Random) -> str:
        return rng.choice(self.items[-12:]) if self.items and rng.random() < 0.97 else "item-999"

    def an_offer(self, rng: Random) -> str:
        live = [o.id for a in self.center.agents.ids() for o in self.center.offers.of_agent(a)]
        self.tokens.extend(o for o in live if o not in self.tokens)
        if live and rng.random() < 0.9:
            return rng.choice(live)
        return rng.choice(self.tokens) if self.tokens else "item-1#9"

    def an_assignment(self, rng: Random, wrapping: bool | None = None) -> str:
        live = [a for agent in self.center.agents.ids() for a in self.center.assignments.of_agent(agent)]
        fitting = [a.id for a in live if wrapping is None or a.wrapping == wrapping]
        if fitting and rng.random() < 0.95:
            return rng.choice(fitting)
        return rng.choice(self.tokens) if self.tokens else "item-1#9"

    def an_agent(self, rng: Random) -> str:
        return rng.choice(AGENTS)

    # -- configuration

    def queue_settings(self, rng: Random, name: str) -> Queue:
        """Settings at random; overflow runs from the front of QUEUES to the back, so that it never goes in a circle."""
        place = QUEUES.index(name)
        later = [q for q in QUEUES[place + 1 :] if q in self.center.queues.ids()]
        overflow = rng.choice(later) if later and rng.random() < 0.5 else None
        rules: list[Escalation] = []
        for rule in ESCALATIONS:
            if rng.random() < 0.2:
                rules.append(rule)
        mode = rng.choice(("none", "none", "optional", "mandatory", "timed", "forced"))
        close = rng.choice(("stay", "leave", "overflow" if overflow else "stay"))
        outside = rng.choice(("wait", "refuse", "overflow" if overflow else "wait"))
        return Queue(
            name,
            ordering=rng.choice(("aging", "aging", "strict", "deadline", "oldest", "newest", "function:order")),
            priority_weight=rng.choice(("60s", "0s", "10s")),
            selection=rng.choice(
                (
                    "longest_idle",
                    "round_robin",
                    "least_loaded",
                    "most_available",
                    "best_skilled",
                    "scored",
                    "fewest_today",
                    "function:score",
                )
            ),
            score_threshold=rng.choice((0.0, 50.0)),
            average_skills=rng.random() < 0.3,
            protect_scarce=rng.random() < 0.2,
            requirement=rng.choice(("true", "true", "true", "not legal", "billing or spanish")),
            rings=rng.choice(((), (), [Ring("20s"), Ring("30s", drop={"spanish"})], [Ring("0s", drop={"billing"})])),
            alert_timeout=rng.choice((None, "10s", "20s", "100ms")),
            on_expiry=rng.choice(("not_responding", "stay", "break", "offline", "on_queue")),
            offers_per_item=rng.choice((1, 1, 2, 3)),
            auto_answer=rng.random() < 0.15,
            retry_delay=rng.choice(("0s", "15s")),
            decline_retry=rng.choice((None, "0s", "25s")),
            after_call_work=AfterCallWork(
                mode=mode, limit=rng.choice(("0s", "12s", "30s")), hold=rng.choice((1.0, 0.5, 0.0))
            ),
            wrap_up_codes=rng.choice(((), ["done", "sold"])),
            on_leave=rng.choice(("keep", "requeue")),
            on_leave_wait=rng.choice(("0s", "20s")),
            limit=rng.choice((None, None, None, 1, 3)),
            overflow=overflow,
            max_wait=rng.choice((None, None, "2m", "0s")),
            hours=rng.choice((None, None, None, HOURS)),
            outside_hours=outside,
            on_close=close,
            enabled=rng.random() < 0.95,
            service_level=rng.choice((None, ServiceLevel(within="30s"))),
            escalations=rules,
            transfer_keeps_entered=rng.random() < 0.5,
            wake_over_capacity=rng.random() < 0.5,
        )

    def set_queue(self, rng: Random) -> None:
        name = rng.choice(QUEUES)
        known = name in self.center.queues.ids()
        self.call(self.center.queues.change if known else self.center.queues.add, self.queue_settings(rng, name))

    def remove_queue(self, rng: Random) -> None:
        self.call(self.center.queues.remove, rng.choice(QUEUES))

    def switch_queue(self, rng: Random) -> None:
        self.call(self.center.queues.switch, rng.choice(QUEUES), rng.random() < 0.7)

    def agent_settings(self, rng: Random, name: str) -> Agent:
        memberships: list[Membership] = []
        for queue in self.center.queues.ids():
            if rng.random() < 0.7:
                rank, delay, ring = rng.choice((1, 1, 2)), rng.choice(("0s", "0s", "15s")), rng.choice((1, 1, 2, 3))
                memberships.append(Membership(queue, rank=rank, delay=delay, ring=ring))
        return Agent(
            name,
            skills={s: rng.choice((1, 3, 5)) for s in SKILLS if rng.random() < 0.6},
            attributes=rng.choice(({}, {"team": "red"}, {"team": "green", "vip": True})),
            queues=memberships,
            utilization=rng.choice(UTILIZATIONS),
            max_offers=rng.choice((None, None, 1, 2)),
            auto_answer=rng.choice((None, None, None, True, False)),
        )

    def set_agent(self, rng: Random) -> None:
        name = self.an_agent(rng)
        known = name in self.center.agents.ids()
        self.call(self.center.agents.change if known else self.center.agents.add, self.agent_settings(rng, name))

    def remove_agent(self, rng: Random) -> None:
        self.call(self.center.agents.remove, self.an_agent(rng))

    def set_skills(self, rng: Random) -> None:
        self.call(self.center.agents.set_skills, self.an_agent(rng), {rng.choice(SKILLS): rng.choice((None, 1, 3, 5))})

    def join(self, rng: Random) -> None:
        membership = Membership(
            rng.choice(QUEUES), rank=rng.choice((1, 2)), delay=rng.choice(("0s", "10s")), order=rng.choice((None, 1, 2))
        )
        self.call(self.center.agents.join, self.an_agent(rng), membership)

    def leave(self, rng: Random) -> None:
        self.call(self.center.agents.leave, self.an_agent(rng), rng.choice(QUEUES))

    # -- presence

    def sign_in(self, rng: Random) -> None:
        self.call(self.center.agents.sign_in, self.an_agent(rng))

    def set_presence(self, rng: Random) -> None:
        sequence = None
        if rng.random() < 0.3:
            self.sequence += rng.choice((-3, 1, 2))
            sequence = self.sequence
        self.call(self.center.agents.set_presence, self.an_agent(rng), rng.choice(PRESENCES), sequence=sequence)

    def heartbeat(self, rng: Random) -> None:
        self.call(self.center.agents.heartbeat, self.an_agent(rng), lease=rng.choice(("20s", "60s")))

    # -- work

    def submit(self, rng: Random) -> None:
        """A usual item."""
        queue, medium = rng.choice(QUEUES), rng.choice(MEDIA)
        item = WorkItem(
            queue=queue,
            medium=medium,
            requirement=rng.choice(REQUIREMENTS),
            priority=rng.choice((0, 0, 1, 5, -5, 6, 7)),
        )
        self.submitted(self.call(self.center.work.submit, item))

    def submit_rare(self, rng: Random) -> None:
        """An item with the fields that most leave alone."""
        now = self.center.now()
        steps = [Step(rng.choice(REQUIREMENTS), rng.choice(("10s", "30s", "0s")))]
        if rng.random() < 0.6:
            steps.append(Step(rng.choice(REQUIREMENTS), rng.choice((None, "20s"))))
        options: dict[str, Any] = {
            "steps": steps,
            "after_steps": rng.choice(("any_member", "escalate", "cancel", "time_out")),
            "expiring": [Expiring(rng.choice(REQUIREMENTS), rng.choice(("5s", "40s")), expedite=rng.random() < 0.5)],
            "preferred": Preferred(
                [rng.choice(AGENTS), "nobody"],
                wait=rng.choice(("25s", "0s")),
                skip_if_absent=rng.random() < 0.5,
                override=rng.random() < 0.3,
                expedite=rng.random() < 0.5,
            ),
            "scores": {a: rng.choice((10, 60, 90)) for a in AGENTS if rng.random() < 0.5},
            "due": now + timedelta(seconds=rng.choice((-30, 30, 300))),
            "entered": now - timedelta(seconds=rng.choice((0, 30, 600))),
            "at": now + timedelta(seconds=rng.choice((-5, 0, 20))),
            "when_quiet": rng.choice((0, 1, 3)),
            "max_wait": rng.choice((timedelta(seconds=50), timedelta(0))),
            "cost": rng.choice((0, 5, 40)),
            "labels": ["gold"],
            "position": rng.choice((1, 2, 5)),
            "parked": True,
            "exclude": [rng.choice(AGENTS)],
            "attributes": {"kind": rng.choice(("first", "other"))},
        }
        chance = {"at": 0.1, "when_quiet": 0.1, "parked": 0.1}
        chosen = {name: value for name, value in options.items() if rng.random() < chance.get(name, 0.25)}
        queue = None if rng.random() < 0.1 else rng.choice(QUEUES)
        item = WorkItem(queue=queue, medium=rng.choice(MEDIA), priority=rng.choice((0, 3)), **chosen)
        self.submitted(self.call(self.center.work.submit, item))

    def submitted(self, item: str | None) -> None:
        if item is not None:
            self.items.append(item)

    def change(self, rng: Random) -> None:
        now = self.center.now()
        options: dict[str, Any] = {
            "priority": rng.choice((0, 4, 9)),
            "requirement": Requirement.of(rng.choice(REQUIREMENTS)),
            "attributes": {"kind": rng.choice(("first", None))},
            "due": now + timedelta(seconds=rng.choice((5, 100))),
            "entered": now - timedelta(seconds=rng.choice((0, 100, -10))),
        }
        chosen = {name: value for name, value in options.items() if rng.random() < 0.4}
        self.call(self.center.work.change, self.an_item(rng), **chosen)

    def expedite(self, rng: Random) -> None:
        self.call(self.center.work.expedite, self.an_item(rng), on=rng.random() < 0.7)

    def move(self, rng: Random) -> None:
        self.call(
            self.center.work.move,
            self.an_item(rng),
            rng.choice(QUEUES),
            keep_entered=rng.random() < 0.5,
            position=rng.choice((None, None, 1, 3, 0)),
        )

    def move_many(self, rng: Random) -> None:
        self.call(self.center.work.move_many, [self.an_item(rng), self.an_item(rng)], rng.choice(QUEUES))

    def reprioritise_many(self, rng: Random) -> None:
        self.call(self.center.work.reprioritise_many, [self.an_item(rng), self.an_item(rng)], rng.choice((0, 8)))

    def cancel_many(self, rng: Random) -> None:
        self.call(self.center.work.cancel_many, [self.an_item(rng), self.an_item(rng)])

    def suspend(self, rng: Random) -> None:
        self.call(self.center.work.suspend, self.an_item(rng))

    def resume(self, rng: Random) -> None:
        queue = rng.choice((None, None, *QUEUES))
        self.call(self.center.work.resume, self.an_item(rng), queue=queue, priority=rng.choice((None, 2)))

    def schedule(self, rng: Random) -> None:
        at = None if rng.random() < 0.3 else self.center.now() + timedelta(seconds=rng.choice((0, 10, 60)))
        self.call(
            self.center.work.schedule,
            self.an_item(rng),
            at=at,
            when_quiet=rng.choice((None, 0, 2)),
            queue=rng.choice((None, *QUEUES)),
            keep_entered=rng.random() < 0.5,
        )

    def reclassify(self, rng: Random) -> None:
        self.call(self.center.work.reclassify, self.an_item(rng), {"kind": rng.choice(("first", "other"))})

    def cancel(self, rng: Random) -> None:
        self.call(self.center.work.cancel, self.an_item(rng))

    def abandon(self, rng: Random) -> None:
        self.call(self.center.work.abandon, self.an_item(rng))

    def close(self, rng: Random) -> None:
        self.call(self.center.work.close, self.an_item(rng))

    def assign(self, rng: Random) -> None:
        self.call(self.center.work.assign, self.an_item(rng), self.an_agent(rng), over_capacity=rng.random() < 0.5)

    # -- answers

    def accept(self, rng: Random) -> None:
        agent = self.an_agent(rng) if rng.random() < 0.1 else None
        self.call(self.center.offers.accept, self.an_offer(rng), agent=agent)

    def decline(self, rng: Random) -> None:
        self.call(self.center.offers.decline, self.an_offer(rng), retry_after=rng.choice((None, None, "0s", "15s")))

    def complete(self, rng: Random) -> None:
        self.call(
            self.center.assignments.complete,
            self.an_assignment(rng, wrapping=False),
            code=rng.choice((None, "done", "odd")),
            after_call_work=rng.random() < 0.5,
        )

    def end_after_call_work(self, rng: Random) -> None:
        token = self.an_assignment(rng, wrapping=True)
        self.call(self.center.assignments.end_after_call_work, token, code=rng.choice((None, "done")))

    def blind(self, rng: Random) -> None:
        self.call(self.center.assignments.transfer, self.an_assignment(rng), self.an_agent(rng))

    def consult(self, rng: Random) -> None:
        self.call(self.center.assignments.consult, self.an_assignment(rng), self.an_agent(rng))

    def cancel_transfer(self, rng: Random) -> None:
        live = [o for a in self.center.agents.ids() for o in self.center.offers.of_agent(a) if o.transfer]
        self.call(self.center.assignments.cancel_transfer, rng.choice(live).id if live else self.an_offer(rng))

    def transfer_to_queue(self, rng: Random) -> None:
        keep = rng.choice((None, True, False))
        self.call(
            self.center.assignments.transfer_to_queue, self.an_assignment(rng), rng.choice(QUEUES), keep_entered=keep
        )

    def requeue(self, rng: Random) -> None:
        self.call(self.center.assignments.requeue, self.an_assignment(rng))

    def hold(self, rng: Random) -> None:
        self.call(self.center.assignments.hold, self.an_assignment(rng), rng.choice((0.0, 0.5, 1.0)))

    # -- time

    def wait(self, rng: Random) -> None:
        seconds = rng.choice((0.000001, 1, 5, 5, 20, 60))
        self.script.append(f"advance({seconds})")
        self.center.advance(seconds)

    def wait_for_deadline(self, rng: Random) -> None:
        due = self.center.next_deadline()
        if due is not None and due - self.center.now() < timedelta(hours=2):
            self.script.append("advance to the next deadline")
            self.center.advance(due - self.center.now())

    def batch(self, rng: Random) -> None:
        """Several inputs, one settling."""
        self.script.append("with batch():")
        with self.center.batch():
            for _ in range(rng.randint(1, 5)):
                getattr(self, rng.choice(BATCHED))(rng)
        self.script.append("# end of batch")

    def command_again(self, rng: Random) -> None:
        """The same command id again gets the first answer and changes nothing."""
        center, command = self.center, f"command-{len(self.script)}"
        item = WorkItem(queue=rng.choice(QUEUES), medium=rng.choice(MEDIA), attributes={"tags": {"a", "b", "c"}})
        first = self.call(center.work.submit, item, command_id=command)
        if first is None:
            return
        self.items.append(first)
        end = center.storage.end()
        assert center.work.submit(attrs.evolve(item), command_id=command) == first
        assert center.storage.end() == end


ACTIONS: dict[str, int] = {
    "accept": 10,
    "submit": 12,
    "submit_rare": 6,
    "complete": 6,
    "wait": 6,
    "wait_for_deadline": 6,
    "sign_in": 5,
    "set_presence": 4,
    "decline": 5,
    "set_agent": 3,
    "set_queue": 3,
    "end_after_call_work": 3,
    "batch": 3,
    "blind": 3,
    "consult": 3,
    "cancel_transfer": 2,
    "transfer_to_queue": 2,
    "requeue": 2,
    "hold": 3,
    "change": 4,
    "set_skills": 2,
    "join": 2,
    "leave": 1,
    "heartbeat": 2,
    "move": 2,
    "move_many": 1,
    "reprioritise_many": 1,
    "cancel_many": 1,
    "suspend": 1,
    "resume": 2,
    "schedule": 1,
    "expedite": 1,
    "reclassify": 1,
    "cancel": 1,
    "abandon": 1,
    "close": 1,
    "assign": 2,
    "remove_agent": 1,
    "remove_queue": 1,
    "switch_queue": 1,
    "command_again": 1,
}
"""Every action, with how often it is chosen in a script."""

BATCHED = ("submit", "submit_rare", "sign_in", "accept", "complete", "decline", "set_presence", "set_skills", "cancel",
           "change", "blind", "requeue", "assign", "move")  # fmt: skip


def furnish(driver: Driver, rng: Random) -> None:
    """Queues with settings and agents at work, so that a script begins with something to do."""
    for name in QUEUES:
        driver.call(driver.center.queues.change, driver.queue_settings(rng, name))
    for name in AGENTS:
        driver.call(driver.center.agents.add, driver.agent_settings(rng, name))
        driver.call(driver.center.agents.sign_in, name)


def run_script(seed: int, steps: int, after_step: Callable[[Driver], None] = lambda driver: None) -> Driver:
    """A script of so many steps from a seed."""
    rng = Random(seed)
    driver = Driver(seed)
    furnish(driver, rng)
    names, weights = list(ACTIONS), list(ACTIONS.values())
    for _ in range(steps):
        getattr(driver, rng.choices(names, weights)[0])(rng)
        after_step(driver)
    return driver
