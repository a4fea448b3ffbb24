"""The help centre in a real browser: searching while typing, by keyboard alone, without script, narrow and dark."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Shop
from tests.browser.serving import PATIENCE

PAUSE = "/help/en/subscriptions/pause-or-skip"


def opened(browser: Browser, address: str, **how: object) -> Page:
    page = browser.new_context(reduced_motion="reduce", **how).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    return page


def typed(page: Page, words: str) -> None:
    """Somebody types; the list of the whole words is there, so that none of the first letters comes later."""
    page.get_by_role("searchbox").press_sequentially(words)
    expect(page.locator(".suggested .all")).to_have_text(f"All results for “{words}”")


def test_a_reader_types_goes_down_and_opens_the_article(browser: Browser, shop: Shop) -> None:
    page = opened(browser, f"{shop.url}/help/en")
    typed(page, "pause")
    expect(page.locator(".suggested a:not(.all)")).to_have_count(2)
    expect(page.locator(".search [role=status]")).to_have_text("2 suggestions. Use the arrow keys to choose.")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{PAUSE}#pause")
    page.context.close()


def test_results_while_typing_close_with_escape_and_when_the_field_is_left(
    browser: Browser, shop: Shop
) -> None:
    page = opened(browser, f"{shop.url}/help/en")
    typed(page, "pause")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".suggested a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".suggested")).to_be_hidden()
    # The words stay, and whoever types goes on where they were.
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("searchbox")).to_have_value("pause")
    page.get_by_role("searchbox").fill("pause it")
    expect(page.locator(".suggested")).to_be_visible()
    page.locator("h1").click()
    expect(page.locator(".suggested")).to_be_hidden()
    page.context.close()


def test_all_results_are_one_press_away(browser: Browser, shop: Shop) -> None:
    page = opened(browser, f"{shop.url}/help/de")
    page.get_by_role("searchbox").press_sequentially("pause $& <b>")
    page.get_by_role("link", name="Alle Ergebnisse für „pause $& <b>“").click()
    page.wait_for_url("**/help/search?q=pause+%24%26+%3Cb%3E&locale=de")
    page.context.close()


def test_the_language_is_chosen_by_keyboard_alone(browser: Browser, shop: Shop) -> None:
    page = opened(browser, f"{shop.url}{PAUSE}")
    menu = page.locator(".languages summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Deutsch")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Deutsch")).to_be_hidden()
    expect(menu).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="العربية").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/help/ar/subscriptions/pause-or-skip")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.context.close()


def test_the_search_works_without_script(browser: Browser, shop: Shop) -> None:
    page = opened(browser, f"{shop.url}/help/en", java_script_enabled=False)
    page.get_by_role("searchbox").fill("pause")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("blockquote")).to_contain_text("Select Pause")
    expect(page.get_by_role("link", name="Pause or skip a delivery").first).to_be_visible()
    page.context.close()
