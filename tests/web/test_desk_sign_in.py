"""Signing in to the staff's side, with real accounts in a real database: two steps, sessions, forms, keys, the log."""

import datetime as dt
import re
from pathlib import Path

import pyotp
import pytest
from fastapi.testclient import TestClient

from bot.composition import Services
from bot.people.audit import verify
from bot.people.roles import Permission, Role
from bot.settings import load
from bot.web.app import create_app
from tests.web.staff_desk import PAGE, PASSWORD, Desk, hidden


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
