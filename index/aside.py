"""Parts of one search in, their results out, from other threads where one is free.

The libraries that search let go of the interpreter, so on several cores a large search's parts take the time of the
longest. A part that no thread has begun when its result is wanted is done by who wants it: a crowd of searches is no
slower for it, and nothing can wait for itself.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


class Aside:
    """Some threads beside the one that searches. They begin with the first work, and end with this object."""

    def __init__(self, threads: int) -> None:
        """With 0 threads all is done by who asks."""
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="search") if threads else None

    def start(self, work: Callable[[], Result]) -> Callable[[], Result]:
        """What gives the result of `work`, or raises what it raised; it may begin now or only then."""
        if self._pool is None:
            return work
        begun = self._pool.submit(work)
        return lambda: work() if begun.cancel() else begun.result()


#: Nobody beside.
ALONE = Aside(0)
