"""The insights pages through the real service: who may, what is shown, what is behind it, what is exported."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator

import pytest

from bot.chat.incoming import opening_id
from bot.dialogue.conversation import conversation_mark
from bot.ledger.facts import Fact, FactKind, SolvedBy, fact_of_act
from bot.people.roles import Permission, Role, may
from tests.agents.colleagues import ANN, START, House, house
from tests.flows.talking import say
from tests.index import small_centre

LATER = START + dt.timedelta(days=30)
CLIENT = "6f1c-of-a-browser-and-random"
KEY_TO_IT = opening_id(CLIENT)
FORMULA = '=HYPERLINK("http://x")'


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(small_centre.ingested(tmp_path_factory.mktemp("insights"))) as opened:
        talk = None
        for text in ("how do I reset my password?", f"write to {ANN}", "I want to talk to a person"):
            talk = say(opened.services, text, talk, contact=ANN, client_id="" if talk else CLIENT)
        opened.clock.at = LATER
        facts = [
            Fact("gone", START, FactKind.ANSWERED, 1, "answered", articles=("a", "b"), channel="chat"),
            Fact("gone", START, FactKind.HELPFUL, 1),
            fact_of_act("mail", START, FactKind.OPENED, channel="email", product=FORMULA, tags=("descale",)),
            fact_of_act("mail", START, FactKind.SOLVED, who="nobody", reason=SolvedBy.AGENT),
        ]
        opened.services.ledger.append(facts)
        while opened.services.counting.step():
            pass
        yield opened


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize(
    ("role", "status"), [(Role.AGENT, 403), (Role.SPECIALIST, 200), (Role.LEAD, 200), (Role.ADMIN, 403)]
)
def test_only_who_may_read_insights_sees_them(office: House, role: Role, status: int) -> None:
    browser = office.browser(role)
    for path in ("/insights", "/insights/figures.csv", "/insights/conversations"):
        assert browser.get(path).status_code == status
    assert (
        office.client.get("/insights", headers={"accept": "text/html"})
        .headers["location"]
        .endswith("/desk/sign-in?next=/insights")
    )


def test_the_overview_shows_the_pair_with_definitions_and_sources(office: House) -> None:
    text = office.browser(Role.SPECIALIST).get("/insights").text
    assert "33.3%" in text
    assert "at least those where the customer said that the last answer helped" in text
    assert "Intercom, Fin resolutions" in text
    assert "handed off" in text
    # Days before anything happened are not days that are still to be counted.
    assert "not counted yet;" not in text


def test_filters_stand_in_every_link_and_change_the_figures(office: House) -> None:
    browser = office.browser(Role.SPECIALIST)
    text = browser.get("/insights?channel=email&period=quarter").text
    assert "1 count, 0 in the period before" in text
    assert "/insights/figures.csv?period=quarter&amp;channel=email" in text
    assert rows(browser.get("/insights/figures.csv?channel=email").text)[0]["of"] == "1"
    assert rows(browser.get("/insights/figures.csv?tag=descale").text)[0]["of"] == "1"
    assert rows(browser.get("/insights/figures.csv?tag=desc").text)[0]["of"] == "0"


@pytest.mark.parametrize(
    "query", ["period=year", "until=0202-01-01", "until=x", "figure=x", "hour=168", "hour=-1", "page=0"]
)
def test_an_address_that_means_nothing_is_said_to(office: House, query: str) -> None:
    browser = office.browser(Role.SPECIALIST)
    assert browser.get(f"/insights/conversations?{query}").status_code in (400, 422)


def test_one_click_leads_to_the_conversations_masked_for_who_may_not_read_personal_data(
    office: House,
) -> None:
    masked, full = office.browser(Role.SPECIALIST), office.browser(Role.LEAD)
    path = "/insights/conversations?figure=escalation_rate"
    assert "1 conversation, opened" in masked.get(path).text
    conversation = office.services.ledger.facts(START, START + dt.timedelta(hours=1))[0].conversation_id
    [address] = re.findall(r'href="(/insights/conversations/2[^"?]+)', masked.get(path).text)
    for browser, seen in ((masked, False), (full, True)):
        text = browser.get(address).text
        assert (ANN in text) is seen
        assert "password" in text
    opened = [one for one in office.services.audit.newest(50, None) if one.note.what == "conversation.opened"]
    assert [one.note.subject for one in opened] == [f"conversation:{conversation_mark(conversation)}"]
    assert "Its words were erased" in masked.get("/insights/conversations?figure=deflection_low").text
    gone = f"/insights/conversations/{START.date()}/{conversation_mark('gone')}"
    assert masked.get(gone).status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CUSTOMER])
def test_only_who_may_read_personal_data_is_told_the_id_that_opens_a_conversation_to_everybody(
    office: House, role: Role
) -> None:
    told = office.services.conversations.get(KEY_TO_IT)
    assert told is not None
    mark = conversation_mark(KEY_TO_IT)
    browser = office.browser(role)
    seen = [
        path
        for path in (
            *(
                "/insights",
                "/insights/conversations",
                "/insights/conversations/export.csv",
                "/insights/volume",
            ),
            *("/insights/gaps", "/insights/gaps?format=csv", "/insights/articles", "/desk/tickets"),
            *(
                "/desk",
                "/desk/quality",
                "/desk/my-reviews",
                "/desk/drafts",
                "/desk/outgoing",
                "/desk/triggers",
            ),
            *(
                "/desk/confidence",
                "/desk/macros",
                "/desk/audit",
                "/desk/live",
                f"/desk/tickets/{told.ticket}",
            ),
            *("/api/tickets", f"/insights/conversations/{START.date()}/{mark}"),
        )
        if KEY_TO_IT in browser.get(path).text
    ]
    assert seen == []
    answer = browser.get(f"/api/tickets/{told.ticket}")
    if may(role, Permission.TICKETS_READ):
        full = may(role, Permission.PERSONAL_READ)
        assert answer.json()["conversation_id"] == (KEY_TO_IT if full else None)
    assert (KEY_TO_IT in answer.text) is (
        may(role, Permission.TICKETS_READ) and may(role, Permission.PERSONAL_READ)
    )
    for old in (KEY_TO_IT, f"{START.date()}/{KEY_TO_IT}", f"x/{mark}", f"{LATER.date()}/{mark}"):
        assert browser.get(f"/insights/conversations/{old}").status_code in (400, 403, 404)


def test_each_part_of_a_line_has_its_own_conversations(office: House) -> None:
    browser = office.browser(Role.SPECIALIST)

    def total(query: str) -> str:
        text = browser.get(f"/insights/conversations?{query}").text
        return text.split('role="status">')[1].split(" ")[0]

    assert total("article=a") == total("article=b") == "1"
    assert total("article=") == total("") == "3"
    assert total('article=a","b') == "0"
    assert total(f"day={START.date()}") == "3"
    assert total("agent=nobody") == "1"
    assert total(f"hour={24 * START.weekday() + START.hour}") == "3"
    assert total("hour=0") == "0"
    assert total("figure=first_response_median") == "2"


def test_no_cell_of_an_export_is_a_formula(office: House) -> None:
    browser = office.browser(Role.SPECIALIST)
    answer = browser.get("/insights/conversations/export.csv")
    assert answer.headers["content-disposition"].startswith("attachment")
    found = {row["conversation"]: row for row in rows(answer.text)}
    mail = found[conversation_mark("mail")]
    assert mail["product"] == f"'{FORMULA}"
    assert mail["what_happened"] == "solved by a person"
    assert not any(value.startswith("=") for row in found.values() for value in row.values())


@pytest.mark.parametrize("table", ["figures", "days", "hours", "reasons", "articles", "agents"])
def test_every_table_can_be_exported(office: House, table: str) -> None:
    assert rows(office.browser(Role.SPECIALIST).get(f"/insights/{table}.csv").text)
    assert office.browser(Role.SPECIALIST).get("/insights/passwords.csv").status_code == 404


def test_volume_shows_each_day_and_says_why_there_is_no_forecast_yet(office: House) -> None:
    browser = office.browser(Role.SPECIALIST)
    text = browser.get("/insights/volume").text
    assert "A forecast needs ten weeks of conversations; there are 30 days." in text
    days = rows(browser.get("/insights/volume.csv").text)
    assert (len(days), days[0]["day"], days[0]["conversations"]) == (30, str(START.date()), "3")
    assert rows(browser.get("/insights/volume.csv?channel=email").text)[0]["conversations"] == "1"
    # What a conversation is about is told by what happens in its week, so these end where counting does.
    found = rows(browser.get("/insights/volume.csv?tag=descale").text)
    assert (len(found), found[0]["conversations"], found[1]["conversations"]) == (23, "1", "0")
    assert not rows(browser.get("/insights/volume.csv?tag=descale&channel=chat&product=none").text)
    assert "since what later ones are about" in browser.get("/insights/volume?tag=descale").text
    assert "<option selected>descale</option>" in browser.get("/insights/volume?tag=descale").text
    assert office.browser(Role.AGENT).get("/insights/volume").status_code == 403


def _told(text: str) -> list[tuple[str, str]]:
    """Each number on a page that leads to conversations, with where it leads."""
    found = re.findall(r'<a href="(/insights/conversations[^"]*)"[^>]*>(\d+)<', text)
    return [(address.replace("&amp;", "&"), count) for address, count in found]


@pytest.mark.parametrize(
    ("path", "least"), [("/insights", 12), ("/insights?until=2027-01-05", 1), ("/insights/volume", 1)]
)
def test_every_number_leads_to_as_many_conversations(office: House, path: str, least: int) -> None:
    browser = office.browser(Role.SPECIALIST)
    told = _told(browser.get(path).text)
    assert len(told) >= least
    for address, count in told:
        text = browser.get(address).text
        assert text.split('role="status">')[1].split(" ")[0] == count, address


def test_what_did_not_settle_a_matter_has_its_own_conversations(office: House) -> None:
    text = office.browser(Role.SPECIALIST).get("/insights/conversations?figure=failed").text
    assert "Left without an answer that helped, handed off, or back on the matter" in text
    assert "1 conversation, opened" in text
