"""The keys of providers' ids in the tables of messages."""

from __future__ import annotations

from switchroom.consent.state import Consent
from switchroom.outbound.keytable import short_key


def provider_key(consent: Consent, channel: str, provider_id: str) -> int:
    """The key of an id that the provider of a channel gave: each channel counts for itself."""
    return short_key(consent.digest(f"{channel}:{provider_id}"))
