"""The keys of providers' ids in the tables of messages."""

from __future__ import annotations

from hashlib import blake2b


def provider_key(channel: str, provider_id: str) -> int:
    """The key of an id that the provider of a channel gave: each channel counts for itself."""
    return int.from_bytes(blake2b(f"{channel}:{provider_id}".encode(), digest_size=8).digest(), "big")
