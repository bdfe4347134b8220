"""Reading a file of cases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tests.scenarios.words import Table


class Unreadable(Exception):
    """The file is no file of cases; the message says why."""


def load(path: Path) -> list[Table]:
    """The cases of a YAML file: a list, or a table with the list under ``scenarios``."""
    try:
        whole: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Unreadable(f"no YAML: {error}") from error
    cases = whole.get("scenarios") if isinstance(whole, dict) else whole
    if not isinstance(cases, list):
        raise Unreadable("a list of cases is wanted, or a table with 'scenarios'")
    for number, case in enumerate(cases, 1):
        _require(number, case)
    return cases


def _require(number: int, case: Any) -> None:
    """A case is a table whose steps and expectations have a time and a word."""
    if not isinstance(case, dict):
        raise Unreadable(f"case {number} is no table")
    for part, word in (("steps", "action"), ("expect", "what")):
        entries = case.get(part) or []
        if not isinstance(entries, list):
            raise Unreadable(f"case {case.get('id', number)}: {part} is no list")
        for entry in entries:
            if not isinstance(entry, dict) or word not in entry or not isinstance(entry.get("t"), int | float):
                raise Unreadable(f"case {case.get('id', number)}: {part} need t and {word}: {entry!r}")
