"""Scenario files: what they say happens, what does not hold fails, and what is not understood is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from switchroom.cli.main import main
from switchroom.errors import ConfigError
from switchroom.testing.scenario_checks import CHECKS
from switchroom.testing.scenario_reader import load
from switchroom.testing.scenario_run import run
from switchroom.testing.scenario_verbs import VERBS

HERE = Path(__file__).parent
GIVEN = """
[given]
[given.queue.q]
after_call_work = { mode = "mandatory" }
[given.queue.other]
[given.agent.ana]
queues = ["q"]
[given.agent.bob]
queues = ["q", "other"]
[given.line.main]
address = "sms:+15550001111"
queue = "q"
"""


def played(tmp_path: Path, *steps: str, given: str = GIVEN) -> str:
    """The problem of a scenario of these steps, empty if it holds."""
    path = tmp_path / "a.scenario.toml"
    body = "\n".join(f"[[scenario.step]]\n{step}" for step in steps)
    path.write_text(f"{given}\n[[scenario]]\nname = 'one'\n{body}\n", encoding="utf-8")
    [scenario] = load(path)
    return run(scenario).problem


WHEN: dict[str, str] = {
    "submit": """when = { submit = "a", queue = "q", priority = 3, attributes = { vip = true } }
        then = [{ offered = "a", to = ["ana"] }, { queue = "q", length = 1, order = ["a"] }]""",
    "accept": """when = [{ submit = "a", queue = "q" }, { accept = "a", by = "ana" }]
        then = { assigned = "a", to = "ana" }""",
    "decline": """when = [{ submit = "a", queue = "q" }, { decline = "a", by = "ana", reason = "busy" }]
        then = { offered = "a", to = "bob" }""",
    "complete": """when = [{ submit = "a", queue = "q" }, { accept = "a" }, { complete = "a" }]
        then = { state = "a", is = "wrapping" }""",
    "wrap_up": """when = [{ submit = "a", queue = "q" }, { accept = "a" }, { complete = "a" }, { wrap_up = "a" }]
        then = { state = "a", is = "completed" }""",
    "change": """when = [{ submit = "a", queue = "q" }, { change = "a", requirement = "spanish" }]
        then = [{ waiting = "a" }, { happened = "routing.item_submitted", fields = { item = "a" }, count = 1 }]""",
    "move": """when = [{ submit = "a", queue = "q" }, { move = "a", queue = "other" }]
        then = { offered = "a", to = "bob" }""",
    "assign": """when = [{ submit = "a", queue = "q" }, { assign = "a", to = "bob" }]
        then = { assigned = "a", to = "bob" }""",
    "expedite": """when = [
        { sign_out = ["ana", "bob"] }, { submit = "a", queue = "q" }, { submit = "b", queue = "q" }, { expedite = "b" },
        ]
        then = { queue = "q", order = ["b", "a"] }""",
    "suspend": 'when = [{ submit = "a", queue = "q" }, { suspend = "a" }]\nthen = { state = "a", is = "parked" }',
    "resume": """when = [{ submit = "a", queue = "q" }, { suspend = "a" }, { resume = "a", queue = "other" }]
        then = { offered = "a", to = "bob" }""",
    "cancel": 'when = [{ submit = "a", queue = "q" }, { cancel = "a" }]\nthen = { state = "a", is = "cancelled" }',
    "abandon": 'when = [{ submit = "a", queue = "q" }, { abandon = "a" }]\nthen = { state = "a", is = "abandoned" }',
    "sign_in": 'when = [{ sign_out = "ana" }, { sign_in = "ana" }]\nthen = { presence = "ana", is = "on_queue" }',
    "sign_out": 'when = { sign_out = "ana" }\nthen = { presence = "ana", is = "offline" }',
    "presence": 'when = { presence = "ana", to = "lunch" }\nthen = { presence = "ana", is = "lunch" }',
    "transfer": """when = [{ submit = "a", queue = "q" }, { accept = "a" }, { transfer = "a", to = "bob" }]
        then = { offered = "a", to = "bob" }""",
    "consult": """when = [{ submit = "a", queue = "q" }, { accept = "a" }, { consult = "a", to = "bob" }]
        then = [{ assigned = "a", to = "ana" }, { happened = "routing.offer_made", fields = { agent = "bob" } }]""",
    "requeue": """when = [{ submit = "a", queue = "q" }, { accept = "a" }, { requeue = "a" }]
        then = { offered = "a" }""",
    "message": """when = { message = "hello", from = "sms:+15557654321", named = "c" }
        then = [
            { offered = "c", to = "ana" }, { not_offered = "c", to = "bob" },
            { not_sent = "hello" }, { not_happened = "routing.item_ended" },
        ]""",
    "reply": """when = [
        { message = "hello", from = "sms:+15557654321" }, { accept = "conversation" }, { reply = "hi", by = "ana" },
        ]
        then = { sent = "hi", to = "sms:+15557654321", count = 1 }""",
    "close_conversation": """when = [
        { message = "hello", from = "sms:+15557654321", to = "main" },
        { close_conversation = "conversation", reason = "spam" },
        ]
        then = { happened = "routing.item_ended", fields = { reason = "spam" }, count = 1 }""",
}


@pytest.mark.parametrize("verb", list(VERBS))
def test_every_verb_does_what_it_says(verb: str, tmp_path: Path) -> None:
    """Each word of ``when`` has a case, and the case holds."""
    assert played(tmp_path, WHEN[verb]) == ""


def test_every_check_is_used() -> None:
    """Each word of ``then`` stands in one of the cases."""
    text = " ".join(WHEN.values())
    assert [name for name in CHECKS if f"{{ {name} =" not in text] == []


@pytest.mark.parametrize(
    ("then", "problem"),
    [
        ('{ offered = "a", to = "bob" }', "a is not offered to bob"),
        ('{ offered = "a", to = ["ana", "bob"] }', "a is not offered to bob"),
        ('{ offered = "a", to = [] }', "a is offered to ana"),
        ('{ not_offered = "a" }', "a is offered to ana"),
        ('{ waiting = "a" }', "a is not waiting"),
        ('{ assigned = "a" }', "a is not assigned"),
        ('{ state = "a", is = "closed" }', "a is not closed"),
        ('{ presence = "ana", is = "break" }', "ana is not break"),
        ('{ queue = "q", length = 2 }', "1 wait in q, not 2"),
        ('{ queue = "q", order = ["b"] }', "the order in q is"),
        ('{ sent = "x" }', "no message"),
        ('{ happened = "x" }', "there is no x"),
        ('{ not_happened = "routing.offer_made" }', "happened 1 times"),
        ('{ state = "ghost", is = "closed" }', "UnknownId"),
    ],
)
def test_every_check_can_fail(then: str, problem: str, tmp_path: Path) -> None:
    """A check that cannot fail checks nothing; the message names step, time and word."""
    found = played(tmp_path, 'when = { submit = "a", queue = "q" }', f'after = "90s"\nthen = {then}')
    # The offer has no answer, and a queue without a timeout waits for ever.
    assert found.startswith("step 2, 1m30s after the start: then "), found
    assert problem in found


def test_refusals(tmp_path: Path) -> None:
    """What must be refused is; by the error that is named, if one is. What is not refused fails."""
    assert played(tmp_path, 'when = { accept = "ghost", refused = "UnknownId" }') == ""
    assert played(tmp_path, 'when = { accept = "ghost", refused = true }') == ""
    assert "UnknownId: unknown item" in played(tmp_path, 'when = { accept = "ghost", refused = "OfferGone" }')
    assert "is not refused" in played(tmp_path, 'when = { submit = "a", queue = "q", refused = true }')


def test_time_does_not_go_back(tmp_path: Path) -> None:
    """A step at an instant that has passed fails."""
    assert played(tmp_path, 'at = "2m"', 'at = "1m"') == "step 2, 2m after the start: it is later than 1m already"


def test_a_configuration_file_may_be_given(tmp_path: Path) -> None:
    """``config`` names a file beside the scenario's; tables of the scenario add to it and replace what has their id."""
    (tmp_path / "center.toml").write_text('[queue.q]\nalert_timeout = "5s"\n[agent.ana]\nqueues = ["q"]\n')
    given = '[given]\nconfig = "center.toml"\ntime = 2026-02-01T08:00:00Z\n[given.agent.bob]\nqueues = ["q"]\n'
    step = 'when = { submit = "a", queue = "q" }\nthen = { offered = "a", to = "ana" }'
    assert played(tmp_path, step, 'after = "5s"\nthen = { offered = "a", to = "bob" }', given=given) == ""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "there is no scenario in it"),
        ("[when]", "unknown word 'when'"),
        ("[[scenario]]", "scenario 1: there is no step in it"),
        ("[[scenario]]\nstep = 3", "scenario 1.step: a list is wanted"),
        ("[[scenario]]\nnam = 3", "unknown word 'nam', did you mean 'name'?"),
        ("[[scenario]]\nname = 'n'\nstep = [{ wen = [] }]", "n.step 1: unknown word 'wen', did you mean 'when'?"),
        ("[[scenario]]\nname = 'n'\nstep = [{}, { at = '1s', after = '1s' }]", "n.step 2: either at or after"),
        ("[[scenario]]\nname = 'n'\nstep = [{ at = 'soon' }]", "n.step 1.at"),
        ("[[scenario]]\nname = 'n'\nstep = [{ when = { dance = 1 } }]", "n.step 1.when: unknown word 'dance'"),
        (
            "[[scenario]]\nname = 'n'\nstep = [{ when = { accept = 'a', from = 'b' } }]",
            "when.accept: unknown word 'from'",
        ),
        ("[[scenario]]\nname = 'n'\nstep = [{ when = { move = 'a' } }]", "when.move: queue is missing"),
    ],
)
def test_what_is_not_understood_is_named(text: str, problem: str, tmp_path: Path) -> None:
    """Errors name the file, the scenario, the step and the word."""
    path = tmp_path / "bad.scenario.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load(path)
    assert str(path) in str(error.value)
    assert problem in str(error.value)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("[given]\nqueu = {}", "unknown word 'queu', did you mean 'queue'?"),
        ("[given]\ntime = 'noon'", "given.time"),
        ("[given]\nseed = 'x'", "given.seed: a whole number"),
        ("[given.queue.q]\nlimt = 3", "queue.q.limt: unknown key 'limt'"),
        ("[given.line.main]\naddress = '+1'\nqueue = 'q'\n[given.queue.q]", "written as channel:address"),
    ],
)
def test_what_is_given_is_checked(given: str, problem: str, tmp_path: Path) -> None:
    """A mistake in ``given`` is that of a configuration, told in the same way."""
    with pytest.raises(ConfigError) as error:
        played(tmp_path, "then = []", given=given)
    assert problem in str(error.value)


def test_yaml_says_the_same(tmp_path: Path) -> None:
    """Scenarios in YAML are read into the same values; a file that is no YAML says so."""
    path = tmp_path / "a.scenario.yaml"
    path.write_text(
        """
        given: {queue: {q: {}}, agent: {ana: {queues: [q]}}}
        scenario:
          - name: yaml
            step:
              - when: {submit: a, queue: q}
                then: [{offered: a, to: ana}]
        """
    )
    assert [run(scenario).problem for scenario in load(path)] == [""]
    path.write_text("a: [")
    with pytest.raises(ConfigError, match="no YAML"):
        load(path)


def test_check_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0 if all hold, 1 if one does not, 2 for a file that is wrong; JSON on demand."""
    good = HERE / "desk.scenario.toml"
    bad = tmp_path / "bad.scenario.toml"
    bad.write_text('[[scenario]]\nname = "b"\nstep = [{ then = { state = "x", is = "y" } }]', encoding="utf-8")
    assert main(["check", str(good)]) == 0
    assert "2 of 2 scenarios hold" in capsys.readouterr().out
    assert main(["check", str(good), str(bad), "--json"]) == 1
    outcomes = json.loads(capsys.readouterr().out)["scenarios"]
    assert [(one["name"], one["ok"], one["step"]) for one in outcomes][2] == ("b", False, 1)
    assert main(["check", str(bad)]) == 1
    assert "FAIL" in capsys.readouterr().out
    bad.write_text("[", encoding="utf-8")
    assert main(["check", str(good), str(bad)]) == 2
    assert "ok" not in capsys.readouterr().out
