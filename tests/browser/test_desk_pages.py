"""The queue and the ticket page in a real browser: keyboard, both colour schemes, narrow screens, no barrier."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, expect

from bot.people.roles import Role
from bot.web.app import create_app
from tests.agents.colleagues import START, Clock, House
from tests.browser.conftest import free_port, run
from tests.flows.deciding import ALWAYS_ANSWER, deciding
from tests.index import small_centre

LONG = "I asked for a goodwill payment because my parcel is nine days late, and nobody answered " + "x" * 90


@dataclass(frozen=True)
class Site:
    """A served desk with tickets, and the cookie of an agent."""

    url: str
    token: str
    reference: str

    def signed_in(self, browser: Browser, **how: object) -> BrowserContext:
        context = browser.new_context(reduced_motion="reduce", **how)
        context.set_default_timeout(10_000)
        context.add_cookies([{"name": "tierzero", "value": self.token, "url": self.url}])
        return context


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    centre = small_centre.ingested(tmp_path_factory.mktemp("desk"))
    clock = Clock()
    with deciding(centre, ALWAYS_ANSWER, clock.chance()) as opened:
        port = free_port()
        running = run(create_app(lambda: opened), port)
        next(running)
        desk = House(opened, clock, None)
        clock.at = START.replace(day=20)
        desk.ticket("my lawyer will hear of this invoice, it is the third time that you charge me")
        clock.at = START.replace(hour=6)
        reference = desk.ticket("how do I reset my password?", LONG, contact="ann@shop.example")
        clock.at = START
        desk.ticket("quiero devolver un pedido que llegó roto, no funciona nada")
        yield Site(f"http://127.0.0.1:{port}", desk.token(Role.AGENT), reference)
        next(running, None)


def test_a_ticket_is_found_opened_and_judged_by_keyboard_alone(browser: Browser, site: Site) -> None:
    context = site.signed_in(browser, viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.goto(f"{site.url}/desk")
    page.get_by_role("navigation").get_by_role("link", name="Tickets").press("Enter")
    expect(page.get_by_role("heading", name="Tickets")).to_be_visible()
    expect(page.get_by_text("overdue by").first).to_be_visible()
    page.get_by_label("Subject or reference").press_sequentially("goodwill")
    page.keyboard.press("Enter")
    page.wait_for_url("**text=goodwill**")
    page.get_by_role("link", name="I asked for a goodwill").press("Enter")
    expect(page.get_by_role("heading", name="Draft reply")).to_be_visible()
    expect(page.get_by_text("For agents only").first).to_be_visible()
    page.get_by_role("button", name="This is it").first.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Noted as accepted. Thank you.")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_has_no_barrier(scheme: str, browser: Browser, site: Site) -> None:
    context = site.signed_in(browser, color_scheme=scheme, viewport={"width": 1280, "height": 860})
    page = context.new_page()
    found = {}
    for path in ("/desk/tickets", f"/desk/tickets/{site.reference}"):
        page.goto(site.url + path)
        violations = Axe().run(page).response["violations"]
        found[path] = [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in violations]
    context.close()
    assert {path: each for path, each in found.items() if each} == {}


# A window of 1280 pixels at 200 % has the layout of one of 640.
@pytest.mark.parametrize("width", [320, 640])
def test_nothing_scrolls_sideways_on_a_narrow_screen(width: int, browser: Browser, site: Site) -> None:
    context = site.signed_in(browser, viewport={"width": width, "height": 640})
    page = context.new_page()
    for path in ("/desk/tickets", f"/desk/tickets/{site.reference}"):
        page.goto(site.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
    context.close()
