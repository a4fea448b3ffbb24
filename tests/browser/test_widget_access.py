from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from bot.errors import NotReady
from tests.browser.barriers import barriers
from tests.browser.conftest import Shop

Ask = Callable[[Page, str], None]


def test_the_chat_works_by_keyboard_alone(page: Page, shop: Shop) -> None:
    page.goto(shop.url)
    launcher = page.get_by_role("button", name="Open chat")
    launcher.focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("textbox", name="Write a message")
    expect(box).to_be_focused()
    page.keyboard.type("How do I")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("pause?")
    page.keyboard.press("Enter")
    expect(page.locator("blockquote").first).to_be_visible()
    assert shop.services.chat.incoming[0].text == "How do I\npause?"
    expect(box).to_be_focused()
    toggle = page.get_by_role("button", name="Pause or skip a delivery").first
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if toggle.evaluate("element => element.getRootNode().activeElement === element"):
            break
    page.keyboard.press("Space")
    expect(toggle).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(launcher).to_be_focused()


def test_each_answer_is_announced_once(page: Page, shop: Shop, ask: Ask) -> None:
    page.goto(shop.url)
    page.get_by_role("button", name="Open chat").click()
    page.evaluate(
        """() => {
            window.told = [];
            const root = document.querySelector('tierzero-chat').shadowRoot;
            const live = root.querySelector('[aria-live=polite]');
            new MutationObserver(() => window.told.push(live.textContent)).observe(live, {childList: true});
        }"""
    )
    ask(page, "delivery to Germany?")
    expect(page.locator("dl").first).to_be_visible()
    ask(page, "cancel")
    expect(page.get_by_role("button", name="Pause my plan")).to_be_visible()
    told = page.evaluate("window.told")
    assert len(told) == 2
    assert told[0].startswith("This is what I found:\n\nCountry: Germany; ")
    assert told[1] == (
        "Happy to help. Which of these do you mean?. Pause my plan. Cancel a one-off order. "
        "Cancel my Tarnbean Care cover. None of these"
    )
    assert page.locator("[role=log]").get_attribute("aria-live") == "off"


def test_no_screen_has_a_barrier_light_or_dark(browser: Browser, shop: Shop, ask: Ask) -> None:
    page = browser.new_page(reduced_motion="reduce", viewport={"width": 1280, "height": 860})
    found: dict[str, list[str]] = {}
    page.goto(shop.url)
    found["shop"] = barriers(page)
    page.get_by_role("button", name="Open chat").click()
    found["greeting"] = barriers(page)
    ask(page, "How do I pause?")
    page.get_by_role("button", name="Pause or skip a delivery").first.click()
    found["answer"] = barriers(page)
    ask(page, "cancel")
    expect(page.get_by_role("button", name="Pause my plan")).to_be_visible()
    found["question back"] = barriers(page)
    shop.services.chat.failures.append(NotReady("broken"))
    ask(page, "a person please")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    found["failure"] = barriers(page)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Your request is with our team")).to_be_visible()
    found["hand-off"] = barriers(page)
    for path in ("/help/en/subscriptions/pause-or-skip?revision=0123456789ab&start=1&end=2", "/docs"):
        page.goto(shop.url + path)
        page.wait_for_load_state("networkidle")
        # Operations are made alike: a few are enough to look at.
        page.evaluate("document.querySelectorAll('.operation').forEach((e, n) => n % 12 && e.remove())")
        found[path] = barriers(page)
    page.close()
    assert {screen: each for screen, each in found.items() if each} == {}


def test_on_a_phone_the_chat_fills_the_screen_and_keeps_the_focus(browser: Browser, shop: Shop) -> None:
    phone = {"viewport": {"width": 390, "height": 740}, "is_mobile": True, "has_touch": True}
    context = browser.new_context(**phone, reduced_motion="reduce")
    page = context.new_page()
    page.goto(shop.url)
    page.get_by_role("button", name="Open chat").tap()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_have_attribute("aria-modal", "true")
    assert dialog.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 740}
    for _ in range(15):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") == "TIERZERO-CHAT"
    page.get_by_role("textbox", name="Write a message").fill("W" * 300 + " pause")
    page.get_by_role("button", name="Send", exact=True).tap()
    expect(page.locator("blockquote").first).to_be_visible()
    wider = "root => root.querySelector('.log').scrollWidth > root.querySelector('.log').clientWidth"
    assert page.evaluate(f"({wider})(document.querySelector('tierzero-chat').shadowRoot)") is False
    page.get_by_role("button", name="Close chat").tap()
    expect(dialog).to_be_hidden()
    context.close()


def test_no_page_scrolls_sideways_on_a_narrow_screen(browser: Browser, shop: Shop) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    for path in ("/", "/help/en", "/help/en/subscriptions/pause-or-skip", "/docs"):
        page.goto(shop.url + path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path
    page.close()
