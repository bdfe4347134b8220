"""A message to send as a mail: RFC 5322 bytes, with the headers that threads, bounces and one-click opt-outs need."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from switchroom.errors import InvalidInput
from switchroom.messaging.content import Audio, File, Image, Media, Text, Video, plain_text
from switchroom.messaging.mail_ids import ids_in, message_id
from switchroom.transport.protocol import Envelope

LoadMedia = Callable[[str], bytes]
"""From the address of a medium (``https:`` or ``attachment:``) to its bytes; the embedder's."""

# Longer lines than this fold, and folding turns long Message-IDs into encoded words that nobody understands.
_ASCII, _UTF8 = SMTP.clone(max_line_length=998), SMTPUTF8.clone(max_line_length=998)


def needs_utf8(envelope: Envelope) -> bool:
    """Whether an address has a local part that only servers with SMTPUTF8 take."""
    return not (envelope.sender.value + envelope.recipient.value).isascii()


def build_mail(envelope: Envelope, *, domain: str, now: datetime, load: LoadMedia | None = None) -> bytes:
    """The mail in bytes. ``domain``: for the Message-ID, which every try of one key shares.

    Raises `InvalidInput` for content that is neither text nor a medium that ``load`` is there for.
    """
    mail = EmailMessage(policy=_UTF8 if needs_utf8(envelope) else _ASCII)
    mail["From"] = envelope.sender.value
    mail["To"] = envelope.recipient.value
    mail["Subject"] = envelope.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(envelope.key, domain)
    _thread(mail, envelope)
    if envelope.automatic:
        mail["Auto-Submitted"] = "auto-generated"
    if envelope.unsubscribe:
        mail["List-Unsubscribe"] = f"<{envelope.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    _fill(mail, envelope, load)
    return mail.as_bytes()


def _thread(mail: EmailMessage, envelope: Envelope) -> None:
    answered = ids_in(envelope.thread.in_reply_to)[:1]
    chain = dict.fromkeys(id for value in (*envelope.thread.references, *answered) for id in ids_in(value))
    ascii_chain = [id for id in chain if id.isascii()]
    if answered and answered[0].isascii():
        mail["In-Reply-To"] = answered[0]
    if ascii_chain:
        mail["References"] = " ".join(_within(ascii_chain))


def _within(chain: list[str]) -> list[str]:
    """The first and the latest ids that one line holds, which is all that threading needs."""
    room, kept = 900 - len(chain[0]), list[str]()
    for id in reversed(chain[1:]):
        room -= len(id) + 1
        if room < 0:
            break
        kept.insert(0, id)
    return [chain[0], *kept]


def _fill(mail: EmailMessage, envelope: Envelope, load: LoadMedia | None) -> None:
    content = envelope.content
    mail.set_content(plain_text(content) or "")
    if isinstance(content, Image | Video | Audio | File) and load is not None:
        main, _, sub = (content.media_type or "application/octet-stream").partition("/")
        mail.add_attachment(load(content.url), maintype=main, subtype=sub, filename=_name(content))
    elif not isinstance(content, Text):
        raise InvalidInput("envelope.content", "not_carried", hint=f"email carries no {content.kind}")


def _name(content: Media) -> str:
    name = content.name if isinstance(content, File) else ""
    return " ".join(name.split()) or content.kind
