"""Going round in circles, over HTTP from the first message to the ticket."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from tests.flows.deciding import ALWAYS_ANSWER, deciding
from tests.index.small_centre import Centre


@pytest.fixture
def client(chatting: Centre) -> Iterator[TestClient]:
    with deciding(chatting, ALWAYS_ANSWER) as opened, TestClient(create_app(lambda: opened)) as client:
        yield client


def said(client: TestClient, *texts: str, conversation: str = "") -> dict[str, Any]:
    """Sends messages one after the other; the last reply."""
    reply: dict[str, Any] = {"conversation_id": conversation}
    for text in texts:
        before = reply["conversation_id"]
        body = {"message": text, **({"conversation_id": before} if before else {})}
        answer = client.post("/chat", json=body)
        assert answer.status_code == 200
        reply = answer.json()
    return reply


def test_the_same_problem_three_times_brings_in_a_person(client: TestClient) -> None:
    question = "how do I track my parcel"
    second = said(client, question, "how can I track the parcel?")
    assert second["kind"] == "answer"
    third = said(client, "track my parcel how", conversation=second["conversation_id"])
    assert (third["kind"], third["reason"]) == ("handoff", "going_in_circles")
    assert third["ticket"]


def test_not_helpful_twice_brings_in_a_person(client: TestClient) -> None:
    first = said(client, "how do I track my parcel")
    assert client.post(f"/chat/{first['message_id']}/feedback", json={"helpful": False}).status_code == 204
    second = said(client, "how long does delivery take", conversation=first["conversation_id"])
    assert second["kind"] == "answer"
    third = said(client, "that did not help", conversation=first["conversation_id"])
    assert (third["kind"], third["reason"]) == ("handoff", "going_in_circles")


def test_a_click_and_a_sentence_about_one_answer_count_once(client: TestClient) -> None:
    first = said(client, "how do I track my parcel")
    client.post(f"/chat/{first['message_id']}/feedback", json={"helpful": False})
    after = said(client, "that did not help", conversation=first["conversation_id"])
    assert after["reason"] != "going_in_circles"
