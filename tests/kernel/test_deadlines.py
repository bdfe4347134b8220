"""Deadlines: earliest first, those of one instant in the order in which they were set."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from switchroom.kernel import deadlines as module
from switchroom.kernel.deadlines import Deadlines

KEYS = st.sampled_from([("kind", name) for name in "abcdefgh"])
ACTS = st.one_of(
    st.tuples(st.just("set"), KEYS, st.integers(1, 20)),
    st.tuples(st.just("cancel"), KEYS, st.just(0)),
    st.tuples(st.just("pop"), st.just(("", "")), st.just(0)),
)


@given(st.lists(ACTS, max_size=200))
def test_deadlines_behave_like_a_sorted_list(acts: list[tuple[str, tuple[str, str], int]]) -> None:
    """Setting moves, setting to the same instant keeps the place, cancelling forgets."""
    found, model, count = Deadlines(), dict[tuple[str, str], tuple[int, int]](), 0
    for act, key, due in acts:
        if act == "set":
            if key not in model or model[key][0] != due:
                count += 1
                model[key] = (due, count)
            found.set(key, due)
        elif act == "cancel":
            model.pop(key, None)
            found.cancel(key)
        elif model:
            first = min(model, key=lambda k: model[k])
            assert found.next() == model[first][0]
            assert found.pop() == (model.pop(first)[0], first)
        expected = [(due, key) for key, (due, _) in sorted(model.items(), key=lambda entry: entry[1])]
        assert list(found) == expected
        assert found.next() == (expected[0][0] if expected else None)
        assert len(found) == len(model)
        assert all(found.due(key) == model.get(key, (None,))[0] for key in model)
        found.check()


def test_cancelled_deadlines_do_not_pile_up() -> None:
    """However often one is moved, the heap stays within its bound."""
    found = Deadlines()
    for n in range(20_000):
        found.set(("kind", "a"), n + 1)
    assert len(found._heap) <= module.STALE_SLACK + module.STALE_FACTOR + 1
    found.check()
    assert found.next() == 20_000
    assert found.pop() == (20_000, ("kind", "a"))
