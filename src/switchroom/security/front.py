"""``center.privacy`` and ``center.audit``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from switchroom.errors import BusyError, InvalidInput
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.records import Record
from switchroom.kernel.vertical import Access, VerticalRunner
from switchroom.security import erasure
from switchroom.security.audit import Audit, AuditReport, verify_audit
from switchroom.storage.protocol import ErasureStorage

if TYPE_CHECKING:
    from switchroom.effects import Effects
    from switchroom.journal import Journal
    from switchroom.outbound.front import ListsFront

MAX_STEPS = 10
"""Ending what is open about a person may lead to more that is open; not for ever."""


class PrivacyRunner(VerticalRunner, Protocol):
    """What erasure needs of the center."""

    journal: Journal


class PrivacyFront:
    """Erasing a person."""

    def __init__(self, runner: PrivacyRunner, effects: Effects, lists: ListsFront) -> None:
        access: Access[Kernel] = Access(runner, "kernel")
        self._run = access.run
        self._journal = runner.journal
        self._effects = effects
        self._lists = lists
        effects.register(erasure.REDACT, lambda effect: erasure.redact(self._journal.storage, effect.body))

    def erase(self, contact: str) -> bool:
        """Erase a person: everything that the log, the snapshot, the contact lists and the memory say about a contact,
        its addresses, conversations, messages, items and consents' words.

        Open conversations are closed and messages under way withdrawn before. Positions, instants, types and ids stay,
        so every count and report does, and replay; suppression stays under its keyed digest. Returns whether the store
        is redacted already; otherwise (it failed, or an edge has not stored this yet) ``effects.deliver`` does it.
        Copies of the store and backups are yours to see to. Erasing again changes nothing. Raises UnknownId if the
        log says nothing about the contact. Linear in what it says.
        """
        if not isinstance(self._journal.storage, ErasureStorage):
            raise InvalidInput("storage", "no_erasure", hint="this store cannot redact")
        addresses = erasure.addresses_of(self._read, contact)
        for name in self._lists.ids() if addresses else ():
            self._lists.remove(name, addresses)
        for _ in range(MAX_STEPS):
            traces = erasure.trace(self._read, contact)
            effect = self._run(erasure.erase, contact, traces)
            if effect is not None:
                self._effects.deliver_this(effect)
                return all(pending.id != effect for pending in self._effects.pending())
        raise BusyError("the contact's work goes on while it is erased: try again")

    def _read(self, tag: str) -> Iterator[Record]:
        unstored = (record for record in self._journal.unstored_records() if tag in record.tags)
        return chain(self._journal.storage.read(tag=tag), unstored)


class AuditFront:
    """What was done by whom."""

    def __init__(self, runner: PrivacyRunner) -> None:
        access: Access[Audit] = Access(runner, "security")
        self._look = access.look
        self._journal = runner.journal

    def acts(self) -> Iterator[Record]:
        """The administrative acts, oldest first; each record's ``event`` says who, what and about what."""
        return self._journal.storage.read(tag="chain:acts")

    def head(self) -> str:
        """The seal of the latest act: keep it elsewhere, and the check finds a chain cut short."""
        return self._look(lambda audit: audit.head)

    def verify(self, *, head: str | None = None) -> AuditReport:
        """Check the whole chain, up to a head noted earlier if one is given. Linear in the acts."""
        return verify_audit(self.acts(), head=head)
