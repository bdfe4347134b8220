"""The values that cross a transport, its errors, and how transports are found."""

from __future__ import annotations

import pickle
from datetime import timedelta
from importlib.metadata import entry_points

import pytest

from switchroom.errors import EnvironmentFault, InvalidInput
from switchroom.messaging.addresses import Address
from switchroom.messaging.content import Text
from switchroom.messaging.delivery import DeliveryReport, DeliveryStatus
from switchroom.transport.errors import OptedOut, PermanentFailure, TransientFailure, UnknownOutcome
from switchroom.transport.protocol import MAX_REFERENCES, DeliveryUpdate, Envelope, InboundMessage, Thread

SHOP, ANN = Address("sms", "MYSHOP"), Address("sms", "+15551234567")


@pytest.mark.parametrize("kind", [TransientFailure, PermanentFailure, OptedOut, UnknownOutcome])
def test_errors_pickle_and_carry_their_key(kind: type[TransientFailure]) -> None:
    """They survive a process border, and are siblings."""
    error = pickle.loads(pickle.dumps(kind("k-1", "code", retry_after=timedelta(seconds=5))))
    assert type(error) is kind
    assert (error.key, error.code, error.retry_after) == ("k-1", "code", timedelta(seconds=5))
    assert isinstance(error, EnvironmentFault)
    assert kind.retryable is (kind in {TransientFailure, UnknownOutcome})
    assert sum(issubclass(kind, k) for k in (TransientFailure, PermanentFailure, OptedOut, UnknownOutcome)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "a b"},
        {"key": ""},
        {"recipient": Address("email", "a@b.example")},
        {"recipient": Address("sms", "12345")},
        {"recipient": Address("sms", "anonymous")},
        {"subject": "x" * 256},
        {"subject": "a\nb"},
        {"subject": 3},
        {"unsubscribe": "http://x.example"},
        {"unsubscribe": "https://x.example/ y"},
        {"metadata": {str(n): "" for n in range(33)}},
        {"metadata": {"a": "x" * 513}},
    ],
)
def test_an_envelope_that_cannot_be_sent_is_refused(wrong: dict[str, object]) -> None:
    """Keys, addresses, lines and metadata are checked when it is made."""
    good: dict[str, object] = {"key": "k-1", "sender": SHOP, "recipient": ANN, "content": Text("hi")}
    assert Envelope(**good).channel == "sms"  # type: ignore[arg-type]
    with pytest.raises(InvalidInput):
        Envelope(**{**good, **wrong})  # type: ignore[arg-type]


def test_values_print_without_personal_data() -> None:
    """No number and no word of a message is in what is printed."""
    envelope = Envelope(key="k-1", sender=SHOP, recipient=ANN, content=Text("secret"), metadata={"a": "b"})
    message = InboundMessage(provider_id="1", sender=ANN, recipient=SHOP, content=Text("secret"), quoted="secret")
    for value in (envelope, message):
        assert "5551234567" not in repr(value)
        assert "secret" not in repr(value)
        assert pickle.loads(pickle.dumps(value)) == value
        assert hash(value) == hash(pickle.loads(pickle.dumps(value)))


def test_long_chains_and_nameless_reports() -> None:
    """A chain keeps its first and latest ids; a report names its message somehow."""
    chain = Thread(references=[str(n) for n in range(80)]).references
    assert (len(chain), chain[0], chain[1], chain[-1]) == (MAX_REFERENCES, "0", "31", "79")
    with pytest.raises(InvalidInput):
        DeliveryUpdate(report=DeliveryReport(status=DeliveryStatus.SENT))


def test_transports_are_found_by_name() -> None:
    """The three of the library are registered, and each entry loads a class that sends."""
    found = {point.name: point.load() for point in entry_points(group="switchroom.transports")}
    assert {"memory", "smtp", "open_messaging"} <= set(found)
    assert all(hasattr(kind, "send") and hasattr(kind, "capabilities") for kind in found.values())
