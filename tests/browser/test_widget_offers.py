"""Offers of help: by time, path and reported errors; once for each customer, never while the chat is open."""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.barriers import barriers
from tests.browser.conftest import Shop

Ask = Callable[[Page, str], None]
SLOW = {"seconds": 20, "path": "/trusted-*"}
OFFER = "Can we help you with this?"
MORNING = dt.datetime(2026, 5, 4, 9, 0, tzinfo=dt.UTC)
TROUBLE = "document.querySelector('tierzero-chat').trouble()"


def still(page: Page) -> None:
    """From now on no time passes on a page but what a test lets pass."""
    page.clock.install(time=MORNING)
    page.clock.pause_at(MORNING + dt.timedelta(seconds=1))


def opened(
    page: Page,
    shop: Shop,
    foreign_url: str,
    rules: Sequence[object],
    more: str = "",
    path: str = "trusted-types",
) -> None:
    """A page with these rules whose clock stands still until it is told to run, and all that is loaded there."""
    page.route("**/offers.json", lambda route: route.fulfill(body=json.dumps({"offers": rules})))
    still(page)
    attributes = quote(f'data-offers="{shop.url}/offers.json" {more}')
    with page.expect_response("**/offers.json"):
        page.goto(f"{foreign_url}/{path}?shop={shop.url}&attributes={attributes}")
    page.get_by_role("button", name="Open chat").wait_for()
    page.wait_for_load_state("networkidle")


def test_help_is_offered_after_a_while_once_and_never_again(page: Page, shop: Shop, foreign_url: str) -> None:
    opened(page, shop, foreign_url, [SLOW])
    page.clock.run_for(15_000)
    expect(page.get_by_role("button", name="Yes, please")).to_have_count(0)
    page.clock.run_for(10_000)
    expect(page.get_by_role("complementary", name=OFFER)).to_be_visible()
    expect(page.locator("[role=status][aria-live]")).to_have_text(OFFER)
    page.get_by_role("button", name="No, thank you").click()
    expect(page.locator(".offer")).to_have_count(0)
    page.clock.run_for(60_000)
    expect(page.locator(".offer")).to_have_count(0)
    page.reload()
    page.get_by_role("button", name="Open chat").wait_for()
    page.wait_for_load_state("networkidle")
    page.clock.run_for(60_000)
    expect(page.locator(".offer")).to_have_count(0)


def test_errors_that_the_page_reports_count_over_its_pages_and_lead_to_a_topic(
    page: Page, shop: Shop, foreign_url: str
) -> None:
    rule = {"errors": 3, "topic": "How do I pause?", "text": {"en": "Trouble <b>paying</b>?", "de": "x"}}
    opened(page, shop, foreign_url, [rule], path="plain")
    page.evaluate(f"{TROUBLE}; {TROUBLE}")
    page.clock.run_for(3_000)
    expect(page.locator(".offer")).to_have_count(0)
    with page.expect_response("**/offers.json"):
        page.reload()
    page.wait_for_load_state("networkidle")
    page.evaluate(TROUBLE)
    page.clock.run_for(3_000)
    expect(page.get_by_role("complementary", name="Trouble <b>paying</b>?")).to_be_visible()
    page.get_by_role("button", name="Yes, please").click()
    expect(page.locator("blockquote").first).to_be_visible()
    assert [said.text for said in shop.services.chat.incoming] == ["How do I pause?"]


def test_while_the_chat_is_open_nothing_is_offered(page: Page, shop: Shop, foreign_url: str) -> None:
    opened(page, shop, foreign_url, [{"seconds": 5}])
    page.get_by_role("button", name="Open chat").click()
    page.clock.run_for(30_000)
    expect(page.locator(".offer")).to_have_count(0)
    page.get_by_role("button", name="Close chat").first.click()
    page.clock.run_for(3_000)
    expect(page.locator(".offer")).to_be_visible()
    page.get_by_role("button", name="Open chat").click()
    expect(page.locator(".offer")).to_have_count(0)


@pytest.mark.parametrize(
    "rules",
    [
        [{"seconds": 5, "path": "/checkout/*"}],
        [{"seconds": "5"}, {"path": "*"}, {"errors": 0}, {"seconds": -1, "errors": 1}],
        "nonsense",
    ],
)
def test_rules_for_other_pages_and_rules_that_make_no_sense_offer_nothing(
    rules: Sequence[object], page: Page, shop: Shop, foreign_url: str
) -> None:
    opened(page, shop, foreign_url, rules)
    page.clock.run_for(60_000)
    expect(page.locator(".offer")).to_have_count(0)


@pytest.mark.parametrize("attribute", ["", 'data-offers="none"'])
def test_without_the_attribute_there_is_silence_and_nothing_is_loaded(
    attribute: str, page: Page, shop: Shop, foreign_url: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    still(page)
    page.goto(f"{foreign_url}/plain?shop={shop.url}&attributes={quote(attribute)}")
    page.get_by_role("button", name="Open chat").wait_for()
    page.wait_for_load_state("networkidle")
    page.clock.run_for(60_000)
    expect(page.locator(".offer")).to_have_count(0)
    assert not [url for url in asked if "offers" in url.partition("?")[0]]


def test_an_offer_is_reached_by_keyboard_in_the_readers_language_and_has_no_barrier(
    page: Page, shop: Shop
) -> None:
    page.route("**/offers.json", lambda route: route.fulfill(body=json.dumps({"offers": [{"seconds": 1}]})))

    def with_offers(route: Route) -> None:
        answer, tag = route.fetch(), 'data-tierzero data-locale="en"'
        assert tag in answer.text()
        changed = answer.text().replace(tag, 'data-tierzero data-locale="de" data-offers="/offers.json"')
        route.fulfill(response=answer, body=changed)

    page.route(f"{shop.url}/", with_offers)
    page.goto(shop.url)
    offer = page.get_by_role("complementary", name="Können wir Ihnen dabei helfen?")
    expect(offer).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name="Ja, bitte").focus()
    page.keyboard.press("Escape")
    expect(offer).to_have_count(0)
