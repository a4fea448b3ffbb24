"""One visit in, done over HTTP, with the customer's own notes out; a lost answer is asked for again by its id."""

import uuid
from typing import Any

from evaluations.day.asking import Client
from evaluations.day.notes import Sent, Talk
from evaluations.day.visits import Live, Visit


def visiting(base: str, visit: Visit, released: set[str]) -> Talk:
    """Says everything, gives an address, judges the answer. Raises `GaveUp`, and `ValueError` for a refusal.

    Its conversation is added to `released`, unless agents are to leave it alone or one is to come into the chat.
    """
    talk = Talk(visit)
    client = customer(base, visit)
    try:
        for text in visit.says:
            say(client, talk, text)
            if not visit.left_alone and visit.live is Live.NO:
                released.add(talk.conversation)
        _judge(client, talk)
        if talk.tickets and visit.contact and not visit.contact_first:
            say(client, talk, visit.contact)
    finally:
        client.close()
    return talk


def customer(base: str, visit: Visit) -> Client:
    """A client from an address of its own."""
    return Client(base, f"10.{visit.number >> 16 & 255}.{visit.number >> 8 & 255}.{visit.number & 255}")


def say(client: Client, talk: Talk, text: str) -> dict[str, Any]:
    """Sends a message until it is acknowledged."""
    client_id = str(uuid.uuid4())
    body: dict[str, Any] = {"message": text, "locale": talk.visit.locale, "client_id": client_id}
    if talk.conversation:
        body["conversation_id"] = talk.conversation
    if talk.visit.contact_first:
        body["contact"] = talk.visit.contact
    answer = client.ask("POST", "/chat", json=body)
    if answer.status_code != 200:
        raise ValueError(f"a message was refused: {answer.status_code} {answer.text[:300]}")
    reply: dict[str, Any] = answer.json()
    talk.conversation = reply["conversation_id"]
    talk.sent.append(Sent(client_id, text, reply))
    reference = (reply["ticket"] or {}).get("reference", "")
    if reference and reference not in talk.tickets:
        talk.tickets.append(reference)
    return reply


def _judge(client: Client, talk: Talk) -> None:
    last = talk.sent[-1].reply
    if talk.visit.helpful is None or last["kind"] != "answer":
        return
    body = {"helpful": talk.visit.helpful}
    answer = client.ask("POST", f"/chat/{last['message_id']}/feedback", json=body)
    if answer.status_code != 204:
        raise ValueError(f"feedback was refused: {answer.status_code} {answer.text[:300]}")
    talk.judged.append((last["message_id"], talk.visit.helpful))


def survey_token(client: Client, talk: Talk) -> str:
    """The key to the survey that the conversation may answer now; empty while there is none."""
    answer = client.ask("GET", f"/chat/{talk.conversation}/messages")
    return str(answer.json().get("survey", "")) if answer.status_code == 200 else ""


def answer_survey(client: Client, talk: Talk, token: str) -> None:
    """Answers by the signed link; the same answer sent again changes nothing."""
    said = talk.visit.survey
    if said is None:
        raise ValueError("this customer answers no survey")
    body = {
        "solved": said.solved,
        "satisfaction": said.satisfaction,
        "recommendation": said.recommendation,
    }
    answer = client.ask("POST", f"/surveys/{token}", json=body)
    if answer.status_code != 200:
        raise ValueError(f"a survey was refused: {answer.status_code} {answer.text[:300]}")
    talk.survey = answer.json()["reference"]
