"""OpenTelemetry: figures of a center by callback, and a span for each operation. Needs the ``otel`` extra.

Only the API is used: without an SDK in the application nothing is measured and nothing is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Concatenate, TypeVar

from switchroom.center import ContactCenter
from switchroom.errors import EnvironmentFault, SwitchroomError
from switchroom.kernel.transaction import Transaction
from switchroom.routing.state import Routing

if TYPE_CHECKING:
    from opentelemetry.metrics import CallbackOptions, Meter, MeterProvider, Observation
    from opentelemetry.trace import Span, Tracer, TracerProvider

    from switchroom.kernel.records import Record

R = TypeVar("R")

NAME = "switchroom"
"""Of the meter, of the tracer, and before the name of every figure and span."""

Figures = Iterable[tuple[float, Mapping[str, str]]]
"""Values, each with what it is about."""


def _missing() -> ImportError:
    return ImportError('telemetry needs the extra: pip install "switchroom[otel]"')


def _meter(provider: MeterProvider | None) -> Meter:
    try:
        from opentelemetry import metrics
    except ImportError:
        raise _missing() from None
    return metrics.get_meter(NAME, meter_provider=provider)


def _tracer(provider: TracerProvider | None) -> Tracer:
    try:
        from opentelemetry import trace
    except ImportError:
        raise _missing() from None
    return trace.get_tracer(NAME, tracer_provider=provider)


# -- figures


def observe(center: ContactCenter, *, name: str = "", meter_provider: MeterProvider | None = None) -> None:
    """Let a meter ask a center for its figures whenever it exports; a center is observed once.

    ``name``: an attribute ``center`` that tells several centers apart. ``meter_provider``: the global one unless given.
    Asking holds the center's lock for a time linear in agents and waiting items: some 0.1 s for a million.

    Figures: ``switchroom.waiting``, ``switchroom.wait.longest`` (s) and ``switchroom.open`` by queue,
    ``switchroom.agents`` by presence, ``switchroom.offers``, ``switchroom.assignments``, ``switchroom.effects`` by
    state, ``switchroom.log.position``, and the counter ``switchroom.events`` by type, from now on.
    """
    meter = _meter(meter_provider)
    counted: Counter[str] = Counter()

    def count(record: Record) -> None:
        counted[record.type] += 1

    center.subscribe(count)
    common = {"center": name} if name else {}
    for figure, (unit, told, read) in _GAUGES.items():
        meter.create_observable_gauge(
            f"{NAME}.{figure}", callbacks=[_callback(read, center, common)], unit=unit, description=told
        )
    meter.create_observable_counter(
        f"{NAME}.events",
        callbacks=[_callback(lambda c: [(n, {"type": type}) for type, n in list(counted.items())], center, common)],
        unit="{event}",
        description="events stored, by type",
    )


def _callback(
    read: Callable[[ContactCenter], Figures], center: ContactCenter, common: Mapping[str, str]
) -> Callable[[CallbackOptions], Iterable[Observation]]:
    from opentelemetry.metrics import Observation

    def observations(options: CallbackOptions) -> Iterable[Observation]:
        return [Observation(value, {**common, **about}) for value, about in read(center)]

    return observations


def _routing(question: Callable[[Routing], Figures]) -> Callable[[ContactCenter], Figures]:
    return lambda center: center.look(lambda r, now: list(question(r)))


def _longest_waits(center: ContactCenter) -> Figures:
    now = center.clock.micros()

    def ask(r: Routing) -> Figures:
        for id, queue in r.queues.items():
            first = min((item.joined_us for item in queue.items.values()), default=now)
            yield max(0, now - first) / 1e6, {"queue": id}

    return center.look(lambda r, _: list(ask(r)))


def _effects(center: ContactCenter) -> Figures:
    return [(len(center.effects.pending()), {"state": "pending"}), (len(center.effects.dead()), {"state": "dead"})]


_GAUGES: dict[str, tuple[str, str, Callable[[ContactCenter], Figures]]] = {
    "waiting": (
        "{item}",
        "items waiting, those on offer included",
        _routing(lambda r: ((len(queue.items), {"queue": id}) for id, queue in r.queues.items())),
    ),
    "wait.longest": ("s", "the longest wait of an item that waits now", _longest_waits),
    "open": (
        "1",
        "1 if the queue is open, else 0",
        _routing(lambda r: ((int(queue.open), {"queue": id}) for id, queue in r.queues.items())),
    ),
    "agents": (
        "{agent}",
        "agents, by presence",
        _routing(
            lambda r: (
                (n, {"presence": presence}) for presence, n in Counter(a.presence for a in r.agents.values()).items()
            )
        ),
    ),
    "offers": ("{offer}", "offers that are out", _routing(lambda r: [(len(r.offers), {})])),
    "assignments": (
        "{assignment}",
        "work in hand, after-call work included",
        _routing(lambda r: [(len(r.assignments), {})]),
    ),
    "effects": ("{effect}", "effects to be done, and given up", _effects),
    "log.position": ("{record}", "where the log ends", lambda center: [(center.storage.end(), {})]),
}
"""Figure -> unit, what it is, how it is read."""


# -- spans


class TracedContactCenter(ContactCenter):
    """A `ContactCenter` with a span for each operation, named ``switchroom.routing.submit``.

    The arguments are those of `ContactCenter`, and ``tracer_provider``: the global one unless given. A span carries
    ``switchroom.events`` (how many events it stored), ``switchroom.command_id``, and, if the operation was refused,
    ``switchroom.refused`` with the error's name; errors of the environment are recorded as exceptions. Arguments and
    results are not: they may be personal. Costs some 1 µs an operation where nobody records, in a center that is not
    traced nothing.
    """

    def __init__(self, *, tracer_provider: TracerProvider | None = None, **options: Any) -> None:
        self._tracer = _tracer(tracer_provider)
        super().__init__(**options)

    def run(
        self,
        operation: Callable[Concatenate[Transaction, Any, ...], R],
        *args: object,
        command_id: str | None = None,
        on: str = "routing",
    ) -> R:
        """As `ContactCenter.run`, in a span."""
        name = getattr(operation, "__name__", "operation").strip("_")
        told = self._tracer.start_as_current_span(
            f"{NAME}.{on}.{name}", record_exception=False, set_status_on_exception=False
        )
        with told as span:
            if not span.is_recording():
                return super().run(operation, *args, command_id=command_id, on=on)
            if command_id is not None:
                span.set_attribute(f"{NAME}.command_id", command_id)
            start = self.journal.end
            try:
                return super().run(operation, *args, command_id=command_id, on=on)
            except Exception as error:
                _tell(span, error)
                raise
            finally:
                span.set_attribute(f"{NAME}.events", self.journal.end - start)


def _tell(span: Span, error: Exception) -> None:
    """A refusal is an answer; anything else is a failure of the span."""
    if isinstance(error, SwitchroomError) and not isinstance(error, EnvironmentFault):
        span.set_attribute(f"{NAME}.refused", type(error).__name__)
        return
    from opentelemetry.trace import StatusCode

    span.record_exception(error)
    span.set_status(StatusCode.ERROR, type(error).__name__)
