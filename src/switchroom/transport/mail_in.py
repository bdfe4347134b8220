"""A mail that came in, read into values. Reading never raises: a mail that cannot be read says so and is kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.policy import compat32

import attrs

from switchroom.errors import InvalidInput
from switchroom.messaging.addresses import Address
from switchroom.messaging.content import MAX_BODY, File, Text, clean_text
from switchroom.messaging.delivery import DeliveryReport, DeliveryStatus
from switchroom.messaging.mail_ids import ids_in, key_of
from switchroom.transport.mail_parts import (
    Mail,
    charset_of,
    date_in,
    decoded,
    header_text,
    html_text,
    mailbox_in,
    name_of,
    parts_of,
    payload,
    raw_header,
    type_of,
)
from switchroom.transport.protocol import (
    MAX_ATTACHMENTS,
    MAX_REFERENCES,
    MAX_SUBJECT,
    DeliveryUpdate,
    InboundMessage,
    Thread,
    TransportEvent,
)
from switchroom.transport.quoted import split_quoted

MAX_MAIL_BYTES = 30_000_000
"""Bytes of a mail that are read; the rest is left out and the mail marked. Servers rarely take more than 25 MB."""

MAX_LINES = 600_000
"""Lines of a mail that are read: 30 MB in base64 have 400,000. The parser keeps each line as an object."""

MAX_NESTS = 100
"""Boundaries that a mail may declare: the parser compares each line with every boundary that is open."""

MAX_PARTS = 200
"""Parts of a mail that are looked at."""

_BOUNDARY = re.compile(rb"boundary[*0-9]{0,4}\s{0,4}=", re.IGNORECASE)

_ACTIONS = {
    "failed": DeliveryStatus.UNDELIVERED,
    "delayed": DeliveryStatus.SENDING,
    "delivered": DeliveryStatus.DELIVERED,
    "relayed": DeliveryStatus.SENT,
    "expanded": DeliveryStatus.SENT,
}


@attrs.frozen(kw_only=True)
class MailAttachment:
    """A file that came with a mail. ``reference``: ``attachment:`` and the SHA-256 of its bytes, to store it under."""

    name: str
    media_type: str
    data: bytes = attrs.field(repr=False)

    @property
    def reference(self) -> str:
        """The address by which the content of the message names this file."""
        return f"attachment:{hashlib.sha256(self.data).hexdigest()}"


@attrs.frozen(kw_only=True)
class Bounce:
    """What a delivery status notification says: the message it is about, and what became of it (RFC 3464)."""

    original_id: str
    status: DeliveryStatus
    code: str


@attrs.frozen(kw_only=True)
class ParsedMail:
    """A mail as values, every one present, empty where the mail has none. ``defects``: what was wrong with it."""

    message_id: str
    sender: str = attrs.field(default="", repr=False)
    subject: str = attrs.field(default="", repr=False)
    text: str = attrs.field(default="", repr=False)
    quoted: str = attrs.field(default="", repr=False)
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    sent_at: datetime | None = None
    automatic: bool = False
    attachments: tuple[MailAttachment, ...] = ()
    bounce: Bounce | None = None
    defects: tuple[str, ...] = ()


def parse_mail(raw: bytes) -> ParsedMail:
    """The mail in the bytes. Never raises; ``defects`` holds ``too_large``, ``unreadable`` and the parser's findings.

    Time and memory are bounded by the caps above, whatever the bytes are.

    A mail without a Message-ID gets ``digest:`` and the SHA-256 of its bytes, so that repetitions are still known.
    """
    digest = f"digest:{hashlib.sha256(raw).hexdigest()}"
    head = _capped(raw)
    cut = ("too_large",) if len(head) < len(raw) else ()
    try:
        if len(_BOUNDARY.findall(head)) <= MAX_NESTS:
            mail: Mail = message_from_bytes(head, policy=compat32)
            return _parsed(mail, digest, cut)
    except Exception:
        # What the parser stumbles over differs by Python version. The mail is not lost.
        pass
    text = clean_text(head[:MAX_BODY].decode("utf-8", "replace"))
    return ParsedMail(message_id=digest, text=text, automatic=True, defects=(*cut, "unreadable"))


def _capped(raw: bytes) -> bytes:
    head = raw[:MAX_MAIL_BYTES]
    if head.count(b"\n") + head.count(b"\r") <= MAX_LINES:
        return head
    return b"\n".join(head.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n", MAX_LINES)[:MAX_LINES])


def _parsed(mail: Mail, digest: str, cut: tuple[str, ...]) -> ParsedMail:
    parts = list(_leaves(mail))
    text, quoted = (clean_text(words) for words in _body(parts))
    answered = ids_in(raw_header(mail, "In-Reply-To"))
    return ParsedMail(
        message_id=next(iter(ids_in(raw_header(mail, "Message-ID"))), digest),
        sender=mailbox_in(raw_header(mail, "From")),
        subject=header_text(mail, "Subject")[:MAX_SUBJECT],
        text=text,
        quoted=quoted,
        in_reply_to=answered[0] if answered else "",
        references=_kept(ids_in(raw_header(mail, "References"))),
        sent_at=date_in(raw_header(mail, "Date")),
        automatic=_is_automatic(mail),
        attachments=tuple(_attachment(part) for part in parts if _is_attachment(part))[:MAX_ATTACHMENTS],
        bounce=_bounce(mail),
        defects=(*cut, *(type(defect).__name__ for defect in mail.defects)),
    )


def _kept(ids: tuple[str, ...]) -> tuple[str, ...]:
    return ids if len(ids) <= MAX_REFERENCES else (ids[0], *ids[1 - MAX_REFERENCES :])


def _leaves(mail: Mail) -> Iterator[Mail]:
    """The parts without parts, in order. What is inside a forwarded or bounced mail is not this mail's."""
    waiting: list[Mail] = [mail]
    for _ in range(MAX_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        inner = parts_of(part) if type_of(part).startswith("multipart/") else []
        if inner:
            waiting.extend(reversed(inner))
        else:
            yield part


def _is_attachment(part: Mail) -> bool:
    named = bool(name_of(part)) or raw_header(part, "Content-Disposition").lower().startswith("attachment")
    return named or not (type_of(part).startswith("text/") or part.is_multipart())


def _attachment(part: Mail) -> MailAttachment:
    return MailAttachment(name=name_of(part), media_type=type_of(part), data=payload(part))


def _body(parts: list[Mail]) -> tuple[str, str]:
    """The words written and the words quoted: of the plain parts, or of the HTML ones if there are none."""
    shown = [part for part in parts if not _is_attachment(part)]
    plain = [_decoded(part) for part in shown if type_of(part) == "text/plain"]
    if any(text.strip() for text in plain):
        return split_quoted("\n".join(plain))
    written, history = html_text("\n".join(_decoded(part) for part in shown if type_of(part) == "text/html"))
    answer, quoted = split_quoted(written)
    return (answer, f"{quoted}\n{history}".strip()) if answer else (history, "")


def _decoded(part: Mail) -> str:
    return clean_text(decoded(payload(part), charset_of(part)).replace("\r\n", "\n"))


def _is_automatic(mail: Mail) -> bool:
    """Sources: RFC 3834 (Auto-Submitted) and what mail programs did before it."""
    submitted = raw_header(mail, "Auto-Submitted").lower()
    if submitted and not submitted.startswith("no"):
        return True
    bulk = raw_header(mail, "Precedence").lower() in {"bulk", "junk", "list", "auto_reply"}
    return bulk or bool(raw_header(mail, "X-Autoreply") or raw_header(mail, "X-Autorespond")) or _is_report(mail)


def _is_report(mail: Mail) -> bool:
    return type_of(mail) == "multipart/report"


def _bounce(mail: Mail) -> Bounce | None:
    if not _is_report(mail):
        return None
    parts = parts_of(mail)
    blocks = [b for part in parts if type_of(part) == "message/delivery-status" for b in parts_of(part)]
    action = next((a for b in blocks if (a := raw_header(b, "Action").lower()) in _ACTIONS), "")
    original = next((id for part in parts for id in _original(part)), "")
    if not action or not original:
        return None
    code = next((s for b in blocks if (s := raw_header(b, "Status"))), "")
    return Bounce(original_id=original, status=_ACTIONS[action], code=code[:20])


def _original(part: Mail) -> tuple[str, ...]:
    """The Message-ID of the mail that a report sends back, whole or its head only."""
    if type_of(part) == "message/rfc822":
        return tuple(id for block in parts_of(part) for id in ids_in(raw_header(block, "Message-ID")))
    if type_of(part) == "text/rfc822-headers":
        return ids_in(raw_header(message_from_bytes(payload(part), policy=compat32), "Message-ID"))
    return ()


def mail_event(mail: ParsedMail, *, recipient: Address, domain: str) -> TransportEvent:
    """The event that a mail is: news of one of our messages, or a message to ``recipient``.

    ``domain``: the one that our Message-IDs are made with; ids of ours name the message by its key. A sender that is
    no address comes in as withheld. Never raises.
    """
    if mail.bounce is not None:
        report = DeliveryReport(status=mail.bounce.status, at=mail.sent_at, code=mail.bounce.code)
        key = key_of(mail.bounce.original_id, domain) or ""
        return DeliveryUpdate(key=key, provider_id=mail.bounce.original_id, report=report)
    return InboundMessage(
        provider_id=mail.message_id,
        sender=_sender(mail.sender),
        recipient=recipient,
        content=Text(mail.text),
        attachments=tuple(_file(attachment) for attachment in mail.attachments),
        subject=mail.subject,
        thread=Thread(in_reply_to=mail.in_reply_to, references=mail.references),
        quoted=mail.quoted,
        sent_at=mail.sent_at,
        automatic=mail.automatic,
    )


def _sender(value: str) -> Address:
    try:
        return Address("email", value)
    except InvalidInput:
        return Address("email", "anonymous")


def _file(attachment: MailAttachment) -> File:
    size = len(attachment.data)
    return File(attachment.reference, media_type=attachment.media_type, size=size, name=attachment.name)
