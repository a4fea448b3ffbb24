from pathlib import Path

import pytest
import yaml
from starlette.testclient import TestClient

from bot.errors import ConversationMoved, NotReady
from tests.web.canned import NEXT_STEP, PAUSE
from tests.web.fake_services import FakeServices

HOSTILE = yaml.safe_load((Path(__file__).parent / "hostile_bodies.yaml").read_text("utf-8"))
JSON = {"content-type": "application/json"}


def test_an_answer_carries_its_citations_and_the_ids_to_go_on_with(client: TestClient) -> None:
    response = client.post("/chat", json={"message": "How do I pause?", "locale": "en"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert list(body) == [
        "kind", "text", "citations", "confidence", "reason", "rule", "language", "choices", "none",
        "written", "conversation_id", "message_id", "ticket", "redacted",
    ]  # fmt: skip
    assert (body["kind"], body["reason"], body["confidence"], body["ticket"]) == (
        "answer",
        "answered",
        0.94,
        None,
    )
    assert body["citations"][0] == {
        "article_id": PAUSE.article_id,
        "locale": "en",
        "title": "Pause or skip a delivery",
        "heading_path": ["Monthly plans", "Pause"],
        "url": PAUSE.url,
        "quote": PAUSE.quote,
        "text": PAUSE.text,
        "start": 210,
        "end": 372,
        "revision": "9f2c4a1b77de",
    }


def test_a_hand_off_tells_the_reference_and_what_happens_next_but_not_what_was_considered(
    client: TestClient,
) -> None:
    body = client.post("/chat", json={"message": "a person please"}).json()
    assert body["kind"] == "handoff"
    assert body["ticket"] == {
        "reference": "TZ-4F7K-9Q2M",
        "queue": "general",
        "priority": "medium",
        "status": "new",
        "next_step": NEXT_STEP,
        "contact_known": False,
    }


def test_a_contact_given_later_reaches_the_conversation(client: TestClient, services: FakeServices) -> None:
    first = client.post("/chat", json={"message": "a person please"}).json()
    said = {
        "message": "You can reach me there.",
        "contact": " ann+shop@köln.example ",
        "conversation_id": first["conversation_id"],
    }
    second = client.post("/chat", json=said).json()
    assert second["ticket"]["contact_known"] is True
    assert services.chat.incoming[1].contact == "ann+shop@köln.example"


def test_what_the_customer_wrote_arrives_without_control_characters(
    client: TestClient, services: FakeServices
) -> None:
    said = {"message": " a\x00b\r\nc\td\x1b[31m\x85 ", "locale": "pt_BR", "client_id": "x-1", "unknown": [1]}
    assert client.post("/chat", json=said).status_code == 200
    incoming = services.chat.incoming[0]
    assert (incoming.text, incoming.locale, incoming.client_id) == ("ab\nc\td[31m", "pt-BR", "x-1")


@pytest.mark.parametrize("case", HOSTILE, ids=[case["name"] for case in HOSTILE])
def test_a_bad_body_is_refused_with_a_problem_and_loses_nothing(
    case: dict[str, object], client: TestClient, services: FakeServices
) -> None:
    known = client.post("/chat", json={"message": "How do I pause?"}).json()["conversation_id"]
    before = services.chat.conversation(known)
    body = str(case["body"]).replace("{LONG}", "a" * 5000).replace("{DEEP}", "[" * 30000)
    response = client.post("/chat", content=body.encode(), headers=JSON)
    assert response.status_code == case["status"]
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert {"type", "title", "status", "detail", "instance"} <= set(problem)
    assert problem["status"] == case["status"]
    assert services.chat.conversation(known) == before


@pytest.mark.parametrize(
    "body",
    [
        b'{"message": " a\\r\\nb ", "locale": "pt_BR", "context": {"plan": " yearly"}, "more": [1]}',
        b'{"message": ""}',
    ],
)
def test_a_plain_body_is_read_as_one_that_says_its_charset(
    body: bytes, client: TestClient, services: FakeServices
) -> None:
    spelled = {"content-type": "application/json; charset=utf-8"}
    plain, usual = (client.post("/chat", content=body, headers=headers) for headers in (JSON, spelled))
    assert plain.status_code == usual.status_code
    assert plain.json().get("errors") == usual.json().get("errors")
    read = services.chat.incoming
    assert len(read) == (2 if plain.status_code == 200 else 0)
    assert read[:1] == read[1:]


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b'{"message": "\xc3\x28"}', b"\x1f\x8b\x08\x00"])
def test_a_body_that_is_not_utf8_is_refused(body: bytes, client: TestClient) -> None:
    assert client.post("/chat", content=body, headers=JSON).status_code == 400


def test_a_form_post_from_another_page_is_not_taken_for_json(
    client: TestClient, services: FakeServices
) -> None:
    response = client.post("/chat", content=b'{"message": "hi"}', headers={"content-type": "text/plain"})
    assert response.status_code == 422
    assert "Content-Type: application/json" in response.json()["detail"]
    assert services.chat.incoming == []


def test_an_unknown_conversation_says_how_to_start_a_new_one(client: TestClient) -> None:
    problem = client.post("/chat", json={"message": "hi", "conversation_id": "c_404"}).json()
    assert problem["type"] == "/docs#not-found"
    assert problem["detail"] == "There is no such conversation. Leave conversation_id out to start a new one."


def test_a_message_of_exactly_the_limit_is_taken(client: TestClient) -> None:
    assert client.post("/chat", json={"message": "é" * 4000}).status_code == 200


def test_each_wrong_field_is_named(client: TestClient) -> None:
    problem = client.post("/chat", json={"message": "", "contact": "x", "locale": "!"}).json()
    assert [error["field"] for error in problem["errors"]] == ["message", "locale", "contact"]
    assert problem["errors"][0]["detail"] == "write a message of at least one character"


def test_the_same_client_id_is_answered_once(client: TestClient, services: FakeServices) -> None:
    said = {"message": "How do I pause?", "client_id": "retry-1"}
    assert client.post("/chat", json=said).json() == client.post("/chat", json=said).json()
    assert len(services.chat.conversations) == 1


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [(ConversationMoved("moved"), 409, "conversation-moved"), (NotReady("no index"), 503, "not-ready")],
)
def test_errors_of_the_chat_keep_their_status(
    error: Exception, status: int, kind: str, client: TestClient, services: FakeServices
) -> None:
    services.chat.failures.append(error)
    response = client.post("/chat", json={"message": "hi"})
    assert (response.status_code, response.json()["type"]) == (status, f"/docs#{kind}")


def test_feedback_is_kept_with_its_comment(client: TestClient, services: FakeServices) -> None:
    message_id = client.post("/chat", json={"message": "pause"}).json()["message_id"]
    said = {"helpful": False, "comment": " not\x00 mine "}
    response = client.post(f"/chat/{message_id}/feedback", json=said)
    assert (response.status_code, response.content) == (204, b"")
    assert services.chat.feedbacks == [(message_id, False, "not mine")]


@pytest.mark.parametrize("message_id", ["m_404", "x'--", "..%2f..%2fetc", "a" * 65, "%00"])
def test_feedback_on_an_unknown_message_is_not_found(message_id: str, client: TestClient) -> None:
    assert client.post(f"/chat/{message_id}/feedback", json={"helpful": True}).status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"helpful": "yes"}, {"helpful": 1}, {"helpful": True, "comment": "a" * 2001}]
)
def test_feedback_of_the_wrong_shape_is_refused(body: object, client: TestClient) -> None:
    message_id = client.post("/chat", json={"message": "pause"}).json()["message_id"]
    assert client.post(f"/chat/{message_id}/feedback", json=body).status_code == 422


def test_a_reloaded_page_gets_the_whole_conversation_but_not_the_contact(client: TestClient) -> None:
    said = {"message": "pause", "client_id": "c-1", "contact": "ann@shop.example"}
    conversation_id = client.post("/chat", json=said).json()["conversation_id"]
    response = client.get(f"/chat/{conversation_id}/messages")
    history = response.json()
    assert response.headers["cache-control"] == "no-store"
    assert (history["state"], history["contact_known"], history["ticket_reference"]) == (
        "answering",
        True,
        "",
    )
    assert [(m["role"], m["client_id"]) for m in history["messages"]] == [("customer", "c-1"), ("bot", "")]
    assert history["messages"][1]["reply"]["citations"][0]["quote"] == PAUSE.quote
    assert "ann@shop.example" not in response.text


@pytest.mark.parametrize("conversation_id", ["c_404", "%2e%2e", "a b", "a" * 65])
def test_the_history_of_an_unknown_conversation_is_not_found(
    conversation_id: str, client: TestClient
) -> None:
    response = client.get(f"/chat/{conversation_id}/messages", headers={"accept": "text/html"})
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
