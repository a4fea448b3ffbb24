"""The staff's side over HTTP as tests meet it: accounts, browsers, sign-ins, and a clock that they move."""

import datetime as dt
import re
from dataclasses import dataclass, field

import pyotp
from fastapi.testclient import TestClient

from bot.composition import Services
from bot.people import passwords
from bot.people.roles import Role

PASSWORD = "correct horse battery"
PAGE = {"accept": "text/html"}
HASH = passwords.hashed(PASSWORD)


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
