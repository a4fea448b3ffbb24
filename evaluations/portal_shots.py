"""`python -m evaluations.portal_shots`: screens of the help centre and the chat as pictures in `docs/screenshots/`."""

import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import uvicorn
from playwright.sync_api import Page, ViewportSize, sync_playwright

import kb
from bot.chat.incoming import Incoming
from bot.composition import Services
from bot.help_centre.own_requests import LINK_HOLDS, PURPOSE
from bot.help_centre.popular import FEWEST_USES
from bot.settings import load
from bot.web.app import create_app
from evaluations.ports import free_port

OUT: Final = Path(__file__).parents[1] / "docs" / "screenshots"
SAMPLE: Final = Path(kb.__file__).parent / "sample"
CHROMIUM: Final = "/usr/bin/chromium"
ANN: Final = "ann.miller@example.org"
LETTER: Final = "My parcel has not come, and the tracking has said the same for four days. What can I do now?"
PUBLIC: Final = "https://help.shop.example"
#: What customers have asked in the chat, so that the home knows what helped.
ASKED: Final = (
    "how do I pause my subscription?",
    "how do I reset my password?",
    "when does my refund arrive?",
    "my parcel arrived damaged, what now?",
    "how do I descale the Heron?",
    "how do I use a promo code?",
)
LONGEST_WAIT: Final = 60_000


def main() -> int:
    """Serves the sample from a folder of its own, goes through the screens and keeps what they look like."""
    with (
        tempfile.TemporaryDirectory(prefix="tierzero-shots-") as folder,
        _served(Path(folder)) as (services, url),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        # Pictures have the public address, which is another origin here.
        size = ViewportSize(width=1200, height=820)
        context = browser.new_context(viewport=size, reduced_motion="reduce", bypass_csp=True)
        page = context.new_page()
        page.set_default_timeout(LONGEST_WAIT)
        for _ in range(FEWEST_USES):
            for asked in ASKED:
                services.chat.reply(Incoming(asked, locale="en"))
        _go(page, url, services)
        phone = browser.new_context(
            viewport={"width": 390, "height": 780}, color_scheme="dark", reduced_motion="reduce"
        )
        small = phone.new_page()
        small.set_default_timeout(LONGEST_WAIT)
        small.goto(f"{url}/help/en/delivery/damaged-parcel")
        _keep(small, "portal-article-phone")
        small.goto(f"{url}/help/contact?locale=ar")
        _keep(small, "portal-contact-arabic-phone")
        page.goto(f"{url}/help/ar")
        _keep(page, "portal-home-arabic")
        _chat(page, url)
        browser.close()
    return 0


def _chat(page: Page, url: str) -> None:
    """A quoted answer on the shop's page, its passage in the article, and an incident that goes to people."""
    page.goto(url)
    page.get_by_role("button", name="Open chat").click()
    writing = page.get_by_role("textbox", name="Write a message")
    writing.fill("How do I pause my subscription?")
    writing.press("Enter")
    source = page.get_by_role("button", name="Pause your subscription or skip a delivery").first
    source.wait_for()
    _keep(page, "shop")
    source.click()
    # The service has a public address, and is not there.
    page.context.route(
        f"{PUBLIC}/**", lambda one: one.fulfill(response=one.fetch(url=_here(one.request.url, url)))
    )
    article = page.context.new_page()
    link = page.get_by_role("link", name="Open the article").get_attribute("href")
    article.goto(_here(link or "", url))
    article.locator("#cited").wait_for()
    _keep(article, "article")
    article.close()
    writing.fill("Someone logged into my account and ordered things")
    writing.press("Enter")
    page.get_by_text("Your request is with our team").wait_for()
    _keep(page, "handoff")


def _go(page: Page, url: str, services: Services) -> None:
    page.goto(f"{url}/help/en")
    _keep(page, "portal-home")
    page.get_by_role("searchbox").press_sequentially("pause my plan")
    page.locator(".suggested a").first.wait_for()
    _keep(page, "portal-typing")
    page.goto(f"{url}/help/de")
    _keep(page, "portal-home-german")
    page.goto(f"{url}/help/en/subscriptions")
    _keep(page, "portal-category")
    page.goto(f"{url}/help/search?q=how+do+I+pause+my+subscription&locale=en")
    _keep(page, "portal-search")
    page.goto(f"{url}/help/search?q=asdkfj+qwpoe&locale=en")
    _keep(page, "portal-nothing")
    page.goto(f"{url}/help/search?q=pause+my+subscribtion&locale=en")
    _keep(page, "portal-meant")
    page.goto(f"{url}/help/en/delivery/damaged-parcel")
    _keep(page, "portal-article")
    page.get_by_role("button", name="No", exact=True).click()
    page.locator(".ballot .why").scroll_into_view_if_needed()
    _keep(page, "portal-vote")
    page.goto(f"{url}/help/en/no-such-article")
    _keep(page, "portal-missing")
    _write(page, url)
    _look(page, url, services)


def _write(page: Page, url: str) -> None:
    page.goto(f"{url}/help/contact")
    page.get_by_label("Your message").fill(LETTER)
    page.locator("#fitting a").first.wait_for()
    page.get_by_label("Your email address").fill(ANN)
    page.get_by_label("Your name").fill("Ann Miller")
    _keep(page, "portal-contact")
    page.locator("form.letter .button").click()
    page.get_by_role("heading", name="We have your message").wait_for()
    _keep(page, "portal-sent")


def _look(page: Page, url: str, services: Services) -> None:
    page.goto(f"{url}/help/requests")
    _keep(page, "portal-ask")
    services.chat.reply(
        Incoming("I want to talk to a person about my invoice of May", locale="en", contact=ANN)
    )
    services.own_requests.ask(ANN, "en")
    waiting = services.outbox.claim(services.chance.now(), services.chance.now(), 50)
    link = next(json.loads(one.effect.payload)["link"] for one in waiting if one.effect.target == "requests")
    token = services.keyring.sign(PURPOSE, link, services.chance.now() + LINK_HOLDS)
    page.goto(f"{url}/help/requests/open/{token}")
    page.get_by_role("button", name="Show my requests").click()
    page.locator(".requests").wait_for()
    _keep(page, "portal-requests")
    page.locator(".requests a").last.click()
    page.locator(".talk").wait_for()
    _keep(page, "portal-request")


def _here(address: str, url: str) -> str:
    return address.replace(PUBLIC, url)


def _keep(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=OUT / f"{name}.png")
    sys.stderr.write(f"{name}\n")


@contextmanager
def _served(folder: Path) -> Iterator[tuple[Services, str]]:
    services = Services(
        load(
            data=folder,
            work=False,
            smtp_host="127.0.0.1",
            smtp_from="Tarnbean <help@shop.example>",
            public_url=PUBLIC,
            rate_burst=1000,
        ),
    )
    services.ingestion.ingest([SAMPLE])
    services.start()
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(lambda: services), host="127.0.0.1", port=port, log_level="warning", ws="none"
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield services, f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


if __name__ == "__main__":
    raise SystemExit(main())
