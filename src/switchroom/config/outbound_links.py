"""The part of a configuration about what is sent: what it says twice or of something that is not there; applying it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from switchroom.config.place import Place
from switchroom.errors import InvalidInput, NotAllowed, quote
from switchroom.kernel.transaction import Transaction
from switchroom.outbound import campaigns, lists, notifying, templates
from switchroom.outbound.model import CampaignState
from switchroom.outbound.rendering import renderer

if TYPE_CHECKING:
    from switchroom.config.model import Configuration
    from switchroom.outbound.state import Outbound


def check(configuration: Configuration) -> None:
    """Raise `ConfigError` for the first mistake. Linear."""
    lines, queues = _ids("line", configuration.lines, False), _ids("queue", configuration.queues, False)
    flows = _ids("flow", configuration.flows, False)
    known_lists, known_templates = _ids("list", configuration.lists), _ids("template", configuration.templates)
    _ids("campaign", configuration.campaigns)
    _ids("trigger", configuration.triggers)
    for template in configuration.templates:
        try:
            renderer(template.text, template.engine)
        except InvalidInput as error:
            raise Place(table=f"template.{template.id}", key="text").wrong(error.message) from None
    for spec in configuration.campaigns:
        place = Place(table=f"campaign.{spec.id}")
        _need_all("list", spec.lists, known_lists, place.at("lists"))
        _need_all("line", spec.senders, lines, place.at("senders"))
        _need("template", spec.template, known_templates, place.at("template"))
        _need("queue", spec.queue, queues, place.at("queue"))
        _need("flow", spec.flow, flows, place.at("flow"))
    for trigger in configuration.triggers:
        place = Place(table=f"trigger.{trigger.id}").at("notice")
        _need("line", trigger.notice.line, lines, place.at("line"))
        _need("template", trigger.notice.template, known_templates, place.at("template"))


def _ids(kind: str, specs: Iterable[Any], once: bool = True) -> list[str]:
    found: list[str] = []
    for spec in specs:
        if once and spec.id in found:
            raise Place(table=f"{kind}.{spec.id}").wrong(f"{kind} {quote(spec.id)} is there twice")
        found.append(spec.id)
    return found


def _need(kind: str, name: str | None, known: Sequence[str], place: Place) -> None:
    if name is not None and name not in known:
        raise place.unknown(kind, name, known)


def _need_all(kind: str, names: Iterable[str], known: Sequence[str], place: Place) -> None:
    for number, name in enumerate(names):
        _need(kind, name, known, place.item(number))


# -- applying


def save(tx: Transaction, o: Outbound, configuration: Configuration) -> None:
    """Make and change what the configuration has; equal things stay as they are, and no campaign is started."""
    for template in configuration.templates:
        if o.templates.get(template.id) != template:
            templates.save(tx, o, template, ())
    for spec in configuration.lists:
        if o.lists.get(spec.id) is None or o.lists[spec.id].spec != spec:
            lists.save(tx, o, spec)
    for campaign in configuration.campaigns:
        known = o.campaigns.get(campaign.id)
        if known is not None and known.spec == campaign:
            continue
        if known is not None and known.state not in (CampaignState.DRAFT, CampaignState.PAUSED):
            raise NotAllowed("change", "campaign", campaign.id, known.state)
        campaigns.save(tx, o, campaign)
    for trigger in configuration.triggers:
        if o.triggers.get(trigger.id) != trigger:
            notifying.save_trigger(tx, o, trigger)


def parts_of(o: Outbound) -> dict[str, list[Any]]:
    """The specs that a center has, by the field of a configuration that holds them; by id."""
    return {
        "templates": [o.templates[id] for id in sorted(o.templates)],
        "lists": [o.lists[id].spec for id in sorted(o.lists)],
        "campaigns": [o.campaigns[id].spec for id in sorted(o.campaigns)],
        "triggers": [o.triggers[id] for id in sorted(o.triggers)],
    }
