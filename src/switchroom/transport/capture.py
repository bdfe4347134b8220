"""The capture point: a route of the embedder's web server at which source systems hand in their tasks.

Any web framework can call `CapturePoint.handle`: it takes headers and the raw body, and answers with values.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import attrs

from switchroom.clock import Clock, SystemClock
from switchroom.errors import EnvironmentFault, Refused, SwitchroomError
from switchroom.transport.signatures import Headers, Verifier
from switchroom.transport.strict_json import MAX_BYTES, Json, read_json

MAX_TASKS = 1_000
"""In one request: what a source collects in a few seconds. More would hold up everything else."""

Receive: TypeAlias = Callable[[Mapping[str, Any]], str]
"""Takes a task in and returns the id of the work; raises what it refuses with."""


@attrs.frozen(kw_only=True)
class Captured:
    """What to answer to a request. ``reason``: for our own log; a stranger learns nothing from a refusal."""

    status: int
    body: bytes
    reason: str = ""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the answer."""
        return {"content-type": "application/json"}


class CapturePoint:
    """Takes the tasks of one source.

    ``receive``: ``partial(center.sources.receive, "crm")``. ``verifier``: has the secrets of this route. The body is a
    task, or a list of tasks; each is answered by ``{"work": id}`` or ``{"error": text, "at": field}``, in their order.
    """

    def __init__(
        self, receive: Receive, verifier: Verifier, *, clock: Clock | None = None, max_bytes: int = MAX_BYTES
    ) -> None:
        self._receive = receive
        self._verifier = verifier
        self._clock = clock or SystemClock()
        self._max_bytes = max_bytes

    def handle(self, headers: Headers, body: bytes) -> Captured:
        """Verify the raw body, parse it, take the tasks in.

        200: all were taken; 207: some were; 422: none was (refused by the rules, or not understood). 413 too large, 401
        not genuine, 400 no document. 503: a store or a bug, to be tried again; tasks taken before it are taken, and
        again change nothing. Never raises, whatever came in.
        """
        if len(body) > self._max_bytes:
            return _answer(413, {"error": "too large"}, "too large")
        verdict = self._verifier.verify(headers, body, now=self._clock.now())
        if not verdict:
            return _answer(401, {}, verdict.reason)
        try:
            tasks = _tasks(read_json(body, max_bytes=self._max_bytes))
        except ValueError as error:
            return _answer(400, {"error": str(error)}, str(error))
        results: list[dict[str, Any]] = []
        for task in tasks:
            try:
                results.append(self._take(task))
            except Exception as error:
                # A store that is down, or a bug: nothing is said to a stranger but to come again.
                return _answer(503, {"error": "try again"}, f"{type(error).__name__}: {error}")
        taken = sum("work" in result for result in results)
        status = 200 if taken == len(results) else 207 if taken else 422
        return _answer(status, {"results": results}, "")

    def _take(self, task: Json) -> dict[str, Any]:
        if not isinstance(task, dict):
            return {"error": "a task is a table of fields", "at": ""}
        try:
            return {"work": self._receive(task)}
        except EnvironmentFault:
            raise
        except Refused as refusal:
            return {"error": refusal.message, "at": "", "refused": True}
        except SwitchroomError as mistake:
            return {"error": mistake.message, "at": str(mistake.details.get("field", ""))}


def _tasks(document: Json) -> list[Json]:
    tasks: list[Json] = [document]
    if isinstance(document, list):
        tasks = document
    if len(tasks) > MAX_TASKS:
        raise ValueError(f"at most {MAX_TASKS} tasks a request")
    return tasks


def _answer(status: int, body: Mapping[str, Any], reason: str) -> Captured:
    return Captured(status=status, body=json.dumps(body).encode(), reason=reason)
