"""A clock that runs faster than the real one and can be moved on, in a file that all processes of a day share."""

import datetime as dt
import json
import time
from pathlib import Path

from bot.randomness import Chance


class DayClock:
    """Reads the time off a file: a real moment, what it was called, and how fast it has gone since."""

    def __init__(self, file: Path) -> None:
        self._file = file
        # One value, which is replaced as a whole: threads that look while it changes must not mix two clocks.
        self._read = (-1, 0.0, 0.0, 1.0)

    def now(self) -> dt.datetime:
        """The time of the day, aware, UTC."""
        changed, read = self._file.stat().st_mtime_ns, self._read
        if changed != read[0]:
            told = json.loads(self._file.read_text(encoding="utf-8"))
            self._read = read = (changed, told["real"], told["shown"], told["speed"])
        _, real, shown, speed = read
        return dt.datetime.fromtimestamp(shown + (time.time() - real) * speed, dt.UTC)

    def set(self, shown: dt.datetime, speed: float) -> None:
        """Makes it this time, going on at so many seconds a real second; a reader sees the old clock or the new."""
        aside = self._file.with_suffix(".new")
        told = {"real": time.time(), "shown": shown.timestamp(), "speed": speed}
        aside.write_text(json.dumps(told), encoding="utf-8")
        aside.replace(self._file)

    def chance(self, real: Chance) -> Chance:
        """Time from here, ids and randomness from there."""
        return Chance(self.now, real.new_id, real.random)


def a_monday(today: dt.date) -> dt.datetime:
    """Some minutes before nine on a Monday that lies back so far that all its windows are closed by today."""
    day = today - dt.timedelta(days=today.weekday() + 28)
    return dt.datetime(day.year, day.month, day.day, 8, 55, tzinfo=dt.UTC)
