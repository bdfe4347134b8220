"""Which verticals a center has, and how a kernel is wired with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from random import Random
from typing import TYPE_CHECKING, cast

import attrs

from switchroom.conversations import desk
from switchroom.conversations.vertical import install as install_conversations
from switchroom.journeys import join
from switchroom.kernel.kernel import Kernel
from switchroom.kernel.transaction import IdSource
from switchroom.outbound import replies
from switchroom.outbound.vertical import install as install_outbound
from switchroom.routing.functions import Functions
from switchroom.routing.state import Target
from switchroom.routing.vertical import install as install_routing
from switchroom.security.vertical import install as install_security
from switchroom.workitems.vertical import install as install_workitems

if TYPE_CHECKING:
    from switchroom.consent.keywords import KeywordPolicy
    from switchroom.messaging.channels import Channel
    from switchroom.outbound.state import Sender


@attrs.define(kw_only=True)
class Wiring:
    """What the embedder brings, given to every kernel of a center alike: the live one and those that look back.

    ``zone``: where midnight is. ``functions`` and ``targets`` by name. ``keywords`` gives the policy when it is first
    needed. ``consent_secret`` keys the digests under which suppressed addresses are kept. ``channels`` by id.
    """

    zone: str
    functions: Functions
    targets: dict[str, Target]
    keywords: Callable[[], KeywordPolicy]
    consent_secret: bytes
    channels: dict[str, Channel]

    def kernel(self, ids: IdSource, random: Random) -> Kernel:
        """An empty kernel with every vertical, installed in a fixed order: it shows in the order of reactions."""
        kernel = Kernel(ids=ids, random=random)
        routing = install_routing(kernel, self.functions, self.zone, self.targets)
        c, flows = install_conversations(kernel, routing, self.keywords, self.consent_secret, self.channels)
        join(kernel, c, flows, install_workitems(kernel, routing))
        o = install_outbound(kernel, routing, c.consent, cast("Mapping[str, Sender]", c.lines), c.channel)
        c.answered, c.heard = partial(replies.answers, o), partial(replies.heard, o)
        c.outbound = o
        o.answer_in, o.close_in = partial(desk.answer_for, c), partial(desk.close_for, c)
        install_security(kernel)
        return kernel
