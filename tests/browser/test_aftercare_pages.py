"""Pages after a solution in a real browser: survey, reviews, drafts, macros, outgoing; without script, narrow, dark."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.desk.life import Action
from bot.outgoing.effects import Channel, Effect, Standing
from bot.people.roles import Role
from tests.agents.colleagues import ANN, START, House
from tests.browser.barriers import barriers
from tests.browser.serving import StaffSite, opened_desk, served_desk

WEEK = "2026-W48"


@dataclass(frozen=True)
class Site(StaffSite):
    """A desk a week after a ticket was solved, a manager, and links."""

    survey: str
    paths: tuple[str, ...]
    desk: House

    def page(self, browser: Browser, **how: object) -> Page:
        return self.signed_in(browser, **how).new_page()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened_desk(tmp_path_factory.mktemp("after")) as desk:
        opened = desk.services
        agent = opened.signing_in.principal(desk.token(Role.AGENT))
        assert agent is not None
        reference = desk.ticket("how do I cancel an order that is not packed yet?", contact=ANN)
        opened.desk.reply(agent, reference, "Open Orders. Press Cancel and confirm.", then=Action.SOLVE)
        while opened.delivery.run():
            pass
        ticket = opened.conversations.ticket(reference)
        assert ticket is not None
        survey = f"/surveys/{opened.surveys.token_of(ticket.conversation_id)}"
        draft = opened.drafts.begin(agent, reference)
        opened.outbox.put([Effect("k", Channel.MAIL, "solved", "k", reference, "{}", START)], START)
        for one in opened.outbox.claim(START, START, 9):
            opened.outbox.settle(one, Standing.DEAD, "The mail server refuses the recipient (550).")
        desk.clock.at += dt.timedelta(days=7)
        paths = (
            survey,
            f"/desk/quality?week={WEEK}",
            f"/desk/quality/{WEEK}/{reference}",
            "/desk/my-reviews",
            "/desk/drafts",
            f"/desk/drafts/{draft.id}",
            "/desk/macros",
            "/desk/outgoing",
        )
        with served_desk(desk) as url:
            yield Site(url, desk.token(Role.MANAGER), survey, paths, desk)


def test_the_pages_have_no_barrier(browser: Browser, site: Site) -> None:
    page = site.page(browser, viewport={"width": 1280, "height": 860})
    found = {}
    for path in site.paths:
        assert page.goto(site.url + path).status == 200, path  # type: ignore[union-attr]
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        found[path] = barriers(page)
    page.context.close()
    assert {path: each for path, each in found.items() if each} == {}


def test_nothing_scrolls_sideways_on_a_narrow_screen(browser: Browser, site: Site) -> None:
    page = site.page(browser, viewport={"width": 320, "height": 640})
    for path in site.paths:
        page.goto(site.url + path)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path
    page.context.close()


def test_everything_works_without_script(browser: Browser, site: Site, tmp_path: Path) -> None:
    page = site.page(browser, java_script_enabled=False, viewport={"width": 1280, "height": 860})
    page.goto(site.url + site.survey)
    page.get_by_role("group", name="How happy are you").get_by_label("4", exact=True).check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("Your answer is saved")
    page.goto(site.url + site.paths[2])
    for group in page.locator("fieldset").all()[:6]:
        group.get_by_label("yes", exact=True).check()
    page.get_by_role("button", name="Save the review").click()
    expect(page.get_by_role("status")).to_contain_text("You have reviewed this ticket")
    page.goto(site.url + site.paths[5])
    page.get_by_role("button", name="Hand to review").click()
    page.get_by_label("Reason, where it is sent back").fill("Say for which orders.")
    page.get_by_role("button", name="Send back").click()
    expect(page.get_by_text("Say for which orders.").first).to_be_visible()
    page.goto(f"{site.url}/desk/outgoing")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Waiting")).to_be_visible()
    page.context.close()


def test_the_header_has_one_line_on_a_small_laptop_and_a_menu_for_the_rest(
    browser: Browser, site: Site
) -> None:
    page = site.page(browser, viewport={"width": 1280, "height": 860})
    header = page.locator("header.bar")
    # Each of them brings a style sheet of its own.
    for path in (
        "/insights",
        "/insights/gaps",
        "/insights/articles",
        "/desk/tickets",
        "/desk/live",
        "/desk/macros",
    ):
        page.goto(f"{site.url}{path}")
        tops = header.locator("nav > ul > li, .me > *:visible").evaluate_all(
            "all => all.map(one => { const box = one.getBoundingClientRect(); return box.top + box.height / 2; })"
        )
        assert max(tops) - min(tops) < 4, path
    menu = header.get_by_text("More: Macros")
    expect(header.get_by_role("link", name="Outgoing")).not_to_be_visible()
    menu.press("Enter")
    expect(header.get_by_role("link", name="Outgoing")).to_be_visible()
    page.keyboard.press("Escape")
    expect(header.get_by_role("link", name="Outgoing")).not_to_be_visible()
    expect(menu).to_be_focused()
    menu.click()
    page.get_by_role("heading", name="Macros").click()
    expect(header.get_by_role("link", name="Outgoing")).not_to_be_visible()
    page.set_viewport_size({"width": 320, "height": 640})
    menu.click()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    header.get_by_role("link", name="Outgoing").click()
    expect(page.get_by_role("heading", name="Outgoing")).to_be_visible()
    page.context.close()
