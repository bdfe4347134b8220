"""What erasing a person does to work: it goes on, without what describes the person."""

from __future__ import annotations

from switchroom.kernel.vertical import Traces
from switchroom.workitems.state import WorkItems


def forget(w: WorkItems, traces: Traces) -> None:
    """Blank the attributes and links of the person's work that is still known."""
    for id in sorted(traces.get("work", frozenset[str]())):
        work = w.works.get(id)
        if work is not None:
            bin = w.lift(work)
            work.attributes, work.links = {}, ()
            w.lay(work, bin)
