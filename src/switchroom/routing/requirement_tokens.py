"""The words of the text form of requirements.

Most of what people type from habit (``=``, ``&&``, ``!``, curly quotes) is caught here, with the right spelling.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs

from switchroom.errors import InvalidInput, RequirementSyntaxError
from switchroom.routing.requirement_values import KEYWORDS, MAX_NUMBER, Value, to_value

if TYPE_CHECKING:
    from collections.abc import Iterator

TokenKind: TypeAlias = Literal["name", "text", "number", "keyword", "operator", "mark", "end"]


@attrs.frozen
class Token:
    """One word: ``value`` is the name, the unescaped text, the number, or the spelling in lower case.

    ``start`` and ``end`` are offsets; ``quoted`` tells a name in backticks.
    """

    kind: TokenKind
    value: Value
    start: int
    end: int
    quoted: bool = False

    def at(self, *spellings: str) -> bool:
        """Whether it is one of these keywords, operators or marks."""
        return self.kind in {"keyword", "operator", "mark"} and self.value in spellings


_WORD = re.compile(
    r"""
    (?P<space>\s+)
    |(?P<habit>===|!==|<>|=>|=<|&&?|\|\|?|!(?!=)|=(?!=)|[~≥≤≠∧∨¬…“”„‘’«»\[\];+*/%])
    |(?P<number>-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
    |(?P<name>[^\W\d][\w.:-]*)
    |(?P<quote>["'`])
    |(?P<operator>==|!=|<=|>=|<|>)
    |(?P<mark>\.\.|[(){},])
    """,
    re.VERBOSE,
)

_INSTEAD = {
    **dict.fromkeys(("=", "==="), "=="),
    **dict.fromkeys(("!==", "<>", "≠"), "!="),
    **dict.fromkeys(("=>", "≥"), ">="),
    **dict.fromkeys(("=<", "≤"), "<="),
    **dict.fromkeys(("&", "&&", "∧", ";"), "and"),
    **dict.fromkeys(("|", "||", "∨"), "or"),
    **dict.fromkeys(("!", "~", "¬"), "not"),
    "…": "..",
    **dict.fromkeys("“”„«»", 'straight quotes (")'),
    **dict.fromkeys("‘’", "straight quotes (')"),
    **dict.fromkeys("[]", "braces { } for a list of values"),
}

_ESCAPE = re.compile(r"\\(?:([\\\"'`nrt])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}
_PLAIN = {mark: re.compile(rf"[^\\\n{mark}]+") for mark in "\"'`"}


def tokens(text: str) -> Iterator[Token]:
    """The words of a text, the end of it as the last one."""
    position = 0
    while position < len(text):
        found = _WORD.match(text, position)
        if found is None:
            raise RequirementSyntaxError(text, position, _unknown(text, position))
        if found.lastgroup == "quote":
            token = _quoted(text, position)
        elif found.lastgroup == "space":
            position = found.end()
            continue
        else:
            token = _token(text, found)
        yield token
        position = token.end
    end = len(text.rstrip())
    yield Token("end", "", end, end)


def _token(text: str, found: re.Match[str]) -> Token:
    word, start, end = found.group(), found.start(), found.end()
    match found.lastgroup:
        case "number":
            return Token("number", _number(text, word, start), start, end)
        case "name" if word.lower() in KEYWORDS:
            return Token("keyword", word.lower(), start, end)
        case "name":
            return Token("name", word, start, end)
        case "operator":
            return Token("operator", word, start, end)
        case "mark":
            return Token("mark", word, start, end)
        case _:
            raise RequirementSyntaxError(text, start, _habit(word))


def _habit(word: str) -> str:
    if word in _INSTEAD:
        return f"'{word}' is not used here: write {_INSTEAD[word]}"
    return f"'{word}': there is no arithmetic here"


def _number(text: str, word: str, start: int) -> Value:
    end = start + len(word)
    if text[end : end + 1].isalnum() or text[end : end + 1] == "_":
        raise RequirementSyntaxError(text, start, "a name starts with a letter; write others in backticks: `24h`")
    if text[end : end + 1] == "." and text[end : end + 2] != "..":
        raise RequirementSyntaxError(text, end, "a digit is missing after the point")
    value = float(word) if "." in word or "e" in word.lower() else int(word)
    if not abs(value) <= MAX_NUMBER:
        raise RequirementSyntaxError(text, start, "this number is too large: at most 1e15")
    return to_value(value)


def _unknown(text: str, position: int) -> str:
    character = text[position]
    if character == ".":
        return "a number needs a digit before the point, a range just two points: 0.5, 2..4"
    if character == "-":
        return "'-' stands only before a number or inside a name"
    return f"unknown character {character!a}; names with others than letters, digits, _ . : - go in backticks"


def _quoted(text: str, start: int) -> Token:
    """A text in quotes, or a name in backticks."""
    mark = text[start]
    position, pieces = start + 1, list[str]()
    while text[position : position + 1] != mark:
        piece, position = _piece(text, position, start)
        pieces.append(piece)
    kind: Literal["name", "text"] = "name" if mark == "`" else "text"
    if kind == "name" and not pieces:
        raise RequirementSyntaxError(text, start, "a name is missing between the backticks")
    return Token(kind, _checked(text, start, "".join(pieces)), start, position + 1, quoted=mark == "`")


def _piece(text: str, position: int, start: int) -> tuple[str, int]:
    """The next stretch inside quotes, unescaped, and where it ends."""
    mark = text[start]
    plain = _PLAIN[mark].match(text, position)
    if plain is not None:
        return plain.group(), plain.end()
    if text[position : position + 1] != "\\" or position + 1 == len(text):
        closing = "backtick" if mark == "`" else "quote"
        raise RequirementSyntaxError(text, start, f"this {closing} is not closed on its line")
    escape = _ESCAPE.match(text, position)
    if escape is None:
        raise RequirementSyntaxError(
            text, position, "unknown escape: \\\\ \\\" \\' \\` \\n \\r \\t \\uXXXX \\UXXXXXXXX"
        )
    short, *codes = escape.groups()
    if short is not None:
        return _ESCAPED.get(short, short), escape.end()
    code = int(codes[0] or codes[1], 16)
    if code > 0x10FFFF:
        raise RequirementSyntaxError(text, position, "there is no such character")
    return chr(code), escape.end()


def _checked(text: str, start: int, value: str) -> Value:
    try:
        return to_value(value)
    except InvalidInput as error:
        raise RequirementSyntaxError(text, start, error.message.partition(": ")[2]) from None
