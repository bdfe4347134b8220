"""Mail: reading never raises and loses nothing that matters; what is built can be read, threaded and opted out of."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, compat32

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchroom.errors import InvalidInput
from switchroom.messaging.addresses import Address, AddressKind
from switchroom.messaging.content import File, Image, Sticker, Text
from switchroom.messaging.delivery import DeliveryStatus
from switchroom.messaging.mail_ids import ids_in, key_of, message_id
from switchroom.transport import mail_in
from switchroom.transport.mail_in import ParsedMail, mail_event, parse_mail
from switchroom.transport.mail_out import build_mail
from switchroom.transport.protocol import DeliveryUpdate, Envelope, InboundMessage, Thread
from switchroom.transport.quoted import split_quoted
from switchroom.transport.signatures import Secret
from switchroom.transport.unsubscribe import UnsubscribeLinks

SHOP, ANN = Address("email", "shop@shop.example"), Address("email", "Ann.Smith@customer.example")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
IDS = st.text(alphabet="abcXYZ019_.:-", min_size=1, max_size=60).filter(lambda t: t not in {".", ".."})
BODY = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=200)

PLAIN = b"""From: "Smith, Ann" <Ann.Smith@customer.example>
To: shop@shop.example
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= and more
Date: Mon, 05 Jan 2026 13:00:00 +0100
Message-ID: <abc@customer.example>
In-Reply-To: <order=2E7@shop.example>
References: <first@shop.example>
 <order=2E7@shop.example>
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Ja, bitte =FCberweisen.

Am 5. Januar 2026 um 12:00 schrieb Shop <shop@shop.example>:
> Sollen wir?
> STOP
"""


def read(raw: bytes) -> InboundMessage:
    event = mail_event(parse_mail(raw), recipient=SHOP, domain="shop.example")
    assert isinstance(event, InboundMessage)
    return event


def test_a_mail_is_read_into_values() -> None:
    """Sender, subject, words, quoted words, ids and time of an ordinary mail."""
    message = read(PLAIN)
    assert message.sender == ANN
    assert message.subject == "Grüße and more"
    assert message.content == Text("Ja, bitte überweisen.")
    assert message.quoted.endswith("> STOP")
    assert message.provider_id == "<abc@customer.example>"
    assert message.thread == Thread(
        in_reply_to="<order=2E7@shop.example>", references=["<first@shop.example>", "<order=2E7@shop.example>"]
    )
    assert key_of(message.thread.in_reply_to, "shop.example") == "order.7"
    assert message.sent_at == NOON
    assert not message.automatic


def test_files_come_with_a_reference_to_their_bytes() -> None:
    """An attachment is named by the digest of its bytes; the text beside it is the content."""
    mail = EmailMessage()
    mail["From"], mail["Message-ID"] = ANN.value, "<1@x>"
    mail.set_content("see file")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="../../etc/bill.pdf")
    parsed = parse_mail(mail.as_bytes())
    assert [(a.name, a.media_type, a.data) for a in parsed.attachments] == [("bill.pdf", "application/pdf", b"%PDF")]
    url = f"attachment:{hashlib.sha256(b'%PDF').hexdigest()}"
    assert read(mail.as_bytes()).attachments == (File(url, "application/pdf", 4, name="bill.pdf"),)
    assert "PDF" not in repr(parsed.attachments)


def test_html_alone_is_read_as_its_words() -> None:
    """Tags, scripts and styles go, line structure and entities stay, and the earlier mail below is quoted."""
    html = (
        "<html><head><title>x</title><style>p{}</style></head><body><script>alert('STOP')</script>"
        "<p>Yes &amp; no</p><div>line<br>two</div><b>STOP</b>"
        '<div class="gmail_quote">On Monday Shop wrote:<blockquote>Reply STOP to opt out</blockquote></div></body>'
    )
    mail = EmailMessage()
    mail["From"] = ANN.value
    mail.set_content(html, subtype="html")
    message = read(mail.as_bytes())
    assert message.content == Text("Yes & no\nline\ntwo\nSTOP")
    assert "opt out" in message.quoted


BOUNCE = b"""From: MAILER-DAEMON@mx.example
To: shop@shop.example
Subject: Undelivered
Message-ID: <b1@mx.example>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not work.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ann.smith@customer.example
Action: %s
Status: 5.1.1

--b
Content-Type: %s

Message-ID: <order=2E7@shop.example>
Subject: hello

--b--
"""


@pytest.mark.parametrize("part", [b"message/rfc822", b"text/rfc822-headers"])
@pytest.mark.parametrize(
    ("action", "status"),
    [
        (b"failed", DeliveryStatus.UNDELIVERED),
        (b"Delayed", DeliveryStatus.SENDING),
        (b"delivered", DeliveryStatus.DELIVERED),
        (b"relayed", DeliveryStatus.SENT),
    ],
)
def test_a_bounce_is_news_of_our_message(action: bytes, status: DeliveryStatus, part: bytes) -> None:
    """A delivery status notification becomes a report that names our message by its key."""
    event = mail_event(parse_mail(BOUNCE % (action, part)), recipient=SHOP, domain="shop.example")
    assert isinstance(event, DeliveryUpdate)
    assert (event.key, event.report.status, event.report.code) == ("order.7", status, "5.1.1")


def test_a_report_about_nothing_known_is_an_automatic_message() -> None:
    """A bounce that cannot be read stays visible, marked as automatic."""
    message = read(BOUNCE % (b"exploded", b"text/plain"))
    assert message.automatic


@pytest.mark.parametrize(
    ("header", "automatic"),
    [
        (b"Auto-Submitted: auto-replied", True),
        (b"Auto-Submitted: no", False),
        (b"Precedence: bulk", True),
        (b"X-Autoreply: yes", True),
        (b"X-Other: bulk", False),
    ],
)
def test_automatic_replies_are_marked(header: bytes, automatic: bool) -> None:
    """So that two automatic systems do not answer each other for ever."""
    assert read(header + b"\n" + PLAIN).automatic is automatic


MALFORMED = [
    b"",
    b"\x00",
    b"\r\n\r\n",
    b"no headers at all",
    b"From: \nTo: \nMessage-ID: \nDate: \n\n",
    b"Message-ID: <[abc]@x>\n\nhello",
    b"Message-ID: <>\nIn-Reply-To: <\nReferences: <<<>>>\n\nhello",
    b"From: =?utf-8?b?!!!!?= <a@b\n\nhello",
    b"From: a@b.example\r\nSubject: =?nonsense?q?x?=\r\n\r\nhello",
    b"Subject: =?utf-8?q?" + b"=" * 500 + b"?=\n\nhello",
    b"Subject: \xff\xfe\xfd\nFrom: \xe9@\xe9\n\nhello",
    b"Date: Mon, 99 Foo 99999 99:99:99 +9999\n\nhello",
    b"Date: Mon, 1 Jan 0001 00:00:00 +2359\n\nhello",
    b"Content-Type: text/plain; charset=punycode\n\n" + b"a-" * 50_000,
    b'Content-Type: text/plain; charset="\'unicode_escape"\n\n\\ud800',
    b"Content-Type: text/plain; charset=hex\n\nhello",
    b"Content-Type: text/plain; charset*=utf-8''%ff\n\nhello",
    b"Content-Transfer-Encoding: base64\n\n!!!not base64",
    b"Content-Transfer-Encoding: x-uuencode\n\nbegin 666 x\n\xff\nend",
    b"Content-Type: multipart/mixed\n\nno boundary",
    b"Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n--b--",
    b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n\n--b--",
    b"Content-Type: message/rfc822\n\nContent-Type: message/rfc822\n\n",
    b"Content-Type: /\n\nhello",
    b"Content-Disposition: attachment; filename*0*=x''%f; filename*1=\"\n\nhello",
    b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(2_000)),
    b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(99)) + b"x\n" * 20_000,
    b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 20_000,
    b"\r" * 700_000,
    b"<" * 100_000,
    b"Content-Type: text/html\n\n" + b"<script" * 20_000,
    b"Content-Type: text/html\n\n" + b"<blockquote" * 20_000,
    b"Content-Type: text/html\n\n&#0;&#xD800;&#x110000;&bogus;",
    b"X: y\n" * 20_000 + b"\nhello",
    b"\n" + b"On a b wrote" * 10_000,
    b"\n" + (b"On " + b"wrote " * 60 + b":x\n") * 200,
]


@pytest.mark.parametrize("raw", MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_mail_never_raises(raw: bytes) -> None:
    """Whatever it looks like, it is read, and gives the same event again."""
    parsed = parse_mail(raw)
    assert parsed.message_id
    assert read(raw) == read(raw)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_mail(raw: bytes) -> None:
    """Random bytes become a message with an id."""
    assert read(raw).provider_id


@given(st.data())
def test_any_damage_to_a_mail_is_survived(data: st.DataObject) -> None:
    """Pieces cut out, doubled and overwritten in real mails: still a message or a report."""
    raw = bytearray(data.draw(st.sampled_from([PLAIN, BOUNCE % (b"failed", b"message/rfc822"), *MALFORMED[:24]])))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(len(raw) - 1, 0)))
        until = data.draw(st.integers(at, min(at + 30, len(raw))))
        raw[at:until] = data.draw(st.one_of(st.binary(max_size=8), st.just(bytes(raw[at:until]) * 3)))
    event = mail_event(parse_mail(bytes(raw)), recipient=SHOP, domain="shop.example")
    assert isinstance(event, InboundMessage | DeliveryUpdate)


def test_an_unreadable_sender_comes_in_as_withheld() -> None:
    """The mail is not lost, and nobody is taken for its sender."""
    assert read(b"From: nobody\n\nhello").sender.kind is AddressKind.WITHHELD
    assert read(b"From: <a@b>\n\nhello").sender.kind is AddressKind.WITHHELD


def test_a_mail_without_an_id_is_known_by_its_bytes() -> None:
    """Repetitions have one id, different mails two."""
    one, other = read(b"From: a@b.example\n\nhello"), read(b"From: a@b.example\n\nhello!")
    assert one.provider_id.startswith("digest:")
    assert one.provider_id != other.provider_id


def test_a_huge_mail_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the cap nothing is read."""
    monkeypatch.setattr(mail_in, "MAX_MAIL_BYTES", 10_000)
    parsed = parse_mail(b"Subject: big\n\n" + b"x" * 10_000)
    assert parsed.defects == ("too_large",)
    assert parsed.subject == "big"


@pytest.mark.parametrize(("depth", "defects"), [(90, False), (150, True)])
def test_a_mail_nested_too_deep_is_kept_unread(depth: int, defects: bool) -> None:
    """Beyond the cap on boundaries the parts are not taken apart, but the mail comes in."""
    nest = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(depth))
    parsed = parse_mail((nest + "Content-Type: text/plain\n\nhello").encode())
    assert ("unreadable" in parsed.defects) is defects
    assert parsed.text.endswith("hello")


def test_parsed_mail_prints_without_personal_data() -> None:
    """repr shows ids and defects, no words and no addresses."""
    shown = repr(parse_mail(PLAIN))
    assert "Smith" not in shown
    assert "bitte" not in shown
    assert isinstance(parse_mail(PLAIN), ParsedMail)


GMAIL = "On Mon, Jan 5, 2026 at 12:00 PM Shop <shop@shop.example>\nwrote:\n> x"
FRENCH = "Le lun. 5 janv. 2026 à 12:00, Shop a écrit :\n> x"
OUTLOOK = "From: Shop <shop@shop.example>\nSent: Monday\nSTOP"


@pytest.mark.parametrize(
    ("text", "written", "quoted"),
    [
        ("Yes", "Yes", ""),
        ("STOP\n\nOn Mon, Shop wrote:\n> Reply STOP", "STOP", "On Mon, Shop wrote:\n> Reply STOP"),
        (f"Hi\n\n{GMAIL}", "Hi", GMAIL),
        (f"Oui\n\n{FRENCH}", "Oui", FRENCH),
        ("Hi\n-----Original Message-----\nFrom: shop\nSTOP", "Hi", "-----Original Message-----\nFrom: shop\nSTOP"),
        ("Hi\n________________________________\nFrom: s", "Hi", "________________________________\nFrom: s"),
        (f"Hi\n{OUTLOOK}", "Hi", OUTLOOK),
        ("> Shall we?\nYes\n> And then?\nNo", "Yes\nNo", "> Shall we?\n> And then?"),
        ("> only quoted", "> only quoted", ""),
        ("On the other hand: no", "On the other hand: no", ""),
        ("From: me to you", "From: me to you", ""),
        ("", "", ""),
    ],
)
def test_quoted_text_is_parted(text: str, written: str, quoted: str) -> None:
    """Only what was written now is the answer; what looks like history but is all there is stays."""
    assert split_quoted(text) == (written, quoted)


@given(st.lists(st.sampled_from(["yes", "> old", "On Mon, Shop wrote:", "", "STOP", "____________"]), max_size=8))
def test_parting_loses_no_word(lines: list[str]) -> None:
    """Every line is in one of the two parts."""
    written, quoted = split_quoted("\n".join(lines))
    assert sorted(filter(None, f"{written}\n{quoted}".split("\n"))) == sorted(filter(None, lines))


@given(IDS)
def test_keys_survive_as_message_ids(key: str) -> None:
    """A key can be read back from its Message-ID, whatever its letters, and only for our domain."""
    id = message_id(key, "shop.example")
    assert key_of(id, "SHOP.example") == key
    assert key_of(id, "other.example") is None
    assert ids_in(f"re: {id} (x)") == (id,)
    assert key_of("<[abc]@shop.example>", "shop.example") is None


MAILBOXES = st.sampled_from(
    ["a@b.example", "o'neil+tag@b.example", '"a b"@x.example', "a=b?c@b.example", "ä@b.example"]
)


@given(IDS, BODY, BODY, MAILBOXES, MAILBOXES, st.lists(IDS, max_size=5), st.booleans())
def test_what_is_built_is_read_back(
    key: str, subject: str, text: str, sender: str, recipient: str, chain: list[str], automatic: bool
) -> None:
    """Addresses, subject, body, key and thread of a built mail are those of the message."""
    envelope = Envelope(
        key=key,
        sender=Address("email", sender),
        recipient=Address("email", recipient),
        content=Text(text),
        subject=" ".join(subject.split())[:100],
        thread=Thread(in_reply_to=message_id("r", "x.example"), references=[message_id(c, "x.example") for c in chain]),
        automatic=automatic,
    )
    raw = build_mail(envelope, domain="shop.example", now=NOON)
    head = message_from_bytes(raw, policy=compat32)
    parsed = parse_mail(raw)
    assert key_of(parsed.message_id, "shop.example") == key
    assert parsed.sender == envelope.sender.value
    assert parsed.subject == envelope.subject.strip()
    assert (parsed.in_reply_to, parsed.sent_at, parsed.automatic) == ("<r@x.example>", NOON, automatic)
    assert parsed.references[-1] == "<r@x.example>"
    assert set(parsed.references) <= {message_id(c, "x.example") for c in [*chain, "r"]}
    assert {"Bcc", "Cc"}.isdisjoint(head.keys())
    body = message_from_bytes(raw, policy=SMTP)
    assert isinstance(body, EmailMessage)
    assert body.get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")


def test_a_long_chain_keeps_its_first_and_latest_ids() -> None:
    """Headers have a length; threads need their root and their end."""
    chain = [f"<{number}-{'x' * 60}@x.example>" for number in range(80)]
    envelope = Envelope(key="k", sender=SHOP, recipient=ANN, content=Text("hi"), thread=Thread(references=chain))
    raw = build_mail(envelope, domain="shop.example", now=NOON)
    assert max(map(len, raw.splitlines())) <= 998
    kept = parse_mail(raw).references
    assert (kept[0], kept[-1]) == (chain[0], chain[-1])
    assert len(kept) > 5


def test_one_click_headers_are_those_of_the_standard() -> None:
    """An address to opt out by adds both headers of RFC 8058; without one there is neither."""
    plain = Envelope(key="k", sender=SHOP, recipient=ANN, content=Text("hi"))
    assert b"List-Unsubscribe" not in build_mail(plain, domain="shop.example", now=NOON)
    url = "https://shop.example/u/" + "t" * 300
    mail = message_from_bytes(build_mail(attrs.evolve(plain, unsubscribe=url), domain="shop.example", now=NOON))
    assert mail["List-Unsubscribe"] == f"<{url}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_media_are_attached_where_they_can_be_read() -> None:
    """A medium goes as a file with its caption as text; without a reader it is refused."""
    image = Image("attachment:7", "image/png", caption="Look")
    envelope = Envelope(key="k", sender=SHOP, recipient=ANN, content=image)
    parsed = parse_mail(build_mail(envelope, domain="shop.example", now=NOON, load=lambda url: url.encode()))
    assert parsed.text == "Look"
    assert [(a.name, a.media_type, a.data) for a in parsed.attachments] == [("image", "image/png", b"attachment:7")]
    for content in (image, Sticker("https://x.example/s")):
        with pytest.raises(InvalidInput):
            build_mail(attrs.evolve(envelope, content=content), domain="shop.example", now=NOON)


LINKS = UnsubscribeLinks("https://shop.example/u/", Secret("s1"))
ONE_CLICK = b"List-Unsubscribe=One-Click"
MULTIPART = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'


@given(IDS)
def test_one_click_opts_out_by_post_only(key: str) -> None:
    """A POST with the standard's body opts out; a GET, another body or an altered token does not."""
    link = LINKS.link(key)
    token = link.removeprefix("https://shop.example/u/")
    assert LINKS.opted_out("POST", token, ONE_CLICK) == key
    assert LINKS.opted_out("post", token, MULTIPART) == key
    assert LINKS.opted_out("GET", token, ONE_CLICK) is None
    assert LINKS.opted_out("POST", token, b"") is None
    assert LINKS.opted_out("POST", token, b"List-Unsubscribe=One-Clickbait") is None
    assert LINKS.key(token) == key
    name, _, digest = token.partition(".")
    other = "A" if digest[0] != "A" else "B"
    for wrong in (f"{name}.{other}{digest[1:]}", f"{name}A.{digest}", name, "", "é.x", f"{token}\n"):
        assert LINKS.opted_out("POST", wrong, ONE_CLICK) is None
    rotated = UnsubscribeLinks("https://shop.example/u/", [Secret("s2"), Secret("s1")])
    assert rotated.key(token) == key
    assert UnsubscribeLinks("https://shop.example/u/", Secret("s2")).key(token) is None


def test_unsubscribe_links_need_https() -> None:
    """RFC 8058 takes nothing else."""
    with pytest.raises(InvalidInput):
        UnsubscribeLinks("http://shop.example/u/", Secret("s1"))
