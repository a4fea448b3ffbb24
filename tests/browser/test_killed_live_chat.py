"""The server is killed in the middle of a live chat: both pages come back by themselves, with each word once."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from bot.composition import Services
from bot.settings import load
from evaluations.ports import free_port
from tests.browser.serving import PATIENCE
from tests.browser.test_live_chat import Two, said
from tests.index.small_centre import ROOT, TIERZERO, clean_environment
from tests.live.conftest import House, Time

#: Seconds; a second or two where the machine has nothing else to do.
STARTS = 120.0
WORDS = ("one", "two", "three", "four", "five")


@dataclass
class Served:
    """`tierzero serve` on a port of its own, which is started, killed, and started again."""

    data: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        command = [TIERZERO, "serve", "--port", str(self.port), "--data", str(self.data)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=clean_environment(), stderr=subprocess.DEVNULL)
        end = time.monotonic() + STARTS
        while not self._answers():
            assert time.monotonic() < end, "the server did not start"
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@pytest.fixture
def more_patient(patient: None) -> Iterator[None]:
    """Pages try again after pauses that grow."""
    expect.set_options(timeout=2 * PATIENCE)
    yield
    expect.set_options(timeout=PATIENCE)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    opened = Served(tmp_path / "data")
    try:
        opened.start()
        yield opened
    finally:
        opened.kill()


@pytest.mark.usefixtures("more_patient")
def test_a_server_that_is_killed_in_a_live_chat_loses_and_doubles_nothing(
    browser: Browser, served: Served
) -> None:
    host = f"127.0.0.1:{served.port}"
    with ExitStack() as stack:
        services = stack.enter_context(closing(Services(load(data=served.data))))
        two = Two(browser, House(services, [host, host], stack, Time()))
        two.ask("I want to talk to a person")
        two.join()
        two.answer("one")
        expect(two.log.get_by_text("one", exact=True)).to_be_visible()

        served.kill()
        two.ask("two")
        two.answer("three")
        served.start()
        for text in ("two", "three"):
            expect(two.log.get_by_text(text, exact=True)).to_be_visible()
            expect(two.said.get_by_text(text, exact=True)).to_be_visible()
        # The chat goes on where it was, with the same agent in it.
        two.answer("four")
        expect(two.log.get_by_text("four", exact=True)).to_be_visible()
        two.ask("five")
        expect(two.said.get_by_text("five", exact=True)).to_be_visible()

        (chat,) = services.live_store.held()
        stored = [text for _, text in two.house.texts(chat.conversation_id) if text in WORDS]
        assert sorted(stored) == sorted(WORDS)
        # Until then the page may show what was written in the gap in the order in which it was written there.
        assert sorted(text for text in said(two.customer) if text in WORDS) == sorted(stored)
        two.customer.reload()
        expect(two.log.get_by_text("five", exact=True)).to_be_visible()
        assert [text for text in said(two.customer) if text in WORDS] == stored
        two.close()
