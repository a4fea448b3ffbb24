"""Callers that come at the same time share a run, and none of them suffers for another."""

import threading
from collections.abc import Callable

import numpy as np
import pytest

from index.compiled import CompiledEncoder
from index.gathering import MOST_TOGETHER, Gathered


class Held:
    """Doubles numbers, but only when it is let; keeps what it was called with."""

    def __init__(self, fail: Callable[[list[int]], None] = lambda items: None) -> None:
        self.calls: list[list[int]] = []
        self.entered = threading.Semaphore(0)
        self.let = threading.Semaphore(0)
        self._fail = fail

    def __call__(self, items: list[int]) -> list[int]:
        self.calls.append(items)
        self.entered.release()
        assert self.let.acquire(timeout=20)
        self._fail(items)
        return [2 * item for item in items]


class Caller(threading.Thread):
    """Calls in a thread of its own and keeps what came back."""

    def __init__(self, gathered: Gathered[int, int], *items: int) -> None:
        super().__init__(daemon=True)
        self.got: list[int] | BaseException | None = None
        self._gathered = gathered
        self._items = items
        self.start()

    def run(self) -> None:
        try:
            self.got = self._gathered(self._items)
        except BaseException as exc:
            self.got = exc

    def result(self) -> list[int] | BaseException | None:
        self.join(timeout=20)
        assert not self.is_alive()
        return self.got


def crowd(gathered: Gathered[int, int], held: Held, *numbers: int) -> list[Caller]:
    """One caller that is running, and one more for each number, all of them waiting."""
    callers = [Caller(gathered, 0)]
    assert held.entered.acquire(timeout=20)
    for number in numbers:
        callers.append(Caller(gathered, number))
        while len(gathered._waiting) < len(callers) - 1:
            threading.Event().wait(0.001)
    return callers


def test_a_caller_alone_runs_at_once_with_its_own_items() -> None:
    calls: list[list[int]] = []
    gathered: Gathered[int, int] = Gathered(lambda items: calls.append(items) or items)
    assert gathered([1, 2]) == [1, 2]
    assert gathered([]) == []
    assert calls == [[1, 2], []]


def test_who_comes_while_one_runs_is_run_together_and_everybody_gets_their_own() -> None:
    held = Held()
    callers = crowd(Gathered(held), held, 1, 2, 3)
    for _ in range(2):
        held.let.release()
    assert [caller.result() for caller in callers] == [[0], [2], [4], [6]]
    assert held.calls == [[0], [1, 2, 3]]


def test_a_crowd_is_run_in_turns_in_the_order_it_came() -> None:
    held = Held()
    gathered = Gathered(held)
    callers = crowd(gathered, held, *range(1, MOST_TOGETHER + 5))
    for _ in range(3):
        held.let.release()
    assert [caller.result() for caller in callers] == [[2 * n] for n in range(MOST_TOGETHER + 5)]
    assert [len(call) for call in held.calls] == [1, MOST_TOGETHER, 4]
    assert gathered([7]) if held.let.release() is None else None


@pytest.mark.parametrize("bad", [1, 2, 3])
def test_items_that_cannot_be_run_fail_for_their_own_caller_alone(bad: int) -> None:
    def fail(items: list[int]) -> None:
        if bad in items:
            raise ValueError(f"{bad} cannot be run")

    held = Held(fail)
    callers = crowd(Gathered(held), held, 1, 2, 3)
    for _ in range(5):
        held.let.release()
    results = [caller.result() for caller in callers]
    assert str(results[bad]) == f"{bad} cannot be run"
    assert [one for one in results if isinstance(one, list)] == [[2 * n] for n in range(4) if n != bad]


@pytest.mark.parametrize("ended", [0, 1])
def test_a_thread_that_is_ended_in_its_turn_leaves_nobody_waiting(ended: int) -> None:
    once = iter([True])

    def fail(items: list[int]) -> None:
        if ended in items and next(once, False):
            raise SystemExit

    held = Held(fail)
    gathered = Gathered(held)
    callers = crowd(gathered, held, 1, 2, 3)
    for _ in range(4):
        held.let.release()
    results = [caller.result() for caller in callers]
    assert isinstance(results[ended], SystemExit)
    assert [one for one in results if isinstance(one, list)] == [[2 * n] for n in range(4) if n != ended]
    held.let.release()
    assert gathered([9]) == [18]


def test_texts_have_the_same_vectors_whatever_they_are_encoded_with(encoder: CompiledEncoder) -> None:
    texts = ["refund", "Where is my order?", "", "How do I reset my password? " * 8, "退款需要多长时间"] * 4
    alone = [encoder.encode([text])[0] for text in texts]
    together: list[list[object]] = [[] for _ in texts]
    start = threading.Barrier(len(texts))

    def ask(place: int) -> None:
        start.wait(timeout=20)
        for _ in range(3):
            together[place] += encoder.encode_together([texts[place]])

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    for expected, got in zip(alone, together, strict=True):
        assert len(got) == 3
        for one in got:
            assert np.max(np.abs(one.vector - expected.vector)) < 1e-6
            assert one.ids == expected.ids
