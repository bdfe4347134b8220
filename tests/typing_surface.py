"""Calls over the whole public surface that mypy strict and pyright strict accept. Never executed.

``assert_type`` says what a caller gets back, so a return type that becomes vague is an error here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import assert_type

from attrs import evolve

from switchroom import (
    AccessRequest,
    AddPriority,
    AddRequirement,
    Address,
    AfterCallWork,
    Agent,
    AgentView,
    Alert,
    Ask,
    AssignmentView,
    AsyncContactCenter,
    Attribute,
    AuditReport,
    Automatic,
    BackTest,
    Branch,
    Calendar,
    CallBack,
    CallFunction,
    Campaign,
    CancelWith,
    Candidate,
    CannedResponse,
    CapturePoint,
    Carrier,
    Category,
    Channel,
    CheckHours,
    Classifier,
    Classify,
    Clock,
    CloseConversation,
    Column,
    Condition,
    ConsentRules,
    Consult,
    Contact,
    ContactCenter,
    ContactList,
    ContactWindow,
    CreateWork,
    Curve,
    DeadInput,
    Decision,
    Distribution,
    DoNotContact,
    Escalation,
    Estimate,
    EstimateError,
    EvaluationForm,
    Every,
    Expiring,
    Finding,
    Flow,
    Intake,
    IntakeRule,
    ItemView,
    Jump,
    KeywordPolicy,
    Ledger,
    Line,
    LogReports,
    ManualClock,
    Match,
    MediumLimit,
    Membership,
    MemorySink,
    MemoryStorage,
    MessageTemplate,
    MoveTo,
    Multiskill,
    Notice,
    NoticeTrigger,
    Notification,
    OfferView,
    OpeningHours,
    ParkIn,
    PostgresStorage,
    Preferred,
    Presence,
    Preview,
    Principal,
    Question,
    Queue,
    QueueMessages,
    QueueView,
    Reclassify,
    Record,
    Requirement,
    Ring,
    RouteTo,
    Say,
    ScreenPop,
    SendingLimits,
    ServiceLevel,
    SetPriority,
    SetRequirement,
    SetVariables,
    Simulation,
    SkillMatcher,
    Sla,
    SlaRule,
    Source,
    SourceRule,
    SourceSink,
    SqliteStorage,
    Status,
    Step,
    SystemClock,
    Tag,
    Team,
    TimeOut,
    TimeRule,
    Times,
    Utilization,
    Wait,
    WebhookSink,
    Where,
    WhyNot,
    Workbin,
    WorkItem,
    WorkScreen,
    WorkTrigger,
    Worktype,
    WorkView,
    estimate_error,
    html_report,
    lint,
    verify_audit,
)
from switchroom.config import Configuration
from switchroom.conversations.flow_model import FlowStep
from switchroom.errors import InvalidInput, OfferGone, Refused, SwitchroomError
from switchroom.routing.escalation_model import Action
from switchroom.routing.events import OfferMade
from switchroom.simulation.comparison import compare
from switchroom.simulation.confidence import Interval
from switchroom.simulation.multiskill import Access, CallType, Group
from switchroom.simulation.recording import Recording
from switchroom.simulation.synthetic import Traffic, WorkType
from switchroom.transport.memory import MemoryTransport
from switchroom.transport.signatures import StandardWebhooks
from switchroom.workitems.trigger_model import Done

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


# -- specs take what is handy, and hold one type


def specs() -> None:
    Membership("sales")
    Membership("sales", rank=2, order=1, delay="30s", ring=2)
    Agent("ana")
    agent = Agent(
        "ana",
        skills={"spanish": 4, "billing": 2.5},
        attributes=MappingProxyType({"region": "emea", "vip": True, "products": frozenset({"loans"})}),
        queues=["sales", Membership("support", delay=timedelta(seconds=30))],
        utilization=Utilization(capacity=100, media={"voice": 100, "chat": MediumLimit(cost=20, maximum=3)}),
        name="Ana",
        division="north",
        team="leads",
        role="supervisor",
        max_offers=1,
        wrap_up="30s",
        max_misses=3,
        rest_after_miss=5,
        rest_after_decline=timedelta(seconds=5),
        auto_answer=True,
    )
    assert_type(agent.queues, tuple[Membership, ...])
    assert_type(agent.wrap_up, timedelta | None)
    Utilization(compatible=[("chat", "message")], labels={"vip": 1}, default_cost=50)
    MediumLimit(interruptible_by=["voice"])
    Team("leads", supervisor="ana")
    hours = OpeningHours.weekdays("09:00", "17:00", zone="Europe/Berlin", holidays={"12-25": None})
    assert_type(hours.is_open(NOON), bool)
    assert_type(hours.next_open("2026-01-05T12:00:00Z"), datetime | None)
    assert_type(hours.open_time(NOON, NOON), timedelta)
    OpeningHours("UTC", weekly={"mon": ["09:00-17:00"], "tue": [("09:00", "17:00")]}, exceptions={"2026-01-05": None})
    queue = Queue(
        "sales",
        ordering="aging",
        priority_weight=60,
        selection="best_skilled",
        skill_weights={"spanish": 2},
        requirement="not trainee",
        rings=[Ring("30s"), Ring(60, drop=["german"])],
        alert_timeout="20s",
        on_expiry=Presence.AWAY,
        offers_per_item=2,
        retry_delay=timedelta(seconds=5),
        after_call_work=AfterCallWork("forced", limit="1m", hold=0.5),
        wrap_up_codes=["sold"],
        limit=100,
        overflow="support",
        max_wait="10m",
        hours=hours,
        outside_hours="overflow",
        service_level=ServiceLevel(share=0.8, within="20s"),
        escalations=[Escalation("late", after_wait="5m", actions=[AddPriority(5), Alert("team:leads")])],
        messages=QueueMessages(greeting="hello", position_every="30s"),
    )
    assert_type(queue.requirement, Requirement)
    assert_type(queue.max_wait, timedelta | None)
    Intake("default", rules=[IntakeRule(when='kind == "order"', queue="sales", priority=2)], fallback="support")


def actions() -> None:
    everything: list[Action] = [
        *(AddPriority(1), SetPriority(2), SetRequirement("english"), AddRequirement("spanish >= 2")),
        *(MoveTo("support"), Alert("ana"), ParkIn("workbin:claims"), CallBack("10m"), Reclassify((("kind", "x"),))),
        *(CancelWith("gone"), TimeOut("too long"), CallFunction("mine")),
    ]
    Escalation("a", after_age=60, actions=everything)
    Escalation("b", sla_share=0.5, actions=[MoveTo("support")])
    Escalation("c", queue_longer_than=10, actions=())
    Escalation("d", nobody_for="1m", actions=[])
    Escalation("e", failed_offers=3, actions=[])


def work() -> None:
    WorkItem(queue="sales")
    item = WorkItem(
        "order-7",
        queue="sales",
        medium="message",
        channel="sms",
        requirement=Requirement.parse("spanish") & Requirement.parse("billing"),
        priority=5,
        attributes={"segment": "gold", "value": 12, "products": ["loans", "cards"]},
        contact="c-1",
        steps=[Step("spanish >= 4", "30s"), Step(Requirement.parse("spanish"), timedelta(seconds=30)), "english"],
        after_steps="time_out",
        expiring=[Expiring("french", "20s", expedite=True)],
        preferred=Preferred(["ana"], wait="45s", skip_if_absent=False, override=True),
        scores={"ana": 80, "bob": 55.5},
        due=NOON,
        entered=NOON,
        at=NOON,
        when_quiet=3,
        max_wait="10m",
        cost=40,
        labels=["vip"],
        position=1,
        parked=False,
        exclude=["eve"],
    )
    assert_type(item.steps, tuple[Step, ...])
    assert_type(item.requirement, Requirement)
    assert_type(item.labels, tuple[str, ...])


# -- the center


def value_of(item: ItemView) -> tuple[int, float]:
    return 0, -float(item.priority)


def centers(clock: Clock) -> None:
    ContactCenter()
    with ContactCenter(clock=clock, seed=1, zone="Europe/Berlin", functions={"value": value_of}) as center:
        assert_type(center, ContactCenter)
        assert_type(center.now(), datetime)
        assert_type(center.next_deadline(), datetime | None)
        center.run_due()
        with center.batch():
            center.agents.sign_in("ana")
    manual = ContactCenter(clock=ManualClock("2026-01-05T09:00:00Z"))
    assert_type(manual.advance("30s"), datetime)
    assert_type(manual.advance(30), datetime)
    assert_type(SystemClock().now(), datetime)
    assert_type(ManualClock(NOON).set(NOON), datetime)


def queues(center: ContactCenter) -> None:
    center.queues.add(Queue("sales"))
    center.queues.change(Queue("sales", limit=5), command_id="c1")
    center.queues.switch("sales", False)
    center.queues.save_intake(Intake("default"))
    center.queues.remove("sales")
    assert_type(center.queues.get("sales"), QueueView)
    assert_type(center.queues.settings("sales"), Queue)
    assert_type(center.queues.ids(), tuple[str, ...])
    assert_type(center.queues.waiting("sales"), tuple[str, ...])


def agents(center: ContactCenter) -> None:
    center.agents.add(Agent("ana"))
    center.agents.change(Agent("ana", queues=["sales"]))
    center.agents.set_skills("ana", {"spanish": 3, "french": None})
    center.agents.join("ana", "support")
    center.agents.join("ana", Membership("support", rank=2))
    center.agents.leave("ana", "support")
    center.agents.save_team(Team("leads"))
    assert_type(center.agents.sign_in("ana", sequence=1), bool)
    assert_type(center.agents.set_presence("ana", Presence.BREAK), bool)
    assert_type(center.agents.set_presence("ana", "coaching"), bool)
    assert_type(center.agents.heartbeat("ana", lease="60s"), bool)
    assert_type(center.agents.sign_out("ana"), bool)
    assert_type(center.agents.get("ana"), AgentView)
    assert_type(center.agents.settings("ana"), Agent)
    center.agents.remove("ana")


def items(center: ContactCenter) -> None:
    item = center.work.submit(WorkItem(queue="sales"), intake="default", command_id="web-1")
    assert_type(item, str)
    center.work.change(item, priority=3, requirement="spanish", attributes={"a": 1, "b": None}, due=NOON)
    center.work.change(item, entered=NOON, expected_version=2)
    center.work.expedite(item)
    center.work.expedite(item, on=False)
    center.work.move(item, "support", keep_entered=True, position=2)
    center.work.reclassify(item, {"kind": "order"})
    center.work.suspend(item, reason="away")
    center.work.resume(item, queue="support", priority=1)
    center.work.schedule(item, at=NOON, when_quiet=2, queue="sales", keep_entered=True)
    center.work.park_in(item, "workbin:claims")
    center.work.cancel(item, reason="withdrawn")
    center.work.abandon(item)
    center.work.close(item)
    assert_type(center.work.cancel_many([item]), int)
    assert_type(center.work.move_many({item}, "support"), int)
    assert_type(center.work.reprioritise_many((item,), 5), int)
    assert_type(center.work.assign(item, "ana", over_capacity=True, by="lead"), str)
    assert_type(center.work.claim(item, "ana"), str)
    assert_type(center.work.get(item), ItemView)
    assert_type(center.work.unrouted(), tuple[str, ...])


def hands(center: ContactCenter) -> None:
    assert_type(center.offers.of_agent("ana"), tuple[OfferView, ...])
    [offer] = center.offers.of_item("item-1")
    assert_type(center.offers.get(offer.id), OfferView)
    assignment = center.offers.accept(offer.id, agent="ana")
    assert_type(assignment, str)
    center.offers.decline(offer.id, reason="busy", retry_after="5m")
    center.assignments.complete(assignment, agent="ana", code="sold", note="...", after_call_work=True)
    center.assignments.end_after_call_work(assignment, code="sold")
    assert_type(center.assignments.transfer(assignment, "bob", by="ana"), str)
    assert_type(center.assignments.consult(assignment, "bob"), str)
    center.assignments.cancel_transfer(offer.id)
    center.assignments.transfer_to_queue(assignment, "support", keep_entered=True)
    center.assignments.transfer_to(assignment, "workbin:claims")
    center.assignments.requeue(assignment, reason="dropped")
    center.assignments.hold(assignment, 0.5)
    assert_type(center.assignments.get(assignment), AssignmentView)
    assert_type(center.assignments.of_agent("ana"), tuple[AssignmentView, ...])


def insight(center: ContactCenter) -> None:
    decision = center.insight.explain("item-1")
    assert_type(decision, Decision)
    assert_type(decision.candidates, tuple[Candidate, ...])
    assert_type(decision.candidates[0].failed, tuple[Condition, ...])
    assert_type(center.insight.explain_offer("item-1#1"), Decision)
    assert_type(center.insight.explain_decision(7), Decision)
    assert_type(center.insight.why_not("item-1", "ana"), WhyNot)
    assert_type(center.insight.preview("item-1", after="30s"), Preview)
    assert_type(center.insight.preview(WorkItem(queue="sales")), Preview)
    assert_type(center.insight.position("item-1"), int)
    assert_type(center.insight.estimate("item-1"), Estimate)
    assert_type(center.insight.estimate_for_queue("sales", priority=2, requirement="spanish"), Estimate)
    assert_type(center.insight.estimate_error(), EstimateError)
    assert_type(center.insight.lint(), tuple[Finding, ...])
    assert_type(lint(queues=[Queue("q")], agents=[Agent("a")], intakes=[], items=[WorkItem()]), tuple[Finding, ...])
    assert_type(estimate_error(center.events(), center.fresh), EstimateError)


def log(center: ContactCenter) -> None:
    def show(record: Record) -> None:
        print(record.position, record.instant, record.type, record.tags, record.command_id)

    stop = center.subscribe(show)
    stop()
    assert_type(center.events(after=5, tag="item:1"), Iterator[Record])
    for record in center.events():
        match record.event:
            case OfferMade(offer=offer, agent=agent):
                assert_type(offer, str)
                assert_type(agent, str)
            case _:
                pass
    center.check()
    assert_type(center.keep_snapshot(), bool)
    center.catch_up()
    center.close()


def matcher() -> None:
    people = [Agent("ana", skills={"spanish": 4})]
    matches = SkillMatcher("best_available", weights={"spanish": 2}).rank("spanish >= 3", people, last_agent="ana")
    assert_type(matches, tuple[Match, ...])
    assert_type(SkillMatcher().eligible(None, people), tuple[str, ...])

    def score(agent: Agent, requirement: Requirement) -> float:
        return len(agent.skills)

    SkillMatcher(score, threshold=10)


def simulations(recording: Recording, other: Configuration) -> None:
    model = Multiskill(
        types=[CallType("sales", rates=[60, 80], handle=Times("4m", shape="lognormal", spread=0.8), patience="2m")],
        groups=[Group("team", staff=[5, 7], types=["sales", Access("sales", rank=2, order=1, delay=10, since=1)])],
        period=timedelta(minutes=30),
    )
    results = model.simulation(seed=1).run(10, confidence=0.99, processes=2)
    assert_type(results.of_type("service_level", "sales", 0), Interval | None)
    assert_type(results.types(by_period=True)[0].arrived.half_width, float | None)
    made_up = Simulation(other, Traffic(types=[WorkType("sales", rates=60)]), warm_up="10m", groups={"g": ["ana"]})
    assert_type(compare(results, made_up.run())[0].certain, bool)
    tested = BackTest(recording, other, seed=2)
    assert_type(tested.run(5).changed[0].after.agent, str | None)
    assert_type(tested.explain("item-1", "before"), Decision)


def mistakes(center: ContactCenter) -> None:
    try:
        center.offers.accept("item-1#1")
    except OfferGone as error:
        print(error.offer, error.outcome)
    except Refused as refusal:
        print(refusal.message)
    except InvalidInput as mistake:
        print(mistake.field, mistake.code)
    except SwitchroomError:
        raise


async def on_a_loop() -> None:
    async with AsyncContactCenter(ContactCenter(clock=ManualClock())) as desk:
        item = await desk.call(desk.center.work.submit, WorkItem(queue="sales"), command_id="web-2")
        assert_type(item, str)
        assert_type(await desk.call(desk.center.work.get, item), ItemView)
        await desk.advance("30s")


def stores() -> None:
    with ContactCenter(storage=SqliteStorage("center.db", synchronous="normal")) as center:
        assert_type(center.storage.end(), int)
    ContactCenter(storage=PostgresStorage("postgresql://localhost/desk", domain="north"))
    ContactCenter(storage=MemoryStorage(keep=100), snapshot_every=None)


def conversations(flow: Flow) -> None:
    center = ContactCenter(keywords=KeywordPolicy("single_word"), consent_secret=b"of our own")
    ours, theirs = Address("sms", "+15550001111"), Address("sms", "+15557654321")
    center.flows.save(flow)
    center.consent.set_rules(ConsentRules(cap=3, cap_period="24h"))
    center.conversations.save_line(Line("main", address=ours, queue="help", close_after="24h"))
    center.conversations.save_contact(Contact("c-1", addresses=[theirs], language="es"))
    received = center.conversations.receive(to=ours, sender=theirs, content="hola", provider_id="m-1")
    if received.conversation is not None:
        assert_type(center.conversations.reply(received.conversation, "hola", agent="ana"), str)
    assert_type(center.consent.opted_out(theirs), tuple[str, ...])
    assert_type(center.effects.deliver(), int)


def work_items(center: ContactCenter, route: StandardWebhooks) -> None:
    center.worktypes.save_calendar(Calendar("office", hours=OpeningHours.weekdays("09:00", "17:00", zone="UTC")))
    center.workbins.save(Workbin("post", see="true", claim='role == "supervisor"'))
    center.worktypes.save_distribution(Distribution("shares", shares={"north": 2, "south": 1}))
    rules = [SlaRule("late", share=0.8, actions=[ParkIn("workbin:post")], take=True)]
    waits = Status("waiting", category="waiting", room=0, automatic=[Automatic(to="done", after="30d")])
    spec = Worktype(
        "claim",
        attributes=["policy", Attribute("amount", "number", required=True, indexed=True)],
        queue="claims",
        due=TimeRule(at="17:00", days=1, calendar="office"),
        sla=Sla("8h", calendar="office", rules=rules, curve=Curve([(0.5, 10), (1, 60)])),
        statuses=[Status("open", category="open"), Status("busy", category="in_progress"), waits,
                  Status("done", category="closed")],
    )  # fmt: skip
    center.worktypes.save(spec)
    center.worktypes.save_trigger(WorkTrigger("t", on=["closed"], start="a", steps={"a": Done()}))
    center.sources.save(Source("crm", worktype="claim", rules=[SourceRule(when="amount > 100", priority=5)]))
    sink: SourceSink = WebhookSink("https://crm.example/changes", signer=route)
    center.sources.connect("crm", sink)
    center.sources.connect("erp", MemorySink())
    point = CapturePoint(partial(center.sources.receive, "crm"), route)
    assert_type(point.handle({}, b"{}").status, int)
    work = center.work.submit(
        WorkItem(worktype="claim", source="crm", external_id="7", links=["https://a"], journey="j")
    )
    assert_type(center.work.view(work), WorkView)
    screen = center.work.screen(work)
    assert_type(screen, WorkScreen)
    assert_type(screen.history[0].conversation, str | None)
    center.work.change(work, attributes={"amount": 5, "policy": None}, expected_version=3)
    center.work.suspend(work, until=center.now(), reason="papers")
    center.work.resume(work)
    assert_type(center.workbins.claim(work, agent="ana"), str)
    for view in center.workbins.page("post", agent="ana", where="amount > 5", sort="priority").works:
        assert_type(view.sla_used, float | None)
    center.work.complete(work, agent="ana", code="paid")
    center.work.reopen(work)
    assert_type(center.sources.load_csv("crm", "external_id\n1\n").works[1], str)


def reports(center: ContactCenter, store: SqliteStorage) -> None:
    where = Where(queues=["sales"], since="2026-01-05T00:00:00Z")
    for row in center.reports.queues(where, by=["queue", "medium"], every="15m", zone="Europe/Berlin"):
        assert_type(row.service_level, float | None)
    assert_type(Ledger.of(center.events(), keep="400d").totals().events, int)
    assert_type(center.reports.segments(where, every="1d")[0].evenness, float | None)
    assert_type(LogReports(store.read).agents()[0].staffed, timedelta | None)
    assert_type(center.reports.interactions(contact="kim", limit=3)[0].steps[0].what, str)
    assert_type(html_report(center.reports, where, title="Monday"), str)


def security(center: ContactCenter) -> None:
    nora = Principal("nora", divisions={"north"}, details={"roles": ["agent"]})
    with center.acting_as(nora):
        assert_type(center.queues.ids(), tuple[str, ...])
    report: AuditReport = center.audit.verify(head=center.audit.head())
    assert_type(verify_audit(center.audit.acts()).problems, tuple[str, ...])
    assert_type(report.ok, bool)
    assert_type(center.privacy.erase("c-7"), bool)
    dead: tuple[DeadInput, ...] = center.dead_inputs.listed()
    center.dead_inputs.retry(dead[0].id)
    assert_type(center.role, str)


def authorize(request: AccessRequest) -> bool:
    return request.principal is None or request.operation == "offers.accept"


def processes() -> None:
    ContactCenter(storage=MemoryStorage(), role="standby", lease="10s", name="one", authorize=authorize)
    assert_type(ContactCenter(role="follower").follow(0.5), bool)


def outbound(center: ContactCenter) -> None:
    kim = Address("sms", "+15557654321")
    center.lists.save(ContactList("people", address="phone", columns=["name", Column("age", type="number")]))
    report = center.lists.import_csv("people", "people.csv", top=True, rejects="bad.csv")
    for error in report.errors:
        assert_type(error.line, int)
    assert_type(center.lists.append("people", [{"phone": "+15557654321", "age": 3}]).added, int)
    center.templates.save(MessageTemplate("hi", text="Hello ${name}", choices=["CALL"]))
    assert_type(center.templates.preview("hi", {"name": "Kim"}).parts, int)
    spec = Campaign("spring", lists=["people"], senders=["main"], template="hi", retry={"failed": "1h"})
    center.campaigns.save(evolve(spec, windows=[ContactWindow(opens="10:00")]))
    center.campaigns.set_limits(SendingLimits(per_sender_second={"main": 10}))
    center.campaigns.start("spring", command_id="c")
    assert_type(dict(center.campaigns.progress("spring").outcomes), dict[str, int])
    for attempt in center.campaigns.attempts(to=kim):
        assert_type(attempt.accepted, bool | None)
    for place in center.campaigns.assign("spring", "ana", count=3):
        assert_type(center.campaigns.send_to("spring", "ana", place), str | None)
    assert_type(center.notify("main", kim, "hello", every=Every("week", days=[0])), str)
    notice = Notice(line="main", template="hi")
    assert_type(center.notify.send(Notification(notice=notice, to=kim), key="k"), str)
    center.notify.save_trigger(NoticeTrigger("t", event="booked", notice=notice, after="1h"))
    assert_type(center.notify.trigger("booked", kim, {"what": "cut"}), tuple[str, ...])


def talk(center: ContactCenter, address: Address, transport: MemoryTransport) -> None:
    """Flows, canned responses, classification, evaluation, transports."""
    steps: dict[str, FlowStep] = {
        "hello": Say("Hello ${name}", then="about", failed="people"),
        "about": Classify("about", then="ask", otherwise="ask"),
        "ask": Ask("Which?", save="topic", then="sort", failed="people", timed_out="bye", timeout="10m", retries=1),
        "sort": Branch([('topic == "bills"', "bot")], otherwise="hours"),
        "hours": CheckHours(OpeningHours("UTC", weekly={"mon": ["09:00-17:00"]}), open="mark", closed="bye"),
        "mark": SetVariables({"vip": True}, then="tag"),
        "tag": Tag(["vip"], then="pause"),
        "pause": Wait("1m", then="work"),
        "work": CreateWork("claim", then="people", failed="people"),
        "bot": Consult("bot", then="people", failed="people", timeout="5s"),
        "people": RouteTo("help", team="vip", script="greet"),
        "bye": Jump("night"),
    }
    night = Flow("night", start="end", steps={"end": CloseConversation("no answer")})
    center.flows.save_classifier(Classifier("about", categories=[Category("bills", words={"invoice*": 1})]))
    center.flows.save(Flow("front", start="hello", steps=steps), night)
    center.canned.save(CannedResponse("thanks", text="Thank you", queues=["help"], tags=["polite"]))
    assert_type(center.canned.find(queue="help", tags=["polite"]), tuple[CannedResponse, ...])
    assert_type(center.canned.reply("c", "thanks", agent="ana", values={"name": "Ann"}), str)
    center.quality.save_form(EvaluationForm("tone", questions=[Question("greeting", points=5)], share=0.1))
    assert_type(center.quality.evaluate("c", "tone", {"greeting": 5}, by="uma"), float)
    assert_type(center.conversations.screen_pop("offer"), ScreenPop)
    carrier = Carrier(center, transport)
    carrier.connect(transport, lines=["main"])
    assert_type(carrier.one_click("POST", "token", b""), bool)
    assert_type(DoNotContact("internal", addresses=[address]), DoNotContact)
    ContactCenter(channels=[Channel("kiosk", carries={})])
