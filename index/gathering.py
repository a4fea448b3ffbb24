"""Calls of several threads in, one call for all of them out: whoever comes while one runs goes into the next together.

Nobody waits for company: the first caller runs at once and alone. A caller whose turn comes runs what has gathered
until then, its own items among them, and hands the turn on.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Items run together at most; what is beyond waits for the next turn, so that a crowd delays nobody for long.
MOST_TOGETHER = 32


@dataclass(slots=True, eq=False)
class _Call(Generic[Item, Result]):
    """One caller's items, and what became of them."""

    items: Sequence[Item]
    results: list[Result] | None = None
    error: Exception | None = None
    woken: threading.Event = field(default_factory=threading.Event)
    """Set when there is a result or an error, or when it is this caller's turn to run."""
    left: bool = False
    """The caller was interrupted while it waited."""

    @property
    def done(self) -> bool:
        return self.results is not None or self.error is not None


class Gathered(Generic[Item, Result]):
    """Runs a function of many items for several threads at a time."""

    def __init__(self, run: Callable[[list[Item]], list[Result]]) -> None:
        """`run` gives one result an item, in order, whichever items it is called with."""
        self._run = run
        self._lock = threading.Lock()
        self._running = False
        self._waiting: deque[_Call[Item, Result]] = deque()

    def __call__(self, items: Sequence[Item]) -> list[Result]:
        """The results of `items`; raises what `run` raises for these very items."""
        call: _Call[Item, Result] = _Call(items)
        with self._lock:
            alone = not self._running
            self._running = True
            if not alone:
                self._waiting.append(call)
        if alone:
            try:
                return self._run(list(items))
            finally:
                self._hand_on([])
        try:
            call.woken.wait()
        except BaseException:
            self._leave(call)
            raise
        if not call.done:
            self._take_turn(call)
        if call.error is not None:
            raise call.error
        return call.results or []

    def _take_turn(self, own: _Call[Item, Result]) -> None:
        """Runs what has gathered. Whatever happens here, those who wait get their results or their turn."""
        calls = [own]
        try:
            with self._lock:
                size = len(own.items)
                while self._waiting and size + len(self._waiting[0].items) <= MOST_TOGETHER:
                    calls.append(self._waiting.popleft())
                    size += len(calls[-1].items)
            self._settle(calls)
        finally:
            self._hand_on(calls[1:])

    def _settle(self, calls: Sequence[_Call[Item, Result]]) -> None:
        """Gives each call its results; where they cannot be had together, each is tried by itself."""
        if len(calls) > 1:
            try:
                results = self._run([item for call in calls for item in call.items])
            except Exception:  # noqa: S110 - whose items they are that cannot be run is found out below
                pass
            else:
                start = 0
                for call in calls:
                    call.results = results[start : start + len(call.items)]
                    start += len(call.items)
                return
        for call in calls:
            try:
                call.results = self._run(list(call.items))
            except Exception as exc:
                call.error = exc

    def _leave(self, call: _Call[Item, Result]) -> None:
        """Takes a caller out who does not wait any longer; if it was its turn already, that goes on to the next."""
        with self._lock:
            call.left = True
            if call in self._waiting:
                self._waiting.remove(call)
        if call.woken.is_set() and not call.done:
            self._hand_on([])

    def _hand_on(self, calls: Sequence[_Call[Item, Result]]) -> None:
        """Wakes those who are done, and the next in turn; who was left without a result is first."""
        with self._lock:
            undone = [call for call in calls if not call.done and not call.left]
            self._waiting.extendleft(reversed(undone))
            following = self._waiting.popleft() if self._waiting else None
            self._running = following is not None
        for call in calls:
            if call.done:
                call.woken.set()
        if following is not None:
            following.woken.set()
