"""The service of a day as a process of its own: started, killed without a word, started again; and its commands."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final

import httpx

from evaluations.day.clock import DayClock
from evaluations.ports import free_port

#: Seconds until a server answers, on a machine that is busy with other things.
_STARTS: Final = 120.0
PASSWORD: Final = "seven quiet kestrels at noon"  # noqa: S105 - of accounts that live for a day


class House:
    """One server at a time, on one data folder and one database."""

    def __init__(self, folder: Path, data: Path, url: str, clock: DayClock, policy: Path) -> None:
        """`url` is a database's; empty for SQLite in the data folder."""
        self.data = data
        self.clock_file = folder / "clock.json"
        self.clock = clock
        self.given_url = url
        self.url = url or f"sqlite:///{data / 'tierzero.db'}"
        self.host = f"127.0.0.1:{free_port()}"
        self.log = folder / "server.log"
        self.kills = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = _clean(os.environ) | {
            "HF_HUB_OFFLINE": "1",
            "TIERZERO_DATA": str(data),
            "TIERZERO_DATABASE_URL": url,
            "TIERZERO_POLICY": str(policy),
            "TIERZERO_TRUSTED_PROXIES": "127.0.0.1",
            "TIERZERO_SITE_NAME": "Tarnbean",
        }

    @property
    def base(self) -> str:
        """The address of the service."""
        return f"http://{self.host}"

    def start(self) -> None:
        """Starts it and waits until it is ready. Raises `RuntimeError` with the end of its log."""
        port = self.host.partition(":")[2]
        command = [sys.executable, "-m", "evaluations.day.server", "--port", port]
        with self.log.open("ab") as log:
            self._process = self._popen([*command, "--clock", str(self.clock_file)], log)
        end = time.monotonic() + _STARTS
        while time.monotonic() < end and self._process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.base}/readyz", timeout=5).status_code == 200:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"the server did not start: {self.log.read_text(errors='replace')[-2000:]}")

    def kill(self) -> None:
        """Ends it in the middle of whatever it is at."""
        self.kills += 1
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ends it as an operator does."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(timeout=60)
        self._process = None

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Runs `tierzero` on the same data, by the real clock."""
        return subprocess.run(  # noqa: S603
            [sys.executable, "-m", "bot.cli", *words],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def _popen(self, command: list[str], log: IO[bytes]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)  # noqa: S603


def _clean(environment: Mapping[str, str]) -> dict[str, str]:
    """Without settings of whoever runs it."""
    return {name: value for name, value in environment.items() if not name.startswith("TIERZERO_")}
