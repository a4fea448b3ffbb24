"""Jobs that wait for their time in, done again and again until stopped: timers and what leaves the desk."""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Final

#: Seconds until the next look where nothing was to do. What is due is seldom more than this late.
PAUSE_SECONDS: Final = 1.0
#: A job that fails, such as while the database is away, is left alone for this many looks.
_FAILED_LOOKS: Final = 5

_log = logging.getLogger(__name__)

#: Does what is due now and says how much it was; called again at once while that is not 0.
Job = Callable[[], int]


class Work:
    """Jobs by their names."""

    def __init__(self, jobs: Mapping[str, Job], pause: float = PAUSE_SECONDS) -> None:
        self._jobs = dict(jobs)
        self._pause = pause
        self._left_alone: dict[str, int] = {}
        self._stop = threading.Event()

    def once(self) -> int:
        """Gives every job one go; returns how much was done. One that fails holds up no other."""
        done = 0
        for name, job in self._jobs.items():
            if self._left_alone.get(name, 0) > 0:
                self._left_alone[name] -= 1
                continue
            if self._stop.is_set():
                break
            try:
                done += job()
            except Exception:
                _log.exception("the job %s failed; it is tried again soon", name)
                self._left_alone[name] = _FAILED_LOOKS
        return done

    def run(self) -> None:
        """Works until `stop` is called, from another thread or a signal."""
        while not self._stop.is_set():
            if not self.once():
                self._stop.wait(self._pause)

    def stop(self) -> None:
        """Ends `run` after the step it is at."""
        self._stop.set()


class Worker:
    """A thread of the server that works, from a moment after the start on: neither start nor first message waits."""

    def __init__(self, made: Callable[[], Work]) -> None:
        """`made` gives the work, in the thread."""
        self._made = made
        self._work: Work | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._closed.wait(PAUSE_SECONDS):
            try:
                self._work = self._made()
            except Exception:
                _log.exception("the work cannot be begun; it is tried again soon")
                continue
            if not self._closed.is_set():
                self._work.run()

    def close(self) -> None:
        """Stops after the step it is at."""
        self._closed.set()
        if self._work is not None:
            self._work.stop()
        self._thread.join(timeout=10)
