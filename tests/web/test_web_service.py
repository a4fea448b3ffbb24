import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import bot.web
from bot.dialogue.wording import placeholders
from bot.settings import SHIPPED_HELP_LOCALES
from bot.web.app import create_app
from tests.web.fake_services import FakeServices

WIDGET = Path(bot.web.__file__).parent / "static" / "widget.js"


def test_services_open_when_the_application_starts_and_close_when_it_stops() -> None:
    opened: list[FakeServices] = []

    def factory() -> FakeServices:
        opened.append(FakeServices())
        return opened[-1]

    app = create_app(factory)
    assert opened == []
    with TestClient(app):
        assert [services.closed for services in opened] == [False]
    assert [services.closed for services in opened] == [True]


def test_alive_is_told_without_touching_anything(client: TestClient, services: FakeServices) -> None:
    services.database_down = True
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_names_every_part(client: TestClient) -> None:
    parts = {"database": "ok", "model": "ok", "index": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "parts": parts}


def test_not_ready_says_which_part_and_what_is_wrong(client: TestClient, services: FakeServices) -> None:
    services.parts["index"] = "no generation; run: tierzero ingest"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == "/docs#not-ready"
    assert problem["detail"] == "index: no generation; run: tierzero ingest"
    assert problem["parts"] == services.parts


def test_a_database_that_does_not_answer_is_a_503(client: TestClient, services: FakeServices) -> None:
    services.database_down = True
    response = client.get("/readyz")
    assert (response.status_code, response.json()["type"]) == (503, "/docs#storage-unavailable")


@pytest.mark.parametrize(("method", "path"), [("GET", "/chat"), ("DELETE", "/healthz"), ("PUT", "/help/en")])
def test_a_wrong_method_is_a_problem_that_names_the_right_one(
    method: str, path: str, client: TestClient
) -> None:
    response = client.request(method, path)
    assert response.status_code == 405
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["allow"] in ("POST", "GET")


def test_a_request_id_is_ours_and_new_each_time(client: TestClient) -> None:
    forged = {"x-request-id": "forged\tid"}
    ids = {client.get("/healthz", headers=forged).headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3
    assert not any("forged" in each for each in ids)


TICKET_STEPS = (
    "article", "assign", "escalate", "link", "merge", "note", "reply", "status", "take", "unlink",
)  # fmt: skip


def test_the_api_is_documented_with_examples(client: TestClient) -> None:
    api = client.get("/openapi.json").json()
    assert set(api["paths"]) == {
        "/chat", "/chat/session", "/chat/{conversation_id}/transcript", "/chat/{message_id}/feedback",
        "/chat/{conversation_id}/messages", "/healthz", "/readyz",
        "/api/agent/suggestions", "/api/agent/suggestions/outcome", "/surveys/{token}",
        "/api/tickets", "/api/tickets/{reference}",
        *(f"/api/tickets/{{reference}}/{step}" for step in TICKET_STEPS),
        "/chat/{conversation_id}/files", "/chat/{conversation_id}/files/{file_id}",
        "/api/tickets/{reference}/files", "/api/tickets/{reference}/files/{file_id}",
    }  # fmt: skip
    reply = api["components"]["schemas"]["ChatReply"]
    assert reply["properties"]["ticket"]
    assert reply["properties"]["text"]["examples"]
    described = api["paths"]["/chat"]["post"]["responses"]
    assert {"200", "400", "404", "413", "422", "429", "503"} <= set(described)
    assert "application/problem+json" in described["422"]["content"]


def test_a_real_reply_has_exactly_the_documented_fields(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    reply = client.post("/chat", json={"message": "a person, about pause"}).json()
    hand_off = client.post("/chat", json={"message": "a person"}).json()
    history = client.get(f"/chat/{reply['conversation_id']}/messages").json()
    assert set(reply) == set(schemas["ChatReply"]["properties"])
    assert set(reply["citations"][0]) == set(schemas["CitationBody"]["properties"])
    assert set(hand_off["ticket"]) == set(schemas["TicketBody"]["properties"])
    assert set(history) == set(schemas["History"]["properties"])
    assert set(history["messages"][0]) == set(schemas["MessageBody"]["properties"])


def test_every_kind_of_problem_has_its_entry_in_the_reference(client: TestClient) -> None:
    page = client.get("/docs").text
    for kind in (
        "not-found",
        "bad-request",
        "too-large",
        "too-many-requests",
        "invalid-values",
        "foreign-origin",
    ):
        assert f'id="{kind}"' in page


def test_the_widget_is_small_and_makes_no_markup_from_strings(client: TestClient) -> None:
    response = client.get("/widget.js", headers={"accept-encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    assert int(response.headers["content-length"]) <= 15 * 1024
    for forbidden in (
        "innerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "document.cookie",
    ):
        assert forbidden not in response.text


def test_the_widgets_lock_file_names_no_registry() -> None:
    folder = Path(bot.web.__file__).parents[2] / "widget"
    lock = (folder / "package-lock.json").read_text("utf-8")
    assert "resolved" not in lock
    assert "://" not in lock
    wanted = json.loads((folder / "package.json").read_text("utf-8"))["devDependencies"]
    assert all(version[0].isdigit() for version in wanted.values())


def test_pages_speak_five_languages_with_the_same_texts_and_places() -> None:
    folder = Path(bot.web.__file__).parent / "locales"
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}
    assert set(found) == set(SHIPPED_HELP_LOCALES)
    places = {
        locale: {name: placeholders(text) for name, text in texts.items()} for locale, texts in found.items()
    }
    assert all(one == places["en"] for one in places.values())
    assert all(len(texts["months"].split()) == 12 for texts in found.values())


@pytest.mark.parametrize("path", ["/", "/healthz", "/help/en", "/widget.js"])
def test_head_is_answered_like_get_without_the_body(client: TestClient, path: str) -> None:
    got, head = client.get(path), client.head(path)

    assert head.status_code == got.status_code == 200
    assert head.headers["content-type"] == got.headers["content-type"]
    assert head.content == b""
