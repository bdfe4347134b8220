"""Writes the parts of the documentation that the code knows: run ``python docs/make_tables.py`` after a change.

Each part stands in its page between ``<!-- made: NAME -->`` and ``<!-- end -->``. A test compares the pages with what
this would write.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import cast

import attrs

import switchroom
from switchroom import errors
from switchroom.consent import events as consent_events
from switchroom.conversations import events as conversation_events
from switchroom.conversations import flow_events
from switchroom.kernel import answers, kernel, outbox
from switchroom.kernel.events import EventRegistry, EventType
from switchroom.outbound import events as outbound_events
from switchroom.routing import events as routing_events
from switchroom.routing.lifecycle import FINAL, ITEM_LIFECYCLE
from switchroom.security import events as security_events
from switchroom.workitems import events as work_events

DOCS = Path(__file__).parent
PART = re.compile(r"(<!-- made: (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
EVENT_MODULES = (
    *(routing_events, conversation_events, flow_events, consent_events, work_events, outbound_events),
    *(security_events, answers, kernel, outbox),
)


def first_sentence(documented: object) -> str:
    """The first sentence of a docstring, as Markdown."""
    text = inspect.getdoc(documented) or ""
    paragraph = " ".join(text.split("\n\n")[0].split())
    return markdown(re.split(r"(?<=[.!?])\s+(?=[A-Z`])", paragraph)[0].removesuffix("::").rstrip(".:"))


def markdown(text: str) -> str:
    return text.replace("``", "`").replace("|", "\\|")


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"


# -- the public names


def names() -> str:
    return table(("Name", "Module", "Is"), (_name(name) for name in switchroom.__all__))


def _name(name: str) -> tuple[str, str, str]:
    value = getattr(switchroom, name)
    return f"`{name}`", f"`{value.__module__}`", first_sentence(value)


# -- errors


def error_classes() -> list[type[errors.SwitchroomError]]:
    """Every class of the module, in the order in which they are written there."""
    found = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, errors.SwitchroomError)]
    return sorted(found, key=lambda c: inspect.getsourcelines(c)[1])


def error_tree() -> str:
    doc = inspect.getdoc(errors) or ""
    lines = [line for line in doc.splitlines() if re.search("[├└│]|^ *SwitchroomError$", line)]
    return "\n```text\n" + inspect.cleandoc("\n" + "\n".join(lines)) + "\n```\n\n"


def error_table() -> str:
    return table(("Error", "Code", "Kind of", "Attributes", "Meaning"), map(_error, error_classes()))


def _error(kind: type[errors.SwitchroomError]) -> tuple[str, str, str, str, str]:
    bases = ", ".join(f"`{base.__name__}`" for base in kind.__bases__)
    attributes = ", ".join(f"`{name}`" for name in _sample(kind).details)
    return f"`{kind.__name__}`", f"`{kind.error_code}`", bases, attributes, first_sentence(kind)


def _sample(kind: type[errors.SwitchroomError]) -> errors.SwitchroomError:
    """An error made of anything, to see what it carries."""
    made = cast("Callable[..., errors.SwitchroomError]", kind)
    if "__init__" not in vars(kind) and kind.__init__ is errors.SwitchroomError.__init__:
        return made("")
    wanted = inspect.signature(made).parameters.values()
    named = (p for p in wanted if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD)
    anything: list[object] = [1 if p.annotation == "int" else "" for p in named]
    return made(*anything)


# -- events


def routing_table() -> str:
    return _events("routing")


def work_table() -> str:
    return _events("workitems")


def conversation_table() -> str:
    return _events("conversations")


def consent_table() -> str:
    return _events("consent")


def outbound_table() -> str:
    return _events("outbound")


def security_table() -> str:
    return _events("security")


def kernel_table() -> str:
    return _events("kernel")


def _events(prefix: str) -> str:
    modules = {module.__name__ for module in EVENT_MODULES}
    # Each module's events as written there; which module came first is up to whoever imported them.
    order = [module.__name__ for module in EVENT_MODULES]
    known = (t for t in EventRegistry.by_name.values() if t.cls.__module__ in modules and t.name.startswith(prefix))
    mine = sorted(known, key=lambda t: order.index(t.cls.__module__))
    return table(("Type", "Class", "Fields", "Tags", "Meaning"), map(_event, mine))


def _event(declared: EventType) -> tuple[str, ...]:
    personal = {path.partition(".")[0] for path in declared.personal}
    fields = ", ".join(
        f"*`{field.name}`*" if field.name in personal else f"`{field.name}`" for field in attrs.fields(declared.cls)
    )
    tags = ", ".join(f"`{tag}`" if tag == field else f"`{tag}` (`{field}`)" for tag, field in declared.tags)
    meaning = markdown(" ".join((inspect.getdoc(declared.cls) or "").split()))
    return f"`{declared.name}`", f"`{declared.cls.__name__}`", fields, tags, meaning


# -- the life of an item


def lifecycle_table() -> str:
    return table(("State", "Events that are allowed, and the state that follows"), _states())


def _states() -> Iterator[tuple[str, str]]:
    for state, following in ITEM_LIFECYCLE.items():
        yield f"`{state}`", ", ".join(f"{event} → `{after}`" for event, after in following.items()) or "none"


def lifecycle_diagram() -> str:
    lines = ["", "```mermaid", "stateDiagram-v2", "    [*] --> created"]
    for state, following in ITEM_LIFECYCLE.items():
        for target in dict.fromkeys(following.values()):
            labels = ", ".join(event for event, after in following.items() if after == target)
            if target != state:
                lines.append(f"    {state} --> {target}: {labels}")
    lines.extend(f"    {state} --> [*]" for state in ITEM_LIFECYCLE if state in FINAL)
    return "\n".join([*lines, "```", "", ""])


PARTS: dict[str, Callable[[], str]] = {
    "names": names,
    "error_tree": error_tree,
    "error_table": error_table,
    "routing_events": routing_table,
    "conversation_events": conversation_table,
    "consent_events": consent_table,
    "work_events": work_table,
    "outbound_events": outbound_table,
    "security_events": security_table,
    "kernel_events": kernel_table,
    "lifecycle_table": lifecycle_table,
    "lifecycle_diagram": lifecycle_diagram,
}


def made(text: str) -> str:
    """The page with each of its made parts as the code has it now."""
    return PART.sub(lambda part: part[1] + PARTS[part[2]]() + part[4], text)


def main() -> None:
    import_module("switchroom.center")
    for page in sorted(DOCS.rglob("*.md")):
        old = page.read_text(encoding="utf-8")
        new = made(old)
        if new != old:
            page.write_text(new, encoding="utf-8")
            print(page.relative_to(DOCS))


if __name__ == "__main__":
    main()
