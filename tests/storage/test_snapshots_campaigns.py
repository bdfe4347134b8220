"""A campaign goes on from a snapshot as if nothing had been: sends, retries, replies, pauses."""

from __future__ import annotations

from typing import Any

from outbound.office import LINES, Office, someone
from switchroom import snapshots
from switchroom.messaging.addresses import Address
from switchroom.storage.protocol import Snapshot
from switchroom.transport.memory import Faults


def swap(center: Any) -> None:
    """Replace the center's state by what its snapshot gives."""
    before = center.dump()
    payload = snapshots.take(center._kernel, True)
    kernel, _ = center.fresh()
    assert snapshots.restore(kernel, Snapshot(0, snapshots.version(kernel), payload))
    kernel.end = center.journal.end
    center.journal._use(kernel)
    assert center.dump() == before
    assert snapshots.take(kernel, True) == payload
    center.check()


def season(swapping: bool) -> Office:
    faults = Faults(transient=0.2, permanent=0.05, lost_reports=0.2, undelivered=0.1, late="20s")
    office = Office(faults=faults)
    office.fill(count=30)
    office.campaign(per_minute=5, attempts=3)
    office.center.campaigns.start("spring")
    for n in range(24):
        office.work()
        if swapping:
            swap(office.center)
        office.center.advance("20s")
        if n % 7 == 3:
            office.center.conversations.receive(
                to=Address("sms", LINES["main"]), sender=someone(n), content="yes please", provider_id=f"in-{n}"
            )
        if n == 10:
            office.center.campaigns.pause("spring")
            office.center.campaigns.resume("spring")
    return office


def test_going_on_from_a_snapshot_is_going_on_with_campaigns() -> None:
    """The same log, whether the state was replaced by its snapshot after every step or not."""
    alone, swapped = season(False), season(True)
    assert list(swapped.storage.read()) == list(alone.storage.read())
    assert swapped.center.campaigns.progress("spring").processed > 20
