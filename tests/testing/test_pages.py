"""The pages about testing: the files that they show are run as their readers would run them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import switchroom.center  # noqa: F401 - before a pytest within: what that one loads, it forgets again

pytest_plugins = ["pytester"]

DOCS = Path(__file__).parent.parent.parent / "docs"
FILE = re.compile(r"<!-- file: (\S+) -->\n^```(?:python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def shown(page: str) -> dict[str, str]:
    """The files of a page, by name."""
    return dict(FILE.findall((DOCS / page).read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("page", "outcome"),
    [("tutorials/testing.md", {"passed": 5}), ("how-to/scenario-files.md", {"passed": 1})],
)
def test_what_a_page_shows_passes(page: str, outcome: dict[str, int], pytester: pytest.Pytester) -> None:
    """Copied from the page into files, everything passes."""
    for name, code in shown(page).items():
        (pytester.path / name).write_text(code, encoding="utf-8")
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(**outcome)


def test_the_failure_that_is_shown_is_the_one_that_comes(pytester: pytest.Pytester) -> None:
    """The report that the tutorial quotes is what a reader gets."""
    files = shown("tutorials/testing.md")
    code = files["test_calls.py"].replace('to="ana")', 'to="bob")')
    (pytester.path / "product.py").write_text(files["product.py"], encoding="utf-8")
    (pytester.path / "test_calls.py").write_text(code, encoding="utf-8")
    text = pytester.runpytest_inprocess("-p", "no:cacheprovider").stdout.str()
    page = (DOCS / "tutorials" / "testing.md").read_text(encoding="utf-8")
    quoted = page.partition("AssertionError: ")[2].partition("```")[0].strip().splitlines()
    assert len(quoted) == 4
    assert [line for line in quoted if line not in text] == []


def test_every_word_and_every_fixture_is_on_its_page() -> None:
    """What a scenario may say, and what a test may ask for, can be looked up."""
    from switchroom.testing import assertions, plugin
    from switchroom.testing.scenario_checks import CHECKS
    from switchroom.testing.scenario_verbs import VERBS

    scenarios = (DOCS / "how-to" / "scenario-files.md").read_text(encoding="utf-8")
    words = {
        word for verbs in (VERBS, CHECKS) for name, verb in verbs.items() for word in (name, *verb.needs, *verb.may)
    }
    assert sorted(words - {"*"} - set(re.findall(r"\w+", scenarios))) == []
    tutorial = (DOCS / "tutorials" / "testing.md").read_text(encoding="utf-8")
    names = [name for name in vars(plugin) if name.startswith("switchroom_")]
    names += [name for name in vars(assertions) if name.startswith("assert_")]
    assert len(names) > 15
    assert [name for name in names if f"`{name}" not in tutorial] == []
