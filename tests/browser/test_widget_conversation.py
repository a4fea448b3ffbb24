from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop
from tests.web.canned import HAND_OFF, NEXT_STEP

Ask = Callable[[Page, str], None]


def test_a_question_gets_a_quoted_answer_with_its_source(page: Page, shop: Shop, ask: Ask) -> None:
    page.goto(shop.url)
    ask(page, "How do I pause my subscription?")
    expect(page.get_by_text("Here is how our help centre describes it:", exact=True)).to_be_visible()
    expect(page.locator("blockquote ol li")).to_have_text(
        [
            "Sign in and go to Account > Subscription.",
            "Select Pause and choose 1 to 13 weeks.",
            "Confirm. Your next delivery moves by as many weeks.",
        ]
    )
    toggle = page.get_by_role("button", name="Pause or skip a delivery").first
    expect(toggle).to_have_attribute("aria-expanded", "false")
    toggle.click()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_text("Monthly plans › Pause")).to_be_visible()
    link = page.get_by_role("link", name="Open the article")
    expected = "/help/en/subscriptions/pause-or-skip?revision=9f2c4a1b77de&start=210&end=372#pause"
    assert link.get_attribute("href") == shop.url + expected


def test_the_link_leads_to_the_article_with_the_passage_marked(page: Page, shop: Shop, ask: Ask) -> None:
    page.goto(shop.url)
    ask(page, "How do I pause?")
    page.get_by_role("button", name="Pause or skip a delivery").first.click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open the article").click()
    article = opened.value
    expect(article.get_by_role("heading", level=1)).to_have_text("Pause or skip a delivery")
    expect(article.locator("#cited")).to_be_in_viewport()


def test_a_table_row_reads_as_pairs(page: Page, shop: Shop, ask: Ask) -> None:
    page.goto(shop.url)
    ask(page, "delivery to Germany?")
    expect(page.locator("dl div").nth(4)).to_be_visible()
    rows = [row.inner_text().split("\n") for row in page.locator("dl div").all()]
    assert rows[0] == ["Country", "Germany"]
    assert rows[-1] == ["Express price", "€9.90"]
    expect(page.locator(".bubble", has_text="Source:")).to_have_count(0)


def test_a_question_back_is_answered_with_one_click(page: Page, shop: Shop, ask: Ask) -> None:
    page.goto(shop.url)
    ask(page, "cancel")
    page.get_by_role("button", name="Pause my plan").click()
    expect(page.locator("blockquote").first).to_be_visible()
    assert [said.text for said in shop.services.chat.incoming] == ["cancel", "Pause my plan"]
    assert shop.services.chat.incoming[1].conversation_id == "c_1"
    expect(page.get_by_role("button", name="Cancel a one-off order")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Write a message")).to_be_focused()


def test_choices_end_with_a_quieter_one_that_refuses_them_and_outlive_the_page(
    page: Page, shop: Shop, ask: Ask
) -> None:
    page.goto(shop.url)
    ask(page, "cancel")
    expect(page.get_by_role("button", name="None of these")).to_be_visible()
    page.reload()
    choices = page.get_by_role("group", name="Choices").get_by_role("button")
    expect(choices).to_have_text(
        ["Pause my plan", "Cancel a one-off order", "Cancel my Tarnbean Care cover", "None of these"]
    )
    colours = [one.evaluate("one => getComputedStyle(one).color") for one in choices.all()]
    assert len(set(colours[:-1])) == 1
    assert colours[-1] not in colours[:-1]
    choices.last.click()
    expect(page.get_by_text(HAND_OFF.text, exact=True)).to_be_visible()
    expect(choices).to_have_count(0)
    assert [said.text for said in shop.services.chat.incoming] == ["cancel", "None of these"]


@pytest.mark.parametrize(("button", "helpful", "told"), [
    ("Yes, it helped", True, "Thank you!"),
    ("No, it did not help", False, "Sorry about that. A person can take it from here."),
])  # fmt: skip
def test_an_answer_can_be_judged(
    button: str, helpful: bool, told: str, page: Page, shop: Shop, ask: Ask
) -> None:
    page.goto(shop.url)
    ask(page, "How do I pause?")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text(told)).to_be_visible()
    assert [(said[1], said[2]) for said in shop.services.chat.feedbacks] == [(helpful, "")]
    expect(page.get_by_role("button", name="Talk to a person")).to_have_count(1 if helpful else 2)


def test_a_hand_off_shows_the_reference_and_takes_an_address(page: Page, shop: Shop) -> None:
    page.goto(shop.url)
    page.get_by_role("button", name="Open chat").click()
    page.get_by_role("button", name="Talk to a person").click()
    expect(page.get_by_text("TZ-4F7K-9Q2M", exact=True)).to_be_visible()
    expect(page.get_by_text(NEXT_STEP).last).to_be_visible()
    expect(page.get_by_text("With our team: TZ-4F7K-9Q2M")).to_be_visible()
    address = page.get_by_role("textbox", name="Which email address can we reach you at?")
    form = page.locator("form:has(input)")
    address.fill("ann at shop")
    form.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Please enter an address such as ann@example.com.")).to_be_visible()
    expect(address).to_be_focused()
    address.fill("ann@shop.example")
    form.get_by_role("button", name="Send").click()
    expect(page.get_by_text("We will write to ann@shop.example.")).to_be_focused()
    assert [said.contact for said in shop.services.chat.incoming] == ["", "ann@shop.example"]
    assert shop.services.chat.conversation("c_1").contact == "ann@shop.example"
    expect(page.get_by_text("Your message is with my colleagues too.").last).to_be_visible()
    expect(page.get_by_text("Your request is with our team")).to_have_count(1)


def test_a_reload_brings_the_conversation_back(page: Page, shop: Shop, ask: Ask) -> None:
    page.goto(shop.url)
    ask(page, "How do I pause?")
    expect(page.locator("blockquote").first).to_be_visible()
    page.reload()
    expect(page.locator("blockquote ol li")).to_have_count(3)
    expect(page.locator(".me")).to_have_text("You: How do I pause?")
    ask(page, "and to Germany?")
    expect(page.locator("dl").first).to_be_visible()
    assert [said.conversation_id for said in shop.services.chat.incoming] == ["", "c_1"]


def test_a_new_conversation_leaves_the_old_one_behind(page: Page, shop: Shop, ask: Ask) -> None:
    page.goto(shop.url)
    ask(page, "a person please")
    expect(page.get_by_text("With our team: TZ-4F7K-9Q2M")).to_be_visible()
    page.get_by_role("button", name="Start a new conversation").click()
    expect(page.locator(".me")).to_have_count(0)
    expect(page.get_by_role("button", name="Talk to a person")).to_be_visible()
    ask(page, "How do I pause?")
    expect(page.locator("blockquote").first).to_be_visible()
    assert shop.services.chat.incoming[1].conversation_id == ""


def test_what_people_and_articles_write_stays_text(page: Page, shop: Shop, ask: Ask) -> None:
    page.goto(shop.url)
    ask(page, "<img src=x onerror=alert(1)> pause https://evil.example/<b>")
    expect(page.locator("blockquote").first).to_be_visible()
    expect(page.locator(".me .bubble")).to_have_text(
        "<img src=x onerror=alert(1)> pause https://evil.example/<b>"
    )
    expect(page.locator("tierzero-chat img")).to_have_count(0)
