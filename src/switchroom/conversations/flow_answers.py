"""Answers to the questions of flows, as values."""

from __future__ import annotations

from datetime import date

from switchroom.conversations.flow_model import Ask
from switchroom.routing.fields import Fact


def parse_answer(step: Ask, text: str) -> Fact | None:
    """The answer as a value, or None if it is none.

    >>> ask = Ask("Which?", save="x", then="a", failed="a", timed_out="a", answer="choice", choices=["Red", "Blue"])
    >>> parse_answer(ask, " 2 "), parse_answer(ask, "RED"), parse_answer(ask, "green")
    ('Blue', 'Red', None)
    """
    words = " ".join(text.split())
    if step.answer == "text":
        return words or None
    if step.answer == "choice":
        return _choice(step.choices, words)
    if step.answer == "date":
        return _date(words)
    return _number(words)


def _choice(choices: tuple[str, ...], words: str) -> str | None:
    if words.isascii() and words.isdigit() and len(words) <= 3 and 0 < int(words) <= len(choices):
        return choices[int(words) - 1]
    return next((choice for choice in choices if choice.casefold() == words.casefold()), None)


def _date(words: str) -> str | None:
    try:
        return date.fromisoformat(words).isoformat() if len(words) == 10 else None
    except ValueError:
        return None


def _number(words: str) -> float | None:
    plain = words.replace(",", "")
    if len(plain) > 20 or not plain.isascii():
        return None
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if abs(value) <= 1e15 else None
