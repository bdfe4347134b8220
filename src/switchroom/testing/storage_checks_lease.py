"""Checks of the lease: one holder at a time, a new term each time it passes on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import cast

from switchroom.storage.protocol import Lease, LeaseStorage, LogStorage
from switchroom.testing.storage_checks_base import Bench, registry
from switchroom.testing.storage_events import noted

CHECKS: dict[str, Callable[[Bench], None]] = {}
check = registry(CHECKS)

T = 1_767_614_400_000_000
"""An instant in µs."""


def other(b: Bench, store: LeaseStorage) -> LeaseStorage:
    """Another handle on the same store."""
    return cast("LeaseStorage", b.again(cast("LogStorage", store)))


@check
def a_new_store_has_no_lease(b: Bench) -> None:
    assert b.leaser().lease() is None


@check
def a_free_lease_is_given_with_the_first_term(b: Bench) -> None:
    store = b.leaser()
    assert store.acquire_lease("a", T, T + 10) == Lease("a", 1, T + 10)
    assert store.lease() == Lease("a", 1, T + 10)


@check
def a_lease_in_force_is_not_given(b: Bench) -> None:
    store = b.leaser()
    store.acquire_lease("a", T, T + 10)
    assert store.acquire_lease("b", T + 9, T + 20) is None
    assert store.lease() == Lease("a", 1, T + 10)


@check
def a_lease_in_force_is_not_given_to_its_holder_again(b: Bench) -> None:
    store = b.leaser()
    store.acquire_lease("a", T, T + 10)
    assert store.acquire_lease("a", T + 5, T + 20) is None
    assert store.lease() == Lease("a", 1, T + 10)


@check
def a_lease_lapses_at_its_end_exactly(b: Bench) -> None:
    store = b.leaser()
    store.acquire_lease("a", T, T + 10)
    assert store.acquire_lease("b", T + 9, T + 20) is None
    assert store.acquire_lease("b", T + 10, T + 20) == Lease("b", 2, T + 20)


@check
def a_renewed_lease_lasts_longer(b: Bench) -> None:
    store = b.leaser()
    store.acquire_lease("a", T, T + 10)
    assert store.renew_lease("a", 1, T + 20)
    assert store.lease() == Lease("a", 1, T + 20)
    assert store.acquire_lease("b", T + 15, T + 30) is None


@check
def a_renewal_takes_nothing_back(b: Bench) -> None:
    store = b.leaser()
    store.acquire_lease("a", T, T + 10)
    assert store.renew_lease("a", 1, T + 5)
    assert store.lease() == Lease("a", 1, T + 10)


@check
def a_lapsed_lease_can_be_renewed_while_nobody_has_taken_it(b: Bench) -> None:
    store = b.leaser()
    store.acquire_lease("a", T, T + 10)
    assert store.renew_lease("a", 1, T + 40)
    assert store.acquire_lease("b", T + 30, T + 50) is None


@check
def a_lease_that_was_taken_cannot_be_renewed(b: Bench) -> None:
    store = b.leaser()
    store.acquire_lease("a", T, T + 10)
    store.acquire_lease("b", T + 10, T + 20)
    assert not store.renew_lease("a", 1, T + 99)
    assert store.lease() == Lease("b", 2, T + 20)


@check
def an_old_term_of_the_same_holder_cannot_be_renewed(b: Bench) -> None:
    store = b.leaser()
    store.acquire_lease("a", T, T + 10)
    store.acquire_lease("a", T + 10, T + 20)
    assert not store.renew_lease("a", 1, T + 99)
    assert store.renew_lease("a", 2, T + 30)


@check
def nothing_is_renewed_where_nothing_was_given(b: Bench) -> None:
    store = b.leaser()
    assert not store.renew_lease("a", 1, T + 10)
    assert store.lease() is None


@check
def a_released_lease_is_free_at_once(b: Bench) -> None:
    store = b.leaser()
    store.acquire_lease("a", T, T + 10)
    store.release_lease("a", 1)
    assert store.lease() is None
    assert not store.renew_lease("a", 1, T + 20)
    assert store.acquire_lease("b", T + 1, T + 11) == Lease("b", 2, T + 11)


@check
def releasing_anothers_lease_changes_nothing(b: Bench) -> None:
    store = b.leaser()
    store.acquire_lease("a", T, T + 10)
    store.acquire_lease("b", T + 10, T + 20)
    store.release_lease("a", 1)
    store.release_lease("b", 1)
    assert store.lease() == Lease("b", 2, T + 20)


@check
def a_lease_changes_nothing_in_the_log(b: Bench) -> None:
    store = b.leaser()
    assert isinstance(store, LogStorage)
    store.append([noted(1)], 0)
    store.acquire_lease("a", T, T + 10)
    assert store.end() == 1
    assert store.append([noted(2)], 1) == 2


@check
def another_handle_sees_the_lease(b: Bench) -> None:
    b.need("shared")
    one = b.leaser()
    two = other(b, one)
    one.acquire_lease("a", T, T + 10)
    assert two.lease() == Lease("a", 1, T + 10)
    assert two.acquire_lease("b", T + 5, T + 15) is None
    assert two.acquire_lease("b", T + 10, T + 20) == Lease("b", 2, T + 20)
    assert not one.renew_lease("a", 1, T + 30)


@check
def of_many_who_want_a_lease_one_gets_it(b: Bench) -> None:
    b.need("shared")
    one = b.leaser()
    handles = [one, *(other(b, one) for _ in range(3))]
    with ThreadPoolExecutor(len(handles)) as pool:
        for round in range(5):
            at = T + 100 * round

            def take(n: int, at: int = at) -> Lease | None:
                return handles[n].acquire_lease(f"h{n}", at, at + 100)

            won = [lease for lease in pool.map(take, range(len(handles))) if lease is not None]
            assert [lease.term for lease in won] == [round + 1]


@check
def a_lease_survives_reopening(b: Bench) -> None:
    store = b.leaser()
    store.acquire_lease("a", T, T + 10)
    store.release_lease("a", 1)
    store.acquire_lease("a", T, T + 10)
    again = b.reopened(cast("LogStorage", store))
    assert isinstance(again, LeaseStorage)
    assert again.lease() == Lease("a", 2, T + 10)
