"""A colleague works at a ticket with plain forms: what they typed is never lost, and the second is told."""

import re

from starlette.testclient import TestClient

from bot.people.roles import Role
from tests.agents.colleagues import ANN, House

PAGE = {"accept": "text/html"}


def form(browser: TestClient, reference: str) -> dict[str, str]:
    page = browser.get(f"/desk/tickets/{reference}").text
    return dict(re.findall(r'<input type="hidden" name="(csrf|version)" value="([^"]*)"', page))


def test_a_colleague_takes_answers_and_solves(served: House) -> None:
    reference = served.ticket("my parcel is late", contact=ANN)
    browser, path = served.browser(Role.AGENT), f"/desk/tickets/{reference}"
    taken = browser.post(f"{path}/step", data={**form(browser, reference), "action": "take"})
    assert taken.headers["location"].startswith(f"{path}?done=done")
    said = {"text": "It arrives <b>today</b>.", "as": "reply", "then": "solve"}
    assert browser.post(f"{path}/write", data={**form(browser, reference), **said}).status_code == 303
    page = browser.get(f"{path}?done=sent").text
    assert "It arrives &lt;b&gt;today&lt;/b&gt;." in page
    assert "Sent." in page
    assert "solved" in page
    assert "agent 0</strong>" in page
    conversation = served.services.conversations.ticket(reference).conversation_id
    last = served.client.get(f"/chat/{conversation}/messages").json()["messages"][-1]
    assert (last["author"], last["text"]) == ("agent 0", "It arrives <b>today</b>.")


def test_the_second_of_two_sees_what_was_done_and_keeps_what_they_typed(served: House) -> None:
    reference = served.ticket("my parcel is late", contact=ANN)
    one, other = served.browser(Role.AGENT), served.browser(Role.AGENT)
    path = f"/desk/tickets/{reference}/write"
    mine, theirs = form(one, reference), form(other, reference)
    one.post(path, data={**mine, "text": "Hello, this is the first.", "as": "reply", "then": "wait"})
    typed = "A long answer\nthat took a while <to write>."
    answer = other.post(path, data={**theirs, "text": typed, "as": "reply", "then": "solve"}, headers=PAGE)
    assert answer.status_code == 409
    assert "was changed since you opened it" in answer.text
    assert "<li>agent 0: reply</li>" in answer.text
    assert "A long answer\nthat took a while &lt;to write&gt;.</textarea>" in answer.text
    assert '<option value="solve" selected>' in answer.text
    again = dict(re.findall(r'<input type="hidden" name="(csrf|version)" value="([^"]*)"', answer.text))
    assert other.post(path, data={**again, "text": typed, "as": "reply", "then": "wait"}).status_code == 303


def test_a_note_is_for_the_team_and_an_empty_one_is_refused_in_words(served: House) -> None:
    reference = served.ticket("my parcel is late")
    browser, path = served.browser(Role.AGENT), f"/desk/tickets/{reference}/write"
    refused = browser.post(path, data={**form(browser, reference), "text": " ", "as": "note"}, headers=PAGE)
    assert (refused.status_code, "Write a word at least." in refused.text) == (400, True)
    browser.post(path, data={**form(browser, reference), "text": "ring the carrier, {{ 7*7 }}", "as": "note"})
    page = browser.get(f"/desk/tickets/{reference}").text
    assert "ring the carrier, {{ 7*7 }}" in page
    conversation = served.services.conversations.ticket(reference).conversation_id
    assert "carrier" not in served.client.get(f"/chat/{conversation}/messages").text


def test_without_scripts_a_suggestion_is_put_behind_what_was_typed(served: House) -> None:
    reference = served.ticket("how do I reset my password")
    browser, path = served.browser(Role.AGENT), f"/desk/tickets/{reference}/write"
    page = browser.post(
        path,
        data={**form(browser, reference), "text": "Dear Ann,", "insert": "Open the page.", "then": "solve"},
    )
    assert page.status_code == 200
    assert "Dear Ann,\n\nOpen the page.</textarea>" in page.text


def test_fields_links_and_escalation_by_form(served: House) -> None:
    one, other = served.ticket("my parcel is late"), served.ticket("the invoice as PDF")
    browser, path = served.browser(Role.SENIOR), f"/desk/tickets/{one}"
    assert browser.post(f"{path}/edit", data={
        **form(browser, one), "category": "delivery", "service": "technical", "tags": "VIP, late", "priority": "high",
        "queue": "technical", "assignee": "",
    }).status_code == 303  # fmt: skip
    browser.post(f"{path}/join", data={**form(browser, one), "other": other.lower(), "how": "link"})
    browser.post(f"{path}/escalate", data={**form(browser, one), "why": "complexity", "unit": ""})
    browser.post(f"{path}/escalate", data={**form(browser, one), "why": "complexity", "unit": ""})
    ticket = served.services.conversations.ticket(one)
    assert (ticket.category, ticket.service, ticket.tags) == ("delivery", "technical", ("late", "vip"))
    assert (ticket.level, ticket.queue) == (3, "engineering")
    page = browser.get(path).text
    assert f'href="/desk/tickets/{other}"' in page
    refused = browser.post(f"{path}/escalate", data={**form(browser, one), "why": "weather"}, headers=PAGE)
    assert (refused.status_code, "Say why it is escalated." in refused.text) == (400, True)


def test_a_form_without_its_token_changes_nothing(served: House) -> None:
    reference = served.ticket("my parcel is late")
    browser = served.browser(Role.AGENT)
    for name in ("write", "step", "edit", "escalate", "join"):
        assert browser.post(f"/desk/tickets/{reference}/{name}", data={"text": "x"}).status_code == 403
    assert served.services.conversations.ticket(reference).version == 1


def test_who_only_reads_sees_no_editor(served: House) -> None:
    reference = served.ticket("my parcel is late")
    page = served.browser(Role.QUALITY).get(f"/desk/tickets/{reference}").text
    assert 'id="editor"' not in page
    assert "Take it" not in page
