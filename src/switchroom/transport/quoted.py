"""An answer by e-mail, parted from the earlier mail repeated in it."""

from __future__ import annotations

import re

MAX_LINE = 400
"""Characters of a line that are looked at."""

_QUOTE = re.compile(r"[ \t]{0,4}>")
# "On Monday, Ann wrote:" in the languages of common mail programs; it may be broken over two lines.
_ATTRIBUTION = re.compile(
    r"^(?:On|Am|Le|El|Il|Em|Op|Den|Dnia|W dniu|На|Dne)\b.{4,300}"
    r"(?:wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev|napisał\(?a?\)?|пише|"
    r"написал\(?а?\)?|napsal\(?a?\)?)"
    r"\s?(?:.{0,80})?:$",
    re.IGNORECASE,
)
_DIVIDER = re.compile(
    r"^(?:-{2,}\s?(?:Original Message|Forwarded message|Original-Nachricht|Ursprüngliche Nachricht|Message d'origine|"
    r"Mensaje original|Messaggio originale|Mensagem original|Oorspronkelijk bericht)\s?-{0,}|_{20,})$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"^(?:From|Von|De|Da|Van|Från|Fra):\s.{0,200}@", re.IGNORECASE)


def split_quoted(text: str) -> tuple[str, str]:
    """What the person wrote now, and the earlier text repeated below or between it. Linear, no word is lost.

    Quoted are lines that begin with ``>`` and everything from "On ... wrote:" or an "Original Message" divider on. If
    nothing would remain as written, nothing is taken for quoted: somebody may answer with a ``>`` in front.

    >>> split_quoted("Yes please\\n\\nOn Mon, 5 Jan 2026, Shop wrote:\\n> Shall we call?")
    ('Yes please', 'On Mon, 5 Jan 2026, Shop wrote:\\n> Shall we call?')
    """
    lines = text.splitlines()
    written: list[str] = []
    quoted: list[str] = []
    for number, line in enumerate(lines):
        if _begins_history(lines, number):
            quoted.extend(lines[number:])
            break
        (quoted if _QUOTE.match(line) else written).append(line)
    answer = "\n".join(written).strip()
    return (answer, "\n".join(quoted).strip()) if answer else (text.strip(), "")


def _begins_history(lines: list[str], number: int) -> bool:
    line = lines[number].strip()[:MAX_LINE]
    if not line:
        return False
    following = lines[number + 1].strip()[:MAX_LINE] if number + 1 < len(lines) else ""
    if _ATTRIBUTION.match(line) or (following.endswith(":") and _ATTRIBUTION.match(f"{line} {following}")):
        return True
    # A lone "From: a@b" may be meant; above a second header line it is the head of a copied mail.
    return bool(_DIVIDER.match(line) or (_HEADER.match(line) and re.match(r"^[\w ]{2,12}:\s", following)))
