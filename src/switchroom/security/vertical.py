"""Wires security into a kernel that has everything else: erasure asks each of the others to forget."""

from __future__ import annotations

from functools import partial

from switchroom.kernel.keeping import Keeper
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.vertical import Vertical
from switchroom.security.audit import Audit
from switchroom.security.erasure import erased
from switchroom.security.events import Acted, Erased


def install(kernel: Kernel) -> Audit:
    """Register security with a kernel."""
    audit = Audit()
    kernel.appliers[Erased] = partial(erased, kernel)
    kernel.appliers[Acted] = audit.acted
    kept = Keeper(audit)
    kernel.add(
        Vertical(
            name="security",
            state=audit,
            check=audit.check,
            dump=audit.dump,
            used=audit.used,
            save=kept.save,
            load=kept.load,
            layout=kept.layout,
        )
    )
    return audit
