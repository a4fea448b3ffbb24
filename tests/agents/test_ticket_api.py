"""Tickets over the JSON API: each step, who may take it, and what the second of two is told."""

import datetime as dt
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.people.audit import verify
from bot.people.roles import Permission, Role
from tests.agents.colleagues import ANN, House

READ, WORK, ASSIGN = Permission.TICKETS_READ, Permission.TICKETS_WORK, Permission.TICKETS_ASSIGN
PERSONAL = Permission.PERSONAL_READ


class Program:
    """A desk elsewhere with a key."""

    def __init__(self, served: House, *scopes: Permission) -> None:
        self._client: TestClient = served.client
        self._headers = served.key(*scopes)

    def get(self, path: str, **params: str) -> Any:
        return self._client.get(f"/api/tickets{path}", params=params, headers=self._headers)

    def post(self, path: str, **body: object) -> Any:
        return self._client.post(f"/api/tickets{path}", json=body, headers=self._headers)

    def patch(self, path: str, **body: object) -> Any:
        return self._client.patch(f"/api/tickets{path}", json=body, headers=self._headers)


@pytest.fixture
def program(served: House) -> Program:
    return Program(served, READ, WORK, ASSIGN, PERSONAL)


def test_a_ticket_is_taken_answered_and_solved_and_the_customer_sees_it(
    served: House, program: Program
) -> None:
    reference = served.ticket("my parcel is late", contact=ANN)
    conversation = served.services.conversations.ticket(reference).conversation_id
    taken = program.post(f"/{reference}/take", version=1).json()
    assert (taken["status"], taken["assignee"][:4], taken["version"]) == ("open", "key:", 2)
    served.clock.at += dt.timedelta(minutes=5)
    answered = program.post(f"/{reference}/reply", text="It arrives today.", version=2).json()
    assert (answered["status"], answered["first_responded_at"]) == (
        "waiting_for_customer",
        "2026-11-23T09:05:00+00:00",
    )
    seen = served.client.get(f"/chat/{conversation}/messages").json()["messages"][-1]
    assert (seen["role"], seen["author"], seen["text"]) == ("agent", "Desk elsewhere", "It arrives today.")
    program.post(f"/{reference}/note", text="called the carrier")
    solved = program.post(f"/{reference}/status", action="solve").json()
    assert solved["status"] == "solved"
    whole = program.get(f"/{reference}").json()
    assert [one["what"] for one in whole["events"]][-3:] == ["status", "note", "status"]
    assert whole["clocks"] == []
    assert "called the carrier" not in served.client.get(f"/chat/{conversation}/messages").text
    assert served.client.get(f"/chat/{conversation}/messages").json()["state"] == "closed"


def test_what_the_customer_writes_next_reaches_the_ticket(served: House, program: Program) -> None:
    reference = served.ticket("my parcel is late", contact=ANN)
    conversation = served.services.conversations.ticket(reference).conversation_id
    for step in ("wait", "solve", "close"):
        program.post(f"/{reference}/status", action=step)
        answer = served.client.post(
            "/chat", json={"message": f"still late, after {step}", "conversation_id": conversation}
        )
        assert answer.status_code == 200
        found = program.get(f"/{reference}").json()
        assert (found["status"], found["events"][-1]["what"]) == ("open", "customer_wrote")
    assert found["messages"][-2]["text"] == "still late, after close"
    again = [one for one in found["events"] if one["what"] == "status" and one["to"] == "open"]
    assert [one["from"] for one in again] == ["waiting_for_customer", "solved", "closed"]


def test_the_second_of_two_is_told_what_changed(served: House, program: Program) -> None:
    reference = served.ticket("my parcel is late", contact=ANN)
    program.post(f"/{reference}/reply", text="Hello", version=1)
    refused = program.post(f"/{reference}/reply", text="Hello too", version=1)
    assert (refused.status_code, refused.json()["type"]) == (409, "/docs#ticket-moved")
    assert refused.json()["version"] == 2
    assert [one["what"] for one in refused.json()["changes"]] == ["assignee", "reply", "status"]
    texts = [one["text"] for one in program.get(f"/{reference}").json()["messages"]]
    assert ("Hello" in texts, "Hello too" in texts) == (True, False)


def test_a_step_that_its_status_forbids_is_refused_in_words(served: House, program: Program) -> None:
    reference = served.ticket("my parcel is late")
    program.post(f"/{reference}/status", action="close")
    refused = program.post(f"/{reference}/reply", text="Hello")
    assert (refused.status_code, refused.json()["type"]) == (409, "/docs#impossible-step")
    assert "reopen it first" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/reply", {"text": "  "}, 400),
        ("/reply", {"text": "x" * 20_001}, 413),
        ("/reply", {"text": "hi", "then": "take"}, 422),
        ("/reply", {"text": "hi", "unknown": 1}, 422),
        ("/reply", {"text": "hi", "version": 0}, 422),
        ("/status", {"action": "merge"}, 422),
        ("/assign", {"assignee": "account:nobody"}, 400),
        ("/link", {"reference": "TZ-NONE"}, 404),
        ("/merge", {"reference": "TZ-NONE"}, 404),
    ],
)
def test_what_cannot_be_used_is_refused_and_changes_nothing(
    served: House, program: Program, path: str, body: dict[str, object], status: int
) -> None:
    reference = served.ticket("my parcel is late")
    answer = program.post(f"/{reference}{path}", **body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert program.get(f"/{reference}").json()["version"] == 1


def test_fields_are_changed_and_the_queue_is_asked_for_them(served: House, program: Program) -> None:
    one, other = served.ticket("my parcel is late"), served.ticket("the invoice as PDF")
    edited = program.patch(f"/{one}", priority="critical", category="delivery", tags=["VIP"], level=2).json()
    assert (edited["priority"], edited["category"], edited["tags"]) == ("critical", "delivery", ["vip"])
    program.post(f"/{one}/take")

    def found(**asked: str) -> list[str]:
        return [row["reference"] for row in program.get("", **asked).json()["tickets"]]

    assert found() == [one, other]
    asks = (
        {"category": "delivery"},
        {"tag": "VIP"},
        {"level": "2"},
        {"assignee": "me"},
        {"queue": "general"},
    )
    assert [found(**ask) for ask in asks] == [[one], [one], [one], [one], [one, other]]
    assert found(assignee="nobody") == [other]
    assert found(tag="vi") == []
    assert program.get("", level="x").status_code == 400


def test_a_merged_ticket_is_gone_on_with_in_the_other(served: House, program: Program) -> None:
    one, other = served.ticket("my parcel is late", contact=ANN), served.ticket("parcel!!", contact=ANN)
    conversation = served.services.conversations.ticket(other).conversation_id
    merged = program.post(f"/{other}/merge", reference=one).json()
    assert (merged["status"], merged["merged_into"]) == ("closed", one)
    program.post(f"/{one}/status", action="wait")
    served.client.post("/chat", json={"message": "hello? my parcel", "conversation_id": conversation})
    assert program.get(f"/{one}").json()["status"] == "open"
    assert program.get(f"/{other}").json()["status"] == "closed"
    assert program.get(f"/{one}").json()["linked"] == [{"reference": other, "how": "repeat"}]
    assert program.get(f"/{one}").json()["earlier"] == [other]
    assert program.post(f"/{one}/merge", reference=other).status_code == 400


def test_each_step_needs_its_scope(served: House) -> None:
    reference = served.ticket("my parcel is late")
    reader, worker = Program(served, READ), Program(served, READ, WORK)
    assert reader.post(f"/{reference}/take").status_code == 403
    assert worker.patch(f"/{reference}", priority="low").status_code == 403
    assert worker.patch(f"/{reference}", category="delivery").status_code == 200
    assert worker.post(f"/{reference}/take").status_code == 200
    assert Program(served, READ, WORK).post(f"/{reference}/take").status_code == 403
    assert Program(served, READ, WORK, ASSIGN).post(f"/{reference}/take").status_code == 200
    assert ANN not in str(reader.get(f"/{reference}").json())


def test_a_reply_goes_out_once_however_often_it_is_sent(served: House, program: Program) -> None:
    reference = served.ticket("my parcel is late")
    for _ in range(3):
        sent = program.post(f"/{reference}/reply", text="Hello Ann", client_id="mine-1")
        assert (sent.status_code, sent.json()["version"]) == (200, 2)
    texts = [one["text"] for one in program.get(f"/{reference}").json()["messages"]]
    assert texts.count("Hello Ann") == 1


def test_a_colleagues_browser_needs_its_form_token(served: House) -> None:
    reference = served.ticket("my parcel is late")
    browser = served.browser(Role.AGENT)
    assert browser.post(f"/api/tickets/{reference}/take", json={}).status_code == 403


def test_everything_done_is_in_the_audit_log_without_what_was_written(
    served: House, program: Program
) -> None:
    reference = served.ticket("my parcel is late")
    program.post(f"/{reference}/reply", text="Hello dear Ann")
    program.post(f"/{reference}/note", text="she sounds upset")
    program.patch(f"/{reference}", tags=["secret matter"])
    kept = list(served.services.audit.entries())
    assert verify(kept).broken_at is None
    what = [one.note.what for one in kept if one.note.subject == f"ticket:{reference}"]
    assert what == [
        "ticket.assignee",
        "ticket.reply",
        "ticket.status",
        "ticket.note",
        "ticket.tags",
    ]
    for word in ("Hello dear Ann", "upset", "secret matter"):
        assert word not in str(kept)


def test_a_key_without_personal_data_learns_no_address_and_no_way_into_the_conversation(
    served: House, program: Program
) -> None:
    reference = served.ticket("my parcel is late", f"write to {ANN}", contact=ANN)
    ticket = served.services.conversations.ticket(reference)
    assert ticket is not None
    masked = Program(served, READ, WORK, ASSIGN)
    opened = masked.get(f"/{reference}")
    for answer in (
        masked.get(""),
        opened,
        masked.post(f"/{reference}/take", version=opened.json()["version"]),
        masked.post(f"/{reference}/note", text="called the carrier"),
    ):
        assert answer.status_code == 200
        assert ticket.conversation_id not in answer.text
        assert ANN not in answer.text
    assert masked.get(f"/{reference}").json()["conversation_id"] is None
    assert program.get(f"/{reference}").json()["conversation_id"] == ticket.conversation_id
