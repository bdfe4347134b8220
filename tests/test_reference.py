"""The reference says what the code has: tables made from it, settings with their defaults, the tree of errors."""

from __future__ import annotations

import importlib.util
import re
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest

import switchroom
from switchroom.durations import format_duration
from switchroom.routing.requirements import Requirement

DOCS = Path(__file__).parent.parent / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
NEEDED: dict[str, tuple[object, ...]] = {
    "Expiring": ("true", "1s"),
    "Preferred": (["ana"],),
    "Ring": ("1s",),
}
"""What a spec cannot be made without; the others need a text, or nothing."""


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_tables", DOCS / "make_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(DOCS)) for page in PAGES])
def test_made_parts_are_what_the_code_has(page: Path) -> None:
    """Names, events, errors and the life cycle: ``python docs/make_tables.py`` writes them anew."""
    text = page.read_text(encoding="utf-8")
    assert text == maker().made(text), "run: python docs/make_tables.py"


def test_every_part_is_on_a_page() -> None:
    """A part that no page has would be compared with nothing."""
    module = maker()
    found = {part[1] for page in PAGES for part in module.PART.findall(page.read_text(encoding="utf-8"))}
    assert found == set(module.PARTS)


def test_the_tree_of_errors_has_every_error() -> None:
    """The tree is drawn by hand, so somebody has to count."""
    module = maker()
    tree = module.error_tree()
    assert [kind.__name__ for kind in module.error_classes() if not re.search(rf"\b{kind.__name__}\b", tree)] == []


def test_the_life_cycle_page_names_every_state_and_event() -> None:
    """The prose around the made parts is whole, too."""
    from switchroom.routing.lifecycle import ITEM_LIFECYCLE

    text = (DOCS / "explanation" / "lifecycle.md").read_text(encoding="utf-8")
    prose = maker().PART.sub("", text)
    states, events = re.findall(r"^\| `(\w+)` \|", prose, re.MULTILINE), prose.partition("| Event |")[2]
    assert states == list(ITEM_LIFECYCLE)
    assert {event for row in ITEM_LIFECYCLE.values() for event in row} - set(re.findall(r"\w+", events)) == set()


def settings() -> dict[str, list[tuple[str, str]]]:
    """The tables of the page: name of the spec -> (field, default)."""
    text = (DOCS / "reference" / "settings.md").read_text(encoding="utf-8")
    sections = re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    row = re.compile(r"^\| `(\w+)` \| (.*?) \|", re.MULTILINE)
    return {name: row.findall(body) for name, body in sections}


def shown(value: object) -> str:
    """A default as the page writes it."""
    if isinstance(value, timedelta):
        return f"`{format_duration(value)}`"
    if isinstance(value, Requirement):
        return f"`{value}`"
    if isinstance(value, str):
        return f"`{value}`" if value else "empty"
    if attrs.has(type(value)):
        return f"`{type(value).__name__}()`"
    return "none" if value in ((), frozenset[str](), {}) else str(value)


def actual(name: str) -> list[tuple[str, str]]:
    spec: Any = getattr(switchroom, name)
    needed = [field for field in attrs.fields(spec) if field.default is attrs.NOTHING]
    positional = NEEDED.get(name) or tuple("true" for field in needed if not field.kw_only)
    sample = spec(*positional, **_trigger(name))
    return [
        (field.name, "required" if field in needed else shown(getattr(sample, field.name)))
        for field in attrs.fields(spec)
    ]


def _trigger(name: str) -> dict[str, object]:
    return {"actions": [], "failed_offers": 1} if name == "Escalation" else {}


@pytest.mark.parametrize("name", list(settings()))
def test_settings_are_those_of_the_spec(name: str) -> None:
    """Every field, in its order, with its default."""
    found = actual(name)
    if name == "Escalation":
        found[-1] = ("failed_offers", "None")
    assert settings()[name] == found


def test_every_spec_has_its_table() -> None:
    """Specs that callers make are on the page, but for actions and hours, which have pages of their own."""
    from switchroom.routing import escalation_model, intake_model, model, queue_model, utilization

    modules = {m.__name__ for m in (escalation_model, intake_model, model, queue_model, utilization)}
    exported = [getattr(switchroom, name) for name in switchroom.__all__]
    specs = {spec.__name__ for spec in exported if attrs.has(spec) and spec.__module__ in modules}
    actions = {kind.__name__ for kind in escalation_model.Action.__args__}
    assert specs - actions == set(settings())


def test_every_action_is_on_the_page_about_escalation() -> None:
    """What a rule can do is told where rules are told."""
    from switchroom.routing.escalation_model import Action

    text = (DOCS / "how-to" / "escalation.md").read_text(encoding="utf-8")
    assert [kind.__name__ for kind in Action.__args__ if f"`{kind.__name__}(" not in text] == []


def test_the_index_lists_every_operation() -> None:
    """Each public method of each front of routing is in the table of operations, and nothing that is not there."""
    from switchroom.routing import front, insight_front

    text = (DOCS / "reference" / "index.md").read_text(encoding="utf-8")
    fronts = {
        "queues": front.QueuesFront,
        "agents": front.AgentsFront,
        "work": front.WorkFront,
        "offers": front.OffersFront,
        "assignments": front.AssignmentsFront,
        "insight": insight_front.InsightFront,
    }
    for name, kind in fronts.items():
        row = next(line for line in text.splitlines() if line.startswith(f"| `center.{name}` "))
        methods = {method for method in vars(kind) if not method.startswith("_")}
        assert set(re.findall(r"`(\w+)`", row)) == methods, name


def test_the_glossary_is_sorted() -> None:
    """A word is found where one looks for it, and is explained once."""
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    words = re.findall(r"^\| ([^|]+?) \|", text, re.MULTILINE)[1:]
    assert len(words) > 50
    assert words == sorted(set(words), key=str.lower)
