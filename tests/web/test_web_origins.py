from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from tests.web.fake_services import FakeServices

SHOP = "https://shop.example"
PREFLIGHT = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}


def test_a_foreign_page_gets_nothing(client: TestClient, services: FakeServices) -> None:
    response = client.post("/chat", json={"message": "hi"}, headers={"origin": SHOP})
    assert (response.status_code, response.json()["type"]) == (403, "/docs#foreign-origin")
    assert "TIERZERO_ALLOWED_ORIGINS" in response.json()["detail"]
    assert "access-control-allow-origin" not in response.headers
    assert services.chat.incoming == []


@pytest.mark.parametrize(
    "origin", ["null", "https://help.shop.example.evil.example", "https://evil.example", ""]
)
def test_origins_that_only_look_like_ours_are_foreign(origin: str, client: TestClient) -> None:
    assert client.post("/chat", json={"message": "hi"}, headers={"origin": origin}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://help.shop.example"},
        {"origin": "https://outside.example", "sec-fetch-site": "same-origin"},
        {"origin": "https://support.brand.example"},
        {},
    ],
    ids=["same host", "the browser says so", "the public address", "a program"],
)
def test_our_own_pages_and_programs_are_served(
    headers: dict[str, str], client_with: Callable[..., TestClient]
) -> None:
    client = client_with(public_url="https://support.brand.example")
    assert client.post("/chat", json={"message": "hi"}, headers=headers).status_code == 200


def test_an_allowed_page_may_ask_and_read_the_answer(client_with: Callable[..., TestClient]) -> None:
    client = client_with(allowed_origins=(SHOP,))
    preflight = client.options("/chat", headers=PREFLIGHT | {"origin": SHOP})
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == SHOP
    assert preflight.headers["access-control-allow-headers"] == "Content-Type, Tierzero-Session"
    answer = client.post("/chat", json={"message": "hi"}, headers={"origin": SHOP})
    assert answer.headers["access-control-allow-origin"] == SHOP
    assert answer.headers["vary"] == "Origin"
    assert "access-control-allow-credentials" not in answer.headers


def test_an_allowed_page_can_read_refusals_too(client_with: Callable[..., TestClient]) -> None:
    client = client_with(allowed_origins=(SHOP,), rate_per_minute=1, rate_burst=1)
    client.post("/chat", json={"message": "hi"}, headers={"origin": SHOP})
    refused = client.post("/chat", json={"message": "hi"}, headers={"origin": SHOP})
    assert refused.status_code == 429
    assert refused.headers["access-control-allow-origin"] == SHOP
    assert "Retry-After" in refused.headers["access-control-expose-headers"]


def test_any_page_may_load_the_widget_but_not_our_other_files(client: TestClient) -> None:
    widget = client.get("/widget.js", headers={"origin": SHOP})
    assert widget.headers["access-control-allow-origin"] == "*"
    assert widget.headers["cross-origin-resource-policy"] == "cross-origin"
    css = client.get("/static/site.css", headers={"origin": SHOP})
    assert "access-control-allow-origin" not in css.headers
    assert css.headers["cross-origin-resource-policy"] == "same-origin"
