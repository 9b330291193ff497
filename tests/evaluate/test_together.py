"""Many calls at once: everything once, the first fault raised, nothing done is lost."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.evaluate.together import together


@settings(deadline=None)
@given(items=st.lists(st.integers()), workers=st.integers(1, 5))
def test_each_item_is_called_and_taken_once(items: list[int], workers: int) -> None:
    taken: list[int] = []
    together(lambda item: item + 1, items, taken.append, workers)
    assert sorted(taken) == sorted(item + 1 for item in items)
    if workers == 1:
        assert taken == [item + 1 for item in items]


def test_results_are_taken_on_the_calling_thread_while_calls_run_at_once() -> None:
    both = threading.Barrier(2, timeout=30)
    takers: list[int] = []

    def call(item: int) -> int:
        both.wait()  # passes only where two calls are under way
        return item

    together(call, [1, 2], lambda item: takers.append(threading.get_ident()), 2)
    assert takers == [threading.get_ident()] * 2


@pytest.mark.parametrize("fault", [ValueError("no"), KeyboardInterrupt()])
def test_what_was_done_before_a_fault_is_taken_and_no_further_call_begins(
    fault: BaseException,
) -> None:
    first, called, taken = threading.Event(), list[int](), list[int]()

    def call(item: int) -> int:
        called.append(item)
        if item == 1:
            assert first.wait(30)
            raise fault
        return item

    def take(item: int) -> None:
        taken.append(item)
        first.set()

    with pytest.raises(type(fault)):
        together(call, range(500), take, 2)
    assert 0 in taken and set(taken) < set(called)
    assert len(set(called) - set(taken) - {1}) <= 1  # that of the other worker, under way


def test_what_came_while_it_was_interrupted_is_taken_and_a_hanging_call_not_waited_for() -> None:
    hung, done, taken = threading.Event(), threading.Event(), list[int]()

    def call(item: int) -> int:
        if item == 0:
            hung.wait(60)
        if item == 2:
            done.set()
        return item

    def take(item: int) -> None:
        if not taken:
            taken.append(item)
            assert done.wait(30)  # meanwhile the other is done
            raise KeyboardInterrupt
        taken.append(item)

    with pytest.raises(KeyboardInterrupt):
        together(call, [0, 1, 2], take, 2)
    assert taken == [1, 2]
    hung.set()
