"""What erasing a person does here: what is open is closed, and nothing about the person stays in memory."""

from __future__ import annotations

from switchroom.conversations import desk
from switchroom.conversations.flow_state import Flows
from switchroom.conversations.records import OPEN
from switchroom.conversations.state import Conversations
from switchroom.kernel.transaction import Transaction
from switchroom.kernel.vertical import Traces

NOBODY: frozenset[str] = frozenset()


def withdraw(c: Conversations, tx: Transaction, traces: Traces) -> bool:
    """Close the person's open conversations."""
    found = [c.conversations[id] for id in sorted(traces.get("conversation", NOBODY)) if id in c.conversations]
    still = [record.id for record in found if record.state == OPEN]
    for id in still:
        desk.close(tx, c, id, "erased", None, None)
    return bool(still)


def forget(c: Conversations, f: Flows, traces: Traces) -> None:
    """Conversations and the contact leave memory. Suppression and consent stay, under keyed digests."""
    conversations = [id for id in sorted(traces.get("conversation", NOBODY)) if id in c.conversations]
    for id in conversations:
        c.evict(id)
    f.forget(conversations)
    for id in sorted(traces.get("message", NOBODY)):
        c.drop_message(id)
    for contact in traces.get("contact", NOBODY):
        c.contacts.pop(contact, None)
        for key in [key for key, owner in c.contact_of.items() if owner == contact]:
            del c.contact_of[key]
