"""Walkthroughs: an article's steps, one by one, at their places on the page."""

from collections.abc import Callable
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.browser.barriers import barriers
from tests.browser.conftest import Shop

Ask = Callable[[Page, str], None]
PLACES = (
    '<main><button data-tierzero-guide="subscriptions/pause-or-skip">Show me</button>'
    '<p><a id="account" href="?here">Account</a></p>'
    f'{"<br>" * 60}<p><button id="pause">Pause</button></p></main>'
)


def opened(page: Page, shop: Shop, foreign_url: str, markup: str = PLACES, path: str = "plain") -> None:
    """A page with these places, the chat there, and its extras."""
    extra = quote(f'data-guides></script>{markup}<script type="x"')
    with page.expect_response("**/en-extras.json*"):
        page.goto(f"{foreign_url}/{path}?shop={shop.url}&attributes={extra}")
    page.get_by_role("button", name="Open chat").wait_for()
    page.wait_for_load_state("networkidle")


def ringed(page: Page, selector: str) -> bool:
    """Whether the ring is around an element of the page that can be seen."""
    ring, place = page.locator(".ring").bounding_box(), page.locator(selector).bounding_box()
    assert ring is not None
    assert place is not None
    inside = 0 <= place["y"] <= 860 - place["height"]
    return inside and abs(ring["y"] + 4 - place["y"]) < 2 and abs(ring["x"] + 4 - place["x"]) < 2


def test_an_element_of_the_page_begins_a_walkthrough_that_goes_step_by_step_by_keyboard(
    page: Page, shop: Shop, foreign_url: str
) -> None:
    opened(page, shop, foreign_url, path="trusted-types")
    page.get_by_role("button", name="Show me").focus()
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog", name="Pause or skip a delivery")
    expect(card).to_be_focused()
    expect(card).to_contain_text("Step 1 of 3")
    expect(card).to_contain_text("Sign in and go to Account > Subscription.")
    assert ringed(page, "#account")
    expect(page.locator("[role=status][aria-live]")).to_contain_text("Step 1 of 3. Sign in")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Leave the walkthrough")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(card).to_contain_text("Step 2 of 3")
    assert ringed(page, "#pause")
    page.get_by_role("button", name="Back").click()
    expect(card).to_contain_text("Step 1 of 3")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(page.locator(".ring")).to_have_count(0)
    expect(page.get_by_role("button", name="Show me")).to_be_focused()


def test_a_place_that_is_missing_is_told_in_words_and_found_once_it_comes(
    page: Page, shop: Shop, foreign_url: str
) -> None:
    opened(page, shop, foreign_url, "<main></main>")
    page.evaluate(
        "document.querySelector('tierzero-chat').guide('subscriptions/pause-or-skip', [']] {broken'])"
    )
    missing = page.locator(".missing")
    expect(missing).to_have_text("We do not find this on the page you see. What is done there:")
    expect(page.locator(".ring")).to_be_hidden()
    page.get_by_role("button", name="Next").click()
    expect(missing).to_be_visible()
    page.evaluate("document.querySelector('main').innerHTML = '<button id=pause>Pause</button>'")
    expect(missing).to_be_hidden()
    assert ringed(page, "#pause")
    # A step without a place of its own is no trouble.
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".guide")).to_contain_text("Confirm. Your next delivery moves")
    expect(missing).to_be_hidden()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_walkthrough_goes_on_where_the_next_page_begins(page: Page, shop: Shop, foreign_url: str) -> None:
    opened(page, shop, foreign_url)
    page.get_by_role("button", name="Show me").click()
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".count")).to_have_text("Step 2 of 3")
    page.reload()
    expect(page.locator(".count")).to_have_text("Step 2 of 3")
    page.get_by_role("button", name="Leave the walkthrough").click()
    page.reload()
    page.get_by_role("button", name="Open chat").wait_for()
    page.wait_for_load_state("networkidle")
    expect(page.locator(".guide")).to_have_count(0)


def test_the_source_of_an_answer_offers_its_walkthrough(
    page: Page, shop: Shop, foreign_url: str, ask: Ask
) -> None:
    opened(page, shop, foreign_url)
    ask(page, "How do I pause?")
    page.get_by_role("button", name="Pause or skip a delivery").first.click()
    page.get_by_role("button", name="Show me on this page").click()
    expect(page.locator(".count")).to_have_text("Step 1 of 3")
    expect(page.get_by_role("dialog", name="How can we help?")).to_be_hidden()
    assert ringed(page, "#account")


def test_what_has_no_steps_says_so(page: Page, shop: Shop, foreign_url: str) -> None:
    opened(page, shop, foreign_url)
    page.get_by_role("button", name="Open chat").click()
    page.evaluate("document.querySelector('tierzero-chat').guide('no/such-article')")
    expect(page.get_by_text("There are no steps to show for this.").first).to_be_visible()


def test_a_walkthrough_has_no_barrier_and_fits_a_small_window(page: Page, shop: Shop) -> None:
    page.goto(shop.url)
    page.get_by_role("button", name="Open chat").wait_for()
    page.evaluate(
        "document.querySelector('tierzero-chat').guide('subscriptions/pause-or-skip', ['h1', 'footer'])"
    )
    expect(page.locator(".count")).to_have_text("Step 1 of 3")
    assert barriers(page) == []
    page.set_viewport_size({"width": 320, "height": 180})
    page.get_by_role("button", name="Next").click()
    card = page.locator(".guide").bounding_box()
    assert card is not None
    assert card["x"] >= 0
    assert card["x"] + card["width"] <= 320
    assert card["y"] >= 0
    assert card["y"] + card["height"] <= 180
