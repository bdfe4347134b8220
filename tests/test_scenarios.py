"""Black-box cases: every case of ``tests/scenarios/cases`` holds, and the runner itself tells failures from gaps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.__main__ import main
from tests.scenarios.loading import load
from tests.scenarios.running import FAIL, PASS, UNSUPPORTED, run

FILES = sorted((Path(__file__).parent / "scenarios" / "cases").glob("*.yaml"))
CASES = [case for file in FILES for case in load(file)]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    """What the case expects is what the center does."""
    found = run(case)
    assert (found.result, found.reason) == (PASS, "")


def test_ids_are_unique() -> None:
    """A case is named by its id."""
    ids = [case["id"] for case in CASES]
    assert len(ids) == len(set(ids)) > 100


STOP = {"t": 0, "action": "inbound_message", "args": {"contact": "k", "text": "STOP"}}


def case_with(**parts: Any) -> dict[str, Any]:
    given = {"queues": [{"id": "q"}], "agents": [{"id": "w", "queues": ["q"]}]}
    enter = {"t": 0, "action": "enqueue", "args": {"item": "a", "queue": "q"}}
    return {"id": "x", "area": "offers", "agreement": "core", "given": given, "steps": [enter], "expect": [], **parts}


@pytest.mark.parametrize(
    ("what", "args"),
    [
        ("no_offer", {"item": "a"}),
        ("offered_exactly", {"item": "a", "agents": []}),
        ("offer_status", {"item": "a", "agent": "w", "status": "expired"}),
        ("offer_made", {"item": "a", "agent": "w", "cost": 2}),
        ("offer_made", {"item": "a", "agent": "w", "expires_at": 5}),
        ("offers_total", {"items": ["a"], "count": 2}),
        ("offers_outstanding", {"agent": "w", "count": 0}),
        ("assigned_to", {"item": "a", "agent": "w"}),
        ("item_state", {"item": "a", "state": "completed"}),
        ("item_not_state", {"item": "a", "states": ["queued"]}),
        ("item_priority", {"item": "a", "value": 2}),
        ("item_requirements", {"item": "a", "keys": ["x"]}),
        ("position", {"item": "a", "value": 2}),
        ("queue_length", {"queue": "q", "value": 0}),
        ("queue_members", {"queue": "q", "agents": []}),
        ("rank", {"queue": "q", "agents": []}),
        ("agent_state", {"agent": "w", "state": "break"}),
        ("agent_field", {"agent": "w", "field": "ready", "value": True}),
        ("active_work", {"agent": "w", "items": ["a"]}),
        ("event", {"name": "work_completed", "item": "a"}),
        ("event_count", {"name": "offer_made", "count": 2}),
        ("item_state", {"item": "ghost", "state": "queued"}),
    ],
)
def test_wrong_expectations_fail(what: str, args: dict[str, Any]) -> None:
    """A check that cannot fail checks nothing."""
    assert run(case_with(expect=[{"t": 1, "what": what, "args": args}])).result == FAIL


@pytest.mark.parametrize(
    ("what", "args"),
    [
        ("keyword_match", {"step": "m", "action": "start"}),
        ("keyword_match", {"step": "m", "action": None}),
        ("reply_sent", {"step": "m", "text": None}),
        ("reply_sent", {"step": "n"}),
        ("contact_status", {"contact": "k", "status": "active"}),
        ("conversation_state", {"contact": "k", "state": "resolved"}),
        ("send_status", {"step": "x", "status": "queued"}),
        ("send_status", {"step": "x", "status": "failed", "reason": "off_hours"}),
        ("item_state", {"item": "a", "state": "snoozed"}),
        ("item_not_state", {"item": "a", "states": ["open"]}),
        ("event", {"name": "item_reopened", "item": "a"}),
        ("event_count", {"name": "message_sent", "contact": "k", "count": 0}),
        ("event_count", {"name": "message_created", "contact": "k", "count": 2}),
    ],
)
def test_wrong_expectations_about_messages_fail(what: str, args: dict[str, Any]) -> None:
    """A check that cannot fail checks nothing."""
    steps = [
        {"t": 0, "action": "enqueue", "args": {"item": "a", "queue": "q", "contact": "k"}},
        {"t": 0, "action": "inbound_message", "label": "n", "args": {"contact": "k", "text": "hello"}},
        {"t": 1, "action": "inbound_message", "label": "m", "args": {"contact": "k", "text": "STOP"}},
        {"t": 2, "action": "outbound_message", "label": "x", "args": {"contact": "k", "text": "hi"}},
    ]
    given = {"queues": [{"id": "q"}], "agents": [{"id": "w", "queues": ["q"]}], "contacts": [{"id": "k"}]}
    found = run(case_with(given=given, steps=steps, expect=[{"t": 3, "what": what, "args": args}]))
    assert found.result == FAIL, found


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ({"expect": [{"t": 0, "what": "stat", "args": {}}]}, "stat"),
        ({"steps": [{"t": 0, "action": "inbound_message", "args": {"contact": "k"}}]}, "inbound_message"),
        ({"steps": [{"t": 0, "action": "dance", "args": {}}]}, "dance"),
        ({"steps": [{"t": 0, "action": "enqueue", "args": {"item": "a", "queue": "q", "colour": "red"}}]}, "colour"),
        ({"given": {"queues": [{"id": "q", "fair_by": "owner"}]}}, "fair_by"),
        ({"given": {"queues": [{"id": "q", "shape": "round"}]}}, "shape"),
        ({"given": {"agents": [{"id": "w", "shoe_size": 44}]}, "steps": []}, "shoe_size"),
        ({"given": {"campaigns": []}}, "campaigns"),
        ({"given": {"contacts": [{"id": "k", "status": "blocked"}]}}, "blocked"),
        ({"given": {"contacts": [{"id": "k"}], "keyword_policy": "prefix"}, "steps": [STOP]}, "prefix"),
        ({"given": {"contacts": [{"id": "k"}], "settings": {"opt_out_reply": None}}, "steps": [STOP]}, "confirms"),
        ({"given": {"settings": {"gravity": 1}}}, "gravity"),
    ],
)
def test_unserved_words_are_named(parts: dict[str, Any], word: str) -> None:
    """A word that is not served makes a case unsupported, and the reason names it."""
    found = run(case_with(**parts))
    assert found.result == UNSUPPORTED
    assert word in found.reason


def test_an_exception_is_a_failure() -> None:
    """Nonsense inside a case is a failure with the exception, never a crash."""
    found = run(case_with(given={"queues": [{"id": "q", "offer_ttl": "soon"}]}))
    assert found.result == FAIL
    assert "InvalidInput" in found.reason


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0 if nothing failed, 1 if something did, 2 for a file that is none; JSON on demand, areas on demand."""
    good, bad, none = (tmp_path / name for name in ("good.yaml", "bad.yaml", "none.yaml"))
    wrong = {"t": 0, "what": "position", "args": {"item": "a", "value": 2}}
    good.write_text(json.dumps({"meta": {}, "scenarios": [case_with()]}))
    bad.write_text(json.dumps([case_with(), case_with(id="y", area="races", expect=[wrong])]))
    none.write_text("a: [")
    assert main([str(good), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "id": "x", "area": "offers", "agreement": "core", "result": "pass", "reason": "",
    }  # fmt: skip
    assert main([str(bad)]) == 1
    assert main([str(bad), "--area", "offers"]) == 0
    for unreadable in (none, tmp_path / "missing.yaml"):
        assert main([str(unreadable)]) == 2
        assert str(unreadable) in capsys.readouterr().err
    none.write_text(json.dumps([{"id": "z", "steps": [{"action": "enqueue"}]}]))
    assert main([str(none)]) == 2
