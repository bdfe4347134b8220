"""The edges of work: a sink over real HTTP, and the capture point."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from switchroom import Agent, ContactCenter, ManualClock, Queue
from switchroom.errors import InvalidInput, StorageError
from switchroom.transport.capture import CapturePoint
from switchroom.transport.signatures import Secret, StandardWebhooks
from switchroom.transport.webhook_sink import WebhookSink
from switchroom.workitems.attributes import Attribute
from switchroom.workitems.model import Worktype
from switchroom.workitems.source_model import Source

SIGNER = StandardWebhooks(Secret("whsec_c2VjcmV0"))

FAIL, HANG, TWICE, REFUSE, DROP = "fail", "hang", "twice", "refuse", "drop"


class Far:
    """The far end, on a raw socket so that it can misbehave; keeps each change once by its key."""

    def __init__(self) -> None:
        self.moods: list[str] = []
        self.changes: list[dict[str, Any]] = []
        self.requests = 0
        self.forged = 0
        self._keys: set[str] = set()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._stop = threading.Event()
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/changes"

    def serve(self) -> None:
        while not self._stop.is_set():
            with suppress(OSError):
                connection, _ = self._socket.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def stop(self) -> None:
        self._stop.set()
        with suppress(OSError):
            socket.create_connection(self._socket.getsockname()).close()
        self._socket.close()

    def _talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream, suppress(OSError):
            while self._request(connection, stream):
                pass

    def _request(self, connection: socket.socket, stream: Any) -> bool:
        if not stream.readline():
            return False
        headers: dict[str, str] = {}
        while (line := stream.readline().decode().strip()) != "":
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = stream.read(int(headers["content-length"]))
        self.requests += 1
        mood = self.moods.pop(0) if self.moods else ""
        if mood == FAIL:
            connection.sendall(b"HTTP/1.1 503 Busy\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n")
            return True
        if mood == REFUSE:
            connection.sendall(b"HTTP/1.1 422 No\r\ncontent-length: 0\r\n\r\n")
            return True
        self._take(headers, body)
        if mood == HANG:
            self._stop.wait(20)
            return False
        if mood == DROP:
            return False
        answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
        connection.sendall(answer + (b"HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n" if mood == TWICE else b""))
        return True

    def _take(self, headers: dict[str, str], body: bytes) -> None:
        # The center's clock may be moved on before a slow thread gets here: the instant is the one that was signed.
        signed = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        if not SIGNER.verify(headers, body, now=signed):
            self.forged += 1
        elif headers["idempotency-key"] not in self._keys:
            self._keys.add(headers["idempotency-key"])
            self.changes.append(json.loads(body))


@contextmanager
def far_end() -> Iterator[Far]:
    far = Far()
    thread = threading.Thread(target=far.serve, daemon=True)
    thread.start()
    try:
        yield far
    finally:
        far.stop()
        thread.join(10)


def office() -> ContactCenter:
    center = ContactCenter(clock=ManualClock(), seed=1)
    center.queues.add(Queue("claims"))
    center.agents.add(Agent("ana", queues=["claims"]))
    center.worktypes.save(Worktype("claim", attributes=[Attribute("amount", "number", required=True)], queue="claims"))
    center.sources.save(Source("crm", worktype="claim"))
    return center


def test_a_sink_that_fails_hangs_and_answers_twice_gets_every_change_once_and_in_order() -> None:
    """Whatever the far end does, nothing is lost, doubled or out of order; what it refuses is visible."""
    center = office()
    assert isinstance(center.clock, ManualClock)
    with far_end() as far, WebhookSink(far.url, signer=SIGNER, timeout=1.0, clock=center.clock) as sink:
        center.sources.connect("crm", sink)
        work = center.sources.receive("crm", {"external_id": "7", "amount": 1})
        far.moods = [FAIL, "", TWICE, "", HANG, "", DROP, ""]
        for amount in range(2, 8):
            center.work.change(work, attributes={"amount": amount})
        for _ in range(12):
            center.effects.deliver()
            center.check()
            center.advance("1h")
        assert [change["attributes"] for change in far.changes] == [{"amount": n} for n in range(2, 8)]
        sequences = [change["sequence"] for change in far.changes]
        assert sequences == sorted(set(sequences))
        assert far.requests > len(far.changes)
        assert not far.forged
        assert not center.effects.dead()


def test_a_refused_change_is_dead_and_visible_and_the_next_one_goes_on() -> None:
    """A refusal for good does not hold up what follows; it can be tried again by hand."""
    center = office()
    assert isinstance(center.clock, ManualClock)
    with far_end() as far, WebhookSink(far.url, signer=SIGNER, clock=center.clock) as sink:
        center.sources.connect("crm", sink)
        work = center.sources.receive("crm", {"external_id": "7", "amount": 1})
        far.moods = [REFUSE]
        center.work.change(work, attributes={"amount": 2})
        center.work.note(work, "called the customer")
        center.effects.deliver()
        assert [change["change"] for change in far.changes] == ["note"]
        (dead,) = center.effects.dead()
        assert dead.body["attributes"] == {"amount": 2}
        assert "422" in dead.problem
        center.effects.retry(dead.id)
        center.effects.deliver()
        assert [change["sequence"] for change in far.changes] == [2, 1]


def test_the_wait_that_the_far_end_asks_for_is_kept() -> None:
    """``retry-after`` is honoured to the second."""
    center = office()
    assert isinstance(center.clock, ManualClock)
    with far_end() as far, WebhookSink(far.url, signer=SIGNER, clock=center.clock) as sink:
        center.sources.connect("crm", sink)
        work = center.sources.receive("crm", {"external_id": "7", "amount": 1})
        far.moods = [FAIL]
        center.work.change(work, attributes={"amount": 2})
        center.effects.deliver()
        center.advance("6s")
        center.effects.deliver()
        assert far.changes == []
        center.advance("1s")
        center.effects.deliver()
        assert len(far.changes) == 1


def test_addresses_that_would_leak_are_refused() -> None:
    """Plain http goes to this machine only."""
    with pytest.raises(InvalidInput, match="https"):
        WebhookSink("http://example.org/x", signer=SIGNER)


# -- the capture point


def ask(point: CapturePoint, document: Any, clock: ManualClock) -> tuple[int, Any]:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    answer = point.handle(SIGNER.sign("m1", body, now=clock.now()), body)
    return answer.status, json.loads(answer.body)


def test_the_capture_point_takes_tasks_once() -> None:
    """A repeated request gives the same work; changes of the source are not echoed to it."""
    center = office()
    assert isinstance(center.clock, ManualClock)
    point = CapturePoint(partial(center.sources.receive, "crm"), SIGNER, clock=center.clock)
    task = {"external_id": "7", "amount": 10}
    status, first = ask(point, task, center.clock)
    assert (status, ask(point, task, center.clock)[1]) == (200, first)
    work = first["results"][0]["work"]
    status, both = ask(
        point, [{"external_id": "7", "operation": "update", "amount": 11}, {"external_id": "8"}], center.clock
    )
    assert status == 207
    assert both["results"][1] == {"error": "attributes.amount: worktype claim requires it", "at": "attributes.amount"}
    assert center.work.view(work).attributes == {"amount": 11}
    assert ask(point, {"external_id": "7", "operation": "complete"}, center.clock)[0] == 200
    assert center.work.view(work).outcome == "completed"
    assert ask(point, {"external_id": "7", "operation": "cancel"}, center.clock)[0] == 422
    assert center.effects.pending() == ()
    center.check()


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[1]", 422), (b"x" * 2_000_000, 413), (b'{"external_id": 7}', 422), (b'{"a":1,"a":2}', 400)],
)
def test_the_capture_point_never_raises(body: bytes, status: int) -> None:
    """What is no task is answered by its number."""
    center = office()
    assert isinstance(center.clock, ManualClock)
    point = CapturePoint(partial(center.sources.receive, "crm"), SIGNER, clock=center.clock)
    assert ask(point, body, center.clock)[0] == status


def test_the_capture_point_tells_strangers_nothing_and_asks_for_another_try_when_the_store_fails() -> None:
    """401 without a word; 503 for a store that is down."""

    def broken(task: Any) -> str:
        raise StorageError("disk full")

    clock = ManualClock()
    point = CapturePoint(broken, SIGNER, clock=clock)
    assert point.handle({}, b"{}").status == 401
    assert point.handle({}, b"{}").body == b"{}"
    status, answer = ask(point, {"external_id": "1"}, clock)
    assert (status, answer) == (503, {"error": "try again"})
