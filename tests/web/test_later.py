"""Routers that come after the start: nobody notices, whenever he asks."""

import subprocess
import sys

import pytest
from starlette.testclient import TestClient

from bot.web import later, routers
from bot.web.app import FIRST, create_app
from tests.web.fake_services import FakeServices


@pytest.fixture
def far_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes a moment after the start does not come while a test runs."""
    monkeypatch.setattr(later, "SOON", 3600.0)


def test_an_application_is_made_without_what_no_first_message_needs() -> None:
    code = (
        "import sys\nfrom bot.web.server import app_from_environment\napp_from_environment()\n"
        "late = {'bot.web.routers', 'bot.web.desk.tickets', 'bot.web.help', 'bot.insights', 'kb.markdown', 'jinja2'}\n"
        "print(sorted(late & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_first_routers_are_among_all_of_them() -> None:
    assert all(any(first is one for one in routers.ROUTERS) for first in FIRST)


@pytest.mark.usefixtures("far_off")
def test_a_first_message_is_answered_without_the_rest() -> None:
    with TestClient(create_app(FakeServices)) as client:
        assert client.get("/readyz").status_code == 200
        assert client.post("/chat", json={"message": "How do I return a lamp?"}).status_code == 200
        assert client.app.state.rest.complete is False


@pytest.mark.usefixtures("far_off")
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/help/en", 200),
        ("GET", "/chat", 405),
        ("POST", "/readyz", 405),
        ("GET", "/nothing/here", 404),
        ("GET", "/desk", 401),
    ],
)
def test_whoever_asks_for_the_rest_before_it_came_gets_the_same_answer(
    method: str, path: str, status: int
) -> None:
    with TestClient(create_app(FakeServices), follow_redirects=False) as client:
        assert client.request(method, path).status_code == status
        assert client.app.state.rest.complete is True
        assert client.request(method, path).status_code == status


@pytest.mark.usefixtures("far_off")
def test_the_description_of_the_api_has_every_route_from_the_first_moment_on() -> None:
    described = {
        path for router in routers.ROUTERS for path in _paths(router.routes) if not path.startswith("/desk")
    }
    with TestClient(create_app(FakeServices)) as client:
        assert set(client.get("/openapi.json").json()["paths"]) == described


def _paths(routes: list[object]) -> list[str]:
    return [str(getattr(one, "path", "")) for one in routes if getattr(one, "include_in_schema", False)]


def test_the_rest_comes_by_itself_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "SOON", 0.0)
    told: list[bool] = []
    app = create_app(FakeServices, lambda: told.append(app.state.rest.complete))
    # Leaving waits for what still works in a thread.
    with TestClient(app) as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/help/en").status_code == 200
    assert told == [True]


def test_a_rest_that_cannot_be_prepared_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "SOON", 0.0)

    def broken() -> None:
        raise RuntimeError("no space left")

    with TestClient(create_app(FakeServices, broken)) as client:
        assert client.get("/help/en").status_code == 200
        assert client.post("/chat", json={"message": "How do I return a lamp?"}).status_code == 200
