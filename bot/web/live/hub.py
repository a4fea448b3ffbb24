"""What a process keeps running for live chats: the feed, the list, signs of life, and looking after silent agents."""

import contextlib
import datetime as dt
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import anyio
import structlog
from anyio import to_thread

from bot.desk.live import BEAT, BoardRow, Present, is_here
from bot.errors import BotError
from bot.web.live.feed import Feed, Wake
from bot.web.live.places import Places
from bot.web.services import Services

#: Seconds between looks at the list of chats, while somebody has it open.
BOARD_SECONDS: Final = 1.0
#: Seconds between looks for chats whose agent is gone.
SWEEP_SECONDS: Final = 3.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the list, as its viewers compare it."""

    row: BoardRow
    here: bool
    """Whether the customer has a page open."""


class Hub:
    """Lives as long as the application; sockets ask it, and say who is there."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.feed = Feed(lambda ids: services.live_store.changes(ids))
        self.places = Places()
        self.listed: tuple[Listed, ...] = ()
        self.present: tuple[Present, ...] = ()
        self._viewers: list[Wake] = []
        self._look_now = anyio.Event()
        self._agents: Counter[str] = Counter()
        self._customers: Counter[str] = Counter()

    def changed(self, conversation_id: str) -> None:
        """This process has changed a conversation; may be called from any thread."""
        self.feed.tell(conversation_id)

    @contextlib.contextmanager
    def viewing(self, wake: Wake) -> Iterator[None]:
        """Calls `wake` whenever the list may have changed, as long as this lasts."""
        self._viewers.append(wake)
        self._look_now.set()
        try:
            yield
        finally:
            self._viewers.remove(wake)

    def look_now(self) -> None:
        """The list is looked at at once."""
        self._look_now.set()

    async def agent_came(self, account_id: str) -> None:
        """An agent has a page open."""
        self._agents[account_id] += 1
        await self._say(self._beat, [account_id], [])
        self.look_now()

    def agent_left(self, account_id: str) -> None:
        """One page less; they may be reloading it, so nothing is said yet."""
        self._agents[account_id] -= 1
        self._agents += Counter()

    async def customer_came(self, conversation_id: str) -> None:
        """A customer has a page open."""
        self._customers[conversation_id] += 1
        await self._say(self._beat, [], [conversation_id])
        self.look_now()

    async def customer_left(self, conversation_id: str) -> None:
        """One page less; agents see it at once when it was the last one here."""
        self._customers[conversation_id] -= 1
        self._customers += Counter()
        if conversation_id not in self._customers:
            await self._say(self._services.live_store.left, conversation_id)
            self.look_now()

    async def _say(self, sign: Callable[..., None], *about: object) -> None:
        """Has a sign of life stored; where the database is away, the beats that follow say the same."""
        try:
            await to_thread.run_sync(sign, *about)
        except BotError as error:
            log.warning("a sign of life was not stored", error=str(error))

    async def run(self) -> None:
        """Works until it is cancelled."""
        since = self._services.chance.now()
        async with anyio.create_task_group() as group:
            group.start_soon(self.feed.run)
            group.start_soon(self._lists)
            group.start_soon(self._again, "signs of life of live chats", BEAT.total_seconds(), self._beats)
            group.start_soon(
                self._again, "looking after live chats", SWEEP_SECONDS, lambda: self._sweep(since)
            )

    async def _again(self, what: str, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await anyio.sleep(seconds)
            try:
                await work()
            except Exception:
                # The database may be away for a while; the next try may succeed.
                log.exception(f"{what} failed")

    async def _beats(self) -> None:
        if self._agents or self._customers:
            await to_thread.run_sync(self._beat, list(self._agents), list(self._customers))

    def _beat(self, agents: Sequence[str], customers: Sequence[str]) -> None:
        self._services.live_store.beat(agents, customers, self._services.chance.now())

    async def _sweep(self, since: dt.datetime) -> None:
        for conversation_id in await to_thread.run_sync(self._services.live_desk.sweep, since):
            self.feed.tell(conversation_id)

    async def _lists(self) -> None:
        while True:
            with anyio.move_on_after(BOARD_SECONDS):
                await self._look_now.wait()
            self._look_now = anyio.Event()
            if not self._viewers:
                continue
            try:
                self.listed, self.present = await to_thread.run_sync(self._list)
            except Exception:
                log.exception("looking at the list of live chats failed")
                await anyio.sleep(BOARD_SECONDS)
                continue
            for wake in tuple(self._viewers):
                wake()
            # However many changes there are, the list is read a few times a second at most.
            await anyio.sleep(BOARD_SECONDS / 4)

    def _list(self) -> tuple[tuple[Listed, ...], tuple[Present, ...]]:
        now = self._services.chance.now()
        rows = self._services.live_board.rows(now)
        found = tuple(Listed(row, is_here(row.customer_seen_at, now)) for row in rows)
        return found, self._services.availability.present()


def hub_of(app: object) -> Hub:
    """The hub that the lifespan opened for an application."""
    hub: Hub = app.state.live  # type: ignore[attr-defined]
    return hub
