"""A thread of the server that keeps every closed day counted, so that nobody who asks for figures waits for it."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

#: Seconds until the next look where every closed day is counted.
PAUSE_SECONDS: Final = 300.0
#: Seconds until the first look: neither the start nor the first messages wait for it.
FIRST_SECONDS: Final = 2.0
#: Of the time since it began, what counting may take while there is a backlog: customers are answered meanwhile.
SHARE: Final = 0.2

_log = logging.getLogger(__name__)


class Keeper:
    """Calls `step`, which says whether there is more to do, until it is closed."""

    def __init__(self, step: Callable[[], bool], pause: float = PAUSE_SECONDS) -> None:
        self._step = step
        self._pause = pause
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ledger-keeper", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        wait = FIRST_SECONDS
        while not self._stop.wait(wait):
            begun = time.monotonic()
            try:
                more = self._step()
            except Exception:
                # The database may be away for a while; the next look may succeed.
                _log.exception("counting closed days failed")
                more = False
            took = time.monotonic() - begun
            wait = took * (1.0 - SHARE) / SHARE if more else self._pause

    def close(self) -> None:
        """Stops after the step it is at."""
        self._stop.set()
        self._thread.join(timeout=10)
