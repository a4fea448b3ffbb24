"""Views of the queue, the lead's board, and who takes tickets: over HTTP, with real accounts."""

import datetime as dt
import re

from starlette.testclient import TestClient

from bot.desk.life import Action
from bot.people.roles import Permission, Role
from tests.agents.colleagues import ANN, House

PAGE = {"accept": "text/html"}


def csrf(browser: TestClient, path: str) -> str:
    return browser.get(path, headers=PAGE).text.split('name="csrf" value="')[1].split('"')[0]


def views(page: str) -> dict[str, str]:
    """Name of each view and the number beside it."""
    found = re.findall(r'class="chip" href="[^"]*"[^>]*>([^<]+?) <span class="count">(\d+)', page)
    return dict(found)


def own_name(browser: TestClient) -> str:
    return browser.get("/desk/people", headers=PAGE).text.split('name="name" value="')[1].split('"')[0]


def test_everybody_has_four_views_and_each_shows_what_it_says(served: House) -> None:
    browser = served.browser(Role.AGENT)
    mine, waiting, _ = (served.ticket(f"question {n}", contact=ANN) for n in range(3))
    browser.post(
        f"/desk/tickets/{mine}/step", data={"csrf": csrf(browser, "/desk/tickets/" + mine), "action": "take"}
    )
    who = served.services.machine_keys.principal(
        served.key(Permission.TICKETS_WORK, Permission.TICKETS_READ)["authorization"][7:]
    )
    assert who
    served.services.desk.act(who, waiting, Action.WAIT)
    page = browser.get("/desk/tickets", headers=PAGE).text
    assert views(page) == {
        "Mine": "1", "Unassigned": "2", "Breaching soon": "0", "Waiting for customer": "1",
    }  # fmt: skip
    served.clock.at += dt.timedelta(hours=22)
    browser = served.browser(Role.AGENT)
    page = browser.get("/desk/tickets?due=4h", headers=PAGE).text
    assert views(page)["Breaching soon"] == "2"
    assert (mine in page, waiting in page) == (True, False)
    assert (
        served.client.get("/api/tickets?due=soon", headers=served.key(Permission.TICKETS_READ)).status_code
        == 400
    )


def test_filters_are_kept_under_a_name_and_shared_by_those_who_may(served: House) -> None:
    served.ticket("question")
    agent, senior, other = (served.browser(role) for role in (Role.AGENT, Role.SENIOR, Role.AGENT))
    token = csrf(agent, "/desk/tickets?priority=high")
    answer = agent.post(
        "/desk/views", data={"csrf": token, "priority": "high", "status": "", "name": "Hot & new"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/tickets?priority=high")
    assert views(agent.get("/desk/tickets", headers=PAGE).text)["Hot &amp; new"] == "0"
    assert "Hot &amp; new" not in other.get("/desk/tickets", headers=PAGE).text
    for fields, why in (
        ({"priority": "high", "name": "Hot & new"}, "already"),
        ({"priority": "high", "name": " mine "}, "for everybody already"),
        ({"priority": "high", "name": ""}, "a letter at least"),
        ({"name": "All"}, "Choose a filter first"),
    ):
        refused = agent.post("/desk/views", data={"csrf": token, **fields})
        assert (refused.status_code, why in refused.text) == (400, True)
    assert (
        agent.post("/desk/views", data={"csrf": token, "priority": "soonish", "name": "x"}).status_code == 400
    )
    shared = {"csrf": token, "priority": "low", "name": "Calm", "shared": "yes"}
    assert agent.post("/desk/views", data=shared).status_code == 403
    shared["csrf"] = csrf(senior, "/desk/tickets")
    assert senior.post("/desk/views", data=shared).status_code == 303
    page = other.get("/desk/tickets?priority=low", headers=PAGE).text
    assert "Calm" in page
    assert "Remove the view" not in page
    mine = agent.get("/desk/tickets?priority=high", headers=PAGE).text
    address = re.search(r"/desk/views/[^/]+/remove", mine)
    assert address
    assert other.post(address[0], data={"csrf": csrf(other, "/desk/tickets")}).status_code == 404
    assert agent.post(address[0], data={"csrf": token}).status_code == 303
    assert "Hot" not in agent.get("/desk/tickets", headers=PAGE).text


def test_the_board_shows_who_is_on_what_they_have_and_what_runs_out_next(served: House) -> None:
    agent, lead = served.browser(Role.AGENT), served.browser(Role.LEAD)
    reference = served.ticket("where is my parcel", contact=ANN)
    agent.post(
        f"/desk/tickets/{reference}/step",
        data={"csrf": csrf(agent, "/desk/tickets/" + reference), "action": "take"},
    )
    page = lead.get("/desk/board", headers=PAGE).text
    assert re.search(
        r"<strong>agent 0</strong> <span class=\"state on\">on</span>.*?1 of 20 tickets", page, re.S
    )
    assert "has it: agent 0" in page
    assert "I want to talk to a person</a>" in page
    assert re.search(r"<strong>0</strong> overdue", page)
    agent.post("/desk/people/away", data={"csrf": csrf(agent, "/desk/people"), "away": "yes"})
    served.clock.at += dt.timedelta(hours=26)
    page = served.browser(Role.LEAD).get("/desk/board", headers=PAGE).text
    assert re.search(r"<strong>1</strong> overdue", page)
    assert re.search(r'<strong>agent 0</strong> <span class="state ">away</span>', page)
    key = served.key(Permission.BOARD_READ)
    assert "I want to talk" in served.client.get("/desk/board", headers=key).text
    assert served.browser(Role.AGENT).get("/desk/board", headers=PAGE).status_code == 403


def test_a_page_that_looks_again_by_itself_does_not_keep_anybody_signed_in(served: House) -> None:
    lead = served.browser(Role.LEAD)
    for _ in range(3):
        served.clock.at += dt.timedelta(minutes=25)
        last = lead.get("/desk/board", headers={"x-purpose": "poll"}).status_code
    assert last == 401


def test_each_says_for_themselves_what_they_take_and_a_senior_for_others(served: House) -> None:
    agent, other, senior = (served.browser(role) for role in (Role.AGENT, Role.AGENT, Role.SENIOR))
    name, theirs = own_name(agent), own_name(other)
    able = {"skill": ["billing", "technical"], "language": ["de"], "name": name}
    assert (
        agent.post("/desk/people/able", data={"csrf": csrf(agent, "/desk/people"), **able}).status_code == 303
    )
    [mine] = [one for one in served.services.staffing.team() if one.name == name]
    assert (mine.skills, mine.languages, mine.away) == (("billing", "technical"), ("de",), False)
    token = csrf(agent, "/desk/people")
    assert agent.post("/desk/people/able", data={"csrf": token, **able, "name": theirs}).status_code == 403
    assert (
        agent.post("/desk/people/away", data={"csrf": token, "name": theirs, "away": "yes"}).status_code
        == 403
    )
    refused = agent.post("/desk/people/able", data={"csrf": token, "skill": "juggling", "name": name})
    assert (refused.status_code, "no skill &#39;juggling&#39;" in refused.text) == (400, True)
    fields = {"csrf": csrf(senior, "/desk/people"), "name": theirs, "away": "yes"}
    assert senior.post("/desk/people/away", data=fields).status_code == 303
    assert [one.away for one in served.services.staffing.team() if one.name == theirs] == [True]
    noted = [(one.note.what, one.note.subject) for one in served.services.audit.newest(10, None)]
    assert ("team.away", theirs) in noted
    assert ("team.able", name) in noted
    assert senior.post("/desk/people/away", data={**fields, "name": "account:nobody"}).status_code == 404


def test_a_text_block_goes_into_the_editor_without_scripts_too(served: House) -> None:
    reference = served.ticket("question", contact=ANN)
    browser = served.browser(Role.AGENT)
    block = served.services.macros.of_ticket(reference)[0]
    fields = {
        "csrf": csrf(browser, "/desk/tickets/" + reference),
        "text": "Hello,",
        "use": "block",
        "block": block.name,
    }
    page = browser.post(f"/desk/tickets/{reference}/write", data=fields).text
    editor = page.split('id="text"')[1].split(">", 1)[1].split("</textarea>")[0]
    assert editor.startswith("Hello,\n\n")
    assert len(editor) > 30
    assert served.services.conversations.ticket(reference).version == 1
