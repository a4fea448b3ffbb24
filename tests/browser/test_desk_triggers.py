"""Trying a message on the triggers in a real browser: by keyboard, without a barrier, on a narrow screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.dialogue.triggers.meaning import FLOOR
from bot.people.roles import Role
from bot.web.app import create_app
from tests.agents.colleagues import Clock, House
from tests.browser.barriers import barriers
from tests.browser.conftest import free_port, run
from tests.flows.deciding import ALWAYS_ANSWER, deciding
from tests.index import small_centre


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Page]:
    clock = Clock()
    with deciding(
        small_centre.ingested(tmp_path_factory.mktemp("desk")), ALWAYS_ANSWER, clock.chance()
    ) as opened:
        port = free_port()
        running = run(create_app(lambda: opened), port)
        next(running)
        url = f"http://127.0.0.1:{port}"
        context = browser.new_context(reduced_motion="reduce", viewport={"width": 320, "height": 640})
        context.set_default_timeout(20_000)
        token = House(opened, clock, None).token(Role.SPECIALIST)
        context.add_cookies([{"name": "tierzero", "value": token, "url": url}])
        opened_page = context.new_page()
        opened_page.goto(f"{url}/desk")
        yield opened_page
        context.close()
        next(running, None)


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
