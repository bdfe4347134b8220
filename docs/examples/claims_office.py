"""A claims office: ``python claims_office.py``, or ``python claims_office.py claims.csv``.

Claims come from another system (here: a CSV file), go to the clerks who may settle them, the large ones to experts, and
what gets late to the supervisor's workbin. Every change is told to the other system. The program plays one working day
in a moment and prints what became of each claim. Needs ``pip install switchroom``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from switchroom import (
    Agent,
    Alert,
    Attribute,
    Calendar,
    ContactCenter,
    Curve,
    ManualClock,
    MediumLimit,
    OpeningHours,
    ParkIn,
    Queue,
    Sla,
    SlaRule,
    Source,
    SourceRule,
    Team,
    Utilization,
    Worktype,
)

SAMPLE = """external_id,policy,amount,region
C-1,P-17,180,north
C-2,P-23,12000,north
C-3,P-31,90,south
C-4,P-17,450,south
C-5,P-44,700,north
C-6,P-58,30,north
C-7,P-60,9500,south
"""
START = "2026-01-05T08:00:00+01:00"
CLAIM = Worktype(
    "claim",
    attributes=[
        Attribute("amount", "number", required=True, minimum=0),
        Attribute("region", "choice", choices=["north", "south"]),
        Attribute("policy", required=True),
    ],
    queue="claims",
    # Six working hours; the priority rises towards the end, and what is late goes to the supervisor, even
    # out of the hand of a clerk who has gone home.
    sla=Sla(
        "6h",
        calendar="office",
        curve=Curve([(0.5, 10), (0.8, 40)]),
        rules=[
            SlaRule("warn", share=0.5, actions=[Alert("team:clerks")]),
            SlaRule("late", share=0.8, actions=[ParkIn("workbin:supervisor:clerks")], take=True),
        ],
    ),
    wrap_up_codes=["paid", "rejected"],
    wrap_up_required=True,
)


class ToldBack:
    """The other system, as we see it: what it is told, in order. Yours would post to its interface."""

    def __init__(self) -> None:
        self.changes: list[tuple[str, str]] = []

    def deliver(self, key: str, body: Mapping[str, Any]) -> None:
        self.changes.append((str(body["external_id"]), str(body["change"])))


def office(clock: ManualClock, told: ToldBack) -> ContactCenter:
    """Two clerks, an expert, a supervisor, and the rules."""
    center = ContactCenter(clock=clock, seed=1, zone="Europe/Berlin")
    for queue in ("claims", "experts"):
        center.queues.add(Queue(queue, auto_answer=True))
    center.worktypes.save_calendar(Calendar("office", hours=OpeningHours.weekdays("08:00", "17:00", zone=center.zone)))
    two = Utilization(media={"workitem": MediumLimit(cost=50)})
    for name, queue in (("ana", "claims"), ("bob", "claims"), ("cyd", "experts")):
        center.agents.add(Agent(name, queues=[queue], team="clerks", utilization=two))
    center.agents.add(Agent("eve", team="clerks", role="supervisor", utilization=two))
    center.agents.save_team(Team("clerks", supervisor="eve"))
    center.worktypes.save(CLAIM)
    rules = [SourceRule(when="amount > 5000", queue="experts", priority=20)]
    center.sources.save(Source("policies", worktype="claim", rules=rules))
    center.sources.connect("policies", told)
    return center


def work(center: ContactCenter, hours: int) -> None:
    """Each clerk settles one claim an hour; the supervisor takes what has become late."""
    for _ in range(hours):
        center.advance("1h")
        for agent in ("ana", "cyd", "eve"):
            held = center.assignments.of_agent(agent)
            if held:
                amount = center.work.view(held[0].item).attributes["amount"]
                center.work.complete(held[0].item, agent=agent, code="paid" if amount != 90 else "rejected")
        for late in center.workbins.page("supervisor:clerks", agent="eve").works:
            center.workbins.claim(late.id, agent="eve", over_capacity=True)
        center.effects.deliver()


def play(claims: str) -> tuple[ContactCenter, ToldBack, list[str]]:
    """One day: bob is there until ten, and leaves his claims undone. Returns a line for each claim, too."""
    clock, told = ManualClock(START), ToldBack()
    center = office(clock, told)
    for agent in ("ana", "bob", "cyd", "eve"):
        center.agents.sign_in(agent)
    loaded = center.sources.load_csv("policies", claims)
    for problem in loaded.refused:
        print(f"not taken: {problem}", file=sys.stderr)
    work(center, 2)
    center.agents.sign_out("bob")
    work(center, 7)
    lines = []
    for line in claims.splitlines()[1:]:
        claim = center.work.find("policies", line.partition(",")[0])
        if claim is not None:
            used = "" if claim.sla_used is None else f", {claim.sla_used:.0%} of its time"
            lines.append(f"{claim.external_id}: {claim.status} in {claim.place or claim.agent or 'the archive'}{used}")
    return center, told, lines


def main() -> None:
    """Play the day and print what became of it."""
    claims = Path(sys.argv[1]).read_text(encoding="utf-8") if len(sys.argv) > 1 else SAMPLE
    _, told, lines = play(claims)
    print("\n".join(lines))
    print(f"{len(told.changes)} changes told to the other system")


if __name__ == "__main__":
    main()
