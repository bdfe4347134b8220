"""Checks of the first rung: appending, reading, order, atomicity, several handles, threads."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

from switchroom.errors import ConflictError, InvalidInput, SwitchroomError
from switchroom.kernel.records import Record
from switchroom.storage.protocol import LogStorage
from switchroom.testing.storage_checks_base import Bench, positions, refusal, registry
from switchroom.testing.storage_events import Noted, batch, noted

CHECKS: dict[str, Callable[[Bench], None]] = {}
check = registry(CHECKS)

MAX_TRIES = 1_000
"""A store that refuses everything must not keep its check going for ever."""

# -- appending


@check
def an_empty_log_ends_at_zero(b: Bench) -> None:
    store = b.fresh()
    assert store.end() == 0
    assert list(store.read()) == []


@check
def append_returns_the_new_end(b: Bench) -> None:
    store = b.fresh()
    assert store.append([noted(1)], 0) == 1
    assert store.append(batch(2, 3), 1) == 4
    assert store.end() == 4


@check
def appended_records_are_read_back(b: Bench) -> None:
    store = b.fresh(batch(1, 5))
    assert list(store.read()) == batch(1, 5)


@check
def an_empty_batch_changes_nothing(b: Bench) -> None:
    store = b.fresh(batch(1, 2))
    assert store.append([], 2) == 2
    assert store.end() == 2


@check
def an_empty_batch_behind_a_wrong_end_is_refused(b: Bench) -> None:
    store = b.fresh(batch(1, 2))
    refusal(ConflictError, lambda: store.append([], 1))


@check
def a_batch_of_a_thousand_is_one_append(b: Bench) -> None:
    store = b.fresh()
    assert store.append(batch(1, 1000), 0) == 1000
    assert positions(store.read()) == list(range(1, 1001))


@check
def many_appends_of_one_make_the_same_log(b: Bench) -> None:
    store = b.fresh()
    for record in batch(1, 50):
        store.append([record], record.position - 1)
    assert list(store.read()) == batch(1, 50)


@check
def an_end_that_is_too_low_is_refused(b: Bench) -> None:
    store = b.fresh(batch(1, 3))
    refusal(ConflictError, lambda: store.append([noted(3)], 2))


@check
def an_end_that_is_too_high_is_refused(b: Bench) -> None:
    store = b.fresh(batch(1, 3))
    refusal(ConflictError, lambda: store.append([noted(5)], 4))


@check
def an_end_of_zero_is_refused_for_a_log_with_records(b: Bench) -> None:
    store = b.fresh(batch(1, 3))
    refusal(ConflictError, lambda: store.append([noted(1)], 0))


@check
def a_negative_end_is_refused(b: Bench) -> None:
    refusal(SwitchroomError, lambda: b.fresh().append([noted(0)], -1))


@check
def a_conflict_names_both_ends(b: Bench) -> None:
    store = b.fresh(batch(1, 3))
    error = refusal(ConflictError, lambda: store.append([noted(2)], 1))
    assert isinstance(error, ConflictError)
    assert (error.expected, error.actual) == (1, 3)


@check
def a_conflict_may_be_tried_again(b: Bench) -> None:
    error = refusal(ConflictError, lambda: b.fresh(batch(1, 3)).append([noted(2)], 1))
    assert getattr(error, "retryable", None) is True


@check
def a_refused_append_leaves_no_trace(b: Bench) -> None:
    store = b.fresh(batch(1, 3))
    refusal(ConflictError, lambda: store.append(batch(2, 5, "b"), 1))
    assert store.end() == 3
    assert list(store.read()) == batch(1, 3)
    assert list(store.read(tag="subject:b")) == []


@check
def after_a_conflict_the_right_end_is_accepted(b: Bench) -> None:
    store = b.fresh(batch(1, 3))
    refusal(ConflictError, lambda: store.append([noted(2)], 1))
    assert store.append([noted(4)], 3) == 4


@check
def records_with_a_gap_before_them_are_refused(b: Bench) -> None:
    store = b.fresh(batch(1, 3))
    refusal(InvalidInput, lambda: store.append([noted(7)], 3))
    assert store.end() == 3


@check
def the_callers_list_stays_the_callers(b: Bench) -> None:
    store = b.fresh()
    records = batch(1, 3)
    store.append(records, 0)
    records.clear()
    assert positions(store.read()) == [1, 2, 3]


@check
def a_tuple_of_records_will_do(b: Bench) -> None:
    assert b.fresh().append(tuple(batch(1, 2)), 0) == 2


# -- atomicity


@check
def one_record_that_cannot_be_stored_refuses_its_batch(b: Bench) -> None:
    """Only for stores that write bytes: one that keeps objects takes anything."""
    store = b.fresh(batch(1, 2))
    bad = Record(5, 0, Noted("a", ratio=float("nan")))
    try:
        store.append([*batch(3, 2), bad, noted(6)], 2)
    except SwitchroomError:
        assert store.end() == 2
        assert list(store.read()) == batch(1, 2)
        assert store.append(batch(3, 2), 2) == 4
    else:
        assert store.end() == 6


@check
def a_batch_out_of_order_is_refused_as_a_whole(b: Bench) -> None:
    store = b.fresh(batch(1, 2))
    refusal(InvalidInput, lambda: store.append([noted(3), noted(5), noted(4), noted(7)], 2))
    assert store.end() == 2


@check
def a_reader_sees_whole_batches_only(b: Bench) -> None:
    b.need("shared")
    store = b.fresh()
    other = b.again(store)
    seen: set[int] = set()
    stop = threading.Event()

    def watch() -> None:
        while not stop.is_set():
            seen.add(other.end())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        for n in range(20):
            store.append(batch(n * 10 + 1, 10), n * 10)
    finally:
        stop.set()
        thread.join()
    assert all(end % 10 == 0 for end in seen), sorted(seen)


# -- reading


@check
def reading_starts_behind_the_position(b: Bench) -> None:
    assert positions(b.fresh(batch(1, 5)).read(3)) == [4, 5]


@check
def reading_behind_the_end_yields_nothing(b: Bench) -> None:
    store = b.fresh(batch(1, 5))
    assert list(store.read(5)) == []
    assert list(store.read(99)) == []


@check
def reading_yields_at_most_the_limit(b: Bench) -> None:
    store = b.fresh(batch(1, 5))
    assert positions(store.read(limit=2)) == [1, 2]
    assert positions(store.read(2, limit=2)) == [3, 4]
    assert positions(store.read(limit=99)) == [1, 2, 3, 4, 5]


@check
def a_limit_of_zero_yields_nothing(b: Bench) -> None:
    assert list(b.fresh(batch(1, 5)).read(limit=0)) == []


@check
def newest_first_is_the_same_the_other_way(b: Bench) -> None:
    store = b.fresh(batch(1, 5))
    assert positions(store.read(newest_first=True)) == [5, 4, 3, 2, 1]
    assert positions(store.read(newest_first=True, limit=2)) == [5, 4]


@check
def newest_first_stops_at_the_position(b: Bench) -> None:
    assert positions(b.fresh(batch(1, 5)).read(2, newest_first=True)) == [5, 4, 3]


@check
def two_readers_do_not_disturb_each_other(b: Bench) -> None:
    store = b.fresh(batch(1, 6))
    first, second = store.read(), store.read()
    assert [next(first).position, next(second).position, next(first).position] == [1, 1, 2]
    assert positions(second) == [2, 3, 4, 5, 6]
    assert positions(first) == [3, 4, 5, 6]


@check
def a_reader_does_not_see_what_comes_after_its_call(b: Bench) -> None:
    store = b.fresh(batch(1, 3))
    reader = store.read()
    store.append(batch(4, 2), 3)
    assert positions(reader) == [1, 2, 3]


@check
def appending_while_a_reader_is_half_way_works(b: Bench) -> None:
    store = b.fresh(batch(1, 2500))
    reader = store.read()
    next(reader)
    store.append(batch(2501, 2), 2500)
    assert positions(reader) == list(range(2, 2501))


@check
def a_reader_that_is_dropped_holds_nothing(b: Bench) -> None:
    store = b.fresh(batch(1, 2500))
    for _ in range(20):
        next(store.read())
    assert store.append([noted(2501)], 2500) == 2501


@check
def reading_crosses_pages(b: Bench) -> None:
    store = b.fresh(batch(1, 2345))
    assert positions(store.read()) == list(range(1, 2346))
    assert positions(store.read(newest_first=True)) == list(range(2345, 0, -1))
    assert positions(store.read(5, limit=2000)) == list(range(6, 2006))


@check
def reading_can_go_on_from_any_position(b: Bench) -> None:
    store = b.fresh(batch(1, 7))
    for after in range(8):
        assert positions(store.read(after)) == list(range(after + 1, 8))


# -- tags


def _tagged(b: Bench) -> LogStorage:
    return b.fresh([noted(n, "ab"[n % 2]) for n in range(1, 11)])


@check
def a_tag_picks_its_records_in_order(b: Bench) -> None:
    store = _tagged(b)
    assert positions(store.read(tag="subject:a")) == [2, 4, 6, 8, 10]
    assert positions(store.read(tag="subject:b")) == [1, 3, 5, 7, 9]


@check
def a_tag_goes_with_position_and_limit(b: Bench) -> None:
    store = _tagged(b)
    assert positions(store.read(4, tag="subject:a")) == [6, 8, 10]
    assert positions(store.read(4, tag="subject:a", limit=2)) == [6, 8]


@check
def a_tag_goes_with_newest_first(b: Bench) -> None:
    store = _tagged(b)
    assert positions(store.read(tag="subject:a", newest_first=True)) == [10, 8, 6, 4, 2]
    assert positions(store.read(3, tag="subject:a", newest_first=True, limit=2)) == [10, 8]


@check
def an_unknown_tag_picks_nothing(b: Bench) -> None:
    assert list(_tagged(b).read(tag="subject:zz")) == []


@check
def a_tag_is_compared_as_a_whole(b: Bench) -> None:
    store = b.fresh([noted(1, "a"), noted(2, "aa"), noted(3, "A"), noted(4, "a%"), noted(5, "_")])
    assert positions(store.read(tag="subject:a")) == [1]
    assert positions(store.read(tag="subject:_")) == [5]
    assert list(store.read(tag="subject")) == []


@check
def a_record_is_found_by_each_of_its_tags(b: Bench) -> None:
    store = b.fresh([Record(1, 0, Noted("a", names=("x", "y"))), Record(2, 0, Noted("b", names=("y",)))])
    assert positions(store.read(tag="name:x")) == [1]
    assert positions(store.read(tag="name:y")) == [1, 2]


@check
def a_tag_named_twice_gives_the_record_once(b: Bench) -> None:
    store = b.fresh([Record(1, 0, Noted("a", names=("x", "x")))])
    assert positions(store.read(tag="name:x")) == [1]


@check
def a_tag_crosses_pages(b: Bench) -> None:
    store = b.fresh([noted(n, "ab"[n % 2]) for n in range(1, 4001)])
    assert positions(store.read(tag="subject:a")) == list(range(2, 4001, 2))
    assert positions(store.read(tag="subject:a", newest_first=True)) == list(range(4000, 0, -2))


# -- opening again, several handles, threads


@check
def a_log_opened_again_is_the_same(b: Bench) -> None:
    store = b.fresh(batch(1, 20))
    again = b.reopened(store)
    assert again.end() == 20
    assert list(again.read()) == batch(1, 20)
    assert positions(again.read(tag="subject:a")) == list(range(1, 21))


@check
def a_log_opened_again_goes_on(b: Bench) -> None:
    again = b.reopened(b.fresh(batch(1, 3)))
    refusal(ConflictError, lambda: again.append([noted(3)], 2))
    assert again.append([noted(4)], 3) == 4
    assert positions(b.reopened(again).read()) == [1, 2, 3, 4]


@check
def closing_twice_is_allowed(b: Bench) -> None:
    b.need("reopens")
    store = b.fresh(batch(1, 3))
    b.done(store)
    b.done(store)


@check
def two_stores_are_two_logs(b: Bench) -> None:
    one, two = b.fresh(batch(1, 3)), b.fresh(batch(1, 1, "b"))
    assert (one.end(), two.end()) == (3, 1)
    assert list(one.read(tag="subject:b")) == []


@check
def a_handle_sees_what_another_has_appended(b: Bench) -> None:
    b.need("shared")
    store = b.fresh(batch(1, 2))
    other = b.again(store)
    store.append([noted(3)], 2)
    assert other.end() == 3
    assert other.append([noted(4)], 3) == 4
    assert list(store.read()) == batch(1, 4)


@check
def of_two_handles_one_wins(b: Bench) -> None:
    b.need("shared")
    store = b.fresh(batch(1, 2))
    other = b.again(store)
    store.append([noted(3, "a")], 2)
    refusal(ConflictError, lambda: other.append([noted(3, "b")], 2))
    assert list(other.read()) == [*batch(1, 2), noted(3, "a")]


@check
def of_many_threads_one_wins_each_position(b: Bench) -> None:
    b.need("shared")
    store = b.fresh()
    handles = [b.again(store) for _ in range(4)]
    wins: list[int] = []

    def race(handle: LogStorage, name: str) -> None:
        for _ in range(25):
            end = handle.end()
            try:
                wins.append(handle.append([noted(end + 1, name)], end))
            except ConflictError:
                continue

    threads = [threading.Thread(target=race, args=(h, f"t{n}")) for n, h in enumerate(handles)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(wins) == list(range(1, store.end() + 1))
    assert positions(store.read()) == sorted(wins)


@check
def a_follower_misses_nothing(b: Bench) -> None:
    """A reader that goes on behind the last position it saw sees every record once, while others append."""
    b.need("shared")
    store = b.fresh()
    follower, writers = b.again(store), [b.again(store) for _ in range(2)]
    seen: list[int] = []

    done = Counter[str]()

    def write(handle: LogStorage) -> None:
        for _ in range(MAX_TRIES):
            end = handle.end()
            try:
                handle.append(batch(end + 1, 3), end)
            except ConflictError:
                continue
            done["appends"] += 1
            if done["appends"] >= 60:
                return

    threads = [threading.Thread(target=write, args=(handle,)) for handle in writers]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        seen += positions(follower.read(seen[-1] if seen else 0))
    seen += positions(follower.read(seen[-1] if seen else 0))
    assert done["appends"] >= 60, f"only {done['appends']} of {2 * MAX_TRIES} appends won"
    assert seen == list(range(1, 3 * done["appends"] + 1))


@check
def a_store_may_be_used_from_another_thread(b: Bench) -> None:
    store = b.fresh(batch(1, 2))
    failures: list[BaseException] = []

    def use() -> None:
        try:
            store.append([noted(3)], 2)
            assert positions(store.read()) == [1, 2, 3]
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert not failures, failures
    assert store.end() == 3
