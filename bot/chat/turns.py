"""One turn at a time in each conversation of this process, however many messages come at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Queue:
    turn: threading.Lock = field(default_factory=threading.Lock)
    waiting: int = 0


class Turns:
    """Locks by conversation; one that nobody holds or waits for is forgotten, so memory is bounded by the threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queues: dict[str, _Queue] = {}

    def __len__(self) -> int:
        """How many conversations have a turn running."""
        return len(self._queues)

    @contextmanager
    def of(self, conversation_id: str) -> Iterator[None]:
        """The turn of a conversation; others of the same one wait until it ends. An empty id waits for nobody."""
        if not conversation_id:
            yield
            return
        with self._guard:
            queue = self._queues.setdefault(conversation_id, _Queue())
            queue.waiting += 1
        try:
            with queue.turn:
                yield
        finally:
            with self._guard:
                queue.waiting -= 1
                if not queue.waiting:
                    del self._queues[conversation_id]
