"""Every mistake in a configuration is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from switchroom.config import Configuration, Shift, load, parse
from switchroom.errors import ConfigError, InvalidInput
from switchroom.routing.model import Agent
from switchroom.routing.queue_model import Queue

Q = "[queue.sales]\n"
A = "[queue.sales]\n[agent.ana]\n"

# (text, table, key, part of the problem)
MISTAKES = [
    # names
    ('zome = "UTC"', "", "zome", "did you mean 'zone'"),
    ("[queues.sales]", "", "queues", "did you mean 'queue'"),
    (Q + 'alert_timout = "20s"', "queue.sales", "alert_timout", "did you mean 'alert_timeout'"),
    (Q + 'id = "other"', "queue.sales", "id", "unknown key"),
    ('[queue."sa les"]', "queue", "", "an id is"),
    ('[queue.""]', "queue", "", "an id is"),
    (A + "skils = {a = 1}", "agent.ana", "skils", "did you mean 'skills'"),
    (Q + "service_level = { shares = 0.8 }", "queue.sales", "service_level.shares", "did you mean 'share'"),
    # shapes
    ("queue = 3", "", "queue", "a table is wanted"),
    ("queue.sales = 3", "queue.sales", "", "a table is wanted"),
    ("shift = 3", "", "shift", "a list is wanted"),
    ("zone = 3", "", "zone", "text is wanted"),
    (Q + "name = 3", "queue.sales", "name", "text is wanted"),
    (Q + "limit = true", "queue.sales", "limit", "a whole number is wanted (got True)"),
    (Q + "limit = 2.5", "queue.sales", "limit", "a whole number is wanted"),
    (Q + "limit = 0", "queue.sales", "limit", "at least 1"),
    (Q + "limit = 9223372036854775808", "queue.sales", "limit", "between"),
    (Q + 'auto_answer = "yes"', "queue.sales", "auto_answer", "true or false is wanted"),
    (Q + "auto_answer = 1", "queue.sales", "auto_answer", "true or false is wanted"),
    (Q + "score_threshold = nan", "queue.sales", "score_threshold", "a finite number"),
    (Q + "score_threshold = inf", "queue.sales", "score_threshold", "a finite number"),
    (Q + "skill_weights = { a = true }", "queue.sales", "skill_weights.a", "a finite number"),
    (Q + 'wrap_up_codes = "sold"', "queue.sales", "wrap_up_codes", "a list is wanted"),
    (Q + "wrap_up_codes = [1]", "queue.sales", "wrap_up_codes[0]", "text is wanted"),
    # durations, times, zones
    (Q + 'alert_timeout = "20"', "queue.sales", "alert_timeout", "a duration is text like"),
    (Q + 'alert_timeout = "-20s"', "queue.sales", "alert_timeout", "not negative"),
    (Q + "alert_timeout = true", "queue.sales", "alert_timeout", "a duration is"),
    (Q + "alert_timeout = nan", "queue.sales", "alert_timeout", "finite"),
    ('zone = "Mars/Base"', "", "zone", "IANA name"),
    ('zone = "../../etc/passwd"', "", "zone", "IANA name"),
    (Q + 'hours = { zone = "Mars/Base", weekly = {} }', "queue.sales", "hours.zone", "IANA name"),
    (Q + "hours = {}", "queue.sales", "hours.weekly", "a mapping is needed"),
    (Q + 'hours = { weekly = { mo = ["09:00-17:00"] } }', "queue.sales", "hours.weekly", "expected mon, tue"),
    (Q + 'hours = { weekly = { mon = ["9-17"] } }', "queue.sales", "hours.weekly.mon[0]", "looks like 09:00"),
    (Q + "hours = { weekly = {}, holidays = { 02-30 = [] } }", "queue.sales", "hours.holidays", "no such date"),
    # requirements
    (Q + 'requirement = "spanish >="', "queue.sales", "requirement", "column 11"),
    (Q + "requirement = 3", "queue.sales", "requirement", "text is wanted"),
    (Q + 'requirement = "' + "(" * 40 + '"', "queue.sales", "requirement", "levels"),
    # choices and combinations
    (Q + 'ordering = "fifo"', "queue.sales", "ordering", "one of aging"),
    (Q + 'after_call_work = { mode = "timed" }', "queue.sales", "after_call_work.limit", "needs a limit"),
    (Q + "wrap_up_required = true", "queue.sales", "wrap_up_codes", "none is given"),
    (Q + 'outside_hours = "overflow"', "queue.sales", "overflow", "no overflow queue"),
    (Q + 'rings = [{ drop = ["a"] }]', "queue.sales", "rings[0].wait", "is missing"),
    (Q + "service_level = { share = 1.5 }", "queue.sales", "service_level.share", "between 0 and 1"),
    # escalations
    (Q + 'escalations = ["late"]', "queue.sales", "escalations[0]", "a table is wanted"),
    (Q + 'escalations = [{ name = "a", actions = [] }]', "queue.sales", "escalations[0]", "exactly one trigger"),
    (
        Q + 'escalations = [{ name = "a", after_wait = "1m", actions = [{ add_prio = 1 }] }]',
        "queue.sales",
        "escalations[0].actions[0].add_prio",
        "did you mean 'add_priority'",
    ),
    (
        Q + 'escalations = [{ name = "a", after_wait = "1m", actions = [{ add_priority = 1, move_to = "x" }] }]',
        "queue.sales",
        "escalations[0].actions[0]",
        "a table of one key",
    ),
    (
        Q + 'escalations = [{ name = "a", after_wait = "1m", actions = [{ add_priority = true }] }]',
        "queue.sales",
        "escalations[0].actions[0].add_priority",
        "a whole number",
    ),
    (
        Q + 'escalations = [{ name = "a", after_wait = "1m", actions = [{ move_to = "sale" }] }]',
        "queue.sales",
        "escalations[0].actions[0].move_to",
        "unknown queue 'sale', did you mean 'sales'",
    ),
    (
        Q + 'escalations = [{ name = "a", after_wait = "1m", actions = [{ alert = "team:x" }] }]',
        "queue.sales",
        "escalations[0].actions[0].alert",
        "unknown team 'x'",
    ),
    (
        Q + "escalations = [" + '{ name = "a", after_wait = "1m", actions = [] }, ' * 2 + "]",
        "queue.sales",
        "escalations[1].name",
        "is there twice",
    ),
    # agents
    (A + "skills = { english = -1 }", "agent.ana", "skills", "level of english"),
    (A + "skills = { english = true }", "agent.ana", "skills.english", "a finite number"),
    (A + "skills = { english = nan }", "agent.ana", "skills.english", "a finite number"),
    (A + "attributes = { born = 2000-01-01 }", "agent.ana", "attributes.born", "text, a number"),
    (A + 'queues = ["sails"]', "agent.ana", "queues", "unknown queue 'sails', did you mean 'sales'"),
    (A + 'queues = ["sales", "sales"]', "agent.ana", "queues", "named twice"),
    (A + 'queues = [{ queue = "sales", ring = 0 }]', "agent.ana", "queues[0].ring", "at least 1"),
    (A + 'utilization = "phone"', "agent.ana", "utilization", "unknown utilization"),
    (A + "utilization = { capacity = -1 }", "agent.ana", "utilization.capacity", "not below 0"),
    (
        A + "utilization = { media = { voice = { costs = 1 } } }",
        "agent.ana",
        "utilization.media.voice.costs",
        "did you mean 'cost'",
    ),
    ("[utilization.phone]\nmedia = { voice = -3 }", "utilization.phone", "media.voice.cost", "not below 0"),
    (A + 'team = "a"', "agent.ana", "team", "unknown team 'a'"),
    (A + 'role = "boss"', "agent.ana", "role", "one of agent"),
    # references
    (Q + 'overflow = "sale"', "queue.sales", "overflow", "unknown queue 'sale'"),
    (Q + 'overflow = "sales"', "queue.sales", "overflow", "into itself"),
    ('[queue.a]\noverflow = "b"\n[queue.b]\noverflow = "a"', "queue.a", "overflow", "in a circle: a -> b -> a"),
    ('[team.t]\nsupervisor = "uma"', "team.t", "supervisor", "unknown agent 'uma'"),
    ('[intake.default]\nfallback = "x"', "intake.default", "fallback", "unknown queue 'x'"),
    ('[intake.default]\nrules = [{ queue = "x" }]', "intake.default", "rules[0].queue", "unknown queue 'x'"),
    ('[intake.default]\nrules = [{ when = "(" }]', "intake.default", "rules[0].when", "column 2"),
    # simulation
    ('[[shift]]\nagents = ["ana"]\nhours = "09:00-17:00"', "shift[0]", "agents[0]", "unknown agent 'ana'"),
    ("[[shift]]\nagents = []", "shift[0]", "hours", "is missing"),
    ('[[shift]]\nagents = []\nhours = "9 to 5"', "shift[0]", "hours", "looks like"),
    ('[[shift]]\nagents = []\nhours = "09:00-17:00"\ndays = ["so"]', "shift[0]", "days", "expected mon"),
    ("[[behaviour]]\n[[behaviour]]\nmiss = 1.5", "behaviour[1]", "miss", "between 0 and 1"),
    ("[[behaviour]]\nmiss = 0.6\ndecline = 0.6", "behaviour[0]", "miss", "add up"),
    ("[[behaviour]]\ntransfer = 0.6", "behaviour[0]", "transfer_to", "needs a queue"),
    ('[[behaviour]]\nqueue = "x"', "behaviour[0]", "queue", "unknown queue 'x'"),
    ("[[behaviour]]\nspread = -1", "behaviour[0]", "spread", "between 0 and 5"),
]


@pytest.mark.parametrize(("text", "table", "key", "problem"), MISTAKES, ids=[m[0][-40:] for m in MISTAKES])
def test_mistakes_name_their_place(text: str, table: str, key: str, problem: str) -> None:
    """A mistake is a ConfigError with file, table and key, and says what is wrong."""
    with pytest.raises(ConfigError) as caught:
        parse(text, file="center.toml")
    error = caught.value
    assert (error.file, error.table, error.key) == ("center.toml", table, key)
    assert problem in error.message
    assert error.message.startswith(": ".join(p for p in ("center.toml", ".".join(p for p in (table, key) if p)) if p))


NO_TOML = [
    ("[queue.sales]\n[queue.sales]", "line 2"),
    ('zone = "UTC"\nzone = "UTC"\n', "Cannot overwrite a value .at line 2"),
    ("[queue.sales\n", "line 1, column 13"),
    ("limit = " + "9" * 5000, "no TOML"),
    ("a = " + "[" * 100_000, "nested too deeply"),
    ('zone = "a\x00b"', "no TOML"),
]


@pytest.mark.parametrize(("text", "problem"), NO_TOML, ids=[problem for _, problem in NO_TOML])
def test_what_is_no_toml(text: str, problem: str) -> None:
    """What is no TOML is told with line and column where there are any, never with a traceback of the reader."""
    with pytest.raises(ConfigError, match=problem):
        parse(text, file="center.toml")


def test_files_that_are_no_configuration(tmp_path: Path) -> None:
    """A file that is no UTF-8 text, or too large, is refused by name."""
    path = tmp_path / "center.toml"
    path.write_bytes(b'zone = "\xff"')
    with pytest.raises(ConfigError, match="no UTF-8 at byte 8"):
        load(path)
    path.write_bytes(b"#" * 16_000_001)
    with pytest.raises(ConfigError, match="larger than"):
        load(path)
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "nothing.toml")


def test_a_surrogate_is_no_text() -> None:
    """Half a character, which no store could keep, is refused."""
    with pytest.raises(InvalidInput):
        parse('[queue.sales]\nname = "\\ud800"')


def test_the_same_checks_in_python() -> None:
    """A configuration made in Python is checked like a file."""
    for parts, place in (
        ({"queues": [Queue("a"), Queue("a")]}, ("queue.a", "")),
        ({"queues": [Queue("a", overflow="b")]}, ("queue.a", "overflow")),
        ({"agents": [Agent("ana", queues=["a"])]}, ("agent.ana", "queues")),
        ({"shifts": [Shift(agents=["ana"], hours="09:00-17:00")]}, ("shift[0]", "agents[0]")),
        ({"zone": "Mars/Base"}, ("", "zone")),
    ):
        with pytest.raises(ConfigError) as caught:
            Configuration(**parts)
        assert (caught.value.table, caught.value.key) == place


def test_six_overflows_in_a_row() -> None:
    """Overflow ends after five hops, as it does in a running center."""
    chain = [Queue(f"q{n}", overflow=f"q{n + 1}") for n in range(5)]
    assert Configuration(queues=[*chain, Queue("q5")])
    with pytest.raises(ConfigError, match="more than 5 overflows"):
        Configuration(queues=[*chain, Queue("q5", overflow="q6"), Queue("q6")])
