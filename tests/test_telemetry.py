"""OpenTelemetry with its SDK: figures are those of the center, spans those of its operations; and the log."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Mapping

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from switchroom import Agent, ContactCenter, ManualClock, MemoryStorage, Queue, WorkItem
from switchroom.errors import OfferGone, StorageError, UnknownId
from switchroom.logs import log_records
from switchroom.telemetry import TracedContactCenter, observe
from switchroom.testing.building import Builder


def figures(reader: InMemoryMetricReader) -> dict[tuple[str, str], float]:
    """(name, attributes) -> value of everything that is exported now."""
    data = reader.get_metrics_data()
    assert data is not None
    metrics = [m for r in data.resource_metrics for s in r.scope_metrics for m in s.metrics]
    return {(m.name, shown(p.attributes or {})): p.value for m in metrics for p in m.data.data_points}  # type: ignore[union-attr]


def shown(attributes: Mapping[str, object]) -> str:
    return ",".join(f"{name}={value}" for name, value in sorted(attributes.items()))


def test_figures_are_those_of_the_center() -> None:
    """What waits, for how long, who is there, what is out, what is to be done, where the log ends, what happened."""
    reader = InMemoryMetricReader()
    center = ContactCenter(clock=ManualClock(), seed=1)
    observe(center, meter_provider=MeterProvider(metric_readers=[reader]))
    Builder(center)(Queue("q"), Queue("shut", enabled=False), Agent("ana", queues=["q"]), Agent("bob"))
    center.agents.set_presence("bob", "break")
    for _ in range(3):
        center.work.submit(WorkItem(queue="q", medium="voice"))
    center.offers.accept(center.offers.of_agent("ana")[0].id)
    center.advance("90s")
    found = figures(reader)
    assert found[("switchroom.waiting", "queue=q")] == 2
    assert found[("switchroom.wait.longest", "queue=q")] == 90
    assert found[("switchroom.wait.longest", "queue=shut")] == 0
    assert [found[("switchroom.open", f"queue={queue}")] for queue in ("q", "shut")] == [1, 0]
    assert found[("switchroom.agents", "presence=on_queue")] == 1
    assert found[("switchroom.agents", "presence=break")] == 1
    assert (found[("switchroom.offers", "")], found[("switchroom.assignments", "")]) == (0, 1)
    assert found[("switchroom.effects", "state=pending")] == found[("switchroom.effects", "state=dead")] == 0
    assert found[("switchroom.log.position", "")] == center.storage.end()
    assert found[("switchroom.events", "type=routing.item_submitted")] == 3


def test_several_centers_are_told_apart() -> None:
    """Each figure carries the name that the center was given."""
    reader = InMemoryMetricReader()
    provider = MeterProvider(metric_readers=[reader])
    center = ContactCenter(clock=ManualClock(), seed=1)
    center.queues.add(Queue("q"))
    observe(center, name="north", meter_provider=provider)
    assert figures(reader)[("switchroom.waiting", "center=north,queue=q")] == 0


class Broken(MemoryStorage):
    """A store that fails when told."""

    fails = False

    def append(self, *args: object) -> int:  # type: ignore[override]
        if self.fails:
            raise StorageError("no disk")
        return super().append(*args)  # type: ignore[arg-type]


def test_spans() -> None:
    """One span an operation, with how many events it stored; a refusal is an answer, a failed store a failure."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    store = Broken()
    center = TracedContactCenter(clock=ManualClock(), seed=1, storage=store, tracer_provider=provider)
    Builder(center)(Queue("q"), Agent("ana", queues=["q"]))
    exporter.clear()
    item = center.work.submit(WorkItem(queue="q"), command_id="c-1")
    offer = center.offers.of_item(item)[0].id
    center.offers.decline(offer)
    with pytest.raises(OfferGone):
        center.offers.accept(offer)
    store.fails = True
    with pytest.raises(StorageError):
        center.work.cancel(item)
    submit, decline, accept, cancel = exporter.get_finished_spans()
    names = [span.name.split(".") for span in (submit, decline, accept, cancel)]
    assert [(name[0], name[-1]) for name in names] == [
        ("switchroom", operation) for operation in ("submit", "decline", "accept", "cancel")
    ]
    assert dict(submit.attributes or {}) == {"switchroom.command_id": "c-1", "switchroom.events": 4}
    assert (accept.attributes or {})["switchroom.refused"] == "OfferGone"
    assert accept.status.is_unset
    assert [event.name for event in cancel.events] == ["exception"]
    assert not cancel.status.is_ok
    assert not cancel.status.is_unset


def test_tracing_changes_nothing() -> None:
    """The log of a center that is traced is that of one that is not."""
    logs: list[list[object]] = []
    for kind in (ContactCenter, TracedContactCenter):
        center = kind(clock=ManualClock(), seed=1)
        Builder(center)(Queue("q"), Agent("ana", queues=["q"]), WorkItem(queue="q"))
        with pytest.raises(UnknownId):
            center.work.cancel("ghost")
        logs.append(list(center.events()))
    assert logs[0] == logs[1]


def test_records_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Type and tags of every record, until it is stopped; nothing that may be personal."""
    center = ContactCenter(clock=ManualClock(), seed=1)
    stop = log_records(center)
    with caplog.at_level(logging.INFO, logger="switchroom.records"):
        Builder(center)(Queue("q"), WorkItem("a", queue="q", attributes={"name": "Ann Example"}))
        stop()
        center.queues.add(Queue("late"))
    assert caplog.messages[-2].endswith("routing.item_submitted item:a")
    assert caplog.records[-1].event == "routing.item_queued"  # type: ignore[attr-defined]
    assert not any("Ann" in message or "late" in message for message in caplog.messages)


def test_the_library_is_silent_unless_asked() -> None:
    """A subscriber that fails is told to the logger, which prints nothing by itself."""
    code = (
        "from switchroom import ContactCenter, ManualClock, Queue\n"
        "center = ContactCenter(clock=ManualClock())\n"
        "center.subscribe(lambda record: 1 / 0)\n"
        "center.queues.add(Queue('q'))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
