from collections.abc import Callable
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop

Ask = Callable[[Page, str], None]


def opened(page: Page, shop: Shop, foreign_url: str, markup: str, path: str = "trusted-types") -> None:
    """A page of another site with some elements of its own, and the chat ready."""
    extra = quote(f'></script>{markup}<script src="{shop.url}/widget.js"')
    page.goto(f"{foreign_url}/{path}?shop={shop.url}&attributes={extra}")
    page.get_by_role("button", name="Open chat").wait_for()


def asked(shop: Shop) -> list[str]:
    return [said.text for said in shop.services.chat.incoming]


def test_a_topic_that_is_an_article_is_asked_by_its_title_and_linked(
    page: Page, shop: Shop, foreign_url: str
) -> None:
    markup = '<button data-tierzero-topic="subscriptions/pause-or-skip"><b>?</b></button>'
    opened(page, shop, foreign_url, markup)
    page.locator("button b").click()
    expect(page.locator("blockquote").first).to_be_visible()
    link = page.get_by_role("link", name="Pause or skip a delivery")
    expect(link).to_have_attribute("href", f"{shop.url}/help/en/subscriptions/pause-or-skip")
    assert asked(shop) == ["Pause or skip a delivery"]


def test_a_topic_speaks_the_readers_language(page: Page, shop: Shop, foreign_url: str) -> None:
    markup = '<button data-tierzero-topic="subscriptions/pause-or-skip">?</button>'
    page.goto(
        f"{foreign_url}/plain?shop={shop.url}&attributes="
        + quote(f'data-locale="de-AT" async></script>{markup}<script type="x"')
    )
    page.get_by_role("button", name="Chat öffnen").wait_for()
    page.get_by_role("button", name="?", exact=True).click()
    link = page.get_by_role("link", name="Eine Lieferung aussetzen")
    expect(link).to_have_attribute("href", f"{shop.url}/help/de/subscriptions/pause-or-skip")


def test_words_are_asked_and_what_is_no_article_is_asked_as_words(
    page: Page, shop: Shop, foreign_url: str
) -> None:
    markup = (
        '<a href="/elsewhere" data-tierzero-topic="How do I pause?">one</a>'
        '<button data-tierzero-topic="billing/cancel-invoices">two</button>'
        '<button data-tierzero-topic=" ">three</button>'
    )
    opened(page, shop, foreign_url, markup)
    page.get_by_role("button", name="three").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("link", name="one").click()
    expect(page.locator("blockquote").first).to_be_visible()
    page.get_by_role("button", name="two").click()
    expect(page.get_by_role("button", name="Pause my plan")).to_be_visible()
    assert asked(shop) == ["How do I pause?", "billing cancel invoices"]
    assert "/trusted-types" in page.url


def test_an_element_of_the_page_opens_the_chat_and_asks_nothing(
    page: Page, shop: Shop, foreign_url: str
) -> None:
    opened(page, shop, foreign_url, "<button data-tierzero-open>Help</button>")
    page.get_by_role("button", name="Help", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert asked(shop) == []


def test_an_element_that_comes_later_works_by_keyboard(page: Page, shop: Shop, foreign_url: str) -> None:
    opened(page, shop, foreign_url, "<main></main>")
    page.evaluate(
        """() => {
            const made = document.createElement('span');
            made.textContent = 'Why?';
            made.dataset.tierzeroTopic = 'How do I pause?';
            document.querySelector('main').append(made);
        }"""
    )
    made = page.get_by_role("button", name="Why?")
    made.focus()
    page.keyboard.press("a")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator("blockquote").first).to_be_visible()
    expect(page.get_by_role("textbox", name="Write a message")).to_be_focused()
    assert asked(shop) == ["How do I pause?"]


def test_whoever_waits_for_people_gets_the_article_and_tells_them_nothing(
    page: Page, shop: Shop, foreign_url: str, ask: Ask
) -> None:
    markup = '<button data-tierzero-topic="subscriptions/pause-or-skip">?</button>'
    opened(page, shop, foreign_url, markup, "plain")
    ask(page, "a person please")
    expect(page.get_by_text("Your request is with our team")).to_be_visible()
    page.get_by_role("button", name="?", exact=True).click()
    expect(page.get_by_role("link", name="Pause or skip a delivery")).to_be_visible()
    assert asked(shop) == ["a person please"]


def test_what_a_page_says_of_itself_goes_with_each_message(
    page: Page, shop: Shop, foreign_url: str, ask: Ask
) -> None:
    markup = f'<main data-tierzero-product=" Heron " data-tierzero-page="{"x" * 300}"></main>'
    opened(page, shop, foreign_url, markup)
    ask(page, "hello")
    expect(page.get_by_text("Ask me about your coffee").last).to_be_visible()
    page.evaluate(
        "document.querySelector('tierzero-chat').context({product: undefined, plan: 'yearly', page: '<b>'})"
    )
    ask(page, "How do I pause?")
    expect(page.locator("blockquote").first).to_be_visible()
    first, second = (said.where for said in shop.services.chat.incoming)
    assert (first.product, first.plan, first.page) == ("Heron", "", "x" * 100)
    assert (second.product, second.plan, second.page) == ("Heron", "yearly", "<b>")
