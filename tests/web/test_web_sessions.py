"""Sessions over HTTP: allowed pages get one, and what one opened no other reads."""

import time
from collections.abc import Callable, Mapping

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from bot.web.live.line import Close
from tests.web.fake_services import IDENTITY_SECRET, FakeServices

SHOP = "https://shop.example"


def begun(client: TestClient, **asked: str) -> dict[str, str]:
    response = client.post("/chat/session", json=asked)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    return response.json()


def by(session: Mapping[str, str]) -> dict[str, str]:
    return {"tierzero-session": session["session"]}


def identity(subject: str) -> str:
    claims = {"sub": subject, "exp": int(time.time()) + 600}
    key = OctKey.import_key(IDENTITY_SECRET.encode())
    return jwt.encode({"alg": "HS256"}, claims, key, algorithms=["HS256"])


def test_what_a_session_opened_is_open_to_it_alone(client: TestClient) -> None:
    mine, thief = begun(client), begun(client)
    said = client.post("/chat", json={"message": "How do I pause?"}, headers=by(mine)).json()
    history, more = f"/chat/{said['conversation_id']}/messages", {"message": "hello"}
    more["conversation_id"] = said["conversation_id"]
    assert client.get(history, headers=by(mine)).status_code == 200
    assert client.post("/chat", json=more, headers=by(mine)).status_code == 200
    unknown = client.get("/chat/c_unknown/messages", headers=by(thief)).json()
    for headers in (by(thief), {}):
        refused = client.get(history, headers=headers)
        assert refused.status_code == 404
        # It looks as if it did not exist.
        assert refused.json()["detail"] == unknown["detail"]
        assert client.post("/chat", json=more, headers=headers).status_code == 404


def test_a_session_that_does_not_hold_is_refused_and_not_left_aside(client: TestClient) -> None:
    mine = begun(client)
    said = client.post("/chat", json={"message": "hello"}, headers=by(mine)).json()
    for token in (mine["renewal"], mine["session"][:-4] + "AAAA", "nonsense"):
        headers = {"tierzero-session": token}
        for response in (
            client.post("/chat", json={"message": "hello"}, headers=headers),
            client.get(f"/chat/{said['conversation_id']}/messages", headers=headers),
            client.post(f"/chat/{said['message_id']}/feedback", json={"helpful": True}, headers=headers),
        ):
            assert (response.status_code, response.json()["type"]) == (401, "/docs#session-over")


def test_programs_need_no_session(client: TestClient) -> None:
    said = client.post("/chat", json={"message": "How do I pause?"}).json()
    assert client.get(f"/chat/{said['conversation_id']}/messages").status_code == 200
    # Whoever has its id may, also with a session.
    assert (
        client.get(f"/chat/{said['conversation_id']}/messages", headers=by(begun(client))).status_code == 200
    )


def test_an_identified_customer_finds_their_conversation_on_another_device(client: TestClient) -> None:
    phone = begun(client, identity=identity("customer-7"))
    assert phone["conversation_id"] == phone["renewal"] == ""
    said = client.post("/chat", json={"message": "How do I pause?"}, headers=by(phone)).json()
    desk = begun(client, identity=identity("customer-7"))
    assert desk["conversation_id"] == said["conversation_id"]
    assert client.get(f"/chat/{said['conversation_id']}/messages", headers=by(desk)).status_code == 200
    other = begun(client, identity=identity("customer-8"))
    assert other["conversation_id"] == ""
    assert client.get(f"/chat/{said['conversation_id']}/messages", headers=by(other)).status_code == 404
    assert client.post("/chat/session", json={"identity": identity("x") + "x"}).status_code == 401


def test_a_page_of_another_site_gets_no_session(client_with: Callable[..., TestClient]) -> None:
    client = client_with(allowed_origins=(SHOP,))
    refused = client.post("/chat/session", json={}, headers={"origin": "https://evil.example"})
    assert refused.status_code == 403
    assert "session" not in refused.json()
    allowed = client.post("/chat/session", json={}, headers={"origin": SHOP})
    assert allowed.json()["session"]
    assert allowed.headers["access-control-allow-origin"] == SHOP


def test_a_session_is_counted_as_one_from_all_its_addresses(client_with: Callable[..., TestClient]) -> None:
    client = client_with(rate_per_minute=1, rate_burst=3)
    mine = begun(client)
    answers = []
    for number in range(5):
        client._transport.client = (f"192.0.2.{number}", 5)  # type: ignore[attr-defined] # each from elsewhere
        answers.append(client.post("/chat", json={"message": "hello"}, headers=by(mine)))
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert int(answers[-1].headers["retry-after"]) > 1


@pytest.mark.parametrize("offered", [None, ["tierzero"], ["tierzero", "nonsense"], ["tierzero", "other"]])
def test_a_socket_of_somebody_else_is_closed(
    offered: list[str] | None, client: TestClient, services: FakeServices
) -> None:
    mine, other = begun(client), begun(client)
    said = client.post("/chat", json={"message": "hello"}, headers=by(mine)).json()
    if offered and offered[-1] == "other":
        offered = ["tierzero", other["session"]]
    with client.websocket_connect(f"/chat/{said['conversation_id']}/live", offered) as socket:
        assert socket.accepted_subprotocol == (offered[0] if offered else None)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
    expected = Close.SESSION_OVER if offered and offered[-1] == "nonsense" else Close.UNKNOWN
    assert closed.value.code == expected
