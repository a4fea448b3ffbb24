"""Every screen of the help centre in a real browser: no barrier, narrow, dark, right to left, without script."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from bot.own_requests import LINK_HOLDS, PURPOSE
from bot.people.roles import Role
from bot.web.app import create_app
from tests.agents.colleagues import ANN, Clock, House
from tests.browser.conftest import free_port, run
from tests.flows.deciding import ALWAYS_ANSWER, deciding
from tests.index import small_centre

PASSWORD = "How do I reset my password? I have lost it."
RICH = """---
title: Everything an article may have
last_reviewed: 2026-05-01
---
Words before.

[Watch how it is done](https://www.youtube.com/watch?v=abc123)

> [!warning] Mind the heat
> The pot is hot.

## A table

| Country | Standard price | Express price | Free from | Working days | Carrier |
|---|---|---|---|---|---|
| Germany | 3.90 EUR | 9.90 EUR | 35 EUR | 2 to 3 | A carrier with a long name |

## Code

```sh
curl --header 'Content-Type: application/json' https://shop.example/a/very/long/address/that/does/not/fit/anywhere
```

## A diagram

```mermaid
graph TD; A-->B;
```
"""
LEAVES_NOTHING_OUT = (
    "/help/en",
    "/help/en/orders/rich",
    "/help/search?q=password",
    "/help/search?q=zxqvblorp",
)
LETTERS = ("/help/contact", "/help/requests", "/help/en/no-such-article")


@dataclass(frozen=True)
class Site:
    """A served help centre, and a link to the requests of a customer."""

    url: str
    desk: House
    reference: str

    def link(self) -> str:
        """The path of a link that nobody has opened."""
        services, now = self.desk.services, self.desk.clock.at
        count = len(services.outbox.list(services_standing(), 500))
        services.own_requests.ask(ANN, "en")
        newest = services.outbox.list(services_standing(), 500)
        assert len(newest) == count + 1
        return f"/help/requests/open/{services.keyring.sign(PURPOSE, f'id{self.desk.clock.count}', now + LINK_HOLDS)}"


def services_standing() -> tuple[object, ...]:
    from bot.outgoing.effects import Standing

    return tuple(Standing)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    centre = small_centre.ingested(tmp_path_factory.mktemp("screens"))
    centre.write("en/orders/rich.md", RICH)
    clock = Clock()
    settings = {
        "smtp_host": "127.0.0.1",
        "smtp_from": "Tarnbean <help@shop.example>",
        "public_url": "https://help.shop.example",
        "locales": ("en", "es", "ar"),
        "rate_burst": 1000,
        "work": False,
    }
    with deciding(centre, ALWAYS_ANSWER, clock.chance(), **settings) as opened:
        opened.ingestion.ingest([centre.source])
        desk = House(opened, clock, None)  # type: ignore[arg-type]
        agent = opened.signing_in.principal(desk.token(Role.AGENT))
        assert agent is not None
        reference = desk.ticket(
            "where is my parcel with the very long number 12345678901234567890", contact=ANN
        )
        opened.desk.reply(agent, reference, "It leaves today.")
        port = free_port()
        running = run(create_app(lambda: opened), port)
        next(running)
        yield Site(f"http://127.0.0.1:{port}", desk, reference)
        next(running, None)


def opened(browser: Browser, **how: object) -> Page:
    context = browser.new_context(reduced_motion="reduce", **how)
    context.set_default_timeout(20_000)
    return context.new_page()


def barriers(page: Page) -> list[str]:
    found = [
        f"{one['id']}: {[n['target'] for n in one['nodes']]}"
        for one in Axe().run(page).response["violations"]
    ]
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return found + ([f"wider than the screen: {width}"] if width[0] > width[1] else [])


def screens(page: Page, site: Site) -> Iterator[str]:
    """Goes through every screen; the name of each when it is there."""
    for path in (*LEAVES_NOTHING_OUT, *LETTERS):
        page.goto(site.url + path)
        yield path
    page.goto(f"{site.url}/help/en/orders/rich")
    page.get_by_role("button", name="No", exact=True).click()
    page.get_by_label("It is hard to understand").check()
    yield "why not"
    page.get_by_role("button", name="Send", exact=True).click()
    yield "voted"
    page.goto(f"{site.url}/help/contact")
    page.get_by_label("Your message").fill(PASSWORD)
    page.get_by_label("Your email address").fill("ann@gmial.com")
    page.locator("form.letter .button").click()
    yield "letter with a mistake"
    page.get_by_label("Your email address").fill(ANN)
    page.locator("form.letter .button").click()
    yield "articles first"
    page.locator("form.letter .button").click()
    expect(page.get_by_role("heading", name="We have your message")).to_be_visible()
    yield "sent"
    page.goto(site.url + site.link())
    yield "link"
    page.get_by_role("button", name="Show my requests").click()
    expect(page.get_by_text(site.reference)).to_be_visible()
    yield "requests"
    page.goto(f"{site.url}/help/requests/{site.reference}")
    yield "request"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_screen_has_a_barrier_or_is_wider_than_a_small_phone(
    browser: Browser, site: Site, scheme: str
) -> None:
    page = opened(
        browser, color_scheme=scheme, viewport={"width": 320, "height": 640}, java_script_enabled=True
    )
    found = {name: wrong for name in screens(page, site) if (wrong := barriers(page))}
    page.context.close()
    assert found == {}


def test_everything_works_without_script(browser: Browser, site: Site) -> None:
    page = opened(browser, java_script_enabled=False)
    assert list(screens(page, site))[-1] == "request"
    page.get_by_label("Your answer").fill("Thank you, I wait.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Your answer is with our team")
    expect(page.get_by_text("Thank you, I wait.")).to_be_visible()
    page.context.close()


def test_articles_appear_beside_the_letter_while_somebody_writes(browser: Browser, site: Site) -> None:
    page = opened(browser)
    page.goto(f"{site.url}/help/contact")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    page.get_by_label("Your message").press_sequentially(PASSWORD, delay=5)
    expect(page.locator("#fitting a").first).to_be_visible()
    assert barriers(page) == []
    page.locator("#fitting").get_by_role("button", name="That answers it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Good to hear")).to_be_visible()
    page.context.close()


def test_nothing_is_loaded_from_elsewhere_and_a_video_waits_for_a_click(browser: Browser, site: Site) -> None:
    page = opened(browser)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.url}/help/en/orders/rich")
    video = page.locator(".video a")
    expect(video).to_contain_text("Opens youtube.com")
    assert video.get_attribute("rel") == "noopener noreferrer"
    assert [url for url in asked if not url.startswith((site.url, "data:", "blob:"))] == []
    expect(page.get_by_role("region", name="Table").get_by_role("table")).to_be_visible()
    expect(page.locator(".callout-title")).to_have_text("Mind the heat")
    expect(page.locator(".diagram figcaption")).to_be_visible()
    page.context.close()


def test_a_language_from_right_to_left_turns_the_page(browser: Browser, site: Site) -> None:
    page = opened(browser, viewport={"width": 320, "height": 640})
    for path in (
        "/help/ar",
        "/help/contact?locale=ar",
        "/help/requests?locale=ar",
        "/help/search?locale=ar&q=x",
    ):
        page.goto(site.url + path)
        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
        assert barriers(page) == []
    page.context.close()


def test_paper_has_the_article_and_nothing_to_press(browser: Browser, site: Site) -> None:
    page = opened(browser)
    page.goto(f"{site.url}/help/en/orders/rich")
    page.emulate_media(media="print")
    expect(page.locator(".prose")).to_be_visible()
    for away in (".search", ".ballot", "header.top", "footer.bottom"):
        expect(page.locator(away)).to_be_hidden()
    page.context.close()
