"""The help centre in a real browser: searching while typing, by keyboard alone, without script, narrow and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Shop

PAUSE = "/help/en/subscriptions/pause-or-skip"


def opened(browser: Browser, address: str, **how: object) -> Page:
    page = browser.new_context(reduced_motion="reduce", **how).new_page()
    page.set_default_timeout(15_000)
    page.goto(address)
    return page


def test_a_reader_types_goes_down_and_opens_the_article(browser: Browser, shop: Shop) -> None:
    page = opened(browser, f"{shop.url}/help/en")
    page.get_by_role("searchbox").press_sequentially("pause")
    expect(page.locator(".suggested a")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{PAUSE}#pause")
    page.context.close()


def test_results_while_typing_close_with_escape_and_when_the_field_is_left(
    browser: Browser, shop: Shop
) -> None:
    page = opened(browser, f"{shop.url}/help/en")
    page.get_by_role("searchbox").press_sequentially("pause")
    expect(page.locator(".suggested")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".suggested")).to_be_hidden()
    page.get_by_role("searchbox").fill("pause it")
    expect(page.locator(".suggested")).to_be_visible()
    page.locator("h1").click()
    expect(page.locator(".suggested")).to_be_hidden()
    page.context.close()


def test_the_search_works_without_script(browser: Browser, shop: Shop) -> None:
    page = opened(browser, f"{shop.url}/help/en", java_script_enabled=False)
    page.get_by_role("searchbox").fill("pause")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("blockquote")).to_contain_text("Select Pause")
    expect(page.get_by_role("link", name="Pause or skip a delivery").first).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/help/search?q=pause", PAUSE, "/help/en"])
def test_no_barrier_and_nothing_wider_than_a_narrow_screen(
    browser: Browser, shop: Shop, path: str, scheme: str
) -> None:
    page = opened(browser, f"{shop.url}{path}", viewport={"width": 320, "height": 700}, color_scheme=scheme)
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.context.close()
