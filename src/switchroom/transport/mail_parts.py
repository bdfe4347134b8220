"""Reading single pieces of a mail that nobody promised to be well formed. Each function answers, whatever it is given.

The old policy of the standard library (``compat32``) is used, because the newer one parses headers when they are
looked at and raises on malformed ones (``Message-ID: <[abc]@x>`` does).
"""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from datetime import UTC, datetime
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import TypeAlias, cast

Mail: TypeAlias = "Message[str, str]"

MAX_HEADER = 8_000
"""Characters of a header that are looked at: a long chain of references has about 5,000."""

_UNSAFE_CODECS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
"""Not what a mail is written in, and slow or noisy to decode."""

_BREAKS = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Categories that no line of text holds. Invisible joiners (Cf) stay: emoji and some scripts are spelled with them."""

_BLOCK_END = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6]|/blockquote)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_SPACES = re.compile(r"[ \t\xa0]+")
_HISTORY = re.compile(r"<blockquote\b|class=\"?gmail_quote|id=\"?divRplyFwdMsg", re.IGNORECASE)


def header_text(mail: Mail, name: str) -> str:
    """A header as text, encoded words decoded, on one line; empty if it is missing or cannot be read."""
    raw = raw_header(mail, name)
    if "=?" not in raw:
        return raw
    try:
        return _one_line("".join(_decoded(part, charset) for part, charset in decode_header(raw)))
    except Exception:
        # What decode_header raises for broken base64 differs by version; the raw text is better than none.
        return raw


def raw_header(mail: Mail, name: str) -> str:
    """A header as it stands, on one line; empty if it is missing. The first, if there are several."""
    # Not mail.get: it turns bytes outside ASCII, which mail in UTF-8 has (RFC 6532), into U+FFFD.
    found = (value for key, value in mail.raw_items() if key.lower() == name.lower())
    raw = str(next(found, ""))[:MAX_HEADER]
    return _one_line(raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def _one_line(text: str) -> str:
    return " ".join("".join(" " if unicodedata.category(c) in _BREAKS else c for c in text).split())


def _decoded(part: bytes | str, charset: str | None) -> str:
    return part if isinstance(part, str) else decoded(part, charset or "ascii")


def decoded(data: bytes, charset: str) -> str:
    """Bytes in a charset that may not exist or not fit: what cannot be read becomes U+FFFD."""
    try:
        name = codecs.lookup(charset.strip().strip("'\"")).name.replace("-", "_")
        if name not in _UNSAFE_CODECS:
            return data.decode(name, "replace")
    except Exception:
        pass
    return data.decode("utf-8", "replace")


def mailbox_in(value: str) -> str:
    """The first address in a header such as From, without the name beside it; empty if there is none."""
    try:
        return next((address for _, address in getaddresses([value]) if "@" in address), "")
    except Exception:
        return ""


def date_in(value: str) -> datetime | None:
    """The instant of a Date header in UTC; None if it is none, or of a year that cannot be."""
    try:
        parsed = parsedate_to_datetime(value)
        at = parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except Exception:
        return None
    return at if 2000 <= at.year < 2100 else None


def payload(part: Mail) -> bytes:
    """The bytes of a part that has no parts of its own, transfer encoding undone as far as it goes."""
    try:
        data = part.get_payload(decode=True)
    except Exception:
        return b""
    return data if isinstance(data, bytes) else b""


def parts_of(part: Mail) -> list[Mail]:
    """The parts directly inside a part; none for one that holds bytes."""
    inner = cast("object", part.get_payload())
    return [p for p in cast("list[object]", inner) if isinstance(p, Message)] if isinstance(inner, list) else []


def charset_of(part: Mail) -> str:
    """The charset that a part claims; UTF-8 if it claims none."""
    try:
        return part.get_content_charset() or "utf-8"
    except Exception:
        return "utf-8"


def name_of(part: Mail) -> str:
    """The file name of a part, without any folder; empty if it has none."""
    try:
        name = part.get_filename() or ""
    except Exception:
        return ""
    return _one_line(re.split(r"[/\\]", name)[-1])[:200].strip(". ")


def type_of(part: Mail) -> str:
    """The media type of a part, in lower case."""
    try:
        kind = part.get_content_type()
    except Exception:
        return "application/octet-stream"
    return (
        kind
        if re.fullmatch(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}", kind)
        else "application/octet-stream"
    )


def html_text(source: str) -> tuple[str, str]:
    """The words of an HTML body, and those of the earlier mail repeated in it. Linear, nothing is executed."""
    history = _HISTORY.search(source)
    start = source.rfind("<", 0, history.start() + 1) if history else len(source)
    return _words(source[:start]), _words(source[start:])


def _words(source: str) -> str:
    visible = _without(_without(_without(source, "script"), "style"), "head")
    text = html.unescape(_TAG.sub("", _BLOCK_END.sub("\n", visible.replace("\n", " ").replace("\r", " "))))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _without(source: str, tag: str) -> str:
    """The source without the elements of a name; one that does not end takes the rest with it."""
    kept: list[str] = []
    pieces = re.split(rf"<{tag}\b", source, flags=re.IGNORECASE)
    kept.append(pieces[0])
    for piece in pieces[1:]:
        _, end, rest = piece.lower().partition(f"</{tag}")
        kept.append(piece[len(piece) - len(rest) :].partition(">")[2] if end else "")
    return "".join(kept)
