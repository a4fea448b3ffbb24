"""The real service with customers who talked to it, and colleagues whose browsers are signed in already."""

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.testclient import TestClient

from bot.composition import Services
from bot.people import tokens
from bot.people.accounts import Session, Stage
from bot.people.audit import Note
from bot.people.roles import Permission, Role
from bot.randomness import Chance
from bot.web.app import create_app
from tests.flows.deciding import ALWAYS_ANSWER, deciding
from tests.flows.talking import say
from tests.index.small_centre import Centre

START = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
ANN = "ann.miller@example.org"


@dataclass
class Clock:
    """A clock that tests move."""

    at: dt.datetime = START
    count: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(5))

    def chance(self) -> Chance:
        return Chance(lambda: self.at, self._id, self.dice)

    def _id(self) -> str:
        self.count += 1
        return f"id{self.count}"


@dataclass
class House:
    """The opened services and the clock they go by."""

    services: Services
    clock: Clock
    client: TestClient

    def token(self, role: Role) -> str:
        """Signs a new colleague in; gives what stands in their cookie."""
        count = len(self.services.team.accounts())
        invited = self.services.team.add(f"{role}{count}@example.org", f"{role} {count}", role, by="command")
        return self.signed_in(invited.account.id, f"s{count}")

    def signed_in(self, id_: str, name: str) -> str:
        """A session called `name` of an account; gives what stands in the cookie."""
        token, now = tokens.new_token(), self.clock.at
        session = Session(name, tokens.digest(token), id_, Stage.FULL, now, now, "127.0.0.1", "test")
        note = Note(now, f"account:{id_}", "session.opened", f"account:{id_}")
        self.services.audit.open_session(session, note)
        return token

    def browser(self, role: Role) -> TestClient:
        """A browser that a colleague is signed in with."""
        browser = TestClient(self.client.app, follow_redirects=False)
        browser.cookies.set("tierzero", self.token(role))
        return browser

    def key(self, *scopes: Permission) -> dict[str, str]:
        """The header of a program with a key."""
        _, secret = self.services.machine_keys.add("Desk elsewhere", scopes, by="command")
        return {"authorization": f"Bearer {secret}"}

    def ticket(self, *messages: str, **more: str) -> str:
        """A customer says this, and a person is wanted; gives the ticket's reference."""
        handled = None
        for message in (*messages, "I want to talk to a person"):
            handled = say(self.services, message, handled, **more)
        assert handled is not None
        assert handled.ticket is not None
        return handled.ticket.reference


@contextmanager
def house(
    centre: Centre, thresholds: tuple[float, float] = ALWAYS_ANSWER, **settings: object
) -> Iterator[House]:
    """The real composition over a help centre."""
    clock = Clock()
    with (
        deciding(centre, thresholds, clock.chance(), **settings) as opened,
        TestClient(create_app(lambda: opened), follow_redirects=False) as client,
    ):
        yield House(opened, clock, client)
