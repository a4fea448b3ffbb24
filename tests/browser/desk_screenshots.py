"""Screenshots of the desk's pages for `docs/`: `python -m tests.browser.desk_screenshots docs/screenshots`."""

import datetime as dt
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.desk.life import Action
from bot.desk.quality import Mark
from bot.people.accounts import Principal
from bot.people.roles import Permission, Role
from bot.tickets.attachments import Sent
from tests.agents.colleagues import ANN, START, Clock, House
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.flows.deciding import ALWAYS_ANSWER, deciding
from tests.flows.talking import say
from tests.index import small_centre
from tests.live.conftest import served

QUESTIONS = (
    "my brewer leaks water from the bottom when it heats up",
    "I was charged twice for my last order",
    "the grinder makes a burning smell, it is urgent",
    "my parcel is nine days late and nobody answers",
    "quiero devolver un pedido que llegó roto",
    "how do I change the address of my subscription?",
)
PAGES = {
    "desk-queue": "/desk/tickets",
    "desk-ticket": "/desk/tickets/{}",
    "desk-board": "/desk/board",
    "desk-people": "/desk/people",
}
#: A day after the solution, and in the week after it.
AFTER = {
    "desk-drafts": "/desk/drafts",
    "desk-draft": "/desk/drafts/{draft}",
    "desk-macros": "/desk/macros",
    "desk-quality": "/desk/quality",
    "desk-scorecard": "/desk/quality/{week}/{reviewed}",
}
#: What administrators see.
ADMIN = {
    "desk-team": "/desk/team",
    "desk-keys": "/desk/keys",
    "desk-audit": "/desk/audit",
    "desk-outgoing": "/desk/outgoing",
    "desk-account": "/desk/account",
}
THREAT = "If I do not get my money back today I will call my lawyer, and I want to talk to a person."
LABEL = b"Brewer Heron\n230 V, 1200 W\nserial 44-2031"


def main(folder: Path) -> None:
    """Fills a desk and takes a picture of each page."""
    centre, clock = small_centre.ingested(Path(tempfile.mkdtemp())), Clock()
    with deciding(centre, ALWAYS_ANSWER, clock.chance()) as opened, sync_playwright() as playwright:
        desk = House(opened, clock, None)
        agent = desk.token(Role.SENIOR)
        solved, shown = _fill(desk, agent)
        with served(opened) as host:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
            page = _page(browser, f"http://{host}", desk.token(Role.LEAD))
            for name, path in PAGES.items():
                _keep(page, f"http://{host}{path.format(shown)}", folder / f"{name}.png")
            _live(page, f"http://{host}", desk, folder / "desk-live.png")
            _after(page, f"http://{host}", desk, solved, folder)
            _admin(page, f"http://{host}", desk, folder)
            senior = next(one.id for one in opened.team.accounts() if one.role is Role.SENIOR)
            _alone(page, f"http://{host}", desk.signed_in(senior, "later"), folder)
            browser.close()


def _page(browser: Browser, url: str, token: str) -> Page:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
    context.add_cookies([{"name": "tierzero", "value": token, "url": url}])
    return context.new_page()


def _keep(page: Page, url: str, path: Path) -> None:
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path)


def _live(page: Page, url: str, desk: House, path: Path) -> None:
    """One chat that was joined, with a file of the customer's, and two that wait."""
    said = (
        "nobody tells me when the technician comes, get me a human",
        "a person please: where is my money?",
    )
    for text in said:
        say(desk.services, text)
    talk = say(desk.services, "the lid of my brewer does not close any more, I want to talk to a person")
    conversation = desk.services.chat.conversation(talk.conversation_id)
    page.goto(f"{url}/desk/live")
    page.get_by_role("button", name="the lid of my brewer").click()
    page.get_by_role("button", name="Join this chat").click()
    writing = page.get_by_role("textbox", name="Write to the customer")
    writing.fill("Hello, I am sorry to hear that. Could you send me the text on the label?")
    writing.press("Enter")
    expect(page.get_by_text("Sent", exact=True)).to_be_visible()
    desk.clock.at += dt.timedelta(minutes=1)
    desk.services.attachments.by_customer(conversation, Sent("label of my brewer.txt", LABEL))
    expect(page.get_by_role("link", name="label of my brewer")).to_be_visible()
    writing.fill("Thank you, that is")
    page.screenshot(path=path)
    desk.services.live_desk.solve(_principal(desk, page), talk.conversation_id)


def _principal(desk: House, page: Page) -> Principal:
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "tierzero"]
    found = desk.services.signing_in.principal(cookie["value"])
    assert found is not None
    return found


def _after(page: Page, url: str, desk: House, solved: str, folder: Path) -> None:
    """What comes after a solution: the customer's survey, the team's drafts, text blocks and reviews."""
    ticket = desk.services.conversations.ticket(solved)
    assert ticket is not None
    survey = desk.services.surveys.token_of(ticket.conversation_id)
    _keep(page, f"{url}/surveys/{survey}", folder / "desk-survey.png")
    draft = desk.services.drafts.begin(_principal(desk, page), solved)
    year, week, _ = START.isocalendar()
    desk.clock.at += dt.timedelta(days=7)
    page.context.add_cookies([{"name": "tierzero", "value": desk.token(Role.LEAD), "url": url}])
    names = {"draft": draft.id, "week": f"{year}-W{week:02}", "reviewed": solved}
    for name, path in AFTER.items():
        _keep(page, url + path.format(**names), folder / f"{name}.png")

    reviewer, marks = (
        _principal(desk, page),
        {one.name: Mark.YES for one in desk.services.quality.rules.questions},
    )
    marks[next(iter(marks))] = Mark.PARTLY
    comment = "A clear answer. Next time ask for the serial number first."
    desk.services.quality.review(
        reviewer, names["week"], solved, marks, hand_off_needed=True, comment=comment
    )


def _admin(page: Page, url: str, desk: House, folder: Path) -> None:
    """Accounts, keys, the log and what leaves the desk; and the rules, tried on a message."""
    scopes = frozenset({Permission.SUGGESTIONS_READ, Permission.KNOWLEDGE_READ})
    desk.services.machine_keys.add("shop back office", scopes, by="command")
    page.context.add_cookies([{"name": "tierzero", "value": desk.token(Role.ADMIN), "url": url}])
    for name, path in ADMIN.items():
        _keep(page, url + path, folder / f"{name}.png")
    page.context.add_cookies([{"name": "tierzero", "value": desk.token(Role.SPECIALIST), "url": url}])
    _keep(page, f"{url}/desk/confidence", folder / "desk-confidence.png")
    page.goto(f"{url}/desk/triggers")
    page.get_by_label("A customer's message").fill(THREAT)
    page.get_by_role("button", name="Try", exact=True).click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / "desk-triggers.png")


def _alone(page: Page, url: str, agent: str, folder: Path) -> None:
    """What an agent hears of their reviewed tickets, and the door."""
    page.context.add_cookies([{"name": "tierzero", "value": agent, "url": url}])
    _keep(page, f"{url}/desk/my-reviews", folder / "desk-my-reviews.png")
    page.context.clear_cookies()
    _keep(page, f"{url}/desk/sign-in", folder / "desk-sign-in.png")


def _fill(desk: House, agent: str) -> tuple[str, str]:
    """Tickets of several hours; gives the references of one that was solved and of the one that is shown."""
    who = desk.services.signing_in.principal(agent)
    assert who is not None
    desk.clock.at = START.replace(hour=5)
    solved = desk.ticket(QUESTIONS[0], contact="bea@shop.example")
    turned = "Please turn the seal ring over; it drips when it sits upside down."
    desk.services.desk.reply(who, solved, turned, then=Action.SOLVE)
    while desk.services.delivery.run():
        pass
    desk.services.solved.prepare()
    for number, question in enumerate(QUESTIONS[1:]):
        desk.clock.at = START.replace(hour=5 + number // 2, minute=20 * (number % 2))
        reference = desk.ticket(question, contact=f"customer{number}@shop.example")
        if number == 1:
            desk.services.desk.take(who, reference)
    desk.clock.at = START.replace(hour=8, minute=30)
    shown = desk.ticket("water comes out at the bottom of my brewer while it heats up", contact=ANN)
    desk.clock.at = START
    while desk.services.timekeeping.run():
        pass
    return solved, shown


if __name__ == "__main__":
    main(Path(sys.argv[1]))
