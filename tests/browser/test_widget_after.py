"""After the answer: why it did not help, the survey in place, keeping the conversation, and whose it is."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.desk.ticket import Status
from tests.browser.barriers import barriers
from tests.browser.conftest import Shop

Ask = Callable[[Page, str], None]


def test_who_was_not_helped_says_why_and_may_add_words(page: Page, shop: Shop, ask: Ask) -> None:
    page.goto(shop.url)
    ask(page, "How do I pause?")
    page.get_by_role("button", name="No, it did not help").click()
    expect(page.get_by_role("button", name="Talk to a person")).to_have_count(2)
    page.get_by_role("button", name="Hard to follow").click()
    box = page.get_by_role("textbox", name="Anything else? (optional)")
    expect(box).to_be_focused()
    assert barriers(page) == []
    box.fill("What is lock time?")
    box.press("Enter")
    expect(page.get_by_text("Thank you!")).to_be_focused()
    told = [(helpful, comment) for _, helpful, comment in shop.services.chat.feedbacks]
    assert told == [(False, ""), (False, "[unclear]"), (False, "[unclear] What is lock time?")]


def test_a_solved_ticket_is_judged_where_it_was_opened(page: Page, shop: Shop, ask: Ask) -> None:
    page.goto(shop.url)
    ask(page, "I need a person")
    expect(page.locator(".foot")).to_have_text("With our team: TZ-4F7K-9Q2M · Received")
    [(conversation, ticket)] = shop.services.chat.tickets.items()
    shop.services.chat.tickets[conversation] = replace(ticket, status=Status.SOLVED)
    shop.services.surveys.open("token-of-it")
    page.get_by_role("button", name="Close chat").first.click()
    page.get_by_role("button", name="Open chat").click()
    expect(page.locator(".foot")).to_have_text("With our team: TZ-4F7K-9Q2M · Solved")
    page.get_by_role("button", name="Very satisfied", exact=True).click()
    box = page.get_by_role("textbox", name="Anything else? (optional)")
    expect(box).to_be_focused()
    assert barriers(page) == []
    box.fill("Quick and kind.")
    box.press("Enter")
    expect(page.get_by_text("Thank you!")).to_be_focused()
    assert shop.services.surveys.answers == [(5, ""), (5, "Quick and kind.")]
    page.reload()
    expect(page.locator(".ticket")).to_contain_text("Solved")


def test_a_conversation_is_kept_as_a_file(page: Page, shop: Shop, foreign_url: str, ask: Ask) -> None:
    page.goto(f"{foreign_url}/trusted-types?shop={shop.url}")
    page.get_by_role("button", name="Open chat").wait_for()
    ask(page, "How do I pause?")
    expect(page.locator("blockquote").first).to_be_visible()
    with page.expect_download() as kept:
        page.get_by_role("button", name="Keep this conversation").click()
    assert kept.value.suggested_filename == "Conversation.txt"
    assert "How do I pause?" in Path(kept.value.path()).read_text(encoding="utf-8")


def test_a_conversation_is_sent_to_the_address_it_has(page: Page, shop: Shop, ask: Ask) -> None:
    page.goto(shop.url)
    ask(page, "I need a person")
    page.get_by_role("textbox", name="Which email address").fill("ada@shop.example")
    page.get_by_role("textbox", name="Which email address").press("Enter")
    expect(page.get_by_text("We will write to ada@shop.example.")).to_be_visible()
    page.get_by_role("button", name="Keep this conversation").click()
    page.get_by_role("button", name="Send by email").click()
    expect(page.locator(".note", has_text="Sent to a…@shop.example.")).to_be_visible()
    assert [one.target for one in shop.services.outbox.effects.values()] == ["transcript"]


def test_a_session_that_ended_is_renewed_unasked_and_the_conversation_goes_on(
    page: Page, shop: Shop, ask: Ask
) -> None:
    begun: list[str] = []
    page.on(
        "request", lambda request: begun.append(request.url) if request.url.endswith("/session") else None
    )
    page.goto(shop.url)
    assert begun == []
    ask(page, "How do I pause?")
    expect(page.locator("blockquote").first).to_be_visible()
    assert len(begun) == 1
    page.route(
        "**/chat",
        lambda route: route.fulfill(status=401, json={"detail": "over"}),
        times=1,
    )
    ask(page, "delivery to Germany?")
    expect(page.locator("dl").first).to_be_visible()
    assert len(begun) == 2
    [conversation] = shop.services.chat.conversations.values()
    assert len(conversation.messages) == 4
    assert conversation.owner.startswith("v_")


def test_what_one_browser_opened_another_does_not_read(page: Page, shop: Shop, ask: Ask) -> None:
    page.goto(shop.url)
    ask(page, "How do I pause?")
    expect(page.locator("blockquote").first).to_be_visible()
    [conversation] = shop.services.chat.conversations
    key = "Object.keys(localStorage).find(name => name.startsWith('tierzero'))"
    # The id alone, as somebody finds it in a log, is of no use.
    page.evaluate(
        f"id => localStorage.setItem({key}, JSON.stringify({{conversation: id, unsent: [], at: Date.now()}}))",
        conversation,
    )
    page.evaluate("sessionStorage.clear()")
    page.reload()
    page.get_by_role("button", name="Open chat").click()
    expect(page.get_by_text("Ask me anything")).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.locator("blockquote")).to_have_count(0)


@pytest.mark.parametrize("words", ["Help", "none"])
def test_the_launcher_has_words_or_is_the_pages_own(
    words: str, page: Page, shop: Shop, foreign_url: str
) -> None:
    attributes = (
        f'data-launcher="{words}" id="tag"></script><button data-tierzero-open>Ask us</button><script '
    )
    page.goto(f"{foreign_url}/plain?shop={shop.url}&attributes={attributes}")
    launcher = page.locator(".launcher")
    if words == "none":
        page.locator("tierzero-chat").wait_for(state="attached")
        expect(launcher).to_be_hidden()
        page.get_by_role("button", name="Ask us").click()
        expect(page.get_by_role("dialog")).to_be_visible()
    else:
        expect(launcher).to_contain_text("Help")
        box = launcher.bounding_box()
        assert box is not None
        assert box["width"] > 80
