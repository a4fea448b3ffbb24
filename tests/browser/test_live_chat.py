"""A customer in one browser, an agent in another: they talk, lose the connection, and are told the truth."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.barriers import barriers
from tests.browser.serving import PATIENCE
from tests.live.conftest import House, Time, houses

PNG, JPEG = b"\x89PNG\r\n\x1a\n" + bytes(900), b"\xff\xd8\xff\xe0" + bytes(700)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from houses(tmp_path, "", Time())


class Two:
    """The pages of both, each at a server of its own."""

    def __init__(self, browser: Browser, house: House, **how: object) -> None:
        self.house = house
        self.trouble: list[str] = []
        self.customers, self.customer = self._page(browser, f"http://{house.hosts[0]}/", **how)
        self.agents, self.agent = self._page(
            browser, f"http://{house.hosts[1]}/desk/live", house.token(), **how
        )

    @property
    def log(self) -> Locator:
        """What the customer reads."""
        return self.customer.get_by_role("log")

    @property
    def said(self) -> Locator:
        """What the agent reads."""
        return self.agent.get_by_role("list", name="Messages")

    def _page(
        self, browser: Browser, url: str, token: str = "", **how: object
    ) -> tuple[BrowserContext, Page]:
        context = browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce", **how)
        context.set_default_timeout(PATIENCE)
        if token:
            context.add_cookies([{"name": "tierzero", "value": token, "url": url}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.goto(url)
        return context, page

    def ask(self, text: str) -> None:
        """The customer writes."""
        launcher = self.customer.get_by_role("button", name="Open chat")
        writing = self.customer.get_by_role("textbox", name="Write a message")
        # The chat comes after the page: its words are loaded by themselves.
        launcher.or_(writing).first.wait_for()
        if launcher.is_visible():
            launcher.click()
        writing.fill(text)
        writing.press("Enter")

    def join(self, group: str = "Waiting (1)") -> None:
        """The agent takes the one chat of a group."""
        self.agent.get_by_role("list", name=group).get_by_role("button").click()
        self.agent.get_by_role("button", name="Join this chat").click()
        expect(self.agent.get_by_role("textbox", name="Write to the customer")).to_be_focused()

    def answer(self, text: str) -> None:
        """The agent writes."""
        writing = self.agent.get_by_role("textbox", name="Write to the customer")
        writing.fill(text)
        writing.press("Enter")

    def close(self) -> None:
        self.customers.close()
        self.agents.close()
        assert self.trouble == []


@pytest.fixture
def two(browser: Browser, house: House) -> Iterator[Two]:
    opened = Two(browser, house)
    expect(opened.agent.get_by_role("checkbox")).to_be_enabled()
    yield opened
    opened.close()


def said(page: Page) -> list[str]:
    """What the customer's chat shows, without who said it to a screen reader."""
    return page.locator(".log .bubble, .log .note").all_inner_texts()


def test_an_agent_takes_a_waiting_chat_and_the_customer_answers(two: Two) -> None:
    two.ask("I want to talk to a person")
    two.join()
    expect(two.log.get_by_text("Mia has joined this chat.")).to_be_visible()
    expect(two.customer.get_by_text("You are chatting with Mia")).to_be_visible()
    two.agent.get_by_role("textbox", name="Write to the customer").press_sequentially("Hel")
    expect(two.customer.get_by_role("img", name="Mia is typing")).to_be_visible()
    two.answer("Hello, I am Mia. What happened?")
    expect(two.log.get_by_text("Hello, I am Mia. What happened?")).to_be_visible()
    expect(two.customer.get_by_role("img", name="Mia is typing")).to_have_count(0)
    expect(two.agent.locator(".mark")).to_have_text("Read")
    two.customer.get_by_role("textbox", name="Write a message").press_sequentially("My")
    expect(two.agent.get_by_text("The customer is typing…")).to_be_visible()
    two.ask("My parcel is late <b>again</b>")
    expect(two.said.get_by_text("My parcel is late <b>again</b>")).to_be_visible()
    expect(two.customer.locator(".mark")).to_have_text("Read")
    # A screen reader hears each message once.
    expect(two.customer.locator("[role=status][aria-live]")).to_have_text(
        "Mia: Hello, I am Mia. What happened?"
    )
    two.agent.get_by_role("button", name="Solve").click()
    expect(two.log.get_by_text("Mia has closed this chat.")).to_be_visible()
    expect(two.agent.get_by_text("This conversation is closed.")).to_be_visible()


def test_a_list_that_changes_under_the_pointer_loses_no_click(two: Two) -> None:
    with two.agent.expect_websocket() as opened:
        two.agent.reload()
    two.ask("I want to talk to a person")
    row = two.agent.get_by_role("list", name="Waiting (1)").get_by_role("button", name="here")
    row.hover()
    two.agent.mouse.down()
    with opened.value.expect_event(
        "framereceived", lambda frame: len(json.loads(frame).get("chats", ())) == 2
    ):
        two.house.waiting()
    two.agent.mouse.up()
    expect(two.agent.get_by_role("button", name="Join this chat")).to_be_visible()
    expect(two.agent.get_by_role("list", name="Waiting (2)")).to_be_visible()


def test_a_talk_with_the_bot_is_joined_and_given_back(two: Two) -> None:
    two.ask("hello")
    two.join("With the bot (1)")
    expect(two.customer.get_by_text("You are chatting with Mia")).to_be_visible()
    two.ask("are you a person?")
    expect(two.said.get_by_text("are you a person?")).to_be_visible()
    two.agent.get_by_role("button", name="Back to the bot").click()
    expect(two.log.get_by_text("This is the automated assistant again")).to_be_visible()
    expect(two.customer.get_by_role("button", name="Talk to a person")).to_be_visible()
    two.ask("thanks")
    expect(two.log.get_by_text("You’re welcome.")).to_be_visible()


def test_the_chat_goes_on_across_reloads_of_both_pages(two: Two) -> None:
    two.ask("I want to talk to a person")
    two.join()
    two.answer("one")
    expect(two.log.get_by_text("one", exact=True)).to_be_visible()
    before = said(two.customer)
    two.customer.reload()
    expect(two.customer.get_by_text("You are chatting with Mia")).to_be_visible()
    assert said(two.customer) == before
    two.agent.reload()
    two.agent.get_by_role("list", name="Yours (1)").get_by_role("button").click()
    two.answer("two")
    expect(two.log.get_by_text("two", exact=True)).to_be_visible()
    two.ask("three")
    expect(two.said.get_by_text("three", exact=True)).to_be_visible()
    assert said(two.customer) == [*before, "two", "three"]


def test_what_is_written_without_a_connection_is_sent_once_when_it_is_back(two: Two) -> None:
    two.ask("I want to talk to a person")
    two.join()
    expect(two.customer.get_by_text("You are chatting with Mia")).to_be_visible()
    two.customers.set_offline(True)
    two.agents.set_offline(True)
    for text in ("first", "second"):
        two.ask(text)
    two.answer("third")
    expect(two.log.get_by_text("Will be sent as soon as you are online")).to_be_visible()
    two.customers.set_offline(False)
    two.agents.set_offline(False)
    expect(two.said.get_by_text("second", exact=True)).to_be_visible()
    expect(two.log.get_by_text("third", exact=True)).to_be_visible()
    expect(two.customer.locator(".mark")).to_have_text("Read")
    (conversation,) = [one.conversation_id for one in two.house.services.live_store.held()]
    texts = [text for _, text in two.house.texts(conversation)]
    assert sorted(texts[3:]) == ["first", "second", "third"]
    assert texts.index("first") < texts.index("second")
    assert sorted(said(two.customer)[-3:]) == ["first", "second", "third"]


def test_a_closed_chat_shows_that_a_person_has_written(two: Two) -> None:
    shop, news = two.customer.url, two.customer.locator(".launcher.news")
    two.ask("I want to talk to a person")
    two.join()
    expect(two.customer.get_by_text("You are chatting with Mia")).to_be_visible()
    two.customer.get_by_role("button", name="Close chat").first.click()
    two.customer.goto(shop)
    two.answer("are you still there?")
    expect(news).to_be_visible()
    expect(two.agent.locator(".mark")).to_have_text("Delivered")
    two.customer.get_by_role("button", name="Open chat").click()
    expect(two.agent.locator(".mark")).to_have_text("Read")
    expect(two.log.get_by_text("are you still there?")).to_be_visible()
    expect(news).to_have_count(0)
    # What was read before the page is no news on the next one, what was written between two pages is.
    two.customer.get_by_role("button", name="Close chat").first.click()
    two.customer.goto(shop)
    expect(two.customer.locator(".log").get_by_text("are you still there?")).to_be_attached()
    expect(news).to_have_count(0)
    two.customer.goto("about:blank")
    two.answer("I found your parcel")
    expect(two.said.get_by_text("I found your parcel")).to_be_visible()
    two.customer.goto(shop)
    expect(news).to_be_visible()
    # It came with the history, before the page had a line of its own.
    expect(two.agent.locator(".mark")).to_have_text("Delivered")


def test_an_agent_who_closes_the_page_leaves_a_customer_who_is_told(two: Two) -> None:
    two.ask("I want to talk to a person")
    two.join()
    expect(two.customer.get_by_text("You are chatting with Mia")).to_be_visible()
    two.agent.goto("about:blank")
    two.house.later(120, agents=False)
    expect(two.log.get_by_text("Mia has lost the connection, so you are back in the queue.")).to_be_visible()
    expect(two.customer.get_by_text("With our team: TZ-")).to_be_visible()


def test_pictures_go_both_ways_then_the_survey_comes_and_the_transcript_names_them(two: Two) -> None:
    two.ask("I want to talk to a person")
    two.join()
    expect(two.customer.get_by_text("You are chatting with Mia")).to_be_visible()
    picture = {"name": "the label.png", "mimeType": "image/png", "buffer": PNG}
    two.customer.locator("input[type=file]").set_input_files(picture)
    expect(two.customer.get_by_role("button", name="the label.png")).to_be_enabled()
    with two.agent.expect_download() as downloading:
        two.said.get_by_role("link", name="the label.png").click()
    assert downloading.value.path().read_bytes() == PNG
    choosing = two.agent.locator("input[type=file]")
    choosing.set_input_files({"name": "turn it.jpg", "mimeType": "image/jpeg", "buffer": JPEG})
    with two.customer.expect_download() as got:
        two.customer.locator(".agent").get_by_role("button", name="turn it.jpg").click()
    assert got.value.path().read_bytes() == JPEG
    # What the agent's page refuses it says, and nothing goes.
    choosing.set_input_files({"name": "page.html", "mimeType": "text/html", "buffer": b"<script>"})
    expect(two.said.get_by_text("page.html was not sent: Files of this kind are not taken.")).to_be_visible()
    two.agent.get_by_role("button", name="Solve").click()
    expect(two.log.get_by_text("Mia has closed this chat.")).to_be_visible()
    # What the worker does a moment later; the customer's page looks again by itself.
    while two.house.services.delivery.run():
        pass
    two.customer.get_by_role("button", name="Very satisfied", exact=True).click()
    more = two.customer.get_by_role("textbox", name="Anything else? (optional)")
    more.fill("Mia looked at my picture.")
    more.press("Enter")
    expect(two.customer.get_by_text("Thank you!")).to_be_visible()
    with two.customer.expect_download() as kept:
        two.customer.get_by_role("button", name="Keep this conversation").click()
    words = kept.value.path().read_text("utf-8")
    assert [name for name in ("the label.png", "turn it.jpg", "page.html") if name in words] == [
        "the label.png",
        "turn it.jpg",
    ]


def test_the_page_of_live_chats_has_no_barrier(browser: Browser, house: House) -> None:
    two = Two(browser, house)
    two.ask("I want to talk to a person")
    other = house.waiting()
    two.agent.get_by_role("list", name="Waiting (2)").get_by_role("button").first.click()
    found = {"waiting": barriers(two.agent)}
    two.agent.get_by_role("button", name="Join this chat").click()
    two.answer("Hello")
    expect(two.agent.locator(".mark")).to_be_visible()
    found["joined"] = barriers(two.agent)
    found["customer"] = barriers(two.customer)
    assert other
    for width in (320, 640):
        two.agent.set_viewport_size({"width": width, "height": 700})
        assert two.agent.evaluate("document.documentElement.scrollWidth") == width
    two.close()
    assert found == {"waiting": [], "joined": [], "customer": []}
