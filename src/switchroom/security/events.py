"""What happens in security."""

from __future__ import annotations

from switchroom.kernel.events import event


@event("security.erased", tags=("contact",))
class Erased:
    """A person was erased: what the events with the tags in ``traces`` say about the person is blanked in memory now,
    and in the store by the effect ``effect``."""

    contact: str
    traces: tuple[str, ...]
    effect: str


@event("security.acted", tags=("chain", "principal", "contact"), personal=("arguments", "salt"))
class Acted:
    """An administrative act, as a link of a chain.

    ``digest`` is that of ``salt`` and ``arguments``, which erasure takes away together; ``seal`` covers everything
    else, and ``previous``, the seal before it. ``outcome``: done or denied. ``contact``: if it is about a person.
    """

    number: int
    principal: str
    operation: str
    subjects: tuple[str, ...]
    outcome: str
    arguments: str
    salt: str
    digest: str
    previous: str
    seal: str
    contact: str | None = None
    chain: str = "acts"
