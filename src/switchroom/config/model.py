"""A configuration: all that a contact center is set up with, as one value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from switchroom.config import applying, links, outbound_links, talk_links, work_links
from switchroom.config.place import Place
from switchroom.consent.model import DoNotContact
from switchroom.conversations.classification import Classifier
from switchroom.conversations.flow_model import Flow
from switchroom.conversations.model import CannedResponse, Line
from switchroom.conversations.quality_model import EvaluationForm
from switchroom.errors import InvalidInput
from switchroom.outbound.list_model import ContactList
from switchroom.outbound.model import Campaign, MessageTemplate
from switchroom.outbound.notice_model import NoticeTrigger
from switchroom.routing.hours import zone_named
from switchroom.routing.intake_model import Intake
from switchroom.routing.model import Agent, Team
from switchroom.routing.queue_model import Queue
from switchroom.simulation.behaviours import Behaviour, Shift
from switchroom.workitems.model import Calendar, Workbin, Worktype
from switchroom.workitems.source_model import Distribution, Source

if TYPE_CHECKING:
    from switchroom.center import ContactCenter
    from switchroom.clock import Clock
    from switchroom.storage.protocol import LogStorage

T = TypeVar("T")


def _to_tuple(value: Iterable[T]) -> tuple[T, ...]:
    return tuple(value)


def _to_queues(value: Iterable[Queue]) -> tuple[Queue, ...]:
    return _to_tuple(value)


def _to_agents(value: Iterable[Agent]) -> tuple[Agent, ...]:
    return _to_tuple(value)


def _to_teams(value: Iterable[Team]) -> tuple[Team, ...]:
    return _to_tuple(value)


def _to_intakes(value: Iterable[Intake]) -> tuple[Intake, ...]:
    return _to_tuple(value)


def _to_lines(value: Iterable[Line]) -> tuple[Line, ...]:
    return _to_tuple(value)


def _to_classifiers(value: Iterable[Classifier]) -> tuple[Classifier, ...]:
    return _to_tuple(value)


def _to_flows(value: Iterable[Flow]) -> tuple[Flow, ...]:
    return _to_tuple(value)


def _to_canned(value: Iterable[CannedResponse]) -> tuple[CannedResponse, ...]:
    return _to_tuple(value)


def _to_forms(value: Iterable[EvaluationForm]) -> tuple[EvaluationForm, ...]:
    return _to_tuple(value)


def _to_lists(value: Iterable[DoNotContact]) -> tuple[DoNotContact, ...]:
    return _to_tuple(value)


def _to_calendars(value: Iterable[Calendar]) -> tuple[Calendar, ...]:
    return _to_tuple(value)


def _to_workbins(value: Iterable[Workbin]) -> tuple[Workbin, ...]:
    return _to_tuple(value)


def _to_distributions(value: Iterable[Distribution]) -> tuple[Distribution, ...]:
    return _to_tuple(value)


def _to_worktypes(value: Iterable[Worktype]) -> tuple[Worktype, ...]:
    return _to_tuple(value)


def _to_sources(value: Iterable[Source]) -> tuple[Source, ...]:
    return _to_tuple(value)


def _to_templates(value: Iterable[MessageTemplate]) -> tuple[MessageTemplate, ...]:
    return _to_tuple(value)


def _to_contact_lists(value: Iterable[ContactList]) -> tuple[ContactList, ...]:
    return _to_tuple(value)


def _to_campaigns(value: Iterable[Campaign]) -> tuple[Campaign, ...]:
    return _to_tuple(value)


def _to_triggers(value: Iterable[NoticeTrigger]) -> tuple[NoticeTrigger, ...]:
    return _to_tuple(value)


def _to_shifts(value: Iterable[Shift]) -> tuple[Shift, ...]:
    return _to_tuple(value)


def _to_behaviours(value: Iterable[Behaviour]) -> tuple[Behaviour, ...]:
    return _to_tuple(value)


@attrs.frozen(kw_only=True)
class Configuration:
    """Queues, agents, teams, intake rules; lines, classifiers, flows, canned responses, evaluation forms,
    do-not-contact lists; calendars, workbins, distributions, worktypes, sources; message templates, contact lists
    (without their contacts), campaigns (as drafts), triggers of notifications; ``zone``: where midnight is; shifts
    and behaviours for simulations.

    Checked as a whole when it is made. Raises `ConfigError`, which names table and key, for an id that is there twice,
    a reference to nothing, a circle of overflows or more than five in a row, an unknown time zone.

    >>> from switchroom import Agent, Queue
    >>> Configuration(queues=[Queue("sales", overflow="sail")])
    Traceback (most recent call last):
    switchroom.errors.ConfigError: queue.sales.overflow: unknown queue 'sail', did you mean 'sales'?
    """

    queues: tuple[Queue, ...] = attrs.field(default=(), converter=_to_queues)
    agents: tuple[Agent, ...] = attrs.field(default=(), converter=_to_agents)
    teams: tuple[Team, ...] = attrs.field(default=(), converter=_to_teams)
    intakes: tuple[Intake, ...] = attrs.field(default=(), converter=_to_intakes)
    lines: tuple[Line, ...] = attrs.field(default=(), converter=_to_lines)
    classifiers: tuple[Classifier, ...] = attrs.field(default=(), converter=_to_classifiers)
    flows: tuple[Flow, ...] = attrs.field(default=(), converter=_to_flows)
    canned: tuple[CannedResponse, ...] = attrs.field(default=(), converter=_to_canned)
    forms: tuple[EvaluationForm, ...] = attrs.field(default=(), converter=_to_forms)
    dnc: tuple[DoNotContact, ...] = attrs.field(default=(), converter=_to_lists)
    calendars: tuple[Calendar, ...] = attrs.field(default=(), converter=_to_calendars)
    workbins: tuple[Workbin, ...] = attrs.field(default=(), converter=_to_workbins)
    distributions: tuple[Distribution, ...] = attrs.field(default=(), converter=_to_distributions)
    worktypes: tuple[Worktype, ...] = attrs.field(default=(), converter=_to_worktypes)
    sources: tuple[Source, ...] = attrs.field(default=(), converter=_to_sources)
    templates: tuple[MessageTemplate, ...] = attrs.field(default=(), converter=_to_templates)
    lists: tuple[ContactList, ...] = attrs.field(default=(), converter=_to_contact_lists)
    campaigns: tuple[Campaign, ...] = attrs.field(default=(), converter=_to_campaigns)
    triggers: tuple[NoticeTrigger, ...] = attrs.field(default=(), converter=_to_triggers)
    zone: str = "UTC"
    shifts: tuple[Shift, ...] = attrs.field(default=(), converter=_to_shifts)
    behaviours: tuple[Behaviour, ...] = attrs.field(default=(), converter=_to_behaviours)

    def __attrs_post_init__(self) -> None:
        try:
            zone_named(self.zone)
        except InvalidInput as error:
            raise Place(key="zone").wrong(error.message.partition(": ")[2]) from None
        links.check(
            links.Linked(self.queues, self.agents, self.teams, self.intakes, self.lines, self.shifts, self.behaviours)
        )
        talk_links.check(self)
        work_links.check(self)
        outbound_links.check(self)

    def apply(
        self,
        center: ContactCenter,
        *,
        remove: bool = False,
        move: Mapping[str, str] | None = None,
        command_id: str | None = None,
    ) -> None:
        """Add to a running center what it does not have, and change what it has otherwise; equal things stay as they
        are. Refused as a whole, with nothing changed, if anything in it is wrong.

        Work that waits is placed anew under changed settings; work in hand and offers that still fit stay. ``remove``:
        what the center has besides goes, too: a queue only if it is empty, unless ``move`` says for its id which queue
        takes the work that waits in it; an agent only without work in hand. What else there is stays: lines, intake
        rules, and what work goes by.

        Raises `ConfigError` naming table and key for what does not fit the center: functions that it does not have, a
        zone that is not its own, an address that another line has, queues and agents that hold work. Linear.
        """
        rest = (center.zone, remove, dict(move or {}))
        center.run_on("conversations", applying.apply, self, *rest, command_id=command_id)

    @classmethod
    def of(cls, center: ContactCenter) -> Configuration:
        """What a running center has now, to compare with `diff` or to write with `dump`. Linear. But for do-not-contact
        lists: a center keeps digests of their addresses only.

        Raises `ConfigError` if agents name teams that the center does not have, which it allows.

        >>> from switchroom import ContactCenter, ManualClock, Queue
        >>> center = ContactCenter(clock=ManualClock())
        >>> center.queues.add(Queue("sales"))
        >>> Configuration.of(center) == Configuration(queues=[Queue("sales")])
        True
        """
        parts: dict[str, Any] = center.look_on("conversations", applying.parts_of)
        return cls(zone=center.zone, **parts)

    def build(
        self,
        *,
        clock: Clock | None = None,
        seed: int | None = None,
        storage: LogStorage | None = None,
        functions: dict[str, Callable[..., Any]] | None = None,
    ) -> ContactCenter:
        """A center with this configuration; the arguments are those of `ContactCenter`."""
        from switchroom.center import ContactCenter

        center = ContactCenter(clock=clock, seed=seed, storage=storage, zone=self.zone, functions=functions)
        self.apply(center)
        return center
