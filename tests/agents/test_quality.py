"""Quality review over HTTP: what is drawn, who may review it, what the agent and a second reviewer see."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from bot.desk.life import Action
from bot.ledger.facts import FactKind
from bot.people.audit import verify
from bot.people.roles import Role
from bot.storage.tables import facts
from tests.agents.colleagues import House

WEEK = "2026-W48"
MARKS = ("understood", "right", "clear", "kind", "in_time", "recorded")


class Floor:
    """An agent who has solved three tickets, and a week that has passed."""

    def __init__(self, desk: House) -> None:
        self.desk = desk
        self.agent = desk.browser(Role.AGENT)
        self.lead = desk.browser(Role.LEAD)
        principal = desk.services.signing_in.principal(self.agent.cookies["tierzero"])
        assert principal is not None
        self.solved = [desk.ticket(f"where is my parcel number {number}") for number in range(3)]
        for reference in self.solved:
            desk.services.desk.act(principal, reference, Action.SOLVE)
        desk.clock.at += dt.timedelta(days=7)
        self.agent, self.lead = desk.browser(Role.AGENT), desk.browser(Role.LEAD)
        self.agent.cookies.set("tierzero", self._again(principal.account.id if principal.account else ""))

    def _again(self, account_id: str) -> str:
        """The same agent signs in again a week later."""
        from bot.people import tokens
        from bot.people.accounts import Session, Stage
        from bot.people.audit import Note

        token, now = tokens.new_token(), self.desk.clock.at
        session = Session(
            "again", tokens.digest(token), account_id, Stage.FULL, now, now, "127.0.0.1", "test"
        )
        note = Note(now, f"account:{account_id}", "session.opened", f"account:{account_id}")
        self.desk.services.audit.open_session(session, note)
        return token

    @property
    def drawn(self) -> str:
        page = self.lead.get(f"/desk/quality?week={WEEK}").text
        [reference] = re.findall(rf"/desk/quality/{WEEK}/(TZ-[^\"]+)\"", page)
        return str(reference)

    def review(self, browser: TestClient, reference: str, mark: str = "yes", **more: str) -> int:
        card = browser.get(f"/desk/quality/{WEEK}/{reference}").text
        csrf = re.search(r'name="csrf" value="([^"]+)"', card)
        fields = {"csrf": csrf[1] if csrf else "", **{f"mark-{name}": mark for name in MARKS}, **more}
        return browser.post(f"/desk/quality/{WEEK}/{reference}", data=fields).status_code


@pytest.fixture
def floor(served: House) -> Floor:
    return Floor(served)


def test_only_what_was_drawn_is_reviewed_and_each_reviewer_once(floor: Floor) -> None:
    assert floor.drawn in floor.solved
    other = next(one for one in floor.solved if one != floor.drawn)
    assert floor.lead.get(f"/desk/quality/{WEEK}/{other}").status_code == 404
    assert floor.review(floor.lead, floor.drawn, hand_off="no", comment="Well <b>done</b>") == 303
    assert floor.review(floor.lead, floor.drawn) == 409
    card = floor.lead.get(f"/desk/quality/{WEEK}/{floor.drawn}").text
    assert "You have reviewed this ticket" in card
    assert "Well &lt;b&gt;done&lt;/b&gt;" in card
    with floor.desk.services.database.reading() as connection:
        kinds = connection.execute(sa.select(facts.c.kind)).scalars().all()
    assert FactKind.ESCALATION_WRONG.value in kinds
    assert verify(floor.desk.services.audit.entries()).broken_at is None


def test_the_week_that_runs_shows_a_digest_and_draws_nothing(floor: Floor) -> None:
    page = floor.lead.get("/desk/quality?week=2026-W49").text
    assert "The sample is drawn when the week is over." in page
    shown = re.search(r"Week 2026-W49, digest of the seed</dt><dd><code>([0-9a-f]{64})<", page)
    assert shown is not None
    assert "2026-W49, seed<" not in page
    floor.desk.clock.at += dt.timedelta(days=7)
    lead = floor.desk.browser(Role.LEAD)
    later = lead.get("/desk/quality?week=2026-W49").text
    assert shown[1] in later
    assert "2026-W49, seed<" in later
    assert lead.get("/desk/quality?week=2026-W99").status_code == 404


def test_the_agent_sees_the_result_and_may_not_review(floor: Floor) -> None:
    assert "None of your tickets was reviewed yet." in floor.agent.get("/desk/my-reviews").text
    floor.review(floor.lead, floor.drawn, "partly", comment="Ask for the number first.")
    mine = floor.agent.get("/desk/my-reviews").text
    assert "50 of 100" in mine
    assert "Ask for the number first." in mine
    assert floor.agent.get("/desk/quality").status_code == 403
    assert floor.review(floor.agent, floor.drawn) == 403


def test_a_second_reviewer_judges_without_seeing_the_first_and_both_are_compared(floor: Floor) -> None:
    floor.review(floor.lead, floor.drawn, comment="First view")
    second = floor.desk.browser(Role.QUALITY)
    assert "First view" not in second.get(f"/desk/quality/{WEEK}/{floor.drawn}").text
    assert floor.review(second, floor.drawn, **{"mark-kind": "no"}) == 303
    assert "First view" in second.get(f"/desk/quality/{WEEK}/{floor.drawn}").text
    page = second.get(f"/desk/quality?week={WEEK}").text
    assert "5 of 6" in page
    assert "0.00" in page


def test_an_unfinished_scorecard_is_shown_again_with_what_was_filled_in(floor: Floor) -> None:
    path = f"/desk/quality/{WEEK}/{floor.drawn}"
    csrf = re.search(r'name="csrf" value="([^"]+)"', floor.lead.get(path).text)
    assert csrf is not None
    answer = floor.lead.post(path, data={"csrf": csrf[1], "mark-kind": "no", "comment": "half way"})
    assert answer.status_code == 400
    assert "Please answer every question" in answer.text
    assert "half way" in answer.text
    assert floor.lead.post(path, data={"csrf": csrf[1], "mark-kind": "maybe"}).status_code == 400
    assert floor.lead.post(path, data={"mark-kind": "no"}).status_code == 403
