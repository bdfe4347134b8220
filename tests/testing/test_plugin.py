"""The pytest plugin, used as a test author would, in a pytest of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import switchroom.center  # noqa: F401 - before a pytest within: what that one loads, it forgets again
from switchroom import Agent, Queue, WorkItem
from switchroom.testing.building import Builder
from switchroom.testing.saved_log import open_log, save_log

pytest_plugins = ["pytester"]


def passes(pytester: pytest.Pytester, code: str, *options: str) -> pytest.RunResult:
    """A test file of this code, run in this process with the plugin; all of it passes."""
    pytester.makepyfile(code)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", *options)
    assert result.ret == 0, result.stdout.str()
    return result


def test_a_test_of_a_product(pytester: pytest.Pytester) -> None:
    """A few lines test a product against the real engine, on a clock that the test moves."""
    passes(
        pytester,
        """
        from switchroom import Agent, Queue, WorkItem
        from switchroom.testing.assertions import assert_assigned, assert_offered, assert_presence, assert_waiting

        def test_vip_reaches_ana(switchroom_center, switchroom_clock, switchroom_build, switchroom_advance):
            switchroom_build(Queue("vip", alert_timeout="20s"), Agent("ana", queues=["vip"]))
            item = switchroom_center.work.submit(WorkItem(queue="vip"))
            started = switchroom_clock.now()
            assert_offered(switchroom_center, item, to="ana")
            assert (switchroom_advance("20s") - started).total_seconds() == 20
            assert_waiting(switchroom_center, item, queue="vip", position=1)
            assert_presence(switchroom_center, "ana", "not_responding")
            switchroom_center.agents.sign_in("ana")
            switchroom_advance("1s")
            switchroom_center.offers.accept(assert_offered(switchroom_center, item).id)
            assert assert_assigned(switchroom_center, item, to="ana").item == item
        """,
    )


def test_customers_write_and_hear(pytester: pytest.Pytester) -> None:
    """A help desk with a transport without a network: what leaves, what fails and is tried again, STOP."""
    passes(
        pytester,
        """
        from switchroom.testing.assertions import assert_happened, assert_not_sent, assert_sent

        def test_stop(switchroom_build, switchroom_customer, switchroom_transport, switchroom_advance):
            center = switchroom_build.help_desk("ana")
            conversation = switchroom_customer.writes("my parcel is late").conversation
            center.offers.accept(center.offers.of_agent("ana")[0].id)
            switchroom_transport.script("transient")
            message = center.conversations.reply(conversation, "Which one?", agent="ana")
            assert switchroom_customer.heard == ()
            switchroom_advance("5m")
            assert switchroom_customer.heard == ("Which one?",)
            assert center.conversations.message_status(message) == "delivered"
            switchroom_customer.writes("STOP")
            [confirmation] = assert_sent(switchroom_transport, "unsubscribed", to=switchroom_customer.address, count=1)
            assert_not_sent(switchroom_transport, "Are you there?")
            assert_happened(center, "kernel.effect_failed", count=1)
        """,
    )


def test_every_store_runs_the_same_tests(pytester: pytest.Pytester) -> None:
    """With two stores every test that has a center runs twice, and no other."""
    code = """
        def test_center(switchroom_center, switchroom_storage):
            assert switchroom_center.storage is switchroom_storage
            print(type(switchroom_storage).__name__)

        def test_nothing():
            pass
        """
    result = passes(pytester, code, "--switchroom-storage", "memory,sqlite", "-v", "-s")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*MemoryStorage*", "*SqliteStorage*"])


def test_unknown_stores_are_refused(pytester: pytest.Pytester) -> None:
    """A mistyped option is a usage error, not a skipped test."""
    pytester.makepyfile("def test_nothing(): pass")
    result = pytester.runpytest_inprocess("--switchroom-storage", "mongo")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*'mongo' is none of memory, sqlite*"])


FAILING = """
    from switchroom import Agent, Queue, WorkItem
    from switchroom.testing.assertions import assert_offered

    def test_fails(switchroom_build, switchroom_center):
        switchroom_build(Queue("vip"), Agent("ana", queues=["vip"]), Agent("bob", queues=["vip"]))
        item = switchroom_center.work.submit(WorkItem(queue="vip", requirement="spanish >= 3"))
        assert_offered(switchroom_center, item, to="bob")
    """


def test_a_failure_explains_itself_and_leaves_a_log_that_replays(pytester: pytest.Pytester) -> None:
    """The report says why not bob and where the log is; the log gives the same state again."""
    pytester.makepyfile(FAILING)
    result = pytester.runpytest_inprocess("--switchroom-logs", "logs")
    result.assert_outcomes(failed=1)
    text = result.stdout.str()
    assert "item-1 is not offered to bob, but waiting in vip" in text
    assert "spanish >= 3  (spanish is missing)" in text or "fail  spanish >= 3" in text
    path = re.search(r"switchroom replay (\S+\.jsonl)", text)
    assert path is not None
    center = open_log(path[1])
    assert center.work.get("item-1").state == "waiting"
    center.check()


def test_passing_tests_leave_no_logs(pytester: pytest.Pytester) -> None:
    """Only what failed is worth a file."""
    passes(pytester, "def test_one(switchroom_center): pass", "--switchroom-logs", "logs")
    assert not (pytester.path / "logs").exists()


def test_centers_of_ones_own_are_saved_too(pytester: pytest.Pytester) -> None:
    """A center that a test makes is saved when it is watched, beside the fixture's."""
    pytester.makepyfile(
        """
        from switchroom import ContactCenter, ManualClock

        def test_fails(switchroom_watch):
            switchroom_watch(ContactCenter(clock=ManualClock(), seed=1))
            switchroom_watch(ContactCenter(clock=ManualClock(), seed=2))
            assert False
        """
    )
    pytester.runpytest_inprocess("--switchroom-logs", "logs")
    assert len(list((pytester.path / "logs").glob("*.jsonl"))) == 2


def test_a_recorded_log_is_where_a_test_begins(pytester: pytest.Pytester) -> None:
    """The marker names a saved log: the center, its clock, its zone and any store begin at its end."""
    from switchroom import ContactCenter, ManualClock

    center = ContactCenter(clock=ManualClock("2026-03-01T08:00:00Z"), seed=1, zone="Europe/Berlin")
    Builder(center)(Queue("q"), Agent("ana", queues=["q"]), WorkItem("old", queue="q", requirement="rare"))
    center.advance("1h")
    save_log(center, pytester.path / "monday.jsonl")
    passes(
        pytester,
        """
        import pytest

        pytestmark = pytest.mark.switchroom(log="monday.jsonl")

        def test_goes_on(switchroom_center, switchroom_clock):
            assert switchroom_clock.now().hour == 9
            assert switchroom_center.zone == "Europe/Berlin"
            assert switchroom_center.work.get("old").waited.total_seconds() == 3600
            assert switchroom_center.agents.get("ana").presence == "on_queue"
        """,
        "--switchroom-storage",
        "memory,sqlite",
    ).assert_outcomes(passed=2)


def test_settings_of_a_test(pytester: pytest.Pytester) -> None:
    """The marker sets start, zone, seed and functions; the nearest one counts."""
    passes(
        pytester,
        """
        import pytest
        from switchroom import Queue

        pytestmark = pytest.mark.switchroom(zone="Asia/Tokyo", start="2026-07-01T00:00:00Z")

        @pytest.mark.switchroom(start="2026-08-01T00:00:00Z", functions={"mine": lambda *_: 0.0})
        def test_settings(switchroom_build, switchroom_center):
            assert switchroom_center.zone == "Asia/Tokyo"
            assert switchroom_center.now().month == 8
            switchroom_build(Queue("q", selection="function:mine"))
        """,
    )


def test_scenario_files_are_tests(pytester: pytest.Pytester) -> None:
    """Each scenario is a test of its own name; a failure is told in the scenario's words."""
    text = (Path(__file__).parent / "desk.scenario.toml").read_text(encoding="utf-8")
    (pytester.path / "good.scenario.toml").write_text(text, encoding="utf-8")
    pytester.runpytest_inprocess().assert_outcomes(passed=2)
    bad = text.replace('{ waiting = "call", queue = "support", position = 1 }', '{ offered = "call", to = "bob" }')
    (pytester.path / "bad.scenario.toml").write_text(bad, encoding="utf-8")
    result = pytester.runpytest_inprocess("bad.scenario.toml", "--switchroom-logs", "logs")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*step 2, 20s after the start: then offered = 'call': call is not offered to bob*"])
    assert "Traceback" not in result.stdout.str()
    [log] = (pytester.path / "logs").glob("*.jsonl")
    assert open_log(log).work.get("call").state == "waiting"


def test_a_scenario_file_that_is_wrong_is_an_error(pytester: pytest.Pytester) -> None:
    """Collection says which word of which step is not understood."""
    (pytester.path / "bad.scenario.toml").write_text('[[scenario]]\nstep = [{ when = { acept = "x" } }]\n')
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*step 1.when: unknown word 'acept', did you mean 'accept'?*"])


def test_loading_the_plugin_loads_no_engine() -> None:
    """A test run that uses no fixture does not pay for the library."""
    code = (
        "import sys, switchroom.testing.plugin; "
        "print([m for m in sys.modules if m.startswith('switchroom.') and not m.startswith('switchroom.testing')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
