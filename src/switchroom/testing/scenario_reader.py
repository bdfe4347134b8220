"""Scenario files read: TOML, or YAML with the ``yaml`` extra. Errors name the file, the scenario and the step."""

from __future__ import annotations

from datetime import timedelta
from os import PathLike
from pathlib import Path
from typing import Any, cast

from switchroom.config.place import Place
from switchroom.config.reader import a_list, a_table, read_duration, read_text
from switchroom.config.toml import read_toml
from switchroom.errors import ConfigError
from switchroom.testing.scenario_checks import CHECKS
from switchroom.testing.scenario_model import Scenario, Sentence, Step, Verb, Words
from switchroom.testing.scenario_verbs import VERBS

YAML = (".yaml", ".yml")
STEP = ("at", "after", "when", "then")


def load(path: str | PathLike[str]) -> list[Scenario]:
    """The scenarios of a file, in their order.

    Raises `ConfigError` naming file, scenario, step and word for what is not understood; `OSError` for a file that
    cannot be read; `ImportError` for YAML without the extra.
    """
    file = str(path)
    document = _yaml(Path(path)) if Path(path).suffix in YAML else read_toml(path)
    place = Place(file)
    for word in document:
        if word not in ("given", "scenario"):
            raise place.at(word).unknown("word", word, ("given", "scenario"))
    given = a_table(document.get("given", {}), place.at("given"))
    found = a_list(document.get("scenario", []), place.at("scenario"))
    if not found:
        raise place.wrong("there is no scenario in it")
    return [_scenario(a_table(one, place.at(f"scenario {n}")), given, file, n) for n, one in enumerate(found, 1)]


def _yaml(path: Path) -> Words:
    try:
        import yaml
    except ImportError:
        raise ImportError('scenarios in YAML need the extra: pip install "switchroom[yaml]"') from None
    try:
        read: Any = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"no YAML: {error}", file=str(path)) from None
    return cast("Words", a_table(read, Place(str(path))))


def _scenario(table: Words, given: Words, file: str, number: int) -> Scenario:
    place = Place(file, f"scenario {number}")
    for word in table:
        if word not in ("name", "step"):
            raise place.at(word).unknown("word", word, ("name", "step"))
    name = read_text(table.get("name", f"scenario {number}"), place.at("name"))
    steps = a_list(table.get("step", []), place.at("step"))
    if not steps:
        raise place.wrong("there is no step in it")
    place = Place(file, name)
    return Scenario(
        name=name,
        file=file,
        given=given,
        steps=tuple(_step(a_table(one, place.at(f"step {n}")), n, place) for n, one in enumerate(steps, 1)),
    )


def _step(table: Words, number: int, scenario: Place) -> Step:
    place = scenario.at(f"step {number}")
    for word in table:
        if word not in STEP:
            raise place.unknown("word", word, STEP)
    if "at" in table and "after" in table:
        raise place.wrong("either at or after, not both")
    return Step(
        number=number,
        at=read_duration(table["at"], place.at("at")) if "at" in table else None,
        after=read_duration(table["after"], place.at("after")) if "after" in table else timedelta(0),
        when=_sentences(table.get("when", []), VERBS, place.at("when")),
        then=_sentences(table.get("then", []), CHECKS, place.at("then")),
    )


def _sentences(value: Any, verbs: dict[str, Verb], place: Place) -> tuple[Sentence, ...]:
    """One table, or a list of them."""
    tables = cast("list[object]", value) if isinstance(value, list) else [value]
    return tuple(_sentence(a_table(table, place), verbs, place) for table in tables)


def _sentence(table: Words, verbs: dict[str, Verb], place: Place) -> Sentence:
    name = next((word for word in table if word in verbs), None)
    if name is None:
        raise place.unknown("word", next(iter(table), ""), verbs)
    verb, words = verbs[name], {word: value for word, value in table.items() if word not in (name, "refused")}
    known = (*verb.needs, *verb.may)
    for word in words:
        if known != ANYTHING and word not in known:
            raise place.at(name).unknown("word", word, (*known, "refused"))
    for word in verb.needs:
        if word not in words:
            raise place.at(name).wrong(f"{word} is missing")
    return Sentence(name, verb, table[name], words, place.at(name), table.get("refused", False))


ANYTHING = ("*",)
"""Of a verb that takes the fields of a spec: the spec's reader knows them."""
