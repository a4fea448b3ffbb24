"""The queue and the ticket page over HTTP: what is shown, in which order, to whom, and what is noted of it."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from bot.desk.ticket import Status
from bot.people.audit import verify
from bot.people.roles import Permission, Role
from bot.storage.suggestions import OutcomeLog
from bot.storage.tables import tickets
from tests.agents.colleagues import ANN, House
from tests.index.small_centre import SECRETS

PAGE = {"accept": "text/html"}


def listed(page: str) -> list[str]:
    return re.findall(r'class="subject" href="/desk/tickets/([^"]+)"', page)


def change(served: House, reference: str, **values: object) -> None:
    """What a desk that can solve tickets will do."""
    with served.services.database.writing() as connection:
        connection.execute(sa.update(tickets).where(tickets.c.reference == reference).values(**values))


def test_an_empty_queue_says_so(served: House) -> None:
    page = served.browser(Role.AGENT).get("/desk/tickets", headers=PAGE).text
    assert "Nobody is waiting." in page


def test_what_is_due_first_stands_first_and_overdue_is_said_in_words(served: House) -> None:
    late = served.ticket("where is my parcel")
    served.clock.at += dt.timedelta(days=2)
    urgent = served.ticket("I will call my lawyer about this invoice")
    page = served.browser(Role.AGENT).get("/desk/tickets").text
    assert listed(page) == [late, urgent]
    assert len(re.findall(r"overdue by \d+ d", page)) == 1
    change(served, late, first_response_due=served.clock.at + dt.timedelta(days=9))
    assert listed(served.browser(Role.AGENT).get("/desk/tickets").text) == [urgent, late]


def test_filters_stand_in_the_address_and_hold_together(served: House) -> None:
    one, other = (
        served.ticket("where is my parcel, it should be here"),
        served.ticket("quiero devolver un pedido roto"),
    )
    solved = served.ticket("the invoice as PDF")
    change(served, solved, status=Status.SOLVED.value)
    browser = served.browser(Role.AGENT)

    def found(**params: str) -> set[str]:
        return set(listed(browser.get("/desk/tickets", params=params).text))

    assert found() == {one, other}
    assert found(status="all") == {one, other, solved}
    assert found(status="solved") == {solved}
    assert found(text="PARCEL") == {one}
    assert found(text=other.lower()) == {other}
    assert found(reason="person") == {one, other}
    assert found(reason="legal") == set()
    assert found(priority="critical") == set()
    assert found(text="100%") == set()
    page = browser.get("/desk/tickets", params={"text": 'a"><script>', "status": "all"}).text
    assert "<script>" not in page
    assert 'value="a&#34;&gt;&lt;script&gt;"' in page
    assert 'value="all" selected' in page


@pytest.mark.parametrize("params", [{"status": "gone"}, {"reason": "x"}, {"priority": "'"}])
def test_a_filter_that_is_not_known_is_refused(served: House, params: dict[str, str]) -> None:
    answer = served.browser(Role.AGENT).get("/desk/tickets", params=params)
    assert (answer.status_code, answer.json()["type"]) == (400, "/docs#bad-request")


def test_a_long_queue_has_pages_that_keep_the_filter(served: House) -> None:
    first = served.services.conversations.ticket(served.ticket("where is my parcel"))
    with served.services.database.writing() as connection:
        row = connection.execute(sa.select(tickets)).mappings().one()
        copies = [{**row, "reference": f"TZ-{place:04}"} for place in range(60)]
        connection.execute(sa.insert(tickets), copies)
    browser = served.browser(Role.AGENT)
    page = browser.get("/desk/tickets?reason=person").text
    assert "61 tickets of this kind" in page
    assert (len(listed(page)), 'href="/desk/tickets?reason=person&amp;page=2"' in page) == (50, True)
    second = browser.get("/desk/tickets?reason=person&page=2").text
    assert {*listed(page), *listed(second)} == {first.reference, *(f"TZ-{place:04}" for place in range(60))}
    assert listed(browser.get("/desk/tickets?page=999999").text) == listed(second)


def test_a_ticket_shows_the_conversation_the_reason_and_what_may_help(served: House) -> None:
    reference = served.ticket("how do I reset my password", contact=ANN)
    page = served.browser(Role.AGENT).get(f"/desk/tickets/{reference}", headers=PAGE).text
    for text in (
        "how do I reset my password",
        "I want to talk to a person",
        "Here is what our help centre says",
        ANN,
        "<code>person/",
        "Draft reply",
        "First response:",
        "Resolution:",
        "bot: opened, new",
    ):
        assert text in page
    assert "masked" not in page


def test_personal_data_is_masked_for_roles_that_may_not_see_it(served: House) -> None:
    reference = served.ticket(f"my parcel is lost, I am at {ANN} or +49 30 901820", contact=ANN)
    browser = served.browser(Role.SPECIALIST)
    page = browser.get(f"/desk/tickets/{reference}").text
    assert "my parcel is lost" in page
    assert "Personal data is masked" in page
    queue = browser.get("/desk/tickets").text
    for secret in (ANN, "ann.miller", "901820"):
        assert secret not in page
        assert secret not in queue
    assert ANN in served.browser(Role.AGENT).get(f"/desk/tickets/{reference}").text


def test_what_is_masked_cannot_be_found_by_guessing(served: House) -> None:
    reference = served.ticket(f"my parcel is lost, I am at {ANN}, the one in the blue house")
    masked, full = served.browser(Role.SPECIALIST), served.browser(Role.AGENT)
    for needle, expected in (("ann.m", []), (ANN, []), ("lost", [reference]), (reference[3:6], [reference])):
        assert listed(masked.get("/desk/tickets", params={"text": needle}).text) == expected, needle
        assert listed(full.get("/desk/tickets", params={"text": needle}).text) == [reference], needle


def test_opening_personal_data_is_noted_once_a_sign_in(served: House) -> None:
    reference, other = served.ticket("where is my parcel"), served.ticket("cancel my order")
    browser = served.browser(Role.AGENT)

    def openings() -> list[str]:
        entries = list(served.services.audit.entries())
        assert verify(entries).broken_at is None
        return [one.note.subject for one in entries if one.note.what == "ticket.opened"]

    for path in (reference, reference, other, reference):
        browser.get(f"/desk/tickets/{path}")
    assert openings() == [f"ticket:{reference}", f"ticket:{other}"]
    served.browser(Role.SPECIALIST).get(f"/desk/tickets/{reference}")
    assert len(openings()) == 2
    served.browser(Role.AGENT).get(f"/desk/tickets/{reference}")
    assert len(openings()) == 3


def test_a_program_may_read_a_ticket_with_its_scopes(served: House) -> None:
    reference = served.ticket(f"write to {ANN} about my parcel")
    masked = served.client.get(f"/desk/tickets/{reference}", headers=served.key(Permission.TICKETS_READ)).text
    assert ANN not in masked
    assert "Suggestions" not in masked


def test_what_customers_write_stays_text(served: House) -> None:
    hostile = '<img src=x onerror=alert(1)> "quoted" {{ 7*7 }} where is my parcel'
    reference = served.ticket(hostile, contact=ANN)
    browser = served.browser(Role.AGENT)
    for path in ("/desk/tickets", f"/desk/tickets/{reference}"):
        page = browser.get(path).text
        assert "<img src=x" not in page
        assert "&lt;img src=x onerror=alert(1)&gt;" in page
        assert "{{ 7*7 }}" in page


def test_internal_passages_are_marked_beside_a_ticket_and_absent_from_its_draft(served: House) -> None:
    reference = served.ticket("goodwill payment of forty euros for a parcel nine days late, voucher KESTREL")
    page = served.browser(Role.AGENT).get(f"/desk/tickets/{reference}").text
    assert "For agents only" in page
    draft = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert draft is not None
    assert [word for word in SECRETS if word in draft[1].casefold()] == []


def test_quality_reads_tickets_without_suggestions(served: House) -> None:
    reference = served.ticket("how do I reset my password")
    page = served.browser(Role.QUALITY).get(f"/desk/tickets/{reference}").text
    assert "how do I reset my password" in page
    assert "Draft reply" not in page


def test_a_verdict_is_kept_with_the_ticket_and_said_back(served: House) -> None:
    reference = served.ticket("how do I reset my password")
    browser = served.browser(Role.AGENT)
    page = browser.get(f"/desk/tickets/{reference}").text
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert csrf is not None
    fields = {"outcome": "accepted", "article_id": "account/password", "locale": "en"}
    path = f"/desk/tickets/{reference}/suggestions"
    assert browser.post(path, data=fields).status_code == 403
    assert browser.post(path, data={**fields, "csrf": csrf[1], "outcome": "x"}).status_code == 400
    answer = browser.post(path, data={**fields, "csrf": csrf[1]})
    assert answer.headers["location"] == f"/desk/tickets/{reference}?noted=accepted#suggestions"
    (kept,) = OutcomeLog(served.services.database).all()
    assert (kept.ticket, kept.article.id) == (reference, "account/password")
    assert [one.question.pair.key.id for one in served.services.learning.listing()] == ["account/password"]
    assert "Noted as accepted" in browser.get(answer.headers["location"]).text
    assert "Noted" not in browser.get(f"/desk/tickets/{reference}?noted=<b>").text


def test_a_ticket_that_is_not_there_is_not_found(served: House) -> None:
    answer = served.browser(Role.AGENT).get("/desk/tickets/TZ-0000-0000")
    assert (answer.status_code, answer.json()["type"]) == (404, "/docs#not-found")
