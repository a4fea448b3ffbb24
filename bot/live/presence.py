"""Who of the team is there for live chats, and what a customer may be told of that."""

import datetime as dt
from collections.abc import Callable

from bot.desk.live import AWAY, LivePolicy, Present, minutes_to_wait
from bot.live.ports import BoardStore, LiveStore


class Availability:
    """Who is there for live chats, and how long a customer waits."""

    def __init__(
        self, store: LiveStore, board: BoardStore, policy: LivePolicy, now: Callable[[], dt.datetime]
    ) -> None:
        self._store = store
        self._board = board
        self._policy = policy
        self._now = now

    def present(self) -> tuple[Present, ...]:
        """Agents whose page is open."""
        return tuple(self._store.present(self._now() - AWAY))

    def minutes_to_wait(self) -> int | None:
        """How long the next customer waits at most; None where nobody there can promise that."""
        now = self._now()
        present = tuple(self._store.present(now - AWAY))
        if not any(one.available for one in present):
            return None
        return minutes_to_wait(self._board.waiting(now), present, self._policy)
