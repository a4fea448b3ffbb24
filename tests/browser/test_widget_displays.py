"""The chat as displays are set up: four times as large, colours of one's own, no motion, a keyboard on the phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import barriers
from tests.browser.conftest import Shop

Ask = Callable[[Page, str], None]
FILE = {
    "name": "a-rather-long-name-of-a-screenshot.png",
    "mimeType": "image/png",
    "buffer": b"\x89PNG\r\n\x1a\n.",
}


@pytest.fixture
def at_shop(shop: Shop, browser: Browser, ask: Ask) -> Callable[..., Page]:
    """A page of the shop with a conversation, on a display set up in some way."""

    def opened(**display: object) -> Page:
        page = browser.new_page(**display)
        page.goto(shop.url)
        ask(page, "a person please")
        expect(page.get_by_text("Your request is with our team")).to_be_visible()
        with page.expect_file_chooser() as chosen:
            page.get_by_role("button", name="Attach a file").click()
        chosen.value.set_files([FILE])
        expect(page.get_by_role("button", name=FILE["name"])).to_be_enabled()
        return page

    return opened


def sideways(page: Page) -> list[str]:
    """What is wider than the window, by its class."""
    return list(
        page.evaluate(
            """() => [...document.querySelector('tierzero-chat').shadowRoot.querySelectorAll('section, section *')]
                .filter(one => one.getClientRects().length && !one.closest('.sr'))
                .filter(one => {
                    const {left, right} = one.getBoundingClientRect();
                    return left < -1 || right > innerWidth + 1;
                })
                .map(one => one.className)"""
        )
    )


def seen_above(page: Page, height: float) -> None:
    """Waits until the newest row's end and the whole box stand above a line, and the row's end above the box."""
    # What is read moves with the next frame.
    page.wait_for_function(
        """(height) => {
            const root = document.querySelector('tierzero-chat').shadowRoot;
            const row = root.querySelector('.log > :last-child').getBoundingClientRect();
            const box = root.querySelector('textarea').getBoundingClientRect();
            return row.bottom <= box.top && box.top > 0 && box.bottom <= height;
        }""",
        arg=height,
    )


def test_at_four_times_the_size_everything_is_reached(at_shop: Callable[..., Page]) -> None:
    # 400% on 1280 by 720: WCAG 2.2, 1.4.10.
    page = at_shop(viewport={"width": 320, "height": 180}, reduced_motion="reduce")
    assert sideways(page) == []
    box = page.get_by_role("textbox", name="Write a message")
    box.fill("Still there?")
    for one in (
        box,
        page.locator(".send"),
        page.get_by_role("button", name="Close chat").first,
    ):
        place = one.bounding_box()
        assert place is not None
        assert place["y"] >= 0
        assert place["y"] + place["height"] <= 180
    log = page.get_by_role("log").bounding_box()
    assert log is not None
    # Two lines of the conversation can be read at least.
    assert log["height"] >= 40
    assert barriers(page) == []
    page.close()


def test_with_colours_of_their_own_parts_are_told_apart_by_their_edges(at_shop: Callable[..., Page]) -> None:
    page = at_shop(forced_colors="active", color_scheme="dark")
    for part in (".bubble", ".file", ".send", "#panel"):
        edge = page.locator(part).first.evaluate("one => getComputedStyle(one).borderTopWidth")
        assert edge == "1px", part
    assert barriers(page, dark=False) == []
    page.close()


def test_files_have_no_barrier_and_who_wants_no_motion_sees_none(at_shop: Callable[..., Page]) -> None:
    moving = """() => [...document.querySelector('tierzero-chat').shadowRoot.querySelectorAll('*')].filter(one => {
        const style = getComputedStyle(one);
        return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0;
    }).length"""
    still = at_shop(reduced_motion="reduce")
    assert still.evaluate(moving) == 0
    assert barriers(still) == []
    still.close()


def test_with_the_phones_keyboard_open_the_last_words_and_the_box_stay_in_view(
    at_shop: Callable[..., Page],
) -> None:
    page = at_shop(
        viewport={"width": 390, "height": 740}, is_mobile=True, has_touch=True, reduced_motion="reduce"
    )
    # The keyboard takes the lower half of what is visible, and moves it; the window keeps its size.
    page.get_by_role("textbox", name="Write a message").tap()
    seen_above(page, 740)
    page.evaluate(
        """() => {
            Object.defineProperty(visualViewport, 'height', {value: 360, configurable: true});
            Object.defineProperty(visualViewport, 'offsetTop', {value: 24, configurable: true});
            visualViewport.dispatchEvent(new Event('resize'));
        }"""
    )
    panel = page.get_by_role("dialog").bounding_box()
    assert panel == {"x": 0, "y": 24, "width": 390, "height": 360}
    seen_above(page, 384)
    # Elsewhere the window itself becomes lower, and the real height counts again.
    page.evaluate("delete visualViewport.height; delete visualViewport.offsetTop")
    low = {"width": 390, "height": 350, "deviceScaleFactor": 2, "mobile": True}
    page.context.new_cdp_session(page).send("Emulation.setDeviceMetricsOverride", low)
    expect(page.get_by_role("dialog")).to_have_js_property("offsetHeight", 350)
    seen_above(page, 350)
    page.close()
