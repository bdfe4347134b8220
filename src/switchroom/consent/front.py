"""``center.consent``: each method is one operation.

Every method that changes something takes ``command_id``: the same id again gets the first answer.
"""

from __future__ import annotations

from collections.abc import Iterable

from switchroom.consent import state as consent_ops
from switchroom.consent.model import EVERYTHING, ConsentRules
from switchroom.consent.state import Consent
from switchroom.kernel.transaction import Transaction
from switchroom.kernel.vertical import Access, VerticalRunner
from switchroom.messaging.addresses import Address


class ConsentFront:
    """Who must not be written to, and who has agreed to what."""

    def __init__(self, runner: VerticalRunner) -> None:
        access: Access[Consent] = Access(runner, "consent")
        self._run = access.run
        self._look = access.look

    def opt_out(
        self, address: Address, *, scope: str = EVERYTHING, source: str = "agent", command_id: str | None = None
    ) -> bool:
        """Record that nothing (of this scope) may be sent there any more. Returns whether that is new."""
        return self._run(_opt_out, address, scope, source, command_id=command_id)

    def opt_in(
        self, address: Address, *, scope: str = EVERYTHING, source: str = "agent", command_id: str | None = None
    ) -> bool:
        """Lift a suppression of this scope; creates no consent. Returns whether there was one."""
        return self._run(_opt_in, address, scope, source, command_id=command_id)

    def give(self, address: Address, purpose: str, *, how: str, words: str = "", command_id: str | None = None) -> None:
        """Record that somebody agreed to a purpose: how, and in which words."""
        self._run(_give, address, purpose, how, words, command_id=command_id)

    def withdraw(
        self, address: Address, purpose: str, *, how: str, words: str = "", command_id: str | None = None
    ) -> None:
        """Record that an agreement was taken back."""
        self._run(_withdraw, address, purpose, how, words, command_id=command_id)

    def release_marketing(self, address: Address, *, command_id: str | None = None) -> None:
        """A person has looked at an unclear text: marketing is held no more."""
        self._run(_release, address, command_id=command_id)

    def add_to_list(
        self, name: str, addresses: Iterable[Address], *, reason: str = "", command_id: str | None = None
    ) -> None:
        """Put addresses on a do-not-contact list."""
        self._run(_list, name, tuple(addresses), reason, command_id=command_id)

    def remove_from_list(self, name: str, addresses: Iterable[Address], *, command_id: str | None = None) -> None:
        """Take addresses off a do-not-contact list."""
        self._run(_unlist, name, tuple(addresses), command_id=command_id)

    def set_rules(self, rules: ConsentRules, *, command_id: str | None = None) -> None:
        """Set quiet hours and caps."""
        self._run(_rules, rules, command_id=command_id)

    def opted_out(self, address: Address) -> tuple[str, ...]:
        """The scopes in which an address is suppressed."""
        return self._look(lambda c: tuple(sorted(_scopes(c, address))))

    def consented(self, address: Address, purpose: str) -> bool:
        """Whether an address has agreed to a purpose."""
        return self._look(lambda c: c.consented(_keys(c, address), purpose))


def _keys(c: Consent, address: Address) -> tuple[str, ...]:
    return c.digests(address.suppression_keys)


def _scopes(c: Consent, address: Address) -> set[str]:
    return {scope for key in _keys(c, address) for scope in c.suppressed.get(key, ())}


def _opt_out(tx: Transaction, c: Consent, address: Address, scope: str, source: str) -> bool:
    return consent_ops.opt_out(tx, c, _keys(c, address), scope, source)


def _opt_in(tx: Transaction, c: Consent, address: Address, scope: str, source: str) -> bool:
    return consent_ops.opt_in(tx, c, _keys(c, address), (scope,), source)


def _give(tx: Transaction, c: Consent, address: Address, purpose: str, how: str, words: str) -> None:
    consent_ops.give(tx, c, _keys(c, address), purpose, how, words)


def _withdraw(tx: Transaction, c: Consent, address: Address, purpose: str, how: str, words: str) -> None:
    consent_ops.withdraw(tx, c, _keys(c, address), purpose, how, words)


def _release(tx: Transaction, c: Consent, address: Address) -> None:
    consent_ops.hold_marketing(tx, c, _keys(c, address), False, "")


def _list(tx: Transaction, c: Consent, name: str, addresses: tuple[Address, ...], reason: str) -> None:
    for address in addresses:
        consent_ops.list_address(tx, c, name, _keys(c, address), reason)


def _unlist(tx: Transaction, c: Consent, name: str, addresses: tuple[Address, ...]) -> None:
    for address in addresses:
        consent_ops.unlist_address(tx, c, name, _keys(c, address))


def _rules(tx: Transaction, c: Consent, rules: ConsentRules) -> None:
    consent_ops.save_rules(tx, c, rules)
