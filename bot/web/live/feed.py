"""Who watches which conversation in, a sign for each of them out when the database has news of it.

The database is asked a few times a second for all that this process watches, in one statement; what this process
itself has changed is told at once. Any number of processes may share one database, and none knows of the others.
"""

import asyncio
import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping

import anyio
import structlog
from anyio import to_thread

from bot.desk.live import Mark

#: Seconds between looks: what another process stored is seen within this time and the look itself.
LOOK_SECONDS = 0.25

#: Called in the event loop; must not block.
Wake = Callable[[], None]
#: Conversations in, a mark of each out; blocks.
Look = Callable[[Collection[str]], Mapping[str, Mark]]

log = structlog.get_logger(__name__)


class Feed:
    """Tells watchers that there is something to see; what it is, they read themselves."""

    def __init__(self, look: Look, seconds: float = LOOK_SECONDS) -> None:
        self._look = look
        self._seconds = seconds
        self._watchers: dict[str, list[Wake]] = {}
        self._known: dict[str, Mark] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def __len__(self) -> int:
        """How many conversations are watched."""
        return len(self._watchers)

    @contextlib.contextmanager
    def watching(self, conversation_id: str, wake: Wake) -> Iterator[None]:
        """Calls `wake` for each news of a conversation, and once at the beginning."""
        self._watchers.setdefault(conversation_id, []).append(wake)
        # What came between the watcher's first reading and the next look must not be missed.
        self._known.pop(conversation_id, None)
        wake()
        try:
            yield
        finally:
            watchers = self._watchers[conversation_id]
            watchers.remove(wake)
            if not watchers:
                del self._watchers[conversation_id]
                self._known.pop(conversation_id, None)

    def tell(self, conversation_id: str) -> None:
        """This process has changed a conversation; may be called from any thread."""
        if self._loop is not None:
            # The service may be stopping; then there is nobody to tell.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._wake, conversation_id)

    async def run(self) -> None:
        """Looks until it is cancelled. A database that is away for a while costs time and nothing else."""
        self._loop = asyncio.get_running_loop()
        while True:
            await anyio.sleep(self._seconds)
            watched = tuple(self._watchers)
            if not watched:
                continue
            try:
                found = await to_thread.run_sync(self._look, watched)
            except Exception:
                log.exception("looking for news of live chats failed")
                await anyio.sleep(1)
                continue
            for conversation_id, now in found.items():
                if conversation_id in self._watchers and self._known.get(conversation_id) != now:
                    self._known[conversation_id] = now
                    self._wake(conversation_id)

    def _wake(self, conversation_id: str) -> None:
        for wake in tuple(self._watchers.get(conversation_id, ())):
            wake()
