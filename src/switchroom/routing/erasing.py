"""What erasing a person does to items: they go on, without what describes them."""

from __future__ import annotations

import attrs

from switchroom.kernel.vertical import Traces
from switchroom.routing.state import Routing


def forget(r: Routing, traces: Traces) -> None:
    """Blank the attributes of the person's items that are still known."""
    for id in sorted(traces.get("item", frozenset[str]())):
        item = r.items.get(id)
        if item is not None:
            item.work = attrs.evolve(item.work, attributes={})
            item.attributes = item.work.attributes
