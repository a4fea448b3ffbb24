"""Applications served on loopback, and staff's browsers signed in to the real one; what browser tests begin with."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import uvicorn
from playwright.sync_api import Browser, BrowserContext

from bot.web.app import create_app
from tests.agents.colleagues import Clock, House
from tests.flows.deciding import ALWAYS_ANSWER, deciding
from tests.index import small_centre

#: Milliseconds that whatever a test waits for may take; a machine that is busy with other things takes its time.
PATIENCE = 20_000


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """The address of an application that is served as long as this lasts."""
    # The port is taken here, and not let go before the server has it.
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", access_log=False))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


@contextmanager
def opened_desk(folder: Path, thresholds: tuple[float, float] = ALWAYS_ANSWER) -> Iterator[House]:
    """The real service over the small help centre, by a clock that tests move; nobody serves it yet."""
    clock = Clock()
    with deciding(small_centre.ingested(folder), thresholds, clock.chance()) as opened:
        yield House(opened, clock, None)  # type: ignore[arg-type] # browsers are real here


@contextmanager
def served_desk(desk: House) -> Iterator[str]:
    """The address of its service."""
    with serving(create_app(lambda: desk.services)) as url:
        yield url


@dataclass(frozen=True)
class StaffSite:
    """A served desk, and the cookie of somebody of the team."""

    url: str
    token: str

    #: Milliseconds that a page may take; what is served by a busy machine takes its time.
    PATIENCE: ClassVar[int] = 30_000

    def signed_in(self, browser: Browser, **how: Any) -> BrowserContext:
        """A browser of theirs."""
        context = browser.new_context(reduced_motion="reduce", **how)
        context.set_default_timeout(self.PATIENCE)
        context.add_cookies([{"name": "tierzero", "value": self.token, "url": self.url}])
        return context
