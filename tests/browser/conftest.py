"""A real server on loopback with fake services, a foreign site with the widget, and a real Chromium."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from bot.web.app import create_app
from tests.browser import portal_site
from tests.browser.portal_site import Site
from tests.browser.serving import PATIENCE, serving
from tests.web.fake_services import FakeServices, FakeSettings

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

STRICT = "default-src 'none'; script-src {shop}; connect-src {shop}; style-src 'self'; img-src 'none'"
POLICIES = {
    "/strict": STRICT,
    "/trusted-types": STRICT + "; require-trusted-types-for 'script'; trusted-types 'none'",
}


@dataclass(frozen=True)
class Shop:
    """The running service and the handle on its fakes."""

    url: str
    services: FakeServices


@pytest.fixture(scope="session", autouse=True)
def patient() -> None:
    """What is waited for comes in a moment, but on a machine that is busy a moment is long."""
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists() and not os.environ.get("CI"):
        pytest.skip("needs Chromium at /usr/bin/chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def foreign_url() -> Iterator[str]:
    """Another origin, with pages under strict policies; `?shop=` names the service to embed."""

    def page(request: Request) -> HTMLResponse:
        shop = request.query_params["shop"]
        extra = request.query_params.get("attributes", "")
        html = f"""<!doctype html><html lang="en" dir="{request.query_params.get("dir", "ltr")}">
            <head><title>Another shop</title></head><body><h1>Another shop</h1>
            <script src="{shop}/widget.js" data-tierzero {extra} async></script></body></html>"""
        policy = POLICIES.get(request.url.path, "default-src *").format(shop=shop)
        return HTMLResponse(html, headers={"content-security-policy": policy})

    with serving(Starlette(routes=[Route("/{name:path}", page)])) as url:
        yield url


@pytest.fixture
def shop(foreign_url: str) -> Iterator[Shop]:
    """A fresh service for each test; the foreign site is allowed to use its chat."""
    services = FakeServices(replace(FakeSettings(), allowed_origins=(foreign_url,)))
    with serving(create_app(lambda: services)) as url:
        yield Shop(url, services)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The help centre over the real service, made once."""
    yield from portal_site.served(tmp_path_factory.mktemp("screens"))


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which nothing may go wrong unseen: no script error, no refused policy."""
    opened = context.new_page()
    trouble: list[str] = []
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    opened.on(
        "console",
        lambda message: trouble.append(message.text) if "Content Security Policy" in message.text else None,
    )
    yield opened
    opened.close()
    assert trouble == []


@pytest.fixture
def ask() -> Callable[[Page, str], None]:
    """Opens the chat where it is closed, writes a message and sends it."""

    def send(page: Page, text: str) -> None:
        launcher = page.get_by_role("button", name="Open chat")
        writing = page.get_by_role("textbox", name="Write a message")
        # The chat comes after the page: its words are loaded by themselves.
        launcher.or_(writing).first.wait_for()
        if launcher.is_visible():
            launcher.click()
        writing.fill(text)
        page.get_by_role("button", name="Send", exact=True).click()

    return send
