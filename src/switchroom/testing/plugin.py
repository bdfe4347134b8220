"""The pytest plugin: a contact center, its clock, its store and its network as fixtures; logs of tests that fail.

Installed with the package and loaded by pytest by itself. Nothing of the library is imported before a fixture is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import pytest

if TYPE_CHECKING:
    from datetime import datetime

    from switchroom.center import ContactCenter
    from switchroom.clock import ManualClock
    from switchroom.durations import DurationLike
    from switchroom.storage.protocol import LogStorage
    from switchroom.testing.building import Builder
    from switchroom.testing.network import Customer, Network
    from switchroom.testing.saved_log import SavedLog
    from switchroom.transport.memory import MemoryTransport

    CenterWatch: TypeAlias = Callable[[ContactCenter], ContactCenter]
    Advance: TypeAlias = Callable[[DurationLike], datetime]

MARKER = "switchroom"
STORAGES = ("memory", "sqlite")
SCENARIOS = (".scenario.toml", ".scenario.yaml", ".scenario.yml")
MAX_NAME = 100
"""Characters of the file name of a log: file systems allow 255 bytes."""

watched: pytest.StashKey[list[ContactCenter]] = pytest.StashKey()
"""The centers of a test whose logs are saved if it fails."""
_recorded: pytest.StashKey[SavedLog | None] = pytest.StashKey()


# -- hooks


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--switchroom-storage`` and ``--switchroom-logs``."""
    group = parser.getgroup("switchroom")
    group.addoption(
        "--switchroom-storage",
        default="memory",
        metavar="KINDS",
        help="stores to run tests with: memory, sqlite, or both with a comma (memory)",
    )
    group.addoption(
        "--switchroom-logs", metavar="DIR", help="where the logs of tests that fail are saved (the cache of pytest)"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and refuse stores that there are not."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(seed=1, zone='UTC', start=None, log=None, functions=None): the center of a test; log: a saved log, "
        "relative to the test's file, that it begins with",
    )
    for kind in _storages(config):
        if kind not in STORAGES:
            raise pytest.UsageError(f"--switchroom-storage: {kind!r} is none of {', '.join(STORAGES)}")


def _storages(config: pytest.Config) -> list[str]:
    return [kind.strip() for kind in cast("str", config.getoption("--switchroom-storage")).split(",")]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """With several stores, a test that uses one runs with each."""
    kinds = _storages(metafunc.config)
    if "switchroom_storage" in metafunc.fixturenames and len(kinds) > 1:
        metafunc.parametrize("switchroom_storage", kinds, indirect=True)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Scenario files are tests."""
    if not file_path.name.endswith(SCENARIOS):
        return None
    from switchroom.testing.plugin_scenarios import ScenarioFile

    return ScenarioFile.of(parent, file_path)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Save the logs of the centers of a test that failed, and say how to replay them."""
    report = yield
    if report.when == "call" and report.failed and item.stash.get(watched, None):
        centers: list[ContactCenter] = item.stash[watched]
        lines = [_saved(item, number, center) for number, center in enumerate(centers, 1)]
        report.sections.append(("switchroom log", "\n".join(lines)))
    return report


def _saved(item: pytest.Item, number: int, center: ContactCenter) -> str:
    """Save one log and return how to replay it, or why it could not be saved: the test's own failure must show."""
    from switchroom.testing.saved_log import save_log

    name = re.sub(r"[^\w.-]+", "-", item.nodeid)[-MAX_NAME:].strip("-")
    try:
        path = save_log(center, _log_folder(item.config) / f"{name}-{number}.jsonl")
    except Exception as error:
        return f"not saved: {error}"
    return f"saved; to replay it: switchroom replay {path}"


def _log_folder(config: pytest.Config) -> Path:
    chosen = cast("str | None", config.getoption("--switchroom-logs"))
    if chosen is not None:
        folder = config.invocation_params.dir / chosen
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    cache = getattr(config, "cache", None)
    if cache is None:
        import tempfile

        return Path(tempfile.mkdtemp(prefix="switchroom-logs-"))
    made: Path = cache.mkdir("switchroom-logs")
    return made


# -- what a test may say about its center


def _setting(request: pytest.FixtureRequest, name: str, default: Any) -> Any:
    """A setting of the nearest marker that has it."""
    for marker in request.node.iter_markers(MARKER):
        if name in marker.kwargs:
            return marker.kwargs[name]
    return default


def _recording(request: pytest.FixtureRequest) -> SavedLog | None:
    """The saved log that the test begins with, read once."""
    node: pytest.Item = request.node
    if _recorded not in node.stash:
        from switchroom.testing.saved_log import read_log

        log = _setting(request, "log", None)
        node.stash[_recorded] = None if log is None else read_log(request.path.parent / log)
    return node.stash[_recorded]


# -- fixtures


@pytest.fixture
def switchroom_clock(request: pytest.FixtureRequest) -> ManualClock:
    """The clock of the test: it stands still until it is moved. With a saved log, where that ends."""
    from switchroom.clock import DEFAULT_START, ManualClock

    recorded = _recording(request)
    start = _setting(request, "start", None)
    if start is None:
        start = DEFAULT_START if recorded is None else recorded.now
    return ManualClock(start)


@pytest.fixture
def switchroom_storage(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[LogStorage]:
    """An empty store of the chosen kind, or one that holds the saved log; a file in ``tmp_path`` for ``sqlite``."""
    from switchroom.storage.memory import MemoryStorage
    from switchroom.storage.sqlite import SqliteStorage

    kind = getattr(request, "param", _storages(request.config)[0])
    storage = SqliteStorage(tmp_path / "switchroom.db") if kind == "sqlite" else MemoryStorage()
    recorded = _recording(request)
    if recorded is not None:
        storage.append(list(recorded.storage.read()), 0)
    yield storage
    if isinstance(storage, SqliteStorage):
        storage.close()


@pytest.fixture
def switchroom_watch(request: pytest.FixtureRequest) -> CenterWatch:
    """``switchroom_watch(center)``: should the test fail, save the log of this center, too. Returns the center."""
    node: pytest.Item = request.node
    mine: list[ContactCenter] = node.stash.setdefault(watched, [])

    def watch(center: ContactCenter) -> ContactCenter:
        mine.append(center)
        return center

    return watch


@pytest.fixture
def switchroom_center(
    request: pytest.FixtureRequest,
    switchroom_clock: ManualClock,
    switchroom_storage: LogStorage,
    switchroom_watch: CenterWatch,
) -> ContactCenter:
    """A contact center of its own for each test: the real engine on the test's clock, the same ids every time."""
    from switchroom.center import ContactCenter

    recorded = _recording(request)
    center = ContactCenter(
        clock=switchroom_clock,
        storage=switchroom_storage,
        seed=_setting(request, "seed", 1),
        zone=_setting(request, "zone", "UTC" if recorded is None else recorded.zone),
        functions=_setting(request, "functions", None),
    )
    return switchroom_watch(center)


@pytest.fixture
def switchroom_build(switchroom_center: ContactCenter) -> Builder:
    """``switchroom_build(Queue(...), Agent(...), ...)`` and the usual set-ups, for the test's center."""
    from switchroom.testing.building import Builder

    return Builder(switchroom_center)


@pytest.fixture
def switchroom_network(switchroom_center: ContactCenter) -> Network:
    """The test's center connected to a transport without a network; time passes for both."""
    from switchroom.testing.network import Network

    return Network(switchroom_center)


@pytest.fixture
def switchroom_transport(switchroom_network: Network) -> MemoryTransport:
    """The transport of the test: serves every channel, keeps what was sent, and fails when a test says so."""
    return switchroom_network.transport


@pytest.fixture
def switchroom_customer(switchroom_network: Network) -> Customer:
    """Somebody who writes text messages to the help desk's line, and hears what comes back."""
    from switchroom.testing.network import Customer

    return Customer(switchroom_network)


@pytest.fixture
def switchroom_advance(switchroom_network: Network) -> Advance:
    """``switchroom_advance("45s")``: time passes; deadlines, deliveries and reports happen when they are due."""
    return switchroom_network.advance
