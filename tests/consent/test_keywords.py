"""The keyword policy: modes, consent state, own keywords and replies, limits, reply choices that collide."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchroom.consent.decision import Decision
from switchroom.consent.keywords import (
    MAXIMUM_KEYWORD,
    MAXIMUM_KEYWORDS,
    Collision,
    KeywordPolicy,
    collisions,
)
from switchroom.consent.normalize import HEAD, TAIL
from switchroom.consent.presets import LANGUAGES, PRESETS
from switchroom.errors import InvalidInput

POLICY = KeywordPolicy()


def test_exact_is_raw() -> None:
    """The mode ``exact`` wants the keyword as written."""
    policy = KeywordPolicy("exact")
    assert policy.classify("STOP").decision == "opt_out"
    for text in ("stop", "STOP ", "STOP.", "please STOP"):
        assert policy.classify(text).decision == "none"


@pytest.mark.parametrize("text", ["stop", " Stop\n", "\u00a0STOP\u2003", "sToP"])
def test_single_word_ignores_case_and_outer_blanks(text: str) -> None:
    """The mode ``single_word`` ignores case and surrounding white space."""
    assert KeywordPolicy("single_word").classify(text).decision == "opt_out"


@pytest.mark.parametrize(
    "text", ["STOP.", "S\u200bTOP", "\ufeffSTOP", "\uff33\uff34\uff2f\uff30", "STOP \u270b", "REMOVE", "STOP STOP", ""]
)
def test_single_word_forgives_nothing_else(text: str) -> None:
    """Punctuation, invisible and full-width characters are not forgiven by ``single_word``."""
    assert KeywordPolicy("single_word").classify(text).decision == "none"


@pytest.mark.parametrize(
    ("opted_out", "asked", "decision"),
    [(None, False, "opt_in"), (True, False, "opt_in"), (False, False, "none"), (False, True, "opt_in")],
)
@pytest.mark.parametrize("text", ["YES", "yes", "Yes!", "yes please"])
def test_yes_needs_a_question_or_an_opt_out(text: str, opted_out: bool | None, asked: bool, decision: str) -> None:
    """YES opts in only where the person is opted out or was asked; with no consent state known it does."""
    assert POLICY.classify(text, opted_out=opted_out, asked=asked).decision == decision


def test_start_needs_no_question() -> None:
    """START is never a business answer."""
    assert POLICY.classify("START", opted_out=False).decision == "opt_in"


def test_providers_flag_comes_first() -> None:
    """What the provider found is believed, whatever the text says."""
    found = POLICY.classify("hello", provider_flag="STOP")
    assert (found.decision, found.rule) == ("opt_out", "provider")
    assert POLICY.classify("STOP", provider_flag="help").decision == "help"


def test_unknown_flag_is_refused() -> None:
    """A flag that nobody knows is the adapter's mistake."""
    with pytest.raises(InvalidInput, match="provider_flag"):
        POLICY.classify("STOP", provider_flag="HALT")


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("STOP", "sender_pool"),
        ("STOPALL", "everything"),
        ("never contact me again", "everything"),
        ("lose my number", "everything"),
        ("please stop sending text reminders", "category"),
        ("stop all reminders", "everything"),
        ("START", "sender_pool"),
        ("HELP", None),
        ("hello", None),
    ],
)
def test_scope(text: str, scope: str | None) -> None:
    """The scope is the policy's unless the person names one kind of message, or all of them."""
    assert POLICY.classify(text).scope == scope


def test_scope_of_the_policy() -> None:
    """A plain STOP ends what the policy says."""
    assert KeywordPolicy(scope="campaign").classify("stop").scope == "campaign"


def test_own_keywords_in_every_mode() -> None:
    """Own words and phrases are whole messages like the others, and go through the same normal form."""
    policy = KeywordPolicy(opt_out=["PURPLE", "No M\u00e1s Ofertas"], help=["CONCIERGE"], opt_in=["ZURUECK"])
    assert policy.classify("purple!").decision == "opt_out"
    assert policy.classify("no mas ofertas").decision == "opt_out"
    assert policy.classify("please, concierge").decision == "help"
    assert policy.classify("ZURUECK").decision == "opt_in"
    strict = KeywordPolicy("single_word", opt_out=["PURPLE"])
    assert strict.classify(" purple ").decision == "opt_out"
    assert strict.classify("purple!").decision == "none"


def test_own_keywords_are_literal() -> None:
    """A keyword that looks like a pattern matches only itself."""
    policy = KeywordPolicy(opt_out=[".*", "(a+)+$"])
    assert policy.classify(".*").decision == "opt_out"
    assert policy.classify("anything at all").decision == "none"
    assert policy.classify("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!").decision == "none"


@pytest.mark.parametrize("keyword", ["", "  ", "x" * (MAXIMUM_KEYWORD + 1)])
def test_empty_and_endless_keywords_are_refused(keyword: str) -> None:
    """A keyword has something in it, and an end."""
    with pytest.raises(InvalidInput, match="opt_out"):
        KeywordPolicy(opt_out=[keyword])


def test_too_many_keywords_are_refused_at_once() -> None:
    """A list of 100,000 keywords is refused, and not read to its end."""
    read = 0

    def endless() -> object:
        nonlocal read
        while True:
            read += 1
            yield f"word{read}"

    with pytest.raises(InvalidInput, match=str(MAXIMUM_KEYWORDS)):
        KeywordPolicy(opt_out=endless())  # type: ignore[arg-type]  # a generator of strings, typed loosely on purpose
    assert read == MAXIMUM_KEYWORDS + 1


def test_one_string_is_no_list() -> None:
    """A single string would be taken letter by letter: refused."""
    with pytest.raises(InvalidInput, match="list"):
        KeywordPolicy(opt_out="STOP")


def test_a_keyword_stands_in_one_list() -> None:
    """STOP cannot be made a help word."""
    with pytest.raises(InvalidInput, match="opt_out already"):
        KeywordPolicy(help=["stop!"])


@pytest.mark.parametrize("bad", [{"mode": "regex"}, {"scope": "planet"}, {"presets": ["acme"]}])
def test_unknown_settings_are_refused(bad: dict[str, str]) -> None:
    """Modes, scopes and presets come from closed lists."""
    with pytest.raises(InvalidInput, match=next(iter(bad))):
        KeywordPolicy(**bad)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_presets_are_dated_and_complete(name: str) -> None:
    """Every preset names its source, and its words mean in single_word mode what it says."""
    preset = PRESETS[name]
    assert preset.source
    assert preset.as_of.year >= 2026
    policy = KeywordPolicy("single_word", presets=[name])
    for word in preset.opt_out:
        assert policy.classify(word.lower()).decision == "opt_out"
    for word in preset.help:
        assert policy.classify(word).decision == "help"


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_every_language_has_its_words(code: str) -> None:
    """The first opt-out word and the first help word of every language count, whatever language is expected."""
    language = LANGUAGES[code]
    if language.stop:
        assert POLICY.classify(language.stop.split(",")[0]).decision == "opt_out"
    else:
        assert POLICY.classify(language.local.split(",")[0], language=code).decision == "opt_out"
    if language.help:
        assert POLICY.classify(language.help.split(",")[0]).decision == "help"


def test_a_known_language_widens() -> None:
    """A word that means something else in English opts out only where the language is known."""
    assert POLICY.classify("red").decision == "none"
    assert POLICY.classify("red", language="tr").decision == "opt_out"
    assert POLICY.classify("Peru", language="fi-FI").decision == "opt_out"
    assert POLICY.classify("STOP", language="tlh").decision == "opt_out"


def test_replies() -> None:
    """Answers come in the language asked for, else in the one found, else in the policy's, else in English."""
    policy = KeywordPolicy(replies={"en": {"help": "Ask Ann."}, "fr-CA": {"opt_out": "C'est fait."}})
    assert policy.reply_for("help") == "Ask Ann."
    assert policy.reply_for("opt_out", "fr-CA") == "C'est fait."
    assert "ARRET" in (policy.reply_for("help", "fr-CA") or "")
    assert policy.reply_for(policy.classify("abmelden")) == policy.reply_for("opt_out", "de")
    assert policy.reply_for("opt_in", "xx") == policy.reply_for("opt_in", "en")


@pytest.mark.parametrize("kind", ["none", "review"])
def test_nothing_to_say(kind: str) -> None:
    """There is no answer to none and review."""
    assert POLICY.reply_for(Decision(kind, "x")) is None  # type: ignore[arg-type]  # both are decisions


@pytest.mark.parametrize("text", ["", " ", "x" * 1601])
def test_bad_replies_are_refused(text: str) -> None:
    """A reply has something in it and fits in a message."""
    with pytest.raises(InvalidInput, match=r"replies\.en\.help"):
        KeywordPolicy(replies={"en": {"help": text}})


def test_collisions_name_the_choices() -> None:
    """The lint names the reply choices that would not arrive as answers."""
    assert [collision.choice for collision in collisions(["YES", "NO", "1", "BLUE", "Cancel", "stop", "resched"])] == [
        "YES",
        "NO",
        "Cancel",
        "stop",
    ]
    assert KeywordPolicy(opt_out=["1"]).collisions(["1", "2"]) == [Collision("1", "opt_out", "exact")]


def test_text_must_be_text() -> None:
    """Bytes are refused, not guessed at."""
    with pytest.raises(InvalidInput, match="text"):
        POLICY.classify(b"STOP")  # type: ignore[arg-type]  # wrong on purpose


def test_long_texts_are_read_at_both_ends() -> None:
    """Of a long text the start and the end are looked at, the middle is not."""
    filler = "lorem ipsum dolor " * 1000
    assert POLICY.classify(f"Stop.\n{filler}").decision == "opt_out"
    assert POLICY.classify(f"{filler}.\nPlease stop").decision == "opt_out"
    middle = "x " * HEAD + ". Unsubscribe me. " + "y " * TAIL
    assert POLICY.classify(middle).decision == "none"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    """No text makes the policy fail, and the same text gets the same answer."""
    first = POLICY.classify(text)
    assert first == POLICY.classify(text)
    assert (first.scope is None) == (first.decision in ("none", "help", "review"))


_TOKENS = (
    "stop",
    "don't",
    "text",
    "me",
    "please",
    "the",
    "order",
    "?",
    ".",
    "never",
    "list",
    "off",
    "remove",
    "my",
    "no",
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_TOKENS), max_size=60))
def test_any_order_of_telling_words_gets_an_answer(words: list[str]) -> None:
    """Texts made of nothing but telling words are answered, too."""
    assert POLICY.classify(" ".join(words)).decision in ("opt_out", "opt_in", "help", "none", "review")


@given(
    st.sampled_from(["STOP", "unsubscribe", "opt out", "remove me"]),
    st.sampled_from(["!", "...", " \U0001f64f", "\u200b", "\n\n", "?"]),
)
def test_decoration_changes_nothing(word: str, decoration: str) -> None:
    """Punctuation, emoji and invisible characters around an opt-out do not weaken it."""
    assert POLICY.classify(decoration + word + decoration).decision == "opt_out"


@pytest.mark.parametrize("language", ["en", "es", "fr", "de", "it", "pt", "nl"])
def test_own_footers_and_replies_do_not_stop_anyone(language: str) -> None:
    """Our own answers, sent back to us, are not requests."""
    for kind in ("opt_out", "opt_in", "help"):
        reply = POLICY.reply_for(kind, language)  # type: ignore[arg-type]  # the three kinds of answers
        assert reply is not None
        assert POLICY.classify(reply).decision != "opt_out", reply
