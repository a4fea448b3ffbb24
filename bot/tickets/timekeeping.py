"""Timers that are due in, what they do done once: warnings, breaches, escalations, and tickets that find somebody."""

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from bot.changes import TicketMoved
from bot.desk.timers import Claimed, Timer, TimerGone

#: A worker that ends without a word loses its timer after this time; nothing a timer does takes as long.
LEASE: Final = dt.timedelta(minutes=2)
#: Timers fired in one go, before whoever runs this looks whether it is to stop.
MOST_AT_ONCE: Final = 200

_log = logging.getLogger(__name__)


class TimerStore(Protocol):
    """Where timers are kept."""

    def claim(self, at: dt.datetime, lease: dt.timedelta) -> Claimed | None:
        """The timer that is due first and that nobody has."""

    def done(self, timer: Timer, at: dt.datetime) -> bool:
        """Marks a timer that stores nothing as fired; False where it was fired already."""

    def put_off(self, claimed: Claimed, at: dt.datetime, problem: str) -> None:
        """Leaves a timer that failed for later."""


#: What a kind of timer does. It stores its effect in the transaction that marks the timer as fired
#: (`bot.storage.timers.fire`), so that both happen once; what has nothing to store does nothing.
Handler = Callable[[Timer], None]


class Timekeeping:
    """Fires timers. Any number of workers may do so at once."""

    def __init__(
        self, store: TimerStore, handlers: Mapping[str, Handler], now: Callable[[], dt.datetime]
    ) -> None:
        self._store = store
        self._handlers = handlers
        self._now = now

    def run(self) -> int:
        """Fires what is due; returns how many timers it took up. Call again until it gives 0."""
        for count in range(MOST_AT_ONCE):
            claimed = self._store.claim(self._now(), LEASE)
            if claimed is None:
                return count
            self._fire(claimed)
        return MOST_AT_ONCE

    def _fire(self, claimed: Claimed) -> None:
        timer = claimed.timer
        handler = self._handlers.get(timer.kind)
        if handler is None:
            # A newer version wrote it; it will know what to do.
            self._store.put_off(claimed, self._now(), f"Nothing here knows the kind {timer.kind}.")
            return
        try:
            handler(timer)
        except TicketMoved:
            # Somebody works at the ticket just now: what is due is decided anew on what they made of it.
            self._store.put_off(claimed, self._now() - dt.timedelta(minutes=1), "")
        except TimerGone:
            return
        except Exception as exc:
            # Whatever breaks inside must not lose a timer, nor stop the others.
            _log.exception("a timer could not fire")
            self._store.put_off(claimed, self._now(), f"Failed inside: {type(exc).__name__}.")
        else:
            self._store.done(timer, self._now())
