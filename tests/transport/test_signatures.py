"""Signatures: published vectors, every way a header can be wrong, and secrets that never show."""

from __future__ import annotations

import base64
import hashlib
import hmac
import pickle
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchroom.errors import InvalidInput
from switchroom.transport.signatures import (
    MAX_SIGNATURES,
    HubSignature,
    Secret,
    StandardWebhooks,
    TwilioSignature,
    header,
)

BODY = b'{"test": 2432232314}'
SECRET = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
SENT = datetime.fromtimestamp(1614265330, UTC)
HEADERS = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
SCHEME = StandardWebhooks(SECRET)
OTHER = Secret("whsec_b3RoZXI=")


def test_the_published_vector_is_genuine() -> None:
    """The example of the Standard Webhooks specification verifies, and signing gives it."""
    assert SCHEME.verify(HEADERS, BODY, now=SENT)
    assert SCHEME.sign(HEADERS["webhook-id"], BODY, now=SENT) == HEADERS


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("webhook-signature", ""),
        ("webhook-signature", "v1,"),
        ("webhook-signature", HEADERS["webhook-signature"].replace("v1,", "v2,")),
        ("webhook-signature", HEADERS["webhook-signature"].removeprefix("v1,")),
        ("webhook-signature", HEADERS["webhook-signature"][:-1]),
        ("webhook-signature", HEADERS["webhook-signature"].lower()),
        ("webhook-signature", "v1,é"),
        ("webhook-signature", "v1,\ud800"),
        ("webhook-signature", None),
        ("webhook-signature", "x" * 5000 + " " + HEADERS["webhook-signature"]),
        ("webhook-id", "msg_other"),
        ("webhook-id", ""),
        ("webhook-timestamp", "1614265331"),
        ("webhook-timestamp", ""),
        ("webhook-timestamp", None),
        ("webhook-timestamp", "1e9"),
        ("webhook-timestamp", "-1614265330"),
        ("webhook-timestamp", " 1614265330"),
        ("webhook-timestamp", "1614265330.0"),
        ("webhook-timestamp", "١٦١٤٢٦٥٣٣٠"),
    ],
)
def test_a_wrong_header_is_refused_without_an_error(name: str, value: str | None) -> None:
    """Whatever stands in one header, the verdict is no, and nothing is raised."""
    headers = {k: v for k, v in {**HEADERS, name: value}.items() if v is not None}
    assert not SCHEME.verify(headers, BODY, now=SENT)


@pytest.mark.parametrize("missing", list(HEADERS))
def test_a_missing_or_doubled_header_is_refused(missing: str) -> None:
    """Without a header, or with it twice, nobody knows what was signed."""
    assert not SCHEME.verify({k: v for k, v in HEADERS.items() if k != missing}, BODY, now=SENT)
    assert not SCHEME.verify([*HEADERS.items(), (missing, HEADERS[missing])], BODY, now=SENT)
    assert not SCHEME.verify([*HEADERS.items(), (missing.upper(), "x")], BODY, now=SENT)


@pytest.mark.parametrize(("seconds", "genuine"), [(0, True), (300, True), (301, False), (-300, True), (-301, False)])
def test_five_minutes_either_way(seconds: int, genuine: bool) -> None:
    """Old and future requests are refused, at the exact second."""
    assert bool(SCHEME.verify(HEADERS, BODY, now=SENT + timedelta(seconds=seconds))) is genuine


@pytest.mark.parametrize("stamp", ["", "1e9", "-5", "99999999999999999999", "1614265330 ", "0x5", "١٦"])
def test_a_signed_but_impossible_time_is_refused(stamp: str) -> None:
    """Even rightly signed, a time that is none is refused."""
    digest = hmac.digest(SECRET.reveal(), f"id.{stamp}.".encode() + BODY, hashlib.sha256)
    signed = {
        "webhook-id": "id",
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
    assert not SCHEME.verify(signed, BODY, now=SENT)


def test_one_right_signature_among_several_is_enough() -> None:
    """While a secret is replaced, two signatures come, and either secret is accepted."""
    both = StandardWebhooks([OTHER, SECRET])
    old, new = (StandardWebhooks(s).sign("id", BODY, now=SENT) for s in (SECRET, OTHER))
    joined = {**old, "webhook-signature": f"v1,AAAA {new['webhook-signature']} v1a,zzz {old['webhook-signature']}"}
    for scheme in (SCHEME, StandardWebhooks(OTHER), both):
        assert scheme.verify(joined, BODY, now=SENT)
    assert both.verify(old, BODY, now=SENT)
    assert both.sign("id", BODY, now=SENT) == new
    assert not StandardWebhooks(Secret("third")).verify(joined, BODY, now=SENT)
    flood = {**old, "webhook-signature": "v1,A " * MAX_SIGNATURES + old["webhook-signature"]}
    assert not SCHEME.verify(flood, BODY, now=SENT)


def test_raw_bytes_are_signed() -> None:
    """A proxy that writes the same JSON anew breaks the signature, and so does any other byte."""
    assert not SCHEME.verify(HEADERS, b'{"test":2432232314}', now=SENT)
    assert not SCHEME.verify(HEADERS, BODY + b"\n", now=SENT)


def test_an_id_with_a_full_stop_is_not_signed() -> None:
    """Two different requests could share one signature if the separator were allowed in the id."""
    for id in ("", "a.b"):
        with pytest.raises(InvalidInput):
            SCHEME.sign(id, BODY, now=SENT)


@given(st.dictionaries(st.sampled_from(list(HEADERS)), st.text(max_size=60)), st.binary(max_size=60))
def test_no_stranger_is_genuine(headers: dict[str, str], body: bytes) -> None:
    """Made-up headers and bodies are refused by every scheme, and none raises."""
    wrong = {**headers, "x-hub-signature-256": headers.get("webhook-id", ""), "x-twilio-signature": "é"}
    assert not SCHEME.verify(wrong, body, now=SENT)
    assert not HubSignature(SECRET).verify(wrong, body, now=SENT)
    assert not TwilioSignature(SECRET).verify_form(wrong, "https://x", [])


HUB = HubSignature(Secret("It's a Secret to Everybody"))
HUB_VALUE = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


def test_the_published_hub_vector_is_genuine() -> None:
    """The documented example verifies in any case of the name, and signing gives it."""
    assert HUB.verify({"X-Hub-Signature-256": HUB_VALUE}, b"Hello, World!", now=SENT)
    assert HUB.sign(b"Hello, World!") == {"x-hub-signature-256": HUB_VALUE}
    assert HubSignature([OTHER, *HUB.secrets]).verify({"x-hub-signature-256": HUB_VALUE}, b"Hello, World!", now=SENT)


@pytest.mark.parametrize(
    "value",
    ["", "sha256=", "sha1=" + HUB_VALUE[7:], HUB_VALUE[7:], HUB_VALUE.upper(), HUB_VALUE + " ", HUB_VALUE[:-1], "é"],
)
def test_a_wrong_hub_header_is_refused(value: str) -> None:
    """Another algorithm, a part of it, another case: no."""
    assert not HUB.verify({"x-hub-signature-256": value}, b"Hello, World!", now=SENT)
    assert not HUB.verify([("x-hub-signature-256", HUB_VALUE)] * 2, b"Hello, World!", now=SENT)
    assert not HUB.verify({"x-hub-signature-256": HUB_VALUE}, b"Hello, World?", now=SENT)


TWILIO = TwilioSignature(Secret("12345"))
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}


def test_the_published_twilio_vectors_are_genuine() -> None:
    """The documented example verifies in any order of parameters, and so does one with repeated names."""
    headers = {"X-Twilio-Signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="}
    assert TWILIO.verify_form(headers, URL, FORM.items())
    assert TWILIO.verify_form(headers, URL, reversed(FORM.items()))
    repeated = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")]
    assert TWILIO.verify_form({"X-Twilio-Signature": "IK+Dwps556ElfBT0I3Rgjkr1wJU="}, URL, repeated)
    assert not TWILIO.verify_form(headers, URL + "&extra=1", FORM.items())
    assert not TWILIO.verify_form(headers, URL, {**FORM, "Digits": "9"}.items())
    assert not TwilioSignature(OTHER).verify_form(headers, URL, FORM.items())
    assert TwilioSignature([OTHER, *TWILIO.secrets]).verify_form(headers, URL, FORM.items())


def test_a_body_that_is_no_form_is_bound_by_its_digest() -> None:
    """The digest in the signed address has to be that of the body."""
    body = b'{"property": "value", "boolean": true}'
    url = f"{URL}&bodySHA256={hashlib.sha256(body).hexdigest()}"
    digest = hmac.digest(b"12345", url.encode(), hashlib.sha1)
    headers = {"X-Twilio-Signature": base64.b64encode(digest).decode()}
    assert hashlib.sha256(body).hexdigest() == "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
    assert TWILIO.verify_body(headers, url, body)
    assert not TWILIO.verify_body(headers, url, body + b" ")
    assert not TWILIO.verify_body({"X-Twilio-Signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="}, URL, body)


def test_a_secret_never_shows() -> None:
    """Not in repr, not in the repr of what holds it, not by equality, not by pickle."""
    secret = Secret("top-secret-value")
    for shown in (repr(secret), str(secret), f"{secret}", repr(StandardWebhooks(secret)), repr([HubSignature(secret)])):
        assert "top-secret" not in shown
        assert "***" in shown
    assert secret != Secret("top-secret-value")
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    for wrong in ("", b"", "whsec_", "whsec_?"):
        with pytest.raises(InvalidInput):
            Secret(wrong)
    with pytest.raises(InvalidInput):
        HubSignature([])


def test_header_names_have_no_case_and_values_one_place() -> None:
    """Looked up in any case; missing, doubled and over long ones are none."""
    assert header({"X-A": "1"}, "x-a") == "1"
    assert header([("x-a", "1"), ("X-A", "1")], "x-a") is None
    assert header({}, "x-a") is None
    assert header({"x-a": "1" * 5000}, "x-a") is None
