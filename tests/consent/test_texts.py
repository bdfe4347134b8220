"""The keyword policy against a large list of inbound texts, kept beside this file.

Each line has the text, its language, what ``single_word`` must say, and what a person would want ``reasonable`` to say.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from switchroom.consent.keywords import KeywordPolicy

ROWS: list[dict[str, str]] = [
    json.loads(line) for line in (Path(__file__).parent / "texts.jsonl").read_text(encoding="utf-8").splitlines()
]
REASONABLE = KeywordPolicy()
SINGLE_WORD = KeywordPolicy("single_word")


def test_no_text_is_a_false_stop() -> None:
    """A text that asks for something else, or for nothing, never opts a person out."""
    wrong = [
        row["text"]
        for row in ROWS
        if row["reasonable"] in ("none", "help", "opt_in") and REASONABLE.classify(row["text"]).decision == "opt_out"
    ]
    assert wrong == []


def test_nearly_every_request_to_stop_is_caught() -> None:
    """Whoever asks to stop is opted out or looked at by a person, whatever the wording and language."""
    wanted = [row["text"] for row in ROWS if row["reasonable"] == "opt_out"]
    missed = [text for text in wanted if not REASONABLE.classify(text).holds_marketing]
    assert len(wanted) > 1500
    assert missed == []


def test_most_requests_need_nobody() -> None:
    """Requests to stop are mostly decided without a person."""
    decisions = Counter(REASONABLE.classify(row["text"]).decision for row in ROWS if row["reasonable"] == "opt_out")
    assert decisions["opt_out"] / decisions.total() > 0.93


def test_business_texts_are_mostly_left_alone() -> None:
    """Few texts about other things are held for review."""
    decisions = Counter(REASONABLE.classify(row["text"]).decision for row in ROWS if row["reasonable"] == "none")
    assert decisions["none"] / decisions.total() > 0.96


@pytest.mark.parametrize("decision", ["help", "opt_in", "review"])
def test_other_decisions(decision: str) -> None:
    """Help, opt-in and doubtful texts are recognised as such nearly always."""
    rows = [row for row in ROWS if row["reasonable"] == decision]
    right = [row for row in rows if REASONABLE.classify(row["text"]).decision == decision]
    assert len(right) / len(rows) > 0.85


def test_single_word_agrees_on_every_text() -> None:
    """The mode ``single_word`` knows whole-message keywords and nothing else."""
    wrong = [row for row in ROWS if SINGLE_WORD.classify(row["text"]).decision != row["single_word"]]
    assert wrong == []


def test_naming_the_language_loses_no_request() -> None:
    """A language that is given is tried first and takes nothing away."""
    missed = [
        row["text"]
        for row in ROWS
        if row["reasonable"] == "opt_out"
        and not REASONABLE.classify(row["text"], language=row["language"]).holds_marketing
    ]
    assert missed == []
