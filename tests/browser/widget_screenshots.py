"""Screenshots of the chat for `docs/`: `python -m tests.browser.widget_screenshots docs/screenshots`."""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from bot.web.app import create_app
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.serving import serving
from tests.browser.test_live_chat import Two
from tests.browser.test_widget_files import PNG, choose
from tests.live.conftest import Time, houses
from tests.web.fake_services import FakeServices

WIDE = {"width": 1100, "height": 760}
PHONE = {"width": 390, "height": 780}
#: The tag of the shop has no rules of its own.
RULES = (
    "addEventListener('DOMContentLoaded', () => "
    "{document.querySelector('script[data-tierzero]').dataset.offers = '/offers.json';});"
)
OFFER = {"offers": [{"seconds": 1, "text": {"en": "Not sure which plan fits? We are glad to help."}}]}
GUIDE = "document.querySelector('tierzero-chat').guide('subscriptions/pause-or-skip', ['header nav', 'h1'])"


def files(page: Page, services: FakeServices) -> None:
    """A request with a file of each side."""
    page.get_by_role("button", name="Open chat").click()
    writing = page.get_by_role("textbox", name="Write a message")
    writing.fill("My Heron shows a red light, and I would like a person.")
    writing.press("Enter")
    page.get_by_text("Your request is with our team").wait_for()
    choose(page, {"name": "red-light.png", "mimeType": "image/png", "buffer": PNG + bytes(481_000)})
    page.locator(".file:enabled").wait_for()
    conversation = next(reversed(services.chat.conversations))
    services.attachments.keep(
        conversation, "Lights of the Heron.pdf", "application/pdf", bytes(1_240_000), "ann"
    )
    page.reload()
    launcher = page.get_by_role("button", name="Open chat")
    launcher.or_(writing).first.wait_for()
    if launcher.is_visible():  # on a phone the chat starts closed on each page
        launcher.click()
    page.locator(".agent .file:enabled").wait_for()
    page.locator(".log").evaluate("one => one.scrollTo(0, one.scrollHeight)")


def offer(page: Page, services: FakeServices) -> None:
    """Help that is offered."""
    page.locator(".offer").wait_for()


def guide(page: Page, services: FakeServices) -> None:
    """The first step of a walkthrough."""
    page.get_by_role("button", name="Open chat").wait_for()
    page.evaluate(GUIDE)
    page.locator(".guide").wait_for()


SCREENS = {
    "widget-files": (WIDE, "light", files),
    "widget-files-phone": (PHONE, "dark", files),
    "widget-offer": (WIDE, "light", offer),
    "widget-guide": (WIDE, "light", guide),
}


def take(browser: Browser, name: str, folder: Path) -> None:
    """One screen, in a fresh shop."""
    size, scheme, show = SCREENS[name]
    services = FakeServices()
    with serving(create_app(lambda: services)) as url:
        context = browser.new_context(
            viewport=size, color_scheme=scheme, reduced_motion="reduce", is_mobile=size is PHONE
        )
        page = context.new_page()
        if show is offer:
            page.route("**/offers.json", lambda route: route.fulfill(body=json.dumps(OFFER)))
            page.add_init_script(RULES)
        page.goto(f"{url}/")
        show(page, services)
        page.wait_for_timeout(500)
        page.screenshot(path=folder / f"{name}.png")
        context.close()


def live(browser: Browser, folder: Path) -> None:
    """A person in the chat, pictures of both sides, and the survey afterwards; over the real service."""
    with TemporaryDirectory() as data:
        running = houses(Path(data), "", Time())
        house = next(running)
        two = Two(browser, house)
        two.customer.set_viewport_size(WIDE)
        two.ask("My Heron shows a red light, and I want to talk to a person")
        two.customer.get_by_text("Your request is with our team").wait_for()
        two.join()
        two.answer("Hello, I am Mia. Could you send me a picture of the lights?")
        two.log.get_by_text("a picture of the lights").wait_for()
        chosen = two.customer.locator("input[type=file]")
        chosen.set_input_files(
            {"name": "red-light.png", "mimeType": "image/png", "buffer": PNG + bytes(481_000)}
        )
        two.said.get_by_role("link", name="red-light.png").wait_for()
        two.answer("Thank you! The middle light means that the tank sits loose. This shows how it clicks in:")
        content = b"\xff\xd8\xff\xe0" + bytes(214_000)
        chosen = two.agent.locator("input[type=file]")
        chosen.set_input_files({"name": "tank in place.jpg", "mimeType": "image/jpeg", "buffer": content})
        two.customer.locator(".agent").get_by_role("button", name="tank in place.jpg").wait_for()
        two.agent.get_by_role("textbox", name="Write to the customer").press_sequentially("Does")
        two.customer.get_by_role("img", name="Mia is typing").wait_for()
        two.customer.screenshot(path=folder / "widget-live.png")
        two.agent.get_by_role("button", name="Solve").click()
        two.log.get_by_text("has closed this chat").wait_for()
        while house.services.delivery.run():
            pass
        two.customer.get_by_role("button", name="Very satisfied", exact=True).click()
        two.customer.get_by_role("textbox", name="Anything else? (optional)").scroll_into_view_if_needed()
        two.customer.screenshot(path=folder / "widget-survey.png")
        two.close()
        next(running, None)


def main() -> None:
    """Takes all of them."""
    folder = Path(sys.argv[1])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        for name in SCREENS:
            take(browser, name, folder)
        live(browser, folder)
        browser.close()


if __name__ == "__main__":
    main()
