"""ContactCenter: the blocking edge, with a front for each noun."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from switchroom.clock import Clock, SystemClock
from switchroom.consent.front import ConsentFront
from switchroom.consent.state import DEFAULT_PEPPER
from switchroom.conversations.flow_front import CannedFront, FlowsFront, QualityFront
from switchroom.conversations.front import ConversationsFront
from switchroom.durations import DurationLike, duration_micros
from switchroom.effects import Effects
from switchroom.engine import Engine
from switchroom.errors import DuplicateId, InvalidInput
from switchroom.ids import valid_id
from switchroom.journal import Journal
from switchroom.kernel.transaction import IdSource
from switchroom.messaging.channels import CHANNELS, Channel
from switchroom.outbound.front import CampaignsFront, ListsFront
from switchroom.outbound.notice_front import NotifyFront, TemplatesFront
from switchroom.outbound.stepping import STEP
from switchroom.reporting.front import ReportsFront
from switchroom.routing.front import AgentsFront, AssignmentsFront, OffersFront, QueuesFront
from switchroom.routing.functions import Functions
from switchroom.routing.hours import zone_named
from switchroom.routing.insight_front import InsightFront
from switchroom.routing.state import Target
from switchroom.security.front import AuditFront, PrivacyFront
from switchroom.security.gate import ADMINISTRATIVE, Authorize, Gate
from switchroom.security.principals import ACTING
from switchroom.storage.memory import MemoryStorage
from switchroom.storage.protocol import LogStorage
from switchroom.tenure import Tenure
from switchroom.wiring import Wiring
from switchroom.workitems.front import WorkbinsFront, WorktypesFront
from switchroom.workitems.sources import SourcesFront
from switchroom.workscreen import WorkDesk

if TYPE_CHECKING:
    from switchroom.consent.keywords import KeywordPolicy

SNAPSHOT_EVERY = 100_000
"""Records between two snapshots: replaying so many takes about as long as opening a large snapshot."""


LEASE = "10s"
"""How long nobody writes after a writer died at worst: long enough for a process that pauses, short enough for those
who wait."""

ROLES = ("writer", "standby", "follower")


class ContactCenter(Engine):
    """A contact center in this process.

    ``clock``: ``SystemClock()`` unless given; a ``ManualClock`` puts time under your control (``advance``).
    ``storage``: where the log lives, in memory unless given; a log that is not empty is replayed. ``seed`` fixes ids
    and randomness, so that the same inputs give the same log, byte for byte; None takes both from the system.
    ``zone``: where midnight is. ``functions``: the embedder's scorers and orderings by name. ``snapshot_every``: after
    so many records a snapshot is kept in a store that can (None: never); opening needs only what came after it.
    Taking one stops the center for some 7 ms for every thousand open items.

    ``channels``: what channels of yours carry and allow, or what you know better of the known ones
    (`switchroom.messaging.channels`); a channel that nobody describes carries plain text.

    ``role``: several processes on one log are safe as ``writer``, but get in each other's way. As ``standby`` the one
    that holds the store's lease writes, and the others follow the log and take over when it lapses, ``lease`` after
    the writer was heard of last (every process of the log is to be one). A ``follower`` never writes: its operations
    raise NotTheWriter, its views show what the log tells. ``name`` is this process in the lease.

    ``authorize``: asked before every operation, see `acting_as`; everything is allowed without it. ``audited``:
    patterns of the operations that are audited when a principal does them.

    Thread-safe. Every operation is atomic: it is refused and leaves no trace, or it is in the log when it returns.

    >>> from switchroom import Agent, ContactCenter, ManualClock, Queue, WorkItem
    >>> center = ContactCenter(clock=ManualClock(), seed=1)
    >>> center.queues.add(Queue("sales"))
    >>> center.agents.add(Agent("ana", queues=["sales"]))
    >>> _ = center.agents.sign_in("ana")
    >>> item = center.work.submit(WorkItem(queue="sales"))
    >>> center.offers.of_item(item)[0].agent
    'ana'
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        storage: LogStorage | None = None,
        seed: int | None = None,
        zone: str = "UTC",
        functions: dict[str, Callable[..., Any]] | None = None,
        ids: IdSource | None = None,
        keywords: KeywordPolicy | None = None,
        consent_secret: bytes = DEFAULT_PEPPER,
        channels: Iterable[Channel] = (),
        snapshot_every: int | None = SNAPSHOT_EVERY,
        role: Literal["writer", "standby", "follower"] = "writer",
        lease: DurationLike = LEASE,
        name: str = "",
        authorize: Authorize | None = None,
        audited: Iterable[str] = ADMINISTRATIVE,
    ) -> None:
        clock = SystemClock() if clock is None else clock
        self._targets: dict[str, Target] = {}
        self._keywords = keywords
        wiring = Wiring(
            zone=zone_named(zone).key,
            functions=_functions(functions or {}),
            targets=self._targets,
            keywords=self._keyword_policy,
            consent_secret=consent_secret,
            channels={**CHANNELS, **{channel.id: channel for channel in channels}},
        )
        store = MemoryStorage() if storage is None else storage
        tenure = _tenure(role, store, lease, name)
        journal = Journal(store, wiring, clock=clock, seed=seed, ids=ids, snapshot_every=snapshot_every, tenure=tenure)
        super().__init__(journal, clock, wiring.zone)
        self.gate = None if authorize is None else Gate(self, authorize, audited)
        self.queues = QueuesFront(self)
        self.agents = AgentsFront(self)
        self.reports = ReportsFront(self, journal.storage.read, _limited_to)
        self.work = WorkDesk(self, clock, journal.storage.read, self.reports)
        self.offers = OffersFront(self)
        self.assignments = AssignmentsFront(self)
        self.insight = InsightFront(self)
        self.effects = Effects(self)
        self.worktypes = WorktypesFront(self)
        self.workbins = WorkbinsFront(self, clock)
        self.sources = SourcesFront(self, self.effects)
        self.conversations = ConversationsFront(self)
        self.lists = ListsFront(self)
        self.campaigns = CampaignsFront(self)
        self.notify = NotifyFront(self)
        self.templates = TemplatesFront(self, self._keyword_policy)
        self.effects.register(STEP, self.campaigns.pump.step)
        self.consent = ConsentFront(self)
        self.flows = FlowsFront(self)
        self.privacy = PrivacyFront(self, self.effects, self.lists)
        self.audit = AuditFront(self)
        self.canned = CannedFront(self)
        self.quality = QualityFront(self)

    def _keyword_policy(self) -> KeywordPolicy:
        if self._keywords is None:
            from switchroom.consent.keywords import KeywordPolicy

            self._keywords = KeywordPolicy()
        return self._keywords

    def register_target(self, kind: str, target: Target) -> None:
        """Let items be put into something outside routing, as ``kind:NAME``: a workbin, a flow, a system of yours."""
        valid_id(kind, "kind")
        if kind in self._targets:
            raise DuplicateId("target", kind)
        self._targets[kind] = target

    def close(self) -> None:
        """Keep a snapshot, if anything happened since the last one, and close the store. Closing again is allowed."""
        self.journal.close()

    def __enter__(self) -> ContactCenter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _tenure(role: str, storage: LogStorage, lease: DurationLike, name: str) -> Tenure | None:
    """Who may write; None is everybody."""
    if role not in ROLES:
        raise InvalidInput("role", "unknown", role, hint=f"one of {', '.join(ROLES)}")
    if role == "writer":
        return None
    return Tenure(storage, duration_micros(lease, field="lease") if role == "standby" else None, name)


def _functions(given: dict[str, Callable[..., Any]]) -> Functions:
    functions = Functions()
    for name, function in given.items():
        functions.register(name, function)
    return functions


def _limited_to() -> tuple[str, frozenset[str]] | None:
    """Who acts and may see some divisions only."""
    principal = ACTING.get()
    return None if principal is None or principal.divisions is None else (principal.id, principal.divisions)
