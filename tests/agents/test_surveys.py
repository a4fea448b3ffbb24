"""Surveys after a solution over HTTP: a signed link, a page that changes nothing by being read, answers and effects."""

import datetime as dt
import json

import pytest
import sqlalchemy as sa

from bot.desk.ticket import Status
from bot.ledger.facts import FactKind
from bot.outgoing.effects import Channel, Standing
from bot.people.keyring import Keyring
from bot.people.roles import Role
from bot.storage.surveys import SurveyLog
from bot.storage.tables import facts, outbox, surveys, ticket_events
from tests.agents.colleagues import ANN, House
from tests.agents.happening import happen, run

PAGE = {"accept": "text/html"}


def solved(desk: House) -> tuple[str, str]:
    """A solved ticket: its reference, and the token that the widget finds."""
    reference = desk.ticket("where is my parcel", contact=ANN)
    happen(desk, reference, ("status", "new", "solved"))
    run(desk)
    return reference, token(desk, reference)


def token(desk: House, reference: str) -> str:
    ticket = desk.services.conversations.ticket(reference)
    assert ticket is not None
    return str(desk.client.get(f"/chat/{ticket.conversation_id}/messages").json()["survey"])


def scores(desk: House) -> list[tuple[str, int]]:
    query = sa.select(facts.c.kind, facts.c.score).order_by(facts.c.id)
    wanted = query.where(facts.c.kind.in_([FactKind.RATED.value, FactKind.RECOMMENDS.value]))
    with desk.services.database.reading() as connection:
        return [(kind, score) for kind, score in connection.execute(wanted)]


def asked_of_the_desk(desk: House) -> list[str]:
    return sorted(
        one.target for one in desk.services.outbox.list(Standing, 20) if one.channel is Channel.DESK
    )


def test_only_a_solved_ticket_has_a_survey(served: House) -> None:
    reference = served.ticket("where is my parcel")
    run(served)
    assert token(served, reference) == ""
    happen(served, reference, ("status", "new", "solved"))
    run(served)
    assert token(served, reference) != ""
    happen(served, reference, ("status", "solved", "open"))
    run(served)
    assert token(served, reference) == ""


def test_looking_at_the_page_answers_nothing(served: House) -> None:
    _, link = solved(served)
    for _ in range(3):
        page = served.client.get(f"/surveys/{link}", headers=PAGE)
        assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
        assert page.headers["referrer-policy"] == "no-referrer"
    served.client.head(f"/surveys/{link}")
    assert "checked" not in page.text
    assert served.client.get(f"/surveys/{link}", headers={"accept": "application/json"}).json() == {
        **served.client.get(f"/surveys/{link}", headers={"accept": "application/json"}).json(),
        "open": True,
        "satisfaction": None,
    }
    assert scores(served) == []


def test_an_answer_counts_once_and_may_be_changed_until_the_survey_closes(served: House) -> None:
    reference, link = solved(served)
    first = served.client.post(f"/surveys/{link}", json={"satisfaction": 5, "recommendation": 9})
    assert (first.status_code, first.json()["satisfaction"]) == (200, 5)
    assert served.client.post(f"/surveys/{link}", json={"satisfaction": 5}).status_code == 200
    served.clock.at += dt.timedelta(hours=1)
    page = served.client.post(
        f"/surveys/{link}", data={"satisfaction": "4", "solved": "yes", "comment": "quick!"}, headers=PAGE
    )
    assert "Your answer is saved" in page.text
    assert scores(served) == [("rated", 5), ("recommends", 9), ("rated", 4)]
    [kept] = SurveyLog(served.services.database).of_ticket(reference)
    assert (kept.answer.satisfaction, kept.answer.recommendation, kept.answer.solved) == (4, 9, True)
    assert asked_of_the_desk(served) == []
    served.clock.at += dt.timedelta(days=15)
    late = served.client.post(f"/surveys/{link}", json={"satisfaction": 1})
    assert (late.status_code, late.json()["title"]) == (409, "This survey is closed")
    assert "This survey is closed" in served.client.get(f"/surveys/{link}", headers=PAGE).text
    served.clock.at += dt.timedelta(days=90)
    assert served.client.get(f"/surveys/{link}").status_code == 404


def test_a_bad_score_and_an_unsolved_matter_go_back_to_the_desk_once(served: House) -> None:
    lead = served.services.signing_in.principal(served.token(Role.LEAD))
    assert lead is not None
    reference, link = solved(served)
    served.client.post(f"/surveys/{link}", json={"satisfaction": 3})
    assert asked_of_the_desk(served) == []
    for score in (2, 1):
        served.clock.at += dt.timedelta(minutes=1)
        served.client.post(f"/surveys/{link}", json={"satisfaction": score, "solved": False})
    assert asked_of_the_desk(served) == ["escalate", "reopen"]
    run(served)
    ticket = served.services.conversations.ticket(reference)
    assert ticket is not None
    assert (ticket.status, ticket.level) == (Status.OPEN, 2)
    before = served.services.desk.policy.escalation.levels[0].name
    told = [(one.what, one.after) for one in served.services.tickets.ticket(lead, reference).events]
    assert told.count(("escalated", before)) == 1
    assert served.client.post(f"/surveys/{link}", json={"satisfaction": 5}).status_code == 409
    # A worker that ended before it could say that it was done.
    with served.services.database.writing() as connection:
        again = sa.update(outbox).where(outbox.c.channel == Channel.DESK.value)
        connection.execute(again.values(standing=Standing.WAITING.value))
    run(served)
    after = served.services.conversations.ticket(reference)
    assert after is not None
    assert (after.level, after.version) == (ticket.level, ticket.version)


def test_an_answer_whose_receipt_was_lost_is_taken_again_after_it_closed_the_survey(served: House) -> None:
    _, link = solved(served)
    said = {"satisfaction": 1, "solved": False, "comment": "still broken"}
    first = served.client.post(f"/surveys/{link}", json=said)
    run(served)
    again = served.client.post(f"/surveys/{link}", json=said)
    assert (again.status_code, again.json()["satisfaction"], again.json()["open"]) == (200, 1, False)
    assert (first.status_code, scores(served)) == (200, [("rated", 1)])
    assert served.client.post(f"/surveys/{link}", json=said | {"solved": True}).status_code == 409


def test_a_comment_is_kept_without_personal_data(served: House) -> None:
    _, link = solved(served)
    served.client.post(f"/surveys/{link}", json={"satisfaction": 4, "comment": f"write to {ANN} please"})
    with served.services.database.reading() as connection:
        kept = connection.execute(sa.select(surveys.c.comment)).scalar_one()
    assert ANN not in kept
    assert "please" in kept


def test_an_answer_is_told_to_other_systems_by_its_event(served: House) -> None:
    _, link = solved(served)
    served.client.post(f"/surveys/{link}", json={"satisfaction": 2, "solved": False})
    query = sa.select(ticket_events.c.who, ticket_events.c.after).where(ticket_events.c.what == "survey")
    with served.services.database.reading() as connection:
        assert connection.execute(query).all() == [("customer", "solved:no satisfaction:2")]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"satisfaction": 0},
        {"satisfaction": 6},
        {"recommendation": 11},
        {"recommendation": True},
        {"solved": "yes"},
        {"comment": "x" * 2001},
        {"satisfaction": "5"},
        [],
    ],
)
def test_nonsense_is_refused_and_changes_nothing(served: House, body: object) -> None:
    _, link = solved(served)
    answer = served.client.post(f"/surveys/{link}", json=body)
    assert (answer.status_code, answer.json()["type"]) == (400, "/docs#bad-request")
    page = served.client.post(f"/surveys/{link}", data={"satisfaction": "99"}, headers=PAGE)
    assert page.status_code == 400
    assert scores(served) == []


def test_a_forged_or_foreign_link_opens_nothing(served: House) -> None:
    _, link = solved(served)
    survey = json.dumps({"sub": "srv1"})
    other = Keyring((b"x" * 32,)).sign("survey", "srv1", served.clock.at + dt.timedelta(days=1))
    invitation = served.services.keyring.sign("other", "srv1", served.clock.at + dt.timedelta(days=1))
    for wrong in ("x", link[:-2] + "AA", other, invitation, survey, link + ".x", "a" * 1999):
        assert served.client.get(f"/surveys/{wrong}").status_code == 404
        assert served.client.post(f"/surveys/{wrong}", json={"satisfaction": 1}).status_code == 404
