"""Screenshots of the desk's pages for `docs/`: `python -m tests.browser.desk_screenshots docs/screenshots`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from bot.desk.life import Action
from bot.people.roles import Role
from bot.web.app import create_app
from tests.agents.colleagues import ANN, START, Clock, House
from tests.browser.conftest import CHROMIUM, FLAGS, free_port, run
from tests.flows.deciding import ALWAYS_ANSWER, deciding
from tests.index import small_centre

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
    "desk-quality": "/desk/quality",
}


def main(folder: Path) -> None:
    """Fills a desk and takes a picture of each page."""
    centre, clock = small_centre.ingested(Path(tempfile.mkdtemp())), Clock()
    with deciding(centre, ALWAYS_ANSWER, clock.chance()) as opened, sync_playwright() as playwright:
        desk, port = House(opened, clock, None), free_port()
        shown = _fill(desk)
        running = run(create_app(lambda: opened), port)
        next(running)
        url = f"http://127.0.0.1:{port}"
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        context = browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
        context.add_cookies([{"name": "tierzero", "value": desk.token(Role.LEAD), "url": url}])
        page = context.new_page()
        for name, path in PAGES.items():
            page.goto(url + path.format(shown))
            page.wait_for_timeout(500)
            page.screenshot(path=folder / f"{name}.png")
        browser.close()
        next(running, None)


def _fill(desk: House) -> str:
    """Tickets of several hours; gives the reference of the one that is shown."""
    who = desk.services.signing_in.principal(desk.token(Role.SENIOR))
    assert who is not None
    desk.clock.at = START.replace(hour=5)
    before = desk.ticket(QUESTIONS[0], contact="bea@shop.example")
    desk.services.desk.reply(who, before, "Please turn the seal ring over; it drips when it sits upside down.",
                             then=Action.SOLVE)  # fmt: skip
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
    return shown


if __name__ == "__main__":
    main(Path(sys.argv[1]))
