"""Every example of the README and of the documentation runs, and every link leads somewhere."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import pkgutil
import re
from pathlib import Path

import pytest

import switchroom

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^<!-- file: (\S+) -->\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
_OPTIONS = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL


def blocks(page: Path, language: str) -> list[tuple[int, str]]:
    """The code blocks of a language: (line of the first line of code, code)."""
    text = page.read_text(encoding="utf-8")
    found = [(text[: m.start(2)].count("\n") + 1, m[2]) for m in _BLOCK.finditer(text) if m[1] == language]
    return found


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_examples_run(page: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The Python blocks of a page run one after the other in one namespace, and print what they say; the files that it
    shows are there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    for name, content in _FILE.findall(page.read_text(encoding="utf-8")):
        (tmp_path / name).write_text(content, encoding="utf-8")
    names: dict[str, object] = {"__name__": "__main__"}
    for line, code in blocks(page, "python"):
        if ">>>" not in code:
            exec(compile("\n" * (line - 1) + code, str(page), "exec"), names)
            continue
        test = doctest.DocTestParser().get_doctest(code, names, page.name, str(page), line - 1)
        report: list[str] = []
        doctest.DocTestRunner(optionflags=_OPTIONS).run(test, out=report.append, clear_globs=False)
        assert not report, "".join(report)
        names = test.globs


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_configurations_load(page: Path) -> None:
    """The TOML blocks of a page are one configuration, but for those of other files."""
    from switchroom.config import parse

    other = ("[project", "[given")
    text = "\n".join(code for _, code in blocks(page, "toml") if not code.lstrip().startswith(other))
    parse(text, file=page.name)


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    """A link to another page is to a file that is there."""
    broken = [link for link in _LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]
    assert broken == []


def test_the_readme_has_examples() -> None:
    """An extractor that finds nothing would pass every page."""
    assert len(blocks(ROOT / "README.md", "python")) == 1
    assert len(blocks(ROOT / "docs" / "tutorials" / "first-center.md", "python")) >= 8


def test_every_key_is_in_the_reference() -> None:
    """Every field of every spec that a configuration may have is on the page about it."""
    from switchroom.config import steps
    from switchroom.config.reader import actions, hints_of
    from switchroom.config.toml import TABLES
    from switchroom.consent.model import DoNotContact
    from switchroom.conversations import classification, flow_model, quality_model
    from switchroom.conversations.model import CannedResponse, Line
    from switchroom.routing import escalation_model, intake_model, model, queue_model, utilization
    from switchroom.simulation import behaviours, times
    from switchroom.simulation.traffic import COLUMNS
    from switchroom.workitems import attributes, sla_model, source_model
    from switchroom.workitems import model as work_model

    reference = ROOT / "docs" / "reference"
    words = set(re.findall(r"\w+", (reference / "configuration.md").read_text(encoding="utf-8")))
    specs = [
        *(queue_model.Queue, queue_model.Ring, queue_model.AfterCallWork, queue_model.QueueMessages),
        *(escalation_model.Escalation, model.Agent, model.Membership, model.Team, utilization.Utilization),
        *(utilization.MediumLimit, intake_model.Intake, intake_model.IntakeRule),
        *(behaviours.Shift, behaviours.Break, behaviours.Behaviour, times.Times, Line),
        *(work_model.Worktype, work_model.Status, work_model.Automatic, work_model.Calendar, work_model.Workbin),
        *(attributes.Attribute, sla_model.Sla, sla_model.SlaRule, sla_model.Curve),
        *(source_model.Source, source_model.SourceRule, source_model.Distribution),
        *(flow_model.Flow, classification.Classifier, classification.Category),
        *(CannedResponse, quality_model.EvaluationForm, quality_model.Question, DoNotContact),
    ]
    keys = {key for spec in specs for key in hints_of(spec)} - {"id"}
    keys |= set(steps.KINDS) | {key for step in steps.KINDS.values() for key in list(hints_of(step))[1:]}
    assert sorted((keys | set(actions()) | set(TABLES)) - words) == []
    traffic = (reference / "traffic.md").read_text(encoding="utf-8")
    assert [column for column in COLUMNS if f"`{column}`" not in traffic] == []


def test_every_command_is_in_the_reference() -> None:
    """The page about the command line has each command."""
    from switchroom.cli.main import COMMANDS

    page = (ROOT / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`{name}" not in page] == []


def test_every_page_can_be_found() -> None:
    """Whoever follows the links of the README, and of the index that it names, finds every page."""
    found: set[Path] = set()
    for start in (ROOT / "README.md", ROOT / "docs" / "index.md"):
        links = _LINK.findall(start.read_text(encoding="utf-8"))
        found |= {start, *((start.parent / link).resolve() for link in links)}
    assert [str(page.relative_to(ROOT)) for page in PAGES if page not in found] == []


def _modules() -> list[str]:
    names = ("switchroom", *(info.name for info in pkgutil.walk_packages(switchroom.__path__, "switchroom.")))
    return [name for name in names if ">>>" in _source(name)]


def _source(name: str) -> str:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", _modules())
def test_docstrings_run(name: str) -> None:
    """The examples in docstrings do what they show."""
    failures, tried = doctest.testmod(importlib.import_module(name), optionflags=_OPTIONS)
    assert (failures, tried > 0) == (0, True)
