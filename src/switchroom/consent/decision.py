"""What a text was found to mean. Apart from the policy, whose word lists take a while to load."""

from __future__ import annotations

from typing import Final, Literal

from attrs import frozen

Kind = Literal["opt_out", "opt_in", "help", "none", "review"]
Scope = Literal["category", "campaign", "sender_pool", "everything"]


@frozen
class Decision:
    """What a text means, and why.

    ``decision``: ``opt_out``, ``opt_in``, ``help``, ``none``, or ``review`` (hold marketing, let a person look).
    ``rule``: the name of the rule that decided. ``matched``: the words that it fits on, in normal form.
    ``scope``: how much an opt-out asks to end (opt-in: how much the policy's default scope is); ``None`` otherwise.
    ``language``: of the words, where known. It holds words of the person's: treat it as personal data.
    """

    decision: Kind
    rule: str
    matched: tuple[str, ...] = ()
    scope: Scope | None = None
    language: str | None = None

    @property
    def holds_marketing(self) -> bool:
        """Whether nothing but answers may be sent after this text."""
        return self.decision in ("opt_out", "review")


NONE: Final = Decision("none", "none")
