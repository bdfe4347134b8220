"""Text normal forms: from a raw inbound message to words in one spelling, in bounded time.

The order of the steps matters and each has a test: cap the length, drop invisible characters, NFKC, casefold, NFKD,
strip marks, dotless i to i, then punctuation. Capping comes first because normalisation is not linear in the worst
case (long runs of combining marks) and can grow a text eighteenfold (U+FDFA).
"""

from __future__ import annotations

import html
import re
import unicodedata

HEAD = 4096
"""Characters looked at from the start of a long text. A text message has at most 1,600; a reply by e-mail begins with
what the person wrote."""

TAIL = 1024
"""Characters looked at from the end of a long text: people add "stop" below what they forward."""

GROWN = 8192
"""Characters kept after NFKC, which can make a text longer."""

MARKS_IN_A_ROW = 30
"""Combining marks kept in a run; sorting longer runs costs time that grows with the square of their length."""

WORDS = 1200
"""Words (and sentence marks) looked at."""

REMEMBERED = 20_000
"""Code points a folding table remembers; beyond that it computes each again, so that a hostile text cannot fill it."""

END, ASK, PAUSE = ".", "?", ","
"""The marks that stay among the words: end of a sentence, end of a question, end of a clause."""

_SENTENCE_ENDS = frozenset(".!;\n\r\u2028\u2029\u0085\u061b\u06d4\u0964\u0965\u3002\uff61\u2026\u00a1\u203c")
_QUESTIONS = frozenset("?\u061f\u00bf\u037e\u2047\u2048\u2049")
_PAUSES = frozenset(",:()\u060c\u3001\u2013\u2014")
_APOSTROPHES = frozenset("'\u2019\u2018\u02bc\u0060\u00b4\uff07")
# Marks that spell a different word when they are lost (voiced kana, nukta, virama, Thai and Lao tones) stay.
_SPELLING_MARKS = frozenset({0, 7, 8, 9, 84, 91, 103, 107, 118, 122, 129, 130, 132})
# What NFKC leaves alone although it is meant as a letter: white-on-black letters, flags, small capitals.
_LETTER_BLOCKS = ((0x1F150, 0x1F169), (0x1F170, 0x1F189), (0x1F1E6, 0x1F1FF))
_SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True))
_PLAIN_LETTERS = {"\u0131": "i", "ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
"""Letters that NFKD does not take apart, and that people type without their stroke or ligature."""
_SPOKEN = {"&": " and ", "#": " # ", "=": " to "}
_CONTRACTION = re.compile(r"'(?=[tsmd](?![^\W_]))")
_SHORT_VERB = re.compile(r"(?<=[^\W_])'(re|ve|ll)(?![^\W_])")
_VERBS = {"re": " are", "ve": " have", "ll": " will"}
_MARKUP = re.compile(r"<[a-zA-Z/!][^<>]{0,200}>")
_DOLLAR = re.compile(r"\$(?=[a-z])")


class _Table(dict[int, str]):
    """A table for ``str.translate`` that computes an entry when first asked, and remembers a bounded number."""

    def __missing__(self, code: int) -> str:
        value = self.compute(chr(code))
        if len(self) < REMEMBERED:
            self[code] = value
        return value

    def compute(self, char: str) -> str:
        raise KeyError(char)


class _Visible(_Table):
    """Before NFKC: invisible characters go, odd letters become letters, controls become spaces."""

    def compute(self, char: str) -> str:
        if char in _APOSTROPHES:
            return "'"
        if char in _SMALL_CAPITALS:
            return _SMALL_CAPITALS[char]
        code = ord(char)
        for first, last in _LETTER_BLOCKS:
            if first <= code <= last:
                return chr(ord("a") + code - first)
        if char.isspace():
            return char
        category = unicodedata.category(char)
        if (
            category == "Cf"
            or 0xFE00 <= code <= 0xFE0F
            or 0xE0100 <= code <= 0xE01EF
            or category == "Me"
            or code == 0x34F
        ):
            return ""
        if code == 0:
            return ""
        return " " if category[0] == "C" else char


class _Words(_Table):
    """After NFKD: letters and digits stay, marks go, sentence marks stand alone, all else is a space."""

    def compute(self, char: str) -> str:
        if char in _SENTENCE_ENDS:
            return " . "
        if char in _QUESTIONS:
            return " ? "
        if char in _PAUSES:
            return " , "
        if char in _PLAIN_LETTERS:
            return _PLAIN_LETTERS[char]
        if char in "*'":
            return ""
        if char in _SPOKEN:
            return _SPOKEN[char]
        category = unicodedata.category(char)
        if category[0] == "M":
            return char if unicodedata.combining(char) in _SPELLING_MARKS else ""
        return char if category[0] in "LN" else " "


_VISIBLE = _Visible()
_WORDS = _Words()


def capped(text: str) -> str:
    """The part of a text that is looked at: all of it up to ``HEAD + TAIL`` characters, else its start and its end."""
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]}\n{text[-TAIL:]}"


def without_markup(text: str) -> str:
    """The text without HTML tags and entities, where it has any."""
    if "<" in text:
        text = _MARKUP.sub(" ", text)
    return html.unescape(text) if "&" in text else text


def _shorten_runs(text: str) -> str:
    """The text with every run of combining marks cut to ``MARKS_IN_A_ROW``."""
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= MARKS_IN_A_ROW:
            kept.append(char)
    return "".join(kept)


def fold(text: str) -> str:
    """A capped text in lower case, without accents and invisible characters, one spelling per letter.

    Punctuation stays. Linear in the length of the capped text.
    """
    if text.isascii():
        return text.lower().replace("\x00", "").replace("`", "'")
    text = text.translate(_VISIBLE)
    if len(text) > MARKS_IN_A_ROW:
        text = _shorten_runs(text)
    text = unicodedata.normalize("NFKC", text)[:GROWN].casefold()
    return unicodedata.normalize("NFKD", text).translate(_VISIBLE)


def words(folded: str) -> list[str]:
    """The words of a folded text; ``.``, ``?`` and ``,`` stand for the ends of sentences, questions and clauses."""
    if "'" in folded:
        folded = _SHORT_VERB.sub(lambda found: _VERBS[found[1]], _CONTRACTION.sub("", folded)).replace("'", " ")
    if "$" in folded:
        folded = _DOLLAR.sub("s", folded)
    return _joined_letters(folded.translate(_WORDS).split()[:WORDS])


def _joined_letters(found: list[str]) -> list[str]:
    """Words spelled out letter by letter (``s t o p``, ``S.T.O.P.``) put together; three letters at least."""
    if sum(1 for word in found if len(word) == 1 and word.isalpha()) < 3:
        return found
    result: list[str] = []
    run: list[str] = []
    skipped: list[str] = []
    for word in found:
        if len(word) == 1 and word.isalpha():
            run.append(word)
            skipped.append(word)
        elif run and word in (END, PAUSE):
            skipped.append(word)
        else:
            result += _run(run, skipped)
            result.append(word)
            run, skipped = [], []
    return result + _run(run, skipped)


def _run(letters: list[str], as_written: list[str]) -> list[str]:
    if len(letters) < 3:
        return as_written
    return ["".join(letters), *([END] if as_written[-1] == END else [])]


def bare(found: list[str]) -> list[str]:
    """The words without the marks."""
    return [word for word in found if word not in (END, ASK, PAUSE)]


def normal(text: str) -> str:
    """The normal form in which keywords are compared: bare words, one space between."""
    return " ".join(bare(words(fold(capped(text)))))


def squeezed(word: str) -> str:
    """The word with every run of one letter cut to one: ``stopppp`` is ``stop``."""
    return "".join(char for index, char in enumerate(word) if index == 0 or word[index - 1] != char)


def stretched(word: str) -> bool:
    """Whether a word is written with letters held down: three alike in a row, or a doubled first or last letter."""
    if len(word) < 3:
        return False
    if word[-1] == word[-2] or word[0] == word[1]:
        return True
    return any(word[index] == word[index + 1] == word[index + 2] for index in range(len(word) - 2))


_LOOKALIKES = str.maketrans(
    {
        **dict(zip("авсеԁнһіјкӏмоԛрѕтуѵԝхԍ", "abcedhhijklmoqpstyvwxg", strict=True)),  # Cyrillic
        **dict(zip("αβεηικμνορτυχσς", "abenikmvoptuxss", strict=True)),  # Greek
        **dict(zip("օսոզ", "ounq", strict=True)),  # Armenian
    }
)
_LEET = str.maketrans("0134578", "oieastb")


def skeleton(word: str) -> str:
    """The word in the Latin letters that it looks like: ``ѕтор`` in Cyrillic letters is ``stop``."""
    return word if word.isascii() else word.translate(_LOOKALIKES)


def unleet(word: str) -> str:
    """The word with digits read as the letters that they look like: ``st0p`` is ``stop``."""
    return word.translate(_LEET)
