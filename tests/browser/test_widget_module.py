"""The npm module in a page of another site, and answers that a language model writes, in a real page."""

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.web.app import create_app
from tests.browser.conftest import Shop
from tests.browser.serving import serving
from tests.flows.deciding import ALWAYS_ANSWER, deciding
from tests.index import small_centre
from tests.index.small_centre import ROOT
from tests.writing.misbehaving import Handler, server

Ask = Callable[[Page, str], None]
WIDGET = ROOT / "widget"


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The module, built as `npm pack` does."""
    node = shutil.which("node")
    if node is None or not (WIDGET / "node_modules" / "esbuild").is_dir():
        if os.environ.get("CI"):
            pytest.fail("widget/node_modules is missing: run `make check` before")
        pytest.skip("needs Node.js and `npm ci` in widget/")
    file = tmp_path_factory.mktemp("module") / "tierzero.js"
    subprocess.run(
        [node, WIDGET / "build.mjs", "--module", file], check=True, capture_output=True, timeout=300
    )
    return file.read_text(encoding="utf-8")


@pytest.fixture
def app(module: str, shop: Shop) -> Iterator[str]:
    """Another site, whose own script brings the chat; it may use the service."""
    html = "<!doctype html><html lang='en'><title>App</title><h1>App</h1></html>"
    routes = [
        Route("/app", lambda request: HTMLResponse(html)),
        Route("/tierzero.js", lambda request: Response(module, media_type="text/javascript")),
    ]
    with serving(Starlette(routes=routes)) as url:
        shop.services.settings = replace(shop.services.settings, allowed_origins=(url,))
        yield url


def test_the_npm_module_mounts_one_chat_with_all_that_the_script_has(
    app: str, page: Page, shop: Shop, ask: Ask
) -> None:
    page.goto(f"{app}/app")
    same = page.evaluate(
        """async ([from, api]) => {
            const { mount } = await import(from);
            if (document.querySelector('tierzero-chat')) return 'too early';
            const first = mount({ api, heading: 'Ask us', contact: '', position: 'left', context: 'no attribute' });
            return first === mount({ api });
        }""",
        [f"{app}/tierzero.js", shop.url],
    )
    assert same is True
    ask(page, "How do I pause?")
    expect(page.get_by_role("heading", name="Ask us")).to_be_visible()
    expect(page.locator("blockquote").first).to_be_visible()
    # What is loaded when it is used comes from the service.
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Attach a file").click()
    chosen.value.set_files([{"name": "notes.txt", "mimeType": "text/plain", "buffer": b"hello"}])
    expect(page.get_by_role("button", name="notes.txt")).to_be_enabled()


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Opened, the model writes on; it is opened at the end in any case."""
    opened = threading.Event()
    yield opened
    opened.set()


def test_what_a_model_writes_is_read_while_it_is_written(
    tmp_path: Path, gate: threading.Event, page: Page, ask: Ask
) -> None:
    def behave(handler: Handler) -> None:
        handler.begin()
        handler.say("Sign in and open the order. Print the")
        gate.wait(60)
        handler.say(" label and stick it on the parcel.")
        handler.done()

    centre = small_centre.ingested(tmp_path)
    with (
        server(behave) as (address, _),
        deciding(
            centre, ALWAYS_ANSWER, llm_base_url=address, llm_model="m", llm_seconds=120, demo=True
        ) as services,
        serving(create_app(lambda: services)) as url,
    ):
        page.goto(f"{url}/")
        ask(page, "How do I make a return label?")
        log = page.get_by_role("log")
        first, second = "Sign in and open the order.", "Print the label and stick it on the parcel."
        said = log.locator(".bubble")
        expect(said.filter(has_text=first)).to_have_count(1, timeout=30_000)
        expect(said.filter(has_text=second)).to_have_count(0)
        # A half-written answer is not read out; the whole one is, once.
        expect(page.locator("[role=status][aria-live]")).to_have_text("")
        gate.set()
        # The whole answer with its source takes the place of what was read so far.
        expect(log.locator(".toggle").first).to_be_visible(timeout=30_000)
        expect(said.filter(has_text=first)).to_have_count(1)
        expect(said.filter(has_text=second)).to_have_count(1)
        expect(page.locator("[role=status][aria-live]")).to_contain_text(second)
        page.close()
