"""A customer keeps a conversation: what stands in the file, and whom a mail reaches."""

import json

from starlette.testclient import TestClient

from tests.web.fake_services import FakeServices


def test_a_conversation_is_kept_as_text_with_its_sources(client: TestClient) -> None:
    said = client.post("/chat", json={"message": "How do I pause?"}).json()
    kept = client.get(f"/chat/{said['conversation_id']}/transcript")
    assert kept.headers["content-type"] == "text/plain; charset=utf-8"
    assert kept.headers["content-disposition"].startswith("attachment")
    head, rule, _, mine, question, _, theirs, *rest = kept.text.splitlines()
    assert (head, set(rule), question) == ("Tarnbean", {"-"}, "How do I pause?")
    assert mine == "You · 2026-11-20 12:00 UTC"
    assert theirs == "Tarnbean · 2026-11-20 12:00 UTC"
    assert "1. Sign in and go to Account > Subscription." in rest
    assert any(line.startswith("[Pause or skip a delivery] /help/en/") for line in rest)


def test_files_stand_in_it_by_name_and_size_in_their_place(
    client: TestClient, services: FakeServices
) -> None:
    said = client.post("/chat", json={"message": "I need a person"}).json()
    services.attachments.keep(said["conversation_id"], "label.png", "image/png", bytes(2_100), "customer")
    services.attachments.keep(said["conversation_id"], "manual.pdf", "application/pdf", b"%PDF-1", "ann")
    lines = client.get(f"/chat/{said['conversation_id']}/transcript").text.splitlines()
    assert lines[lines.index("[label.png] 2 kB") - 1].startswith("You · ")
    assert lines[lines.index("[manual.pdf] 6 bytes") - 1].startswith("Tarnbean · ")


def test_a_mail_goes_to_the_address_of_the_conversation_once(
    client: TestClient, services: FakeServices
) -> None:
    asked = {"message": "I need a person", "contact": "ada@shop.example"}
    path = f"/chat/{client.post('/chat', json=asked).json()['conversation_id']}/transcript"
    for _ in range(2):
        sent = client.post(path, json={"email": "thief@evil.example"})
        assert (sent.status_code, sent.json()) == (202, {"email": "a…@shop.example"})
    [effect] = services.outbox.effects.values()
    assert (effect.channel, effect.target, effect.reference) == ("mail", "transcript", "TZ-4F7K-9Q2M")
    assert "evil" not in json.dumps(effect.payload)
    client.post(path)
    assert client.post(path).status_code == 429


def test_without_an_address_or_a_right_nothing_is_sent(client: TestClient, services: FakeServices) -> None:
    headers = {"tierzero-session": client.post("/chat/session", json={}).json()["session"]}
    said = client.post("/chat", json={"message": "How do I pause?"}, headers=headers).json()
    path = f"/chat/{said['conversation_id']}/transcript"
    assert client.post(path, headers=headers).status_code == 409
    assert client.post(path).status_code == client.get(path).status_code == 404
    assert services.outbox.effects == {}


def test_a_reason_stands_in_front_of_the_comment(client: TestClient, services: FakeServices) -> None:
    said = client.post("/chat", json={"message": "How do I pause?"}).json()
    path = f"/chat/{said['message_id']}/feedback"
    told = {"helpful": False, "reason": "unclear", "comment": "What is lock time?"}
    assert client.post(path, json=told).status_code == 204
    assert client.post(path, json={"helpful": False, "reason": "off_topic"}).status_code == 204
    assert client.post(path, json={"helpful": False, "reason": "rude"}).status_code == 422
    assert [one[2] for one in services.chat.feedbacks] == ["[unclear] What is lock time?", "[off_topic]"]
