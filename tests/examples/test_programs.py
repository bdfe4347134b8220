"""The examples that end by themselves, run as their readers run them and looked at from inside."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples.loading import EXAMPLES, example


def run(name: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """One command, as the program's first line says."""
    command = [sys.executable, str(EXAMPLES / f"{name}.py"), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True, timeout=60)


def test_claims_office() -> None:
    """Every claim is settled, the large ones by the expert, the late ones by the supervisor, and each is told back."""
    module = example("claims_office")
    center, told, lines = module.play(module.SAMPLE)
    assert len(lines) == 7
    assert all("done" in line for line in lines)
    done = {
        event.item: event.agent for event in (r.event for r in center.events() if r.type == "routing.item_completed")
    }
    by_claim = {name: done[center.work.find("policies", name).item] for name in ("C-1", "C-2", "C-4", "C-7")}
    assert by_claim == {"C-1": "ana", "C-2": "cyd", "C-4": "eve", "C-7": "cyd"}
    assert {claim for claim, _ in told.changes} == {f"C-{n}" for n in range(1, 8)}
    center.check()


def test_claims_that_are_wrong_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A row without an amount is not taken, and the others are."""
    module = example("claims_office")
    lines = module.play("external_id,policy,amount,region\nC-1,P-1,10,north\nC-2,P-2,,north\n")[2]
    assert len(lines) == 1
    assert "not taken" in capsys.readouterr().err


def test_campaign() -> None:
    """Who may be written to is, in the hours of their own zone, and once; the others keep the reason."""
    module = example("campaign")
    outreach = module.Outreach(module.SAMPLE, "Hello ${name}")
    outreach.hear("+15557650003", "STOP", 1)
    outreach.run(hours=2)
    texts = [getattr(one.content, "text", "") for one in outreach.transport.sent]
    assert [text for text in texts if text.startswith("Hello")] == ["Hello Ann"]
    outreach.run_on(hours=2)
    texts = [getattr(one.content, "text", "") for one in outreach.transport.sent]
    assert [text for text in texts if text.startswith("Hello")] == ["Hello Ann", "Hello Ben"]
    assert outreach.outcomes() == {"delivered": 2, "opted_out": 1, "no_consent": 1}
    outreach.center.check()


@pytest.mark.parametrize(
    ("name", "word"), [("claims_office", "changes told to the other system"), ("campaign", "'no_consent': 1")]
)
def test_one_command(name: str, word: str, tmp_path: Path) -> None:
    """The command that the program names prints what became of it, and leaves nothing behind."""
    assert word in run(name, cwd=tmp_path).stdout
    assert list(tmp_path.iterdir()) == []
