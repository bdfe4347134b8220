"""The matching core: who may serve what, whose turn it is, and nothing else.

Waiting work falls into *demand classes*, members with room into *supply classes*; a :class:`Relation` says which may
serve which. :class:`MatchIndex` answers both questions of a router: the best item for a member who came free, and the
best member for work that came in. The core knows items, members, classes, keys, features and lanes, and no word of the
business.
"""

from __future__ import annotations

from switchroom.matching.index import MatchIndex
from switchroom.matching.model import ItemId, Key, Lane, MemberId, OrderId, Relation, Stamp

__all__ = ["ItemId", "Key", "Lane", "MatchIndex", "MemberId", "OrderId", "Relation", "Stamp"]
