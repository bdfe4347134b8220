"""Normal forms: one spelling for every way of writing a word, in bounded time."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchroom.consent.echoes import is_automatic, is_reaction, written
from switchroom.consent.keywords import KeywordPolicy
from switchroom.consent.normalize import GROWN, HEAD, MARKS_IN_A_ROW, TAIL, WORDS, capped, fold, normal, squeezed, words

POLICY = KeywordPolicy()


@pytest.mark.parametrize(
    "text",
    [
        "\u202eSTOP\u202c",
        "S\u200bT\u200bO\u200bP",
        "ST\u00adOP",
        "\uff33\uff34\uff2f\uff30",
        "\U0001d412\U0001d413\U0001d40e\U0001d40f",
        "\u24c8\u24c9\u24c4\u24c5",
        "\U0001f182\U0001f183\U0001f17e\U0001f17f",
        "S\u0336T\u0336O\u0336P\u0336",
        "STOP\ufe0f",
        "STOP\U000e0041",
        "ST\x00OP",
        "S.T.O.P.",
        "s t o p",
        "s\u1d1b\u1d0f\u1d18",
    ],
)
def test_one_spelling(text: str) -> None:
    """Invisible characters, letter forms, marks and spelling out all lead to one word."""
    assert normal(text) == "stop"


def test_dotless_i() -> None:
    """QU\u0130T and qu\u0131t are quit: dots fall after decomposing, not before."""
    assert normal("QU\u0130T") == normal("qu\u0131t") == "quit"


def test_composed_and_decomposed_are_equal() -> None:
    """An accent typed as one character or as two makes no difference."""
    assert normal("ARR\u00caT") == normal(unicodedata.normalize("NFD", "ARR\u00caT")) == "arret"


@pytest.mark.parametrize(
    "text", ["\u0405\u0422\u041e\u0420", "ST\u039f\u03a1", "\u0441\u0442\u043e\u043f", "st\u043ep"]
)
def test_lookalike_letters(text: str) -> None:
    """STOP in letters that only look Latin opts out."""
    assert POLICY.classify(text).decision == "opt_out"


def test_surrogates_do_no_harm() -> None:
    """A lone surrogate, which JSON can carry, is no reason to fail."""
    assert POLICY.classify("STOP \ud800").decision == "opt_out"


@pytest.mark.parametrize(
    "text", ["\u0316\u0300" * 50_000, "\ufdfa" * 100_000, "a\u0301" * 60_000, "\U0001f468\u200d" * 50_000]
)
def test_growth_is_bounded(text: str) -> None:
    """What is looked at is capped before and after normalising."""
    assert len(capped(text)) <= HEAD + TAIL + 1
    assert len(fold(capped(text))) <= 18 * GROWN
    assert len(words(fold(capped(text)))) <= WORDS + 1


def test_runs_of_marks_are_shortened() -> None:
    """Of a long run of combining marks some thirty are kept: sorting them all takes time that grows with the square."""
    assert len(fold("a" + "\u0316\u0300" * 2000)) <= 2 + MARKS_IN_A_ROW


def test_marks_that_spell_stay() -> None:
    """Voiced kana and vowel signs are letters of their words, not accents."""
    assert normal("\u304c") != normal("\u304b")
    assert normal("\u0930\u094b\u0915\u0947\u0902") != normal("\u0930\u0915")


@given(st.text(max_size=200))
def test_normal_is_a_fixed_point(text: str) -> None:
    """A normal form is its own normal form, unless it ends up spelled out in single letters."""
    once = normal(text)
    if not any(len(word) == 1 for word in once.split()):
        assert normal(once) == once


@given(st.text(alphabet="stop", min_size=1, max_size=30))
def test_squeezed_has_no_runs(word: str) -> None:
    """A squeezed word has no letter twice in a row."""
    short = squeezed(word)
    assert all(first != second for first, second in pairwise(short))


def test_contractions_join_and_elisions_part() -> None:
    """don't is one word, m'envoyez is two."""
    assert normal("Don\u2019t") == "dont"
    assert normal("m\u2019envoyez") == "m envoyez"
    assert normal("we're") == "we are"


def test_quoted_mail_is_left_out() -> None:
    """Only what stands above the quoted text was written now."""
    mail = "Thanks!\nOn Mon, 2 Feb 2026 at 9:00, Shop <a@shop.example>\nwrote:\n> Reply STOP to unsubscribe\nSTOP"
    assert written(mail) == "Thanks!"
    assert written("> STOP\nsee you") == "see you"
    assert written("STOP\n-----Original Message-----\nbye") == "STOP"
    assert written("plain") == "plain"


@pytest.mark.parametrize(
    "text", ['Liked "STOP"', "Laughed at \u201cstop\u201d", '\U0001f44d to "stop"', "Loved an image"]
)
def test_reactions(text: str) -> None:
    """A telephone's announcement of a reaction is one."""
    assert is_reaction(fold(text))


@pytest.mark.parametrize("text", ["Liked it, thanks", "Loved the show", "to stop", "I want to stop"])
def test_no_reactions(text: str) -> None:
    """Words of liking are not reactions by themselves."""
    assert not is_reaction(fold(text))


def test_automatic_replies() -> None:
    """Automatic replies are told by their wording, at word boundaries."""
    assert is_automatic(["i", "am", "out", "of", "the", "office", "until", "monday"])
    assert not is_automatic(["the", "office", "supplies", "are", "out", "of", "stock"])
