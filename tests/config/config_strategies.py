"""Random configurations: every field of every spec, with references that hold."""

from __future__ import annotations

import string
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st

from switchroom.config import Behaviour, Break, Configuration, Shift
from switchroom.routing.escalation_model import (
    Action,
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
    TimeOut,
)
from switchroom.routing.hours import OpeningHours
from switchroom.routing.intake_model import Intake, IntakeRule
from switchroom.routing.model import Agent, Membership, Team
from switchroom.routing.queue_model import (
    AFTER_CALL_MODES,
    ORDERINGS,
    SELECTIONS,
    AfterCallWork,
    Queue,
    QueueMessages,
    Ring,
    ServiceLevel,
)
from switchroom.routing.utilization import MediumLimit, Utilization
from switchroom.simulation.times import SHAPES, Times
from switchroom.workitems.attributes import Attribute
from switchroom.workitems.model import OWN_FIELDS, Automatic, Calendar, Status, TimeRule, Workbin, Worktype
from switchroom.workitems.sla_model import Curve, Sla, SlaRule
from switchroom.workitems.source_model import Distribution, Source, SourceRule

T = TypeVar("T")

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")

ids = st.text(string.ascii_letters + string.digits + "_.:-", min_size=1, max_size=8).filter(
    lambda id: id not in (".", "..")
)
names = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=6).filter(
    lambda name: name == name.strip() and name.isprintable()
)
# Every character that TOML must escape, and everything else but NUL and lone surrogates.
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12)
spans = st.one_of(
    st.integers(0, 10**6).map(lambda n: timedelta(seconds=n)), st.timedeltas(timedelta(0), timedelta(days=400))
)
priorities = st.integers(-(10**6), 10**6)
counts = st.integers(1, 10**6)
shares = st.floats(0, 1)
requirements = st.sampled_from(
    ["true", "false", "spanish >= 2", "a and not b", 'region in {"x", "y\\n"}', "level in 1..3.5", 'agent == "ana"']
)
facts = st.one_of(
    texts, st.booleans(), st.integers(-(10**15), 10**15), st.floats(-1e15, 1e15), st.frozensets(texts, max_size=3)
)
levels = st.one_of(st.integers(0, 5), st.floats(0, 5))


def optional(inner: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.none() | inner


days = st.lists(st.sampled_from(["09:00-17:00", "22:00-06:00", "00:00-24:00", "07:15:30-08:00"]), max_size=2)
hours = st.builds(
    OpeningHours,
    st.sampled_from(ZONES),
    weekly=st.dictionaries(st.sampled_from(["mon", "tue", "sun"]), days, max_size=3),
    holidays=st.dictionaries(st.sampled_from(["12-25", "2026-05-01"]), days, max_size=2),
    exceptions=st.dictionaries(st.sampled_from(["2026-03-29"]), days, max_size=1),
)
medium_limits = st.builds(
    MediumLimit,
    cost=st.integers(0, 200),
    maximum=optional(counts),
    interruptible_by=st.frozensets(ids, max_size=2),
)
utilizations = st.builds(
    Utilization,
    capacity=st.integers(0, 500),
    media=st.dictionaries(ids, medium_limits, max_size=3),
    default_cost=st.integers(0, 200),
    compatible=st.lists(st.frozensets(ids, max_size=3), max_size=2).map(tuple),
    labels=st.dictionaries(ids, st.integers(0, 9), max_size=2),
)
after_call_work = st.builds(AfterCallWork, mode=st.sampled_from(AFTER_CALL_MODES), limit=spans, hold=shares)


def actions(queues: list[str]) -> st.SearchStrategy[Action]:
    return st.one_of(
        st.builds(AddPriority, priorities),
        st.builds(SetPriority, priorities),
        st.builds(SetRequirement, requirements),
        st.builds(AddRequirement, requirements),
        st.builds(MoveTo, st.sampled_from(queues)),
        st.builds(Alert, texts.filter(lambda text: not text.startswith("team:"))),
        st.builds(ParkIn, texts),
        st.builds(CancelWith, texts),
        st.builds(TimeOut, texts),
        st.builds(CallBack, optional(spans)),
        st.builds(Reclassify, st.dictionaries(names, texts | st.booleans() | priorities, max_size=2).map(_pairs)),
        st.builds(CallFunction, ids),
    )


def _pairs(facts: dict[str, object]) -> tuple[tuple[str, object], ...]:
    return tuple(facts.items())


def escalations(queues: list[str]) -> st.SearchStrategy[Escalation]:
    triggers = st.one_of(
        st.fixed_dictionaries({"after_wait": spans}),
        st.fixed_dictionaries({"after_age": spans}),
        st.fixed_dictionaries({"sla_share": st.floats(0.1, 2)}),
        st.fixed_dictionaries({"queue_longer_than": counts}),
        st.fixed_dictionaries({"nobody_for": spans}),
        st.fixed_dictionaries({"failed_offers": counts}),
    )
    return st.builds(
        lambda name, actions, trigger: Escalation(name, actions=actions, **trigger),
        ids,
        st.lists(actions(queues), max_size=3),
        triggers,
    )


@st.composite
def a_queue(draw: st.DrawFn, id: str, queues: list[str], overflow: str | None) -> Queue:
    codes = draw(st.lists(ids, max_size=3, unique=True))
    rules = ["stay", "leave"] + (["overflow"] if overflow else [])
    outside = ["wait", "refuse"] + (["overflow"] if overflow else [])
    return Queue(
        id,
        name=draw(texts),
        division=draw(ids),
        ordering=draw(st.sampled_from([*ORDERINGS, "function:mine"])),
        priority_weight=draw(spans),
        selection=draw(st.sampled_from(SELECTIONS)),
        score_threshold=draw(shares),
        skill_weights=draw(st.dictionaries(names, levels, max_size=2)),
        average_skills=draw(st.booleans()),
        protect_scarce=draw(st.booleans()),
        requirement=draw(requirements),
        rings=draw(st.lists(st.builds(Ring, spans, drop=st.frozensets(ids, max_size=2)), max_size=3)),
        alert_timeout=draw(optional(spans.filter(lambda span: span >= timedelta(seconds=1)))),
        on_expiry=draw(ids),
        offers_per_item=draw(counts),
        auto_answer=draw(st.booleans()),
        retry_delay=draw(spans),
        decline_retry=draw(optional(spans)),
        after_call_work=draw(after_call_work),
        wrap_up_codes=codes,
        wrap_up_required=bool(codes) and draw(st.booleans()),
        on_leave=draw(st.sampled_from(["keep", "requeue"])),
        on_leave_wait=draw(spans),
        limit=draw(optional(counts)),
        overflow=overflow,
        max_wait=draw(optional(spans)),
        hours=draw(optional(hours)),
        outside_hours=draw(st.sampled_from(outside)),
        on_close=draw(st.sampled_from(rules)),
        enabled=draw(st.booleans()),
        service_level=draw(optional(st.builds(ServiceLevel, share=shares, within=spans))),
        escalations=draw(st.lists(escalations(queues), max_size=2, unique_by=lambda rule: rule.name)),
        messages=draw(st.builds(QueueMessages, greeting=optional(texts), position_every=optional(spans))),
        transfer_keeps_entered=draw(st.booleans()),
        wake_over_capacity=draw(st.booleans()),
    )


def agents_of(queues: list[str], teams: list[str]) -> st.SearchStrategy[list[Agent]]:
    memberships = st.builds(
        Membership,
        st.sampled_from(queues),
        rank=priorities,
        order=optional(priorities),
        delay=spans,
        ring=st.integers(1, 9),
    )
    agent = st.builds(
        Agent,
        ids,
        skills=st.dictionaries(names, levels, max_size=3),
        attributes=st.dictionaries(names, facts, max_size=3),
        queues=st.lists(memberships, max_size=2, unique_by=lambda membership: membership.queue),
        utilization=utilizations,
        name=texts,
        division=ids,
        team=st.sampled_from([None, *teams]),
        role=st.sampled_from(["agent", "supervisor", "admin"]),
        max_offers=optional(counts),
        wrap_up=optional(spans),
        max_misses=optional(counts),
        rest_after_miss=optional(spans),
        auto_answer=optional(st.booleans()),
    )
    return st.lists(agent, max_size=3, unique_by=lambda one: one.id)


def intakes_of(queues: list[str]) -> st.SearchStrategy[list[Intake]]:
    some_queue = st.sampled_from([None, *queues])
    rule = st.builds(
        IntakeRule, when=requirements, queue=some_queue, priority=optional(priorities), requirement=requirements
    )
    intake = st.builds(
        Intake,
        ids,
        rules=st.lists(rule, max_size=2),
        fallback=some_queue,
        on_nothing=st.sampled_from(["hold", "cancel"]),
    )
    return st.lists(intake, max_size=2, unique_by=lambda one: one.id)


time_rules = st.one_of(
    st.builds(TimeRule, after=spans.filter(bool), calendar=st.sampled_from([None, "office"])),
    st.builds(TimeRule, at=st.sampled_from(["00:00", "17:30"]), days=st.integers(0, 9), zone=st.sampled_from(ZONES)),
)
own_names = names.filter(lambda name: name not in OWN_FIELDS)
attributes = st.one_of(
    st.builds(Attribute, own_names, st.just("number"), required=st.booleans(), minimum=optional(st.integers(-9, 0)),
              indexed=st.booleans()),
    st.builds(Attribute, own_names, st.just("choice"), choices=st.just(["a", "b"]),
              default=st.sampled_from([None, "a"])),
)  # fmt: skip
curves = st.builds(Curve, st.sampled_from([[(0.25, 5), (1.0, 20)], [(0.5, 1)]]), smooth=st.booleans())


@st.composite
def worktypes(draw: st.DrawFn, queues: list[str]) -> Worktype:
    rule = st.builds(
        SlaRule, ids, share=st.floats(0.1, 2), actions=st.lists(actions(queues), max_size=2), take=st.booleans()
    )
    rules = st.lists(rule, max_size=2, unique_by=lambda one: one.name)
    sla = st.builds(
        Sla, spans.filter(bool), calendar=st.sampled_from([None, "office"]), rules=rules, curve=optional(curves)
    )
    codes = draw(st.lists(names, max_size=2, unique=True))
    place = draw(st.sampled_from(["queue", "workbin", "distribution", None]))
    places = {"queue": draw(st.sampled_from(queues)), "workbin": "shelf", "distribution": "spread"}
    statuses = [
        Status("new", category="open", next=draw(st.sampled_from([None, ["busy", "over"]]))),
        Status("busy", category="in_progress", room=draw(shares), clock=draw(optional(st.booleans()))),
        Status("rest", category="waiting", wake="queue", automatic=[Automatic(to="over", after="3d")]),
        Status("over", category="closed"),
    ]
    return Worktype(
        draw(ids.filter(lambda id: id != "item")),
        attributes=draw(st.lists(attributes, max_size=3, unique_by=lambda one: one.name)),
        extras=draw(st.booleans()),
        **({} if place is None else {place: places[place]}),
        requirement=draw(requirements),
        priority=draw(priorities),
        due=draw(optional(time_rules)),
        expires=draw(optional(time_rules)),
        sla=draw(optional(sla)),
        **draw(st.sampled_from([{}, {"statuses": statuses}])),
        wrap_up_codes=codes,
        wrap_up_required=bool(codes) and draw(st.booleans()),
        reopen_for=draw(spans),
        outcome_text=draw(texts.map(lambda text: text.replace("$", "$$"))),
    )


def work_of(queues: list[str], worktypes: list[Worktype]) -> dict[str, st.SearchStrategy[list[Any]]]:
    """What work goes by, but for the worktypes."""
    some = st.sampled_from([None, *(worktype.id for worktype in worktypes)])
    source_rule = st.builds(
        SourceRule,
        when=requirements,
        worktype=some,
        queue=st.sampled_from([None, *queues]),
        priority=optional(priorities),
        attributes=st.dictionaries(names, facts, max_size=2),
    )
    source = st.builds(
        Source,
        ids,
        rules=st.lists(source_rule, max_size=2),
        worktype=some,
        sync=st.booleans(),
        fields=st.dictionaries(names, names, max_size=2),
    )
    shelf = st.builds(Workbin, st.just("shelf"), see=requirements, claim=optional(requirements))
    return {
        "calendars": hours.map(lambda found: [Calendar("office", hours=found)]),
        "workbins": shelf.map(lambda found: [found]),
        "distributions": st.just([Distribution("spread", shares=dict.fromkeys(queues, 1.5))]),
        "sources": st.lists(source, max_size=2, unique_by=lambda one: one.id),
    }  # fmt: skip


parts_of_day = st.sampled_from(["09:00-17:00", "22:00-06:00", "00:00-24:00"])
weekdays = st.lists(st.sampled_from(["mon", "wed", "sun"]), unique=True)


@st.composite
def configurations(draw: st.DrawFn) -> Configuration:
    queue_ids = draw(st.lists(ids, min_size=1, max_size=3, unique=True))
    team_ids = draw(st.lists(ids, max_size=2, unique=True))
    # Each queue may overflow into the one before, so that there is no circle.
    overflows = [None, *queue_ids[:-1]]
    queues = [
        draw(a_queue(id, queue_ids, draw(st.sampled_from([None, overflow]))))
        for id, overflow in zip(queue_ids, overflows, strict=True)
    ]
    agents = draw(agents_of(queue_ids, team_ids))
    agent_ids = [agent.id for agent in agents]
    some_agents = st.lists(st.sampled_from(agent_ids), max_size=2) if agent_ids else st.just([])
    breaks = st.lists(st.builds(Break, parts_of_day, presence=ids), max_size=2)
    behaviour = st.builds(
        Behaviour,
        medium=optional(ids),
        queue=st.sampled_from([None, *queue_ids]),
        agents=some_agents,
        answer=spans,
        handle=spans.filter(bool),
        wrap_up=st.builds(Times, spans, shape=st.sampled_from([None, *SHAPES]), none=shares),
        patience=optional(spans),
        spread=st.floats(0, 5),
        decline=st.floats(0, 0.5),
        miss=st.floats(0, 0.5),
        back_after=spans,
        transfer=shares,
        transfer_to=st.sampled_from(queue_ids),
        reply=st.builds(Times, values=st.lists(spans, min_size=1, max_size=3)),
        turns=st.floats(1, 10),
        waiting_share=shares,
    )
    work = draw(st.lists(worktypes(queue_ids), max_size=2, unique_by=lambda one: one.id))
    return Configuration(
        worktypes=work,
        **{name: draw(strategy) for name, strategy in work_of(queue_ids, work).items()},
        queues=queues,
        agents=agents,
        teams=[Team(id, supervisor=draw(st.sampled_from([None, *agent_ids]))) for id in team_ids],
        intakes=draw(intakes_of(queue_ids)),
        zone=draw(st.sampled_from(ZONES)),
        shifts=draw(
            st.lists(st.builds(Shift, agents=some_agents, hours=parts_of_day, days=weekdays, breaks=breaks), max_size=2)
        ),
        behaviours=draw(st.lists(behaviour, max_size=2)),
    )
