from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from bot.errors import NotReady
from tests.browser.conftest import Shop

Ask = Callable[[Page, str], None]


def test_a_retry_after_a_server_error_is_stored_once(page: Page, shop: Shop, ask: Ask) -> None:
    shop.services.chat.failures.append(NotReady("the index is being built"))
    page.goto(shop.url)
    ask(page, "How do I pause?")
    expect(page.get_by_text("This message was not sent.").last).to_be_visible()
    assert page.get_by_role("link", name="help@tarnbean.example").last.get_attribute("href") == (
        "mailto:help@tarnbean.example"
    )
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("blockquote").first).to_be_visible()
    expect(page.locator(".me")).to_have_count(1)
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    ids = [said.client_id for said in shop.services.chat.incoming]
    assert len(ids) == 2
    assert ids[0] == ids[1] != ""
    assert len(shop.services.chat.conversation("c_1").messages) == 2


def test_an_answer_lost_on_the_way_back_is_not_asked_for_twice(page: Page, shop: Shop, ask: Ask) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.goto(shop.url)
    page.route("**/chat", lose, times=1)
    ask(page, "How do I pause?")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("blockquote").first).to_be_visible()
    assert len(shop.services.chat.conversations) == 1
    assert len(shop.services.chat.conversation("c_1").messages) == 2


def test_a_message_that_failed_waits_through_a_reload(page: Page, shop: Shop, ask: Ask) -> None:
    shop.services.chat.failures.append(NotReady("down"))
    page.goto(shop.url)
    ask(page, "How do I pause?")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("blockquote").first).to_be_visible()
    first, second = shop.services.chat.incoming
    assert first == second


def test_offline_is_said_and_the_message_kept(page: Page, shop: Shop, ask: Ask) -> None:
    page.goto(shop.url)
    page.get_by_role("button", name="Open chat").click()
    page.context.set_offline(True)
    ask(page, "How do I pause?")
    expect(page.get_by_text("You seem to be offline. This message was not sent.").last).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("blockquote").first).to_be_visible()


def test_a_conversation_the_service_forgot_is_begun_anew(page: Page, shop: Shop, ask: Ask) -> None:
    page.goto(shop.url)
    ask(page, "hello")
    expect(page.get_by_text("Ask me about your coffee").last).to_be_visible()
    shop.services.chat.conversations.clear()
    ask(page, "How do I pause?")
    expect(page.locator("blockquote").first).to_be_visible()
    assert [said.conversation_id for said in shop.services.chat.incoming] == ["", "c_1", ""]


@pytest.mark.parametrize(
    ("status", "told", "retry"),
    [
        (429, "That was a lot at once. Please try again in 7 seconds.", 1),
        (413, "This message is too long.", 0),
    ],
)
def test_a_refusal_says_what_to_do(
    status: int, told: str, retry: int, page: Page, shop: Shop, ask: Ask
) -> None:
    headers = {"Retry-After": "7", "Content-Type": "application/problem+json"}
    page.route("**/chat", lambda route: route.fulfill(status=status, headers=headers, body="{}"))
    page.goto(shop.url)
    ask(page, "How do I pause?")
    expect(page.get_by_text(told).last).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_have_count(retry)


def test_an_answer_that_is_no_json_is_a_failure_like_any_other(page: Page, shop: Shop, ask: Ask) -> None:
    page.route("**/chat", lambda route: route.fulfill(status=502, body="<html>Bad Gateway</html>"))
    page.goto(shop.url)
    ask(page, "How do I pause?")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_a_browser_that_forbids_storage_still_chats(page: Page, shop: Shop, ask: Ask) -> None:
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    page.goto(shop.url)
    ask(page, "How do I pause?")
    expect(page.locator("blockquote").first).to_be_visible()
