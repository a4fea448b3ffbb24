"""Who reaches what over HTTP: every route and socket of the service, for every role and for nobody."""

import re

from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from bot.people.roles import Permission, Role, may
from bot.web import routers
from bot.web.desk.access import Requires
from tests.web.staff_desk import PAGE, PASSWORD, Desk


def guarded() -> list[tuple[str, str, Permission | None]]:
    """Every route of the application: method, path, and the permission it asks for."""
    found = []
    for router in routers.ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            asked = [one.call for one in route.dependant.dependencies if isinstance(one.call, Requires)]
            for method in sorted(route.methods - {"HEAD"}):
                found.append((method, route.path, asked[0].permission if asked else None))
    return found


#: Routes for everybody: customers, visitors, and staff who are about to sign in.
OPEN = {
    "/", "/widget.js", "/static/{name:path}", "/favicon.ico", "/docs", "/healthz", "/readyz",
    "/chat", "/chat/topic", "/chat/{message_id}/feedback", "/chat/{conversation_id}/messages",
    # The conversation's own key opens them (tests/agents/test_attachments.py).
    "/chat/{conversation_id}/files", "/chat/{conversation_id}/files/{file_id}",
    # A session of its customer's opens what it opened (tests/web/test_web_sessions.py, test_web_transcripts.py).
    "/chat/session", "/chat/{conversation_id}/transcript", "/widget/{language}.json", "/widget/extras.js",
    "/help/contact", "/help/contact/answered", "/help/contact/fitting",
    # What lies behind them needs a link that was sent by mail (tests/agents/test_own_requests.py).
    "/help/requests", "/help/requests/open/{token}", "/help/requests/{reference}",
    "/help/requests/{reference}/solved", "/help/requests/leave",
    "/help", "/help/", "/help/{path:path}/",
    "/help/{locale}", "/help/{locale}/{article_id:path}", "/help/images/{digest}",
    "/help/search", "/help/search.json", "/help/feed/{locale}.atom", "/robots.txt", "/sitemap.xml",
    # On loopback alone, or with a key (tests/web/test_metrics.py).
    "/metrics",
    "/surveys/{token}",
    "/desk/sign-in", "/desk/second-step", "/desk/set-up", "/desk/sign-out", "/desk/invitation",
}  # fmt: skip  # fmt: skip


def test_every_route_is_open_on_purpose_or_asks_for_a_permission() -> None:
    unguarded = {path for _, path, permission in guarded() if permission is None}
    assert unguarded == OPEN
    assert not {path for _, path, permission in guarded() if permission is not None} & OPEN


def test_every_role_reaches_on_every_route_just_what_the_table_says(desk: Desk) -> None:
    routes = [
        (method, re.sub(r"\{[^}]*\}", "none", path), asked) for method, path, asked in guarded() if asked
    ]
    assert len(routes) > 10
    for role in (role for role in Role if role is not Role.CUSTOMER):
        browser = desk.signed_in(role)
        for method, path, asked in routes:
            # Without a form token nothing is changed: who may is refused later than who may not.
            answer = browser.request(method, path, data={} if method == "POST" else None)
            allowed = may(role, asked) if asked else True
            refused = answer.status_code == 403 and answer.json()["type"] == "/docs#not-allowed"
            assert refused is not allowed, (role, method, path, answer.status_code)


#: Sockets, and whether they are for staff alone. A new one must be added here, and be walked below.
SOCKETS = {"/chat/{conversation_id}/live": False, "/desk/live/socket": True}


def _opened(browser: TestClient, path: str) -> int:
    """How a socket begins: 0 where it is served, else the code that it is closed with."""
    try:
        with browser.websocket_connect(path, headers={"origin": "http://testserver"}) as opened:
            opened.receive_json()
    except WebSocketDisconnect as closed:
        return int(closed.code)
    return 0


def test_every_role_opens_just_the_sockets_that_the_table_allows(desk: Desk) -> None:
    # Routers of everything else hold no socket: `guarded` refuses them.
    found = [route.path for router in routers.SOCKETS for route in router.routes]
    assert sorted(found) == sorted(SOCKETS)
    staff = [re.sub(r"\{[^}]*\}", "none", path) for path, guarded in SOCKETS.items() if guarded]
    browsers = {role: desk.signed_in(role) for role in Role if role is not Role.CUSTOMER}
    for path in staff:
        assert _opened(desk.browser(), path) == 4403
        for role, browser in browsers.items():
            # Customers' words are shown there as they are.
            allowed = may(role, Permission.TICKETS_WORK) and may(role, Permission.PERSONAL_READ)
            assert _opened(browser, path) == (0 if allowed else 4403), (role, path)
    # No role opens a customer's: the conversation's id alone does.
    for browser in (desk.browser(), browsers[Role.ADMIN]):
        assert _opened(browser, "/chat/nobody-knows-this-conversation/live") == 4404


def test_a_sign_in_that_is_not_complete_and_a_key_open_no_socket(desk: Desk) -> None:
    desk.add(Role.LEAD)
    browser = desk.browser()
    browser.post("/desk/sign-in", data={"email": "lead@example.org", "password": PASSWORD})
    assert _opened(browser, "/desk/live/socket") == 4403
    _, secret = desk.services.machine_keys.add(
        "Desk elsewhere", [Permission.TICKETS_WORK, Permission.PERSONAL_READ], by="command"
    )
    program = desk.browser()
    program.headers["authorization"] = f"Bearer {secret}"
    assert _opened(program, "/desk/live/socket") == 4403


def test_nobody_reaches_a_guarded_route_without_signing_in(desk: Desk) -> None:
    for method, path, asked in guarded():
        if asked:
            address = re.sub(r"\{[^}]*\}", "none", path)
            assert desk.client.request(method, address).status_code == 401, (method, path)
            if method == "GET":
                led = desk.client.get(address, headers=PAGE)
                assert (led.status_code, led.headers["location"]) == (303, f"/desk/sign-in?next={address}")
