"""Open messaging: signed requests out, verified ones in, and what every kind of answer means."""

from __future__ import annotations

import json
import socket
import sys
from datetime import UTC, datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from transport_servers import IN, OUT, WebServer

from switchroom.clock import ManualClock
from switchroom.errors import InvalidInput
from switchroom.messaging.addresses import Address
from switchroom.messaging.content import Card, Choice, Image, QuickReplies, Text
from switchroom.messaging.delivery import DeliveryReport, DeliveryStatus
from switchroom.transport.errors import (
    OptedOut,
    PermanentFailure,
    TransientFailure,
    TransportError,
    UnknownOutcome,
)
from switchroom.transport.open_messaging import OpenMessagingReceiver, OpenMessagingTransport
from switchroom.transport.open_wire import MAX_EVENTS, events_of, message_body
from switchroom.transport.protocol import DeliveryUpdate, Envelope, InboundMessage, Thread
from switchroom.transport.signatures import HubSignature, Secret, StandardWebhooks
from switchroom.transport.strict_json import read_json

SHOP, ANN = Address("web", "shop"), Address("web", "widget-7")
LETTER = Envelope(key="order.7", sender=SHOP, recipient=ANN, content=Text("Grüße 🙂"))
SIGNER = StandardWebhooks(OUT)


def transport(url: str, **changes: object) -> OpenMessagingTransport:
    settings: dict[str, object] = {"signer": SIGNER, "timeout": "5s", "clock": ManualClock(), **changes}
    return OpenMessagingTransport(url, **settings)  # type: ignore[arg-type]


def test_a_request_is_signed_json_with_its_key() -> None:
    """What the far end gets verifies with the shared secret and holds the message."""
    with WebServer(ManualClock()) as server, transport(server.url) as out:
        result = out.send(LETTER)
        headers, body = server.requests[0]
    assert (result.provider_id, result.status, result.duplicate) == ("far-0", DeliveryStatus.QUEUED, False)
    assert headers["idempotency-key"] == "order.7"
    assert headers["webhook-id"] == "order%2E7"
    assert headers["content-type"] == "application/json"
    assert json.loads(body) == {
        "type": "message", "key": "order.7", "channel": "web", "from": "shop", "to": "widget-7",
        "content": {"kind": "text", "text": "Grüße 🙂"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (400, b"", PermanentFailure, "400"),
        (404, b"<html>", PermanentFailure, "404"),
        (422, b'{"code": "bad_number"}', PermanentFailure, "422 bad_number"),
        (301, b"", PermanentFailure, "301"),
        (403, b'{"code": "opted_out"}', OptedOut, "403 opted_out"),
        (400, b'{"code": "21610"}', OptedOut, "400 21610"),
        (408, b"", TransientFailure, "408"),
        (429, b"", TransientFailure, "429"),
        (500, b"", TransientFailure, "500"),
        (503, b'{"code": "busy\\u0007"}', TransientFailure, "503 busy"),
        (502, b"", UnknownOutcome, "502"),
        (504, b"", UnknownOutcome, "504"),
    ],
)
def test_answers_mean_what_they_say(status: int, body: bytes, kind: type[TransportError], code: str) -> None:
    """Each status becomes the error that says what is safe to do."""
    with WebServer(ManualClock()) as server:
        server.answer = (status, {"Location": server.url}, body)
        codes = frozenset({"opted_out", "21610"})
        with transport(server.url, opt_out_codes=codes) as out, pytest.raises(TransportError) as caught:
            out.send(LETTER)
        assert type(caught.value) is kind
        assert caught.value.code == code
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("7", timedelta(seconds=7)),
        ("999999", timedelta(days=1)),
        ("soon", None),
        ("-1", None),
        ("", None),
        ("9" * 50, None),
    ],
)
def test_the_wait_asked_for_is_told(value: str, wait: timedelta | None) -> None:
    """Retry-After in seconds is passed on, within a day; anything else is none."""
    with WebServer(ManualClock()) as server, transport(server.url) as out:
        server.answer = (429, {"Retry-After": value}, b"")
        with pytest.raises(TransientFailure) as caught:
            out.send(LETTER)
        assert caught.value.retry_after == wait


@pytest.mark.parametrize(
    "body", [b"", b"OK", b"[]", b'{"id": 3}', b'{"status": "eaten"}', b'{"id": "\\u000a"}', b"{" * 99]
)
def test_a_message_that_was_taken_is_not_sent_again(body: bytes) -> None:
    """A 200 that cannot be read is still a 200: the key stands for the id."""
    with WebServer(ManualClock()) as server, transport(server.url) as out:
        server.answer = (200, {}, body)
        assert out.send(LETTER).provider_id == "order.7"


def test_nobody_there_is_transient_and_a_hang_up_unknown() -> None:
    """Without a connection nothing was sent; after it, nobody knows."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with transport(f"http://127.0.0.1:{port}/") as out, pytest.raises(TransientFailure):
        out.send(LETTER)
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        transport(f"http://127.0.0.1:{listener.getsockname()[1]}/", timeout="50ms") as out,
        pytest.raises(UnknownOutcome),
    ):
        out.send(LETTER)


def test_addresses_are_https(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain http only on this machine, no files, nothing secret in the error; the extra is named when it is missing."""
    for wrong in (
        "http://shop.example/x",
        "file:///etc/passwd",
        "ftp://x",
        "https://",
        "",
        "http://127.0.0.1@evil.example/",
        "http://127.0.0.1.evil.example/",
        "http://localhost.evil.example/",
        "https://[::1",
    ):
        with pytest.raises(InvalidInput) as caught:
            transport(f"{wrong}?token=geheim")
        assert "geheim" not in str(caught.value)
    out = transport("https://far.example/messages")
    monkeypatch.setitem(sys.modules, "httpx2", None)
    with pytest.raises(ImportError, match=r"switchroom\[http\]"):
        out.send(LETTER)


def test_content_that_is_not_declared_stays_here() -> None:
    """A channel that is not served is refused before a connection is made."""
    sms = Address("sms", "+15551234567")
    with pytest.raises(InvalidInput):
        transport("https://far.example/").send(attrs.evolve(LETTER, sender=sms, recipient=sms))


CLOCK = ManualClock()
RECEIVER = OpenMessagingReceiver(StandardWebhooks(IN), clock=CLOCK)


def signed(body: bytes, secret: Secret = IN) -> dict[str, str]:
    return StandardWebhooks(secret).sign("w-1", body, now=CLOCK.now())


def handle(document: object) -> tuple[int, str, list[object]]:
    body = json.dumps(document).encode()
    response = RECEIVER.handle(signed(body), body)
    return response.status, response.reason, list(response.events)


def test_a_message_comes_in_with_all_its_fields() -> None:
    """Addresses normalised, content typed, thread, time, flags and metadata."""
    status, _, events = handle(
        {
            "type": "message", "id": "m-1", "channel": "whatsapp", "from": "15551234567", "to": "+1 (555) 000-1111",
            "content": {"kind": "quick_replies", "text": "?", "replies": [{"title": "Yes"}]},
            "attachments": [{"kind": "image", "url": "https://x.example/a.png"}],
            "subject": "hi", "in_reply_to": "far-0", "references": ["far-0"], "sent_at": "2026-01-05T12:00:00Z",
            "automatic": True, "provider_flag": "opt_out", "entry_point": "qr:poster", "metadata": {"a": "b"},
            "from_the_future": [1],
        }
    )  # fmt: skip
    assert status == 200
    assert events == [
        InboundMessage(
            provider_id="m-1",
            sender=Address("whatsapp", "+15551234567"),
            recipient=Address("whatsapp", "+15550001111"),
            content=QuickReplies("?", [Choice("Yes")]),
            attachments=(Image("https://x.example/a.png"),),
            subject="hi",
            thread=Thread(in_reply_to="far-0", references=["far-0"]),
            sent_at=datetime(2026, 1, 5, 12, tzinfo=UTC),
            automatic=True,
            provider_flag="opt_out",
            entry_point="qr:poster",
            metadata={"a": "b"},
        )
    ]


def test_reports_come_in() -> None:
    """By key, by id, with code and opt-out; several events in one request keep their order."""
    status, _, events = handle(
        {
            "events": [
                {"type": "report", "key": "order.7", "status": "delivered", "at": "2026-01-05T12:00:00Z"},
                {"type": "report", "id": "far-0", "status": "failed", "code": "21610", "opted_out": True},
                {"id": "m-1", "channel": "web", "from": "widget-7", "to": "shop", "text": "a\u0000b"},
            ]
        }
    )
    at = datetime(2026, 1, 5, 12, tzinfo=UTC)
    assert status == 200
    assert events[:2] == [
        DeliveryUpdate(key="order.7", report=DeliveryReport(status=DeliveryStatus.DELIVERED, at=at)),
        DeliveryUpdate(
            provider_id="far-0", report=DeliveryReport(status=DeliveryStatus.FAILED, code="21610"), opted_out=True
        ),
    ]
    assert isinstance(events[2], InboundMessage)
    assert events[2].content == Text("ab")


GOOD = {"id": "m-1", "channel": "web", "from": "widget-7", "to": "shop", "text": "hi"}


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ([], "json: type"),
        ({}, "json.from: missing"),
        ({**GOOD, "type": "call"}, "json.type: unknown"),
        ({**GOOD, "id": None}, "json.id: missing"),
        ({**GOOD, "id": 7}, "json.id: type"),
        ({**GOOD, "id": ""}, "json: empty"),
        ({**GOOD, "from": "a b"}, "json.from: bad_id"),
        ({**GOOD, "channel": "sms", "from": "widget@7"}, "json.from: not_a_number"),
        ({**GOOD, "text": 3}, "json.text: type"),
        ({**GOOD, "content": {"kind": "text"}}, "json.content.text: missing"),
        ({**GOOD, "attachments": [{"kind": "image", "url": "file:///x"}]}, "json.attachments[0]: bad_url"),
        ({**GOOD, "attachments": {}}, "json.attachments: type"),
        ({**GOOD, "references": [1]}, "json.references: type"),
        ({**GOOD, "sent_at": "yesterday"}, "json.sent_at: syntax"),
        ({**GOOD, "sent_at": "1970-01-01T00:00:00Z"}, "json.sent_at: range"),
        ({**GOOD, "automatic": "yes"}, "json.automatic: type"),
        ({**GOOD, "subject": "a\r\nBcc: x"}, "json: control"),
        ({**GOOD, "metadata": {"a": 1}}, "json.metadata.a: type"),
        ({**GOOD, "provider_flag": "maybe"}, "json: unknown"),
        ({"type": "report", "status": "sent"}, "json: nameless"),
        ({"type": "report", "key": "k", "status": "eaten"}, "json.status: unknown"),
        ({"events": 3}, "json.events: type"),
        ({"events": [GOOD, {**GOOD, "to": ""}]}, "json.events[1].to: bad_id"),
        ({"events": [GOOD] * (MAX_EVENTS + 1)}, "json.events: too_many"),
    ],
)
def test_a_document_that_is_wrong_is_refused_whole(document: object, reason: str) -> None:
    """400, the path and the rule, and no event at all."""
    assert handle(document) == (400, reason, [])


def test_verified_before_parsed() -> None:
    """A stranger learns nothing: 401 without a word, whatever the body, valid JSON or not."""
    body = json.dumps(GOOD).encode()
    for headers, content in [
        ({}, body),
        (signed(body, OUT), body),
        (signed(body), body + b" "),
        (signed(b"x"), b"{"),
        ([*signed(body).items()] * 2, body),
    ]:
        response = RECEIVER.handle(headers, content)
        assert (response.status, response.events, response.body) == (401, (), b'{"ok": false}')


def test_old_requests_are_refused_and_repeated_ones_are_told_by_id() -> None:
    """A replay within five minutes gives the same event again, later none."""
    clock = ManualClock()
    receiver = OpenMessagingReceiver(StandardWebhooks(IN), clock=clock)
    body = json.dumps(GOOD).encode()
    headers = StandardWebhooks(IN).sign("w-1", body, now=clock.now())
    first = receiver.handle(headers, body)
    clock.advance("300s")
    assert receiver.handle(headers, body) == first
    clock.advance("1s")
    assert receiver.handle(headers, body).status == 401


def test_too_large_is_refused_unread() -> None:
    """Beyond the cap neither verified nor parsed."""
    receiver = OpenMessagingReceiver(StandardWebhooks(IN), clock=CLOCK, max_bytes=100)
    assert receiver.handle({}, b"x" * 101).status == 413
    assert receiver.handle({}, b"x" * 100).status == 401


def test_a_route_may_verify_otherwise() -> None:
    """The same receiver takes X-Hub-Signature-256."""
    receiver = OpenMessagingReceiver(HubSignature(IN), clock=CLOCK)
    body = json.dumps(GOOD).encode()
    assert receiver.handle(HubSignature(IN).sign(body), body).status == 200
    assert receiver.handle(signed(body), body).status == 401


@given(st.binary(max_size=300))
def test_any_signed_bytes_are_answered(body: bytes) -> None:
    """Even a genuine sender's garbage is answered with a status."""
    assert RECEIVER.handle(signed(body), body).status in {200, 400}


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 2**70), st.text(max_size=8), st.floats(allow_nan=False)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from([*GOOD, "type", "content", "kind", "events", "metadata", "sent_at", "status"]),
            st.one_of(inner, st.sampled_from(["report", "message", "text", "image", "sms", "delivered"])),
            max_size=6,
        ),
    ),
    max_leaves=12,
)  # fmt: skip


@given(JSON, st.booleans())
def test_any_signed_document_is_answered(document: object, good: bool) -> None:
    """Documents of nearly the right shape, too."""
    mixed = {**GOOD, **document} if good and isinstance(document, dict) else document
    status, _, events = handle(mixed)
    assert status in {200, 400}
    assert status == 200 or not events


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=50), st.booleans()
)
def test_what_goes_out_can_come_in(text: str, automatic: bool) -> None:
    """The two directions speak one language: a body that was built is read as the same message."""
    envelope = attrs.evolve(
        LETTER, content=Card("T", text), automatic=automatic, thread=Thread(in_reply_to="a"), metadata={"k": "v"}
    )
    document = read_json(message_body(envelope))
    assert isinstance(document, dict)
    message = events_of({**document, "id": "m-1"})[0]
    assert isinstance(message, InboundMessage)
    assert (message.sender, message.recipient, message.content) == (SHOP, ANN, envelope.content)
    assert (message.automatic, message.thread, message.metadata) == (automatic, envelope.thread, envelope.metadata)
