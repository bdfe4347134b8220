"""An example of every event type, with every field set and with none but the needed ones."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

import switchroom
from switchroom.errors import InvalidInput
from switchroom.kernel.events import EventRegistry
from switchroom.routing.hours import OpeningHours
from switchroom.routing.model import Membership, Preferred, Step
from switchroom.routing.requirements import Requirement

SPECIAL: dict[Any, Any] = {
    Requirement: Requirement.parse('spanish >= 3 and not (legal or region == "eu")'),
    OpeningHours: OpeningHours.weekdays("09:00", "17:00", zone="Europe/Berlin", holidays={"12-25": None}),
    str: "ana",
    int: 7,
    float: 0.5,
    bool: True,
    timedelta: timedelta(seconds=90, microseconds=1),
    time: time(9, 30),
    date: date(2026, 1, 5),
    datetime: datetime(2026, 1, 5, 12, 0, 0, 5, tzinfo=UTC),
    Any: {"text": "x", "parts": (1, 2.5, None, [True])},
}

BY_FIELD: dict[tuple[str, str], Any] = {
    ("Queue", "ordering"): "strict",
    ("Queue", "selection"): "round_robin",
    ("Queue", "on_expiry"): "break",
    ("Queue", "on_leave"): "requeue",
    ("Queue", "outside_hours"): "overflow",
    ("Queue", "on_close"): "overflow",
    ("Queue", "overflow"): "other",
    ("Queue", "id"): "sales",
    ("Agent", "role"): "supervisor",
    ("Agent", "queues"): (Membership("care", rank=2, delay="30s", ring=3),),
    ("AfterCallWork", "mode"): "forced",
    ("Intake", "on_nothing"): "cancel",
    ("WorkItem", "after_steps"): "cancel",
    ("WorkItem", "steps"): (Step("spanish", "30s"), Step("true")),
    ("WorkItem", "preferred"): Preferred(["bob"], wait="5s", override=True),
    ("Line", "warn_before"): timedelta(seconds=30),
    ("Line", "reopen_flow"): "never",
    ("ContactWindow", "days"): frozenset({0, 4}),
    ("ContactWindow", "closes"): time(17, 0),
    ("Escalation", "after_age"): None,
    ("Escalation", "sla_share"): None,
    ("Escalation", "queue_longer_than"): None,
    ("Escalation", "nobody_for"): None,
    ("Escalation", "failed_offers"): None,
}
"""Values that their class would not take from the general rule."""


def a_flow() -> Any:
    """A graph with a step of every kind."""
    from switchroom.conversations import flow_model as m

    return m.Flow(
        "welcome",
        start="hello",
        steps={
            "hello": m.Say("hello", then="set", failed="end"),
            "set": m.SetVariables({"tier": "gold", "tags": frozenset({"b", "a"})}, then="ask"),
            "ask": m.Ask("which?", save="topic", then="branch", failed="end", timed_out="end", answer="choice",
                         choices=("a", "b"), again="a or b?", retries=1, timeout="1h"),
            "branch": m.Branch([("tier == \"gold\"", "hours")], otherwise="wait", queue="sales"),
            "hours": m.CheckHours(SPECIAL[OpeningHours], open="outside", closed="tag"),
            "wait": m.Wait("5m", then="jump"),
            "tag": m.Tag(["vip"], then="end"),
            "jump": m.Jump("other"),
            "outside": m.Consult("crm", then="work", failed="end", timeout="3s", arguments={"id": 7}),
            "work": m.CreateWork("claim", then="route", failed="end", attributes={"kind": "car"},
                                 variables={"policy": "topic"}, save="claim"),
            "route": m.RouteTo("sales", priority=3, requirement="spanish", agent="ana"),
            "end": m.CloseConversation("over"),
        },
    )  # fmt: skip


def a_worktype() -> Any:
    """A worktype in which everything is set."""
    from switchroom.routing.escalation_model import Alert, MoveTo
    from switchroom.workitems import attributes as a
    from switchroom.workitems import model as m
    from switchroom.workitems import sla_model as s

    rule = s.SlaRule("half", share=0.5, actions=[Alert("eve"), MoveTo("experts")], take=True)
    curve = s.Curve([(0.5, 10), (1.0, 60)], smooth=True, resolution=0.25)
    return m.Worktype(
        "claim",
        attributes=[a.Attribute("amount", "number", required=True, minimum=0, maximum=1.5, indexed=True),
                    a.Attribute("kind", "choice", choices=["car", "house"], default="car")],
        extras=True,
        queue="claims",
        requirement="legal >= 2",
        priority=7,
        medium="claim",
        due=m.TimeRule(at="17:00", days=2, calendar="office"),
        expires=m.TimeRule(after="30d", zone="Europe/Berlin"),
        sla=s.Sla("8h", calendar="office", rules=[rule], curve=curve),
        statuses=[m.Status("new", category="open", next=["busy"]),
                  m.Status("busy", category="in_progress", room=0.5, wake="queue", clock=False,
                           automatic=[m.Automatic(to="over", after="1d")]),
                  m.Status("over", category="closed")],
        wrap_up_codes=["paid"],
        wrap_up_required=True,
        reopen_for="2d",
        outcome_text="It is ${code}",
    )  # fmt: skip


def a_trigger() -> Any:
    """A graph with a step of every kind."""
    from switchroom.routing import steps as g
    from switchroom.routing.escalation_model import AddPriority
    from switchroom.workitems import trigger_model as m

    return m.WorkTrigger(
        "big",
        on=["submitted", "closed"],
        when="amount > 100",
        start="set",
        steps={
            "set": g.SetVariables({"vip": True}, then="branch"),
            "branch": g.Branch([("vip", "hours")], otherwise="end", queue="claims"),
            "hours": g.CheckHours(SPECIAL[OpeningHours], open="wait", closed="ask"),
            "wait": g.Wait("5m", then="status"),
            "ask": g.Consult("crm", then="status", failed="end", timeout="3s", arguments={"id": 7}),
            "status": m.SetStatus("busy", then="act", failed="end"),
            "act": m.Act([AddPriority(5)], then="note"),
            "note": m.AddNote("big: ${amount}", then="more"),
            "more": m.SubmitWork("chore", then="end", failed="end", attributes={"a": 1}, copy=("amount",)),
            "end": m.Done(),
        },
    )


def a_list() -> Any:
    """A contact list with a column of every type."""
    from switchroom.outbound.list_model import Column, ColumnType, ContactList

    columns = [Column(kind.value, type=kind.value, required=kind is ColumnType.TEXT) for kind in ColumnType]
    return ContactList(
        "people", channel="sms", columns=columns, address="phone", key="text", zone_column="tz",
        zone="Europe/Berlin", zone_by_number=True, country="US", division="west",
    )  # fmt: skip


def a_campaign() -> Any:
    """A campaign in which everything is set that goes together."""
    from switchroom.consent.model import ContactWindow
    from switchroom.outbound.model import Campaign

    start = datetime(2026, 3, 8, 9, tzinfo=UTC)
    return Campaign(
        "spring", lists=["people"], senders=["main", "second"], text="Hello ${name}", subject="News",
        purpose="notification", category="news", filter="age >= 21", sort="age", descending=True,
        do_not_contact=["vips"], starts=start, ends=start + timedelta(days=2),
        windows=[ContactWindow(opens="10:00", closes="20:00", days=[0, 4])], per_minute=600, brand="acme",
        always_running=True, attempts=3, retry={"failed": "1h", "no_reply": "1d"}, max_parts=3, reply_within="2h",
        queue="sales", due=start, metadata=["name"], division="west",
    )  # fmt: skip


def a_notification() -> Any:
    """A notification that comes again."""
    from switchroom.messaging.addresses import Address
    from switchroom.outbound.notice_model import Notice, Notification
    from switchroom.outbound.recurrence import Every

    end = datetime(2027, 1, 1, tzinfo=UTC)
    every = Every("month", at="17:30", zone="Europe/Berlin", interval=2, days=[1, 31], first=end, until=end, times=9)
    notice = Notice(line="main", template="bins", subject="Bins", purpose="transactional", category="bins",
                    do_not_contact=["vips"], zone="Europe/Berlin", valid_for="3h", division="west")  # fmt: skip
    return Notification(
        notice=notice, to=Address("sms", "+15557654321"), values={"street": "Elm", "number": 7}, every=every
    )


WHOLE = {
    "ContactList": a_list,
    "Campaign": a_campaign,
    "Notification": a_notification,
    "Flow": a_flow,
    "Worktype": a_worktype,
    "WorkTrigger": a_trigger,
}
"""Specs whose parts have to fit together."""


def import_everything() -> None:
    """Events are declared where they are imported."""
    for module in pkgutil.walk_packages(switchroom.__path__, "switchroom."):
        if ".cli" not in module.name and ".testing" not in module.name:
            try:
                importlib.import_module(module.name)
            except ImportError:
                continue


def event_names() -> list[str]:
    """Every event type of the library."""
    import_everything()
    return sorted(name for name in EventRegistry.by_name if not name.startswith(("test.", "contract.")))


def sample(form: Any, owner: str = "", field: str = "") -> Any:
    """A value of this type that differs from the default of a field."""
    made = WHOLE.get(getattr(form, "__name__", ""))
    if made is not None:
        return made()
    if (owner, field) in BY_FIELD:
        return BY_FIELD[owner, field]
    if form in SPECIAL:
        return SPECIAL[form]
    origin, arguments = get_origin(form), get_args(form)
    if origin in (Union, UnionType):
        return sample(next(a for a in arguments if a is not type(None)), owner, field)
    if origin is tuple:
        inner = arguments[:1] if len(arguments) == 2 and arguments[1] is Ellipsis else arguments
        members = [m for one in inner for m in (get_args(one) if is_choice(one) else (one,))]
        return tuple(sample(one, owner, field) for one in (members if is_choice(inner[0]) else inner))
    if origin is frozenset:
        return frozenset({"b", "a", "c"})
    if (isinstance(origin, type) and issubclass(origin, dict)) or str(origin).endswith("Mapping'>"):
        return mapping(arguments[1], owner, field)
    if attrs.has(form):
        return full(form)
    raise NotImplementedError(f"{owner}.{field}: {form}")


def is_choice(form: Any) -> bool:
    """One of several classes: all of them are taken."""
    return get_origin(form) in (Union, UnionType) and all(attrs.has(a) for a in get_args(form))


def mapping(value: Any, owner: str, field: str) -> dict[str, Any]:
    if get_origin(value) in (Union, UnionType) and frozenset[str] in get_args(value):
        return {
            "z": "text",
            "whole": 3,
            "share": 1.5,
            "vip": True,
            "tags": frozenset({"b", "a"}),
        }
    return {"z": sample(value, owner, field), "a": sample(value, owner, field)}


def full(cls: Any) -> Any:
    """An instance with every field set; where the class refuses a value of the general rule, with its default."""
    hints = get_type_hints(cls)
    fields = [f for f in attrs.fields(cls) if f.init]
    while True:
        try:
            return cls(**{f.alias: sample(hints[f.name], cls.__name__, f.name) for f in fields})
        except InvalidInput as error:
            refused = [f for f in fields if error.field.split(".")[-1] == f.name and f.default is not attrs.NOTHING]
            if not refused:
                return bare(cls)
            fields.remove(refused[0])


def bare(cls: Any) -> Any:
    """An instance with nothing but what is needed."""
    hints = get_type_hints(cls)
    needed = [f for f in attrs.fields(cls) if f.init and f.default is attrs.NOTHING]
    return cls(**{f.alias: sample(hints[f.name], cls.__name__, f.name) for f in needed})


def samples() -> Iterator[tuple[str, Any]]:
    """(name, event) of every type, twice; a type that takes none of the values is missing, and a test says so."""
    for name in event_names():
        cls = EventRegistry.by_name[name].cls
        with suppress(InvalidInput, NotImplementedError):
            yield f"{name} full", full(cls)
            yield f"{name} bare", bare(cls)
