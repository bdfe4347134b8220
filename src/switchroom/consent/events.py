"""What happens to consent. Addresses stand in the log as keyed digests only, so that suppression survives erasure."""

from __future__ import annotations

from switchroom.consent.model import ConsentRules
from switchroom.kernel.events import event


@event("consent.rules_saved")
class ConsentRulesSaved:
    """Quiet hours and caps were set."""

    rules: ConsentRules


@event("consent.opted_out", tags=("address=key",), personal=("words",))
class OptedOut:
    """Nothing of this scope is sent to the address any more. ``source``: keyword, provider, agent, link, import."""

    key: str
    scope: str
    source: str
    rule: str = ""
    words: str = ""
    message: str = ""


@event("consent.opted_in", tags=("address=key",), personal=("words",))
class OptedIn:
    """The suppression of this scope was lifted; this creates no consent."""

    key: str
    scope: str
    source: str
    rule: str = ""
    words: str = ""
    message: str = ""


@event("consent.given", tags=("address=key",), personal=("words",))
class ConsentGiven:
    """Somebody agreed to a purpose: how (form, keyword, call, paper) and in which words."""

    key: str
    purpose: str
    how: str
    words: str = ""


@event("consent.withdrawn", tags=("address=key",), personal=("words",))
class ConsentWithdrawn:
    key: str
    purpose: str
    how: str
    words: str = ""


@event("consent.marketing_held", tags=("address=key",))
class MarketingHeld:
    """A text was unclear: no marketing until a person has looked (``released`` ends it)."""

    key: str
    held: bool
    message: str = ""


@event("consent.listed", tags=("address=key", "list"), personal=("reason",))
class Listed:
    """The address was put on a do-not-contact list."""

    list: str
    key: str
    reason: str = ""


@event("consent.unlisted", tags=("address=key", "list"))
class Unlisted:
    list: str
    key: str


@event("consent.send_counted", tags=("address=key",))
class SendCounted:
    """A message that caps count has left for the address."""

    key: str
