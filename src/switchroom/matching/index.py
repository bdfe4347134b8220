"""The matching index: the best item for a member, and the best member for an item."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from switchroom.errors import DuplicateId, UnknownId
from switchroom.matching._kinship import Kinship
from switchroom.matching._lines import Line
from switchroom.matching._nodes import ASKED, CUT_FROM, GONE, PATIENCE, SHIFT_LIMIT, DemandNode, SupplyNode
from switchroom.matching._pools import WIDE, Lowered, Place, WidePool, getter_of, places_of
from switchroom.matching._tokens import (
    ARRIVAL_BITS,
    EMPTY,
    HANDLE_BITS,
    HANDLE_MASK,
    LOW_BITS,
    SLOT_MASK,
    base_of,
    key_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from switchroom.matching.model import ItemId, Key, Lane, MemberId, OrderId, Relation, Stamp

SPARE_LINES: Final = 64
"""Orders in which nobody stands are forgotten when there are this many more than at the last look."""


class MatchIndex:
    """Waiting items in classes of demand, present members in classes of supply, and who may serve whom.

    ``entered`` gives (instant of entry in µs, a tie-breaker) of a waiting item; it is asked only when heads of unlike
    families of one place compete.

    Costs: entering, leaving and re-keying an item are O(log n) in the size of its class, and O(1) at both its ends;
    :meth:`next_item` is linear in the number of classes that the supply may serve (in C; less for more than 300);
    :meth:`best_member` likewise in the number of supply classes that may serve the demand; the birth of a class costs
    one question to the relation for each class of the other side that has the features.

    Nothing depends on hashing order, except the order in which :meth:`able` names members.
    """

    def __init__(self, relation: Relation, entered: Callable[[ItemId], tuple[int, int]]) -> None:
        self._entered = entered
        self._kin = kin = Kinship(relation)
        # The same objects under a shorter way, for the hot paths:
        self._demands = kin.demands
        self._supplies = kin.supplies
        self._heads = kin.heads
        self._by_slot = kin.by_slot
        self._ids = kin.ids.names
        self._free = kin.ids.free
        self._tokens: dict[ItemId, int] = {}
        self._lowered: Lowered | None = None
        self._members: dict[MemberId, tuple[SupplyNode, tuple[Line, ...]]] = {}
        self._lines: dict[OrderId, Line] = {}
        self._look_at_lines = SPARE_LINES

    # -- waiting items ------------------------------------------------------------------------------------------

    def enter(self, item: ItemId, demand: Hashable, key: Key) -> bool:
        """An item begins to wait in a demand class, which is born on its first use; whether it is the only one there.

        Refuses an item that waits already (DuplicateId) and a key out of bounds (InvalidInput).
        """
        tier, score, arrival = key
        if tier or (score | arrival) >> ARRIVAL_BITS:
            base = base_of(key)
        else:  # the common form, by the shortest way: both fit their fields and are not negative
            base = (score << ARRIVAL_BITS) + arrival
        try:
            node = self._demands[demand]
        except KeyError:
            node = self._kin.bear_demand(demand)
        handle = self._free.pop() if self._free else self._kin.ids.new()
        token = (base << LOW_BITS) + node.low + handle
        if self._tokens.setdefault(item, token) is not token:
            self._free.append(handle)
            raise DuplicateId("item", item)
        self._ids[handle] = item
        run = node.run
        if run and token > run[-1]:  # at the end of a class that has a head: nothing else changes
            run.append(token)
            return False
        return self._put(node, token)

    def _put(self, node: DemandNode, token: int) -> bool:
        """Put a token into its class; whether it is the only one there."""
        run = node.run
        alone = False
        if run:
            start = node.start
            place = bisect_left(run, token, start)
            if len(run) - place > SHIFT_LIMIT:
                node.add(token)
            else:
                run.insert(place, token)
            if place != start:
                return False
        else:
            alone = node.long is None
            if node.awake:
                node.patience = PATIENCE
            else:
                self._kin.wake(node)
            node.add(token)
        heads = self._heads
        slot = node.slot
        if token < heads[slot]:
            heads[slot] = token
            if self._lowered is not None:
                self._lowered.add(slot)
        return alone

    def leave(self, item: ItemId) -> None:
        """An item waits no longer; refuses one that does not wait (UnknownId)."""
        try:
            token = self._tokens.pop(item)
        except KeyError:
            raise UnknownId("item", item) from None
        slot = token >> HANDLE_BITS & SLOT_MASK
        node = self._by_slot[slot]
        run = node.run
        start = node.start + 1
        if (
            start < len(run)
            and run[start - 1] is token
            and not node.dead
            and (start < CUT_FROM or start << 3 <= len(run))
        ):
            # the head, by the shortest way
            self._free.append(token & HANDLE_MASK)
            self._heads[slot] = run[start]
            node.start = start
        else:
            self._take(node, token)

    def _take(self, node: DemandNode, token: int) -> None:
        heads = self._heads
        if heads[node.slot] == token:
            heads[node.slot] = node.drop_head()
        else:
            self._ids[token & HANDLE_MASK] = GONE
            node.remove(token)

    def rekey(self, item: ItemId, key: Key) -> None:
        """The item stands elsewhere among its class; refuses as :meth:`enter` and :meth:`leave` do."""
        token = self._token(item)
        self._replace(item, token, self._by_slot[token >> HANDLE_BITS & SLOT_MASK], base_of(key))

    def move(self, item: ItemId, demand: Hashable, key: Key | None = None) -> None:
        """The item goes to another demand class, with its key or a new one."""
        token = self._token(item)
        base = token >> LOW_BITS if key is None else base_of(key)
        node = self._demands.get(demand)
        if node is None:
            node = self._kin.bear_demand(demand)
        self._replace(item, token, node, base)

    def _replace(self, item: ItemId, old: int, node: DemandNode, base: int) -> None:
        handle = self._free.pop() if self._free else self._kin.ids.new()
        self._ids[handle] = item
        self._take(self._by_slot[old >> HANDLE_BITS & SLOT_MASK], old)
        self._tokens[item] = token = base << LOW_BITS | node.low | handle
        self._put(node, token)

    def _token(self, item: ItemId) -> int:
        try:
            return self._tokens[item]
        except KeyError:
            raise UnknownId("item", item) from None

    def __contains__(self, item: object) -> bool:
        return item in self._tokens

    def __len__(self) -> int:
        return len(self._tokens)

    def demand_of(self, item: ItemId) -> Hashable:
        """The demand class of a waiting item. O(1)."""
        return self._by_slot[self._token(item) >> HANDLE_BITS & SLOT_MASK].key

    def key_of(self, item: ItemId) -> Key:
        """The key of a waiting item. O(1)."""
        return key_of(self._token(item))

    def rank(self, item: ItemId) -> int:
        """How many of its class stand before it, so 0 for the head. O(log n)."""
        token = self._token(item)
        return self._by_slot[token >> HANDLE_BITS & SLOT_MASK].below(token)

    def ahead(self, demand: Hashable, key: Key) -> int:
        """How many items of a class sort before this key; 0 for a class that does not exist. O(log n)."""
        node = self._demands.get(demand)
        return 0 if node is None else node.below(base_of(key) << LOW_BITS)

    def size(self, demand: Hashable) -> int:
        """How many items of a class wait. O(1)."""
        node = self._demands.get(demand)
        return 0 if node is None else len(node)

    def items(self, demand: Hashable) -> Iterator[ItemId]:
        """The items of a class in their order; do not change the class while reading."""
        node = self._demands.get(demand)
        ids = self._ids
        return iter(()) if node is None else (ids[token & HANDLE_MASK] for token in node.tokens())

    def demands(self) -> Iterable[Hashable]:
        """The demand classes in which something waits, in order of birth."""
        return [demand for demand, node in self._demands.items() if node]

    # -- present members ----------------------------------------------------------------------------------------

    def arrive(self, member: MemberId, supply: Hashable, stamps: tuple[tuple[OrderId, Stamp], ...]) -> None:
        """A member has room and can be chosen, in each of these orders; refuses one who is present (DuplicateId)."""
        if member in self._members:
            raise DuplicateId("member", member)
        node = self._supplies.get(supply)
        if node is None:
            node = self._kin.bear_supply(supply)
        else:
            node.used = ASKED
        node.members[member] = None
        self._members[member] = node, self._stand(member, node, stamps)

    def _stand(self, member: MemberId, node: SupplyNode, stamps: tuple[tuple[OrderId, Stamp], ...]) -> tuple[Line, ...]:
        lines: list[Line] = []
        for order, stamp in stamps:
            line = self._lines.get(order)
            if line is None:
                line = self._new_line(order, stamp)
            line.add(stamp, member, node)
            lines.append(line)
        return tuple(lines)

    def _new_line(self, order: OrderId, like: Stamp) -> Line:
        if len(self._lines) >= self._look_at_lines:
            for old in [old for old, line in self._lines.items() if not line.current]:
                del self._lines[old]
            self._look_at_lines = len(self._lines) + SPARE_LINES
        line = self._lines[order] = Line(like)
        return line

    def depart(self, member: MemberId) -> None:
        """A member has no room, or is gone; refuses one who is not present (UnknownId)."""
        node, lines = self._presence(member)
        del self._members[member]
        del node.members[member]
        for line in lines:
            line.remove(member)
        if node.retired and not node.members:
            self._kin.bury_supply(node)

    def _presence(self, member: MemberId) -> tuple[SupplyNode, tuple[Line, ...]]:
        try:
            return self._members[member]
        except KeyError:
            raise UnknownId("member", member) from None

    def restamp(self, member: MemberId, stamps: tuple[tuple[OrderId, Stamp], ...]) -> None:
        """A present member stands elsewhere; the stamps replace all that it had."""
        node, lines = self._presence(member)
        for line in lines:
            line.remove(member)
        self._members[member] = node, self._stand(member, node, stamps)

    def present(self, member: MemberId) -> bool:
        """Whether the member can be chosen."""
        return member in self._members

    # -- matching -----------------------------------------------------------------------------------------------

    def best_item(self, supply: Hashable) -> tuple[Lane, Key, ItemId] | None:
        """The same as :meth:`next_item`, with its lane and its key."""
        item = self.next_item(supply)
        if item is None:
            return None
        token = self._tokens[item]
        return self._supplies[supply].serves[token >> HANDLE_BITS & SLOT_MASK], key_of(token), item

    def next_item(self, supply: Hashable) -> ItemId | None:
        """The item that a member of this supply class should take next, or None if nothing waits for it.

        The smallest (rank, place) in which something waits; there the smallest key of each family; of several
        families, the head that entered first.
        """
        try:
            node = self._supplies[supply]
        except KeyError:
            node = self._kin.bear_supply(supply)
        else:
            node.used = ASKED
        getter = node.getter
        if getter is None:
            if node.mixed or len(node.serves) > WIDE:
                return self._best_by_place(node)
            node.getter = getter = getter_of(node.serves)
        token: int = min(getter(self._heads))
        return None if token is EMPTY else self._ids[token & HANDLE_MASK]

    def _best_by_place(self, node: SupplyNode) -> ItemId | None:
        """The general form."""
        heads = self._heads
        for place in node.places or self._places(node):
            found = [(lane, token) for lane, pool in place if (token := pool.least(heads)) != EMPTY]
            if found:
                token = found[0][1] if len(found) == 1 else min(found, key=self._entry)[1]
                return self._ids[token & HANDLE_MASK]
        return None

    def _entry(self, found: tuple[Lane, int]) -> tuple[tuple[int, int], Lane]:
        return self._entered(self._ids[found[1] & HANDLE_MASK]), found[0]

    def _places(self, node: SupplyNode) -> list[Place]:
        if self._lowered is None and len(node.serves) > WIDE:
            self._lowered = Lowered()
        node.places = places_of(node.serves, self._heads, self._lowered or Lowered())
        return node.places

    def best_member(self, demand: Hashable, order: OrderId) -> tuple[Stamp, MemberId] | None:
        """The present member with the smallest stamp of this order who may serve this demand, or None."""
        node = self._demands.get(demand)
        if node is None:
            node = self._kin.bear_demand(demand)
        else:
            node.used = ASKED
        line = self._lines.get(order)
        if line is None:
            return None
        if len(line.at) < self._kin.seats:
            line.grow(self._kin.seats)
        if node.seats is None:
            node.wide = {}
            node.seats = getter_of([supply.seat for supply in node.able])
        value = min(node.seats(line.at)) if len(node.able) <= WIDE else self._wide(node, order, line).least(line.at)
        if value == line.none:
            return None
        entry = line.first_of(value, node.able)
        return entry[0], entry[1]

    def _wide(self, node: DemandNode, order: OrderId, line: Line) -> WidePool:
        known = node.wide.get(order)
        if known is not None and known[0] is line:
            return known[1]
        if line.lowered is None:
            line.lowered = Lowered()
        pool = WidePool([supply.seat for supply in node.able], line.at, line.lowered)
        node.wide[order] = line, pool
        return pool

    def able(self, demand: Hashable) -> Iterator[MemberId]:
        """The present members who may serve a demand, in no particular order; do not change the index while reading."""
        node = self._demands.get(demand)
        if node is None:
            node = self._kin.bear_demand(demand)
        return (member for supply in node.able for member in supply.members)

    def retire_supply(self, supply: Hashable) -> None:
        """Forget a supply class: at once if no member is in it, else when the last one departs.

        The relation may answer differently for it afterwards.
        """
        node = self._supplies.get(supply)
        if node is not None:
            node.retired = True
            if not node.members:
                self._kin.bury_supply(node)

    def check(self) -> None:
        """Assert every invariant, from both sides of every relation. O(demands * supplies + items + members)."""
        self._kin.check()
        self._check_items()
        self._check_members()
        for demand in self._demands.values():
            for line, pool in demand.wide.values() if demand.seats is not None else ():
                line.grow(self._kin.seats)
                pool.check(line.at)
        for supply in self._supplies.values():
            for place in supply.places or ():
                for _, heads in place:
                    if isinstance(heads, WidePool):
                        heads.check(self._heads)

    def _check_items(self) -> None:
        handles = {token & HANDLE_MASK for token in self._tokens.values()}
        assert len(handles) == len(self._tokens)
        assert handles.isdisjoint(self._free)
        assert len(set(self._free)) == len(self._free)
        dead = sum(len(node.dead) for node in self._demands.values())
        assert len(handles) + len(self._free) + dead == len(self._ids)
        assert all(self._ids[token & HANDLE_MASK] == item for item, token in self._tokens.items())
        standing = {token: node for node in self._demands.values() for token in node.tokens()}
        assert set(standing) == set(self._tokens.values())
        assert all(token >> HANDLE_BITS & SLOT_MASK == node.slot for token, node in standing.items())

    def _check_members(self) -> None:
        for member, (supply, lines) in self._members.items():
            assert self._supplies[supply.key] is supply, member
            assert member in supply.members, member
            assert all(line.current[member][2] is supply for line in lines), member
        for supply in self._supplies.values():
            assert all(self._members[member][0] is supply for member in supply.members), supply.key
        for line in self._lines.values():
            line.check()
            assert all(line in self._members[member][1] for member in line.current)
