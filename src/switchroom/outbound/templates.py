"""Saved templates, and what a look at them finds before anybody gets one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import attrs

from switchroom.consent.model import MARKETING
from switchroom.errors import InvalidInput, LimitReached, NotAllowed, UnknownId
from switchroom.kernel.transaction import Transaction
from switchroom.messaging.segments import Encoding, segments
from switchroom.outbound.campaigns import ACTIVE
from switchroom.outbound.events import TemplateDeleted, TemplateSaved
from switchroom.outbound.model import CampaignState, MessageTemplate
from switchroom.outbound.rendering import PARTED, Rendered, Renderer, renderer
from switchroom.routing.fields import Fact

if TYPE_CHECKING:
    from switchroom.consent.keywords import KeywordPolicy
    from switchroom.outbound.state import Outbound

MAX_TEMPLATES = 10_000

_LINK = re.compile(r"https?://\S+|\bwww\.\S+", re.IGNORECASE)
_SHORTENED = re.compile(r"\b(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|ow\.ly|is\.gd|cutt\.ly)/", re.IGNORECASE)
_OPT_OUT = re.compile(r"\b(?:STOP|UNSUBSCRIBE|OPT[ -]?OUT|ARRET|ARRÊT|BAJA|ABMELDEN)\b", re.IGNORECASE)


@attrs.frozen(kw_only=True)
class Finding:
    """What is wrong with a template. ``severity``: an ``error`` is refused when saved, a ``warning`` is told."""

    template: str
    severity: str
    code: str
    problem: str


def lint(spec: MessageTemplate, policy: KeywordPolicy, *, purpose: str, channel: str) -> tuple[Finding, ...]:
    """What is wrong with a template for messages of this purpose on this channel, the errors first.

    Errors: no valid text, choices that the keyword policy would take for a keyword. Warnings: more links than allowed,
    links of public shorteners (carriers block them), no word by which to opt out of marketing, a character that
    doubles the parts.
    """
    found = [*_errors(spec, policy), *_warnings(spec, purpose, channel)]
    return tuple(Finding(template=spec.id, severity=s, code=c, problem=p) for s, c, p in found)


def _errors(spec: MessageTemplate, policy: KeywordPolicy) -> Iterator[tuple[str, str, str]]:
    for text in (spec.text, spec.subject):
        try:
            renderer(text, spec.engine)
        except InvalidInput as error:
            yield "error", error.code, error.message
    if not spec.text.strip():
        yield "error", "empty", "the text is empty"
    for collision in policy.collisions(spec.choices):
        yield "error", "keyword", f"the reply {collision.choice!r} is a keyword ({collision.decision})"


def _warnings(spec: MessageTemplate, purpose: str, channel: str) -> Iterator[tuple[str, str, str]]:
    links = _LINK.findall(spec.text)
    if len(links) > spec.max_links:
        yield "warning", "links", f"{len(links)} links, {spec.max_links} allowed"
    if _SHORTENED.search(spec.text):
        yield "warning", "shortened_link", "carriers block links of public shorteners"
    if channel not in PARTED:
        return
    if purpose == MARKETING and not _OPT_OUT.search(spec.text):
        yield "warning", "no_opt_out", "no word says how to opt out, such as STOP"
    counted = segments(re.sub(r"\$\{[^}]*\}|\{\{.*?\}\}|\{%.*?%\}", "", spec.text))
    if counted.encoding is Encoding.UCS2:
        yield "warning", "ucs2", f"{counted.first_ucs2_character!r} makes a part hold 70 characters instead of 160"


def save(tx: Transaction, o: Outbound, spec: MessageTemplate, findings: Iterable[Finding]) -> None:
    """Make or change a template. Refuses one that a look finds an error in, by its first."""
    wrong = next((f for f in findings if f.severity == "error"), None)
    if wrong is not None:
        raise InvalidInput("template", wrong.code, hint=wrong.problem)
    if spec.id not in o.templates and len(o.templates) >= MAX_TEMPLATES:
        raise LimitReached("templates", MAX_TEMPLATES)
    tx.emit(TemplateSaved(spec.id, spec))


def delete(tx: Transaction, o: Outbound, id: str) -> None:
    """Delete a template that nothing uses any more."""
    if id not in o.templates:
        raise UnknownId("template", id)
    using = {CampaignState.DRAFT, CampaignState.SCHEDULED, *ACTIVE}
    used = next((c.id for c in o.campaigns.values() if c.spec.template == id and c.state in using), None)
    used = used or next((t.id for t in o.triggers.values() if t.notice.template == id), None)
    if used is not None:
        raise NotAllowed("delete", "template", id, f"used by {used}")
    tx.emit(TemplateDeleted(id))


def preview(spec: MessageTemplate, values: Mapping[str, Fact], channel: str) -> Rendered:
    """The message as it would leave for these values, with its parts counted."""
    return Renderer(spec.text, spec.subject, engine=spec.engine, channel=channel).render(values)
