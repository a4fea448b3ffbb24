"""Trying a message on the triggers in a real browser: by keyboard, without a barrier, on a narrow screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.dialogue.triggers.meaning import FLOOR
from bot.people.roles import Role
from tests.browser.barriers import barriers
from tests.browser.serving import StaffSite, opened_desk, served_desk


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Page]:
    with opened_desk(tmp_path_factory.mktemp("desk")) as desk, served_desk(desk) as url:
        site = StaffSite(url, desk.token(Role.SPECIALIST))
        context = site.signed_in(browser, viewport={"width": 320, "height": 640})
        opened = context.new_page()
        opened.goto(f"{url}/desk")
        yield opened
        context.close()


def test_a_message_is_tried_by_keyboard_and_the_page_has_no_barrier(page: Page) -> None:
    page.get_by_role("navigation").get_by_role("link", name="Triggers").press("Enter")
    page.get_by_label("A customer's message").press_sequentially("my lawyer will write to you")
    page.get_by_label("Language").select_option("en")
    page.get_by_role("button", name="Try").press("Enter")
    expect(page.get_by_role("heading", name="A person is brought in: legal")).to_be_visible()
    expect(page.get_by_role("cell", name=f"{FLOOR:.2f}").first).to_be_visible()
    expect(page.get_by_label("A customer's message")).to_have_value("my lawyer will write to you")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
