"""The staff's side over HTTP, with real accounts in a real database: signing in, roles, forms, keys, the log."""

import datetime as dt
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyotp
import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from bot.composition import Services
from bot.people import passwords
from bot.people.audit import verify
from bot.people.roles import Permission, Role, may
from bot.randomness import Chance
from bot.settings import load
from bot.web import routers
from bot.web.app import create_app
from bot.web.desk.access import Requires

PASSWORD = "correct horse battery"
PAGE = {"accept": "text/html"}
_HASH = passwords.hashed(PASSWORD)


@dataclass
class Clock:
    """A clock that tests move."""

    at: dt.datetime = dt.datetime(2026, 11, 22, 9, 0, 7, tzinfo=dt.UTC)
    count: int = 0

    def now(self) -> dt.datetime:
        return self.at

    def id(self) -> str:
        self.count += 1
        return f"id{self.count}"


@dataclass
class Desk:
    """A served desk, and how people sign in to it."""

    services: Services
    clock: Clock
    client: TestClient
    secrets: dict[str, str] = field(default_factory=dict)

    def add(self, role: Role, email: str = "") -> str:
        """An account with a password; its id."""
        invited = self.services.team.add(email or f"{role}@example.org", role.value, role, by="command")
        self.services.team.accept(invited.token, PASSWORD)
        return invited.account.id

    def browser(self) -> TestClient:
        """Another browser, not signed in."""
        return TestClient(self.client.app, follow_redirects=False)

    def signed_in(self, role: Role) -> TestClient:
        """A browser with a complete sign-in."""
        browser, email = self.browser(), f"{role}@example.org"
        if not any(one.email == email for one in self.services.team.accounts()):
            self.add(role)
        browser.post("/desk/sign-in", data={"email": email, "password": PASSWORD})
        self.set_up(browser, email)
        assert browser.get("/desk", headers=PAGE).status_code == 200
        return browser

    def set_up(self, browser: TestClient, email: str) -> list[str]:
        """Sets up one-time codes; gives the recovery codes."""
        page = browser.get("/desk/set-up", headers=PAGE).text
        secret = re.search(r'class="secret">([A-Z2-7]+)<', page)
        assert secret is not None
        self.secrets[email] = secret[1]
        answer = browser.post("/desk/set-up", data={**hidden(page), "code": self.code(email)})
        assert answer.status_code == 200
        return re.findall(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>", answer.text)

    def code(self, email: str) -> str:
        return pyotp.TOTP(self.secrets[email]).at(self.clock.at)


def hidden(page: str) -> dict[str, str]:
    """Hidden fields of a page's last form of its kind."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """One hash for all accounts: making one takes a twentieth of a second and is tested elsewhere."""
    monkeypatch.setattr(
        passwords, "hashed", lambda password: _HASH if password == PASSWORD else f"not {password}"
    )
    monkeypatch.setattr(
        passwords, "matches", lambda stored, password: bool(stored) and stored == passwords.hashed(password)
    )
    monkeypatch.setattr(passwords, "is_outdated", lambda stored: False)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = Clock()
    services = Services(load(data=tmp_path), Chance(clock.now, clock.id, random.Random(1)))
    with TestClient(create_app(lambda: services), follow_redirects=False) as client:
        yield Desk(services, clock, client)


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
    "/help", "/help/{locale}", "/help/{locale}/{article_id:path}", "/help/images/{digest}",
    "/help/search", "/help/search.json", "/help/feed/{locale}.atom", "/robots.txt", "/sitemap.xml",
    # On loopback alone, or with a key (tests/web/test_metrics.py).
    "/metrics",
    "/surveys/{token}",
    "/desk/sign-in", "/desk/second-step", "/desk/set-up", "/desk/sign-out", "/desk/invitation",
}  # fmt: skip


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


def test_the_first_sign_in_sets_up_a_second_factor_before_anything_else(desk: Desk) -> None:
    desk.add(Role.AGENT)
    browser = desk.browser()
    answer = browser.post(
        "/desk/sign-in", data={"email": "Agent@Example.org ", "password": PASSWORD, "next": "/desk/account"}
    )
    assert answer.headers["location"] == "/desk/set-up"
    assert browser.get("/desk", headers=PAGE).headers["location"] == "/desk/set-up"
    assert browser.get("/desk").status_code == 401
    before = browser.cookies["tierzero"]
    assert len(desk.set_up(browser, "agent@example.org")) == 10
    assert browser.cookies["tierzero"] != before
    assert browser.get("/desk", headers=PAGE).status_code == 200
    old = desk.browser()
    old.cookies.set("tierzero", before)
    assert old.get("/desk").status_code == 401


def test_later_sign_ins_ask_for_a_code_that_is_good_once(desk: Desk) -> None:
    desk.signed_in(Role.AGENT)
    desk.clock.at += dt.timedelta(minutes=5)
    browser, other = desk.browser(), desk.browser()
    for one in (browser, other):
        answer = one.post("/desk/sign-in", data={"email": "agent@example.org", "password": PASSWORD})
        assert answer.headers["location"] == "/desk/second-step"
    code = desk.code("agent@example.org")
    fields = {**hidden(browser.get("/desk/second-step").text), "code": code}
    assert browser.post("/desk/second-step", data=fields).headers["location"] == "/desk"
    again = {**hidden(other.get("/desk/second-step").text), "code": code}
    assert other.post("/desk/second-step", data=again).status_code == 401
    assert other.get("/desk").status_code == 401


def test_a_recovery_code_signs_in_once(desk: Desk) -> None:
    desk.add(Role.AGENT)
    browser = desk.browser()
    browser.post("/desk/sign-in", data={"email": "agent@example.org", "password": PASSWORD})
    codes = desk.set_up(browser, "agent@example.org")
    for expected in (303, 401):
        other = desk.browser()
        other.post("/desk/sign-in", data={"email": "agent@example.org", "password": PASSWORD})
        fields = {**hidden(other.get("/desk/second-step").text), "code": codes[3].lower()}
        assert other.post("/desk/second-step", data=fields).status_code == expected


def test_wrong_attempts_are_answered_alike_and_end_in_a_wait(desk: Desk) -> None:
    desk.add(Role.AGENT)
    unknown = desk.client.post("/desk/sign-in", data={"email": "nobody@example.org", "password": PASSWORD})
    wrong = desk.client.post("/desk/sign-in", data={"email": "agent@example.org", "password": "wrong"})
    assert (unknown.status_code, wrong.status_code) == (401, 401)
    assert unknown.text == wrong.text
    for _ in range(9):
        desk.client.post("/desk/sign-in", data={"email": "agent@example.org", "password": "wrong"})
    right = {"email": "agent@example.org", "password": PASSWORD}
    assert desk.client.post("/desk/sign-in", data=right).status_code == 429
    desk.clock.at += dt.timedelta(minutes=16)
    assert desk.client.post("/desk/sign-in", data=right).status_code == 303


def test_a_session_ends_unused_and_in_any_case(desk: Desk) -> None:
    browser = desk.signed_in(Role.AGENT)
    for _ in range(15):
        desk.clock.at += dt.timedelta(minutes=45)
        browser.get("/desk")
    assert browser.get("/desk").status_code == 200
    desk.clock.at += dt.timedelta(minutes=50)
    assert browser.get("/desk").status_code == 401
    other = desk.browser()
    other.post("/desk/sign-in", data={"email": "agent@example.org", "password": PASSWORD})
    fields = {**hidden(other.get("/desk/second-step").text), "code": desk.code("agent@example.org")}
    other.post("/desk/second-step", data=fields)
    desk.clock.at += dt.timedelta(minutes=61)
    assert other.get("/desk").status_code == 401


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(desk: Desk) -> None:
    desk.add(Role.AGENT)
    answer = desk.client.post("/desk/sign-in", data={"email": "agent@example.org", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/" in cookie


def test_a_public_address_with_encryption_gets_a_cookie_that_needs_it(tmp_path: Path) -> None:
    services = Services(load(data=tmp_path, public_url="https://help.example.org"))
    services.team.accept(services.team.add("a@example.org", "A", Role.AGENT, by="command").token, PASSWORD)
    with TestClient(
        create_app(lambda: services), base_url="https://help.example.org", follow_redirects=False
    ) as client:
        answer = client.post("/desk/sign-in", data={"email": "a@example.org", "password": PASSWORD})
        assert answer.headers["set-cookie"].startswith("__Host-tierzero=")
        assert "Secure" in answer.headers["set-cookie"]


def test_forms_of_other_sites_change_nothing(desk: Desk) -> None:
    browser = desk.signed_in(Role.ADMIN)
    fields = {"name": "Eve", "email": "eve@example.org", "role": "admin"}
    page = browser.get("/desk/team").text
    without = browser.post("/desk/team", data=fields)
    assert without.status_code == 403
    foreign = browser.post(
        "/desk/team", data={**fields, **hidden(page)}, headers={"origin": "https://evil.example"}
    )
    assert foreign.status_code == 403
    assert "eve@example.org" not in [one.email for one in desk.services.team.accounts()]
    others = desk.signed_in(Role.MANAGER).get("/desk/account").text
    assert browser.post("/desk/team", data={**fields, "csrf": hidden(others)["csrf"]}).status_code == 403


def test_an_invited_colleague_chooses_a_password(desk: Desk) -> None:
    admin = desk.signed_in(Role.ADMIN)
    fields = hidden(admin.get("/desk/team").text)
    page = admin.post(
        "/desk/team",
        data={"csrf": fields["csrf"], "name": "Ana", "email": "Ana@example.org", "role": "agent"},
    ).text
    link = re.search(r"(/desk/invitation\?token=[\w-]+)", page)
    assert link is not None
    form = hidden(desk.client.get(link[1]).text)
    short = desk.client.post("/desk/invitation", data={**form, "password": "short", "again": "short"})
    assert "at least 12" in short.text
    chosen = {**form, "password": PASSWORD, "again": PASSWORD}
    assert desk.client.post("/desk/invitation", data=chosen).headers["location"] == "/desk/sign-in"
    assert desk.client.post("/desk/invitation", data=chosen).status_code == 404
    assert (
        desk.client.post("/desk/sign-in", data={"email": "ana@example.org", "password": PASSWORD}).headers[
            "location"
        ]
        == "/desk/set-up"
    )


def test_switching_an_account_off_ends_its_sessions_and_the_last_admin_stays(desk: Desk) -> None:
    admin, agent = desk.signed_in(Role.ADMIN), desk.signed_in(Role.AGENT)
    ids = {one.role: one.id for one in desk.services.team.accounts()}
    csrf = hidden(admin.get("/desk/team").text)["csrf"]
    admin.post(f"/desk/team/{ids[Role.AGENT]}/active", data={"csrf": csrf, "active": "no"})
    assert agent.get("/desk").status_code == 401
    answer = admin.post(f"/desk/team/{ids[Role.ADMIN]}/active", data={"csrf": csrf, "active": "no"})
    assert answer.status_code == 400
    assert "last admin" in answer.text
    answer = admin.post(f"/desk/team/{ids[Role.ADMIN]}/role", data={"csrf": csrf, "role": "agent"})
    assert answer.status_code == 400


def test_another_role_holds_from_the_next_request_on(desk: Desk) -> None:
    browser = desk.signed_in(Role.AGENT)
    assert browser.get("/desk/audit").status_code == 403
    account = desk.services.team.by_email("agent@example.org")
    desk.services.team.set_role(account.id, Role.MANAGER, by="command")
    assert browser.get("/desk/audit").status_code == 200


def test_a_key_may_do_its_scopes_until_it_is_revoked(desk: Desk) -> None:
    key, secret = desk.services.machine_keys.add("Report", [Permission.AUDIT_READ], by="command")
    bearer = {"authorization": f"Bearer {secret}"}
    assert desk.client.get("/desk/audit", headers=bearer).status_code == 200
    assert desk.client.get("/desk/team", headers=bearer).status_code == 403
    wrong = {"authorization": f"Bearer {secret[:-1]}x"}
    assert desk.client.get("/desk/audit", headers=wrong).status_code == 401
    desk.services.machine_keys.revoke(key.id, by="command")
    assert desk.client.get("/desk/audit", headers=bearer).status_code == 401


def test_everything_done_here_is_in_a_log_that_is_whole(desk: Desk) -> None:
    admin = desk.signed_in(Role.ADMIN)
    desk.add(Role.AGENT)
    csrf = hidden(admin.get("/desk/team").text)["csrf"]
    account = desk.services.team.by_email("agent@example.org")
    admin.post(f"/desk/team/{account.id}/role", data={"csrf": csrf, "role": "lead"})
    entries = list(desk.services.audit.entries())
    assert verify(entries).broken_at is None
    last = entries[-1].note
    assert (last.what, dict(last.detail)) == ("account.role_changed", {"before": "agent", "after": "lead"})
    assert last.who == f"account:{desk.services.team.by_email('admin@example.org').id}"
    page = admin.get("/desk/audit").text
    assert "account.role_changed" in page
    assert PASSWORD not in page


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example",
        "//evil.example",
        "/desk//evil",
        "/\\evil",
        "/help",
        "/desk/x\ny",
        "javascript:1",
    ],
)
def test_signing_in_leads_nowhere_else(desk: Desk, to: str) -> None:
    browser = desk.signed_in(Role.ADMIN)
    assert browser.get("/desk/sign-in", params={"next": to}).headers["location"] == "/desk"


def test_hostile_names_are_shown_as_text(desk: Desk) -> None:
    admin = desk.signed_in(Role.ADMIN)
    csrf = hidden(admin.get("/desk/team").text)["csrf"]
    name = "<script>alert(1)</script>"
    page = admin.post(
        "/desk/team", data={"csrf": csrf, "name": name, "email": "x@example.org", "role": "agent"}
    ).text
    assert name not in page
    assert "&lt;script&gt;" in page


def test_another_phone_needs_the_password(desk: Desk) -> None:
    browser = desk.signed_in(Role.AGENT)
    page = browser.get("/desk/set-up", headers=PAGE).text
    secret = re.search(r'class="secret">([A-Z2-7]+)<', page)
    assert secret is not None
    desk.clock.at += dt.timedelta(minutes=2)
    fields = {**hidden(page), "code": pyotp.TOTP(secret[1]).at(desk.clock.at)}
    assert browser.post("/desk/set-up", data=fields).status_code == 401
    assert browser.post("/desk/set-up", data={**fields, "password": PASSWORD}).status_code == 200


def test_a_set_up_of_nobody_and_days_without_end_are_refused_in_a_sentence(desk: Desk) -> None:
    browser = desk.signed_in(Role.ADMIN)
    csrf = hidden(browser.get("/desk/set-up").text)["csrf"]
    refused = browser.post("/desk/set-up", data={"csrf": csrf, "code": "123456", "password": PASSWORD})
    assert refused.status_code == 400
    fields = {"csrf": csrf, "name": "x", "days": "00000199999999999", "scope-audit:read": "yes"}
    assert browser.post("/desk/keys", data=fields).status_code == 400


def test_refused_sign_ins_are_in_the_log(desk: Desk) -> None:
    desk.add(Role.AGENT)
    desk.client.post("/desk/sign-in", data={"email": "agent@example.org", "password": "wrong"})
    assert [entry.note.what for entry in desk.services.audit.newest(1, None)] == ["session.refused"]
