"""What happens to tickets by itself: they find somebody, warn, breach and go up, each once."""

import datetime as dt

import pytest
import sqlalchemy as sa

from bot.desk.ticket import Priority, Status, Ticket
from bot.people.roles import Permission, Role
from bot.storage.tables import timers
from bot.storage.tickets import TicketLog
from tests.agents.colleagues import ANN, House

MINUTE = dt.timedelta(minutes=1)
_WORK = (Permission.TICKETS_READ, Permission.TICKETS_WORK)


def works(served: House, after: dt.timedelta = dt.timedelta(0)) -> None:
    served.clock.at += after
    while served.services.work.once():
        pass


def found(served: House, reference: str) -> Ticket:
    ticket = served.services.conversations.ticket(reference)
    assert ticket is not None
    return ticket


def history(served: House, reference: str, who: str) -> list[tuple[str, str]]:
    events = TicketLog(served.services.database).events(reference)
    return [(event.what, event.after) for event in events if event.who == who]


def account(served: House, role: Role) -> str:
    known = {one.id for one in served.services.team.accounts()}
    served.token(role)
    (added,) = {one.id for one in served.services.team.accounts()} - known
    return f"account:{added}"


def test_a_ticket_is_sorted_out_and_given_to_somebody_who_is_there_in_turn(served: House) -> None:
    team = {account(served, Role.AGENT), account(served, Role.AGENT)}
    one = served.ticket("my parcel is late, the tracking says nothing")
    works(served)
    ticket = found(served, one)
    assert (ticket.category, ticket.service, ticket.status) == ("delivery", "general", Status.NEW)
    assert ticket.assignee in team
    assert "0 open tickets; next in turn of 2" in ticket.assigned_why
    two = served.ticket("the invoice is wrong, you charge me twice")
    works(served)
    assert {ticket.assignee, found(served, two).assignee} == team
    assert (found(served, two).category, found(served, two).queue) == ("payment", "billing")
    page = served.browser(Role.AGENT).get(f"/desk/tickets/{one}").text
    assert "next in turn of 2" in page


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("my parcel is late, the tracking says nothing", 4),
        ("my device is broken and shows an error", 2),
        ("nothing here helps me", 24),
    ],
)
def test_the_clock_that_customers_are_told_stays_when_a_ticket_is_sorted_out(
    served: House, text: str, hours: int
) -> None:
    new = found(served, served.ticket(text))
    works(served)
    ticket = found(served, new.reference)
    assert (ticket.first_response_due, ticket.resolution_due) == (new.first_response_due, new.resolution_due)
    assert ticket.first_response_due - ticket.created_at == dt.timedelta(hours=hours)
    conversation = served.services.chat.conversation(ticket.conversation_id)
    assert f"within {hours} hours" in conversation.messages[-1].text


def test_who_is_away_is_given_nothing_and_languages_and_skills_count(served: House) -> None:
    served.token(Role.AGENT)
    ids = [one.id for one in served.services.team.accounts()]
    team = served.services.team_log
    team.set_away(ids[0], True)
    reference = served.ticket("my parcel is late")
    works(served)
    assert found(served, reference).assignee == ""
    team.set_away(ids[0], False)
    team.set_able(ids[0], ["billing"], ["en"])
    parcel, bill = served.ticket("my parcel is late"), served.ticket("my invoice is wrong")
    spanish = served.ticket("la factura está mal, me cobraron dos veces el mismo pedido")
    works(served)
    assert [found(served, one).assignee for one in (parcel, bill, spanish)] == ["", f"account:{ids[0]}", ""]
    assert "knows billing; writes en" in found(served, bill).assigned_why


def test_a_timer_by_which_nothing_happens_is_marked_with_the_time_it_fired(served: House) -> None:
    served.ticket("I want to talk to a person")
    works(served, MINUTE)
    with served.services.database.reading() as connection:
        found = connection.execute(sa.select(timers.c.kind, timers.c.fired_at)).all()
    assert ("route", served.clock.at) in [tuple(row) for row in found]


def test_nobody_is_given_more_than_they_can_carry_or_is_long_gone(served: House) -> None:
    served.token(Role.AGENT)
    served.clock.at += 20 * MINUTE
    reference = served.ticket("my parcel is late")
    works(served)
    assert found(served, reference).assignee == ""


def test_urgent_words_raise_the_priority_and_nothing_lowers_it(served: House) -> None:
    urgent = served.ticket("urgent: my parcel is late")
    legal = served.ticket("I will call my lawyer about this parcel")
    before = found(served, legal).priority
    works(served)
    assert found(served, urgent).priority is Priority.HIGH
    assert found(served, legal).priority is before


def test_no_word_for_15_minutes_goes_to_senior_support_once(served: House) -> None:
    senior = account(served, Role.SENIOR)
    agent = account(served, Role.AGENT)
    reference = served.ticket("my parcel is late")
    works(served)
    works(served, 14 * MINUTE)
    assert found(served, reference).level == 1
    works(served, MINUTE)
    works(served, MINUTE)
    ticket = found(served, reference)
    assert (ticket.level, ticket.assignee) == (2, senior)
    assert senior != agent
    told = [one for one in history(served, reference, "clock") if one[0] in ("escalated", "level")]
    assert told == [("escalated", "senior support"), ("level", "2")]


def test_an_answer_in_time_keeps_it_where_it_is(served: House) -> None:
    reference = served.ticket("my parcel is late", contact=ANN)
    works(served)
    served.clock.at += 5 * MINUTE
    browser_key = served.key(*_WORK)
    served.client.post(f"/api/tickets/{reference}/reply", json={"text": "Tomorrow."}, headers=browser_key)
    works(served, 10 * dt.timedelta(hours=24))
    assert found(served, reference).level == 1
    assert history(served, reference, "clock") == []


def test_a_clock_warns_and_breaches_once_each(served: House) -> None:
    reference = served.ticket("my parcel is late")
    works(served)
    for _ in range(12):
        works(served, dt.timedelta(hours=24))
    told = [one for one in history(served, reference, "clock") if one[0] in ("warned", "breached")]
    assert sorted(told) == sorted(
        (what, clock) for what in ("warned", "breached") for clock in ("first response", "resolution")
    )


def test_a_matter_of_security_goes_up_at_once(served: House) -> None:
    reference = served.ticket("my account was hacked, someone else is using it")
    works(served)
    ticket = found(served, reference)
    assert (ticket.level, ticket.queue) == (2, "security")
    assert ("escalated", "senior support") in history(served, reference, "routing")


def test_who_writes_again_finds_both_tickets_linked(served: House) -> None:
    one, other = served.ticket("my parcel is late", contact=ANN), served.ticket("parcel??", contact=ANN)
    works(served)
    page = served.client.get(f"/api/tickets/{other}", headers=served.key(*_WORK)).json()
    assert page["linked"] == [{"reference": one, "how": "repeat"}]


@pytest.mark.parametrize(("unit", "status"), [("risk management", 200), ("nowhere", 400)])
def test_a_person_escalates_to_another_unit(served: House, unit: str, status: int) -> None:
    reference = served.ticket("my parcel is late")
    said = {"why": "legal_concern", "unit": unit}
    answer = served.client.post(f"/api/tickets/{reference}/escalate", json=said, headers=served.key(*_WORK))
    assert answer.status_code == status
    assert found(served, reference).queue == ("risk" if status == 200 else "general")
