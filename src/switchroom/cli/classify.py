"""``switchroom classify``: what the keyword policy makes of texts, one answer a text."""

from __future__ import annotations

import argparse
import json
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import cast, get_args

from switchroom.cli.common import BAD_INPUT, OK, Subparsers, command, complain, safe
from switchroom.consent.decision import Decision
from switchroom.consent.keywords import KeywordPolicy, Mode
from switchroom.errors import InvalidInput, quote

_JSON_LINES = (".jsonl", ".ndjson")
_BOM = b"\xef\xbb\xbf"


def add_parser(subparsers: Subparsers) -> None:
    """Add the command to the program's sub-commands."""
    parser = command(
        subparsers,
        "classify",
        help="decide whether texts mean stop, start or help",
        description="Decide what inbound texts mean: opt_out, opt_in, help, none, or review (a person should look).\n"
        "One text a line; or the field `text` of each line of a JSON-lines file, and its `language` if it has one.",
        examples="  switchroom classify inbox.txt\n  switchroom classify --json inbox.jsonl\n"
        '  echo "stop pls" | switchroom classify -',
    )
    _add_arguments(parser)
    parser.set_defaults(run=classify)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a text file, a JSON-lines file (.jsonl, or lines of `{`), or -")
    parser.add_argument("--mode", choices=get_args(Mode), default="reasonable", help="how keywords are matched")
    parser.add_argument("--language", metavar="L", help="the language to try first, such as fr or fr-CA")
    parser.add_argument("--json", action="store_true", help="one JSON object a text")


def run(argv: Sequence[str]) -> int:
    """The command by itself, without the program around it: arguments in, exit code out."""
    parser = argparse.ArgumentParser(prog="switchroom classify")
    _add_arguments(parser)
    return classify(parser.parse_args(argv))


def classify(args: Namespace) -> int:
    """Run the command: answers on standard output, complaints on standard error, exit code 2 for bad input.

    Everything is read and checked before the first answer, so that a bad line leaves no half of an answer behind.
    """
    name = cast("str", args.file)
    try:
        texts = list(_texts(name, _lines(name)))
    except OSError as error:
        complain(f"{name}: cannot be read: {error.strerror}")
        return BAD_INPUT
    except InvalidInput as error:
        complain(str(error))
        return BAD_INPUT
    policy = KeywordPolicy(cast("Mode", args.mode))
    for text, language in texts:
        decision = policy.classify(text, language=language or args.language)
        print(_as_json(decision) if args.json else _as_line(decision, text))
    return OK


def _lines(name: str) -> list[bytes]:
    data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    lines = data.removeprefix(_BOM).split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    return [line.removesuffix(b"\r") for line in lines]


def _texts(name: str, lines: Iterable[bytes]) -> Iterator[tuple[str, str | None]]:
    objects: bool | None = True if name.endswith(_JSON_LINES) else None
    for number, line in enumerate(lines, 1):
        place = f"{name}, line {number}"
        text = _decoded(line, place)
        if objects is None and text.strip():
            objects = text.lstrip().startswith("{")
        if not objects:
            yield text, None
        elif text.strip():
            yield _from_object(text, place)


def _decoded(line: bytes, place: str) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = line[error.start]
        hint = f"is not UTF-8: byte 0x{byte:02x} at column {error.start + 1}"
        raise InvalidInput(place, "not_utf8", hint=hint) from None


def _from_object(text: str, place: str) -> tuple[str, str | None]:
    try:
        row: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        problem = error.msg if isinstance(error, json.JSONDecodeError) else "too deep or out of range"
        raise InvalidInput(place, "not_json", hint=f"is not JSON: {problem}") from None
    if not isinstance(row, dict):
        raise InvalidInput(place, "not_an_object", hint="must be a JSON object with a field `text`")
    fields = cast("dict[str, object]", row)
    return _field(fields, "text", place), _field(fields, "language", place) if fields.get("language") else None


def _field(fields: dict[str, object], name: str, place: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise InvalidInput(place, "not_a_string", hint=f"field `{name}` must be a string, not {quote(value)}")
    return value


def _as_json(decision: Decision) -> str:
    return json.dumps(
        {
            "decision": decision.decision,
            "rule": decision.rule,
            "matched": list(decision.matched),
            "scope": decision.scope,
        }
    )


def _as_line(decision: Decision, text: str) -> str:
    matched = f" ({' '.join(decision.matched)})" if decision.matched else ""
    shown = text if len(text) <= 60 else f"{text[:57]}..."
    return safe(f"{decision.decision:8} {decision.rule}{matched}: {shown}".replace("\n", " "))
