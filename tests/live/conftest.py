"""Two servers on one database, neither of which knows of the other, with customers and agents on real sockets."""

import datetime as dt
import itertools
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from bot.composition import Services, real_chance
from bot.desk.live import LiveChat
from bot.people import tokens
from bot.people.accounts import Session, Stage
from bot.people.audit import Note
from bot.people.roles import Role
from bot.randomness import Chance
from bot.settings import load
from bot.web.app import create_app
from bot.web.live.hub import hub_of
from bot.web.server import SOCKET_OPTIONS
from tests.flows.deciding import ALWAYS_ANSWER, dialogue
from tests.index import small_centre
from tests.storage.conftest import PostgresServer

__all__ = ["PostgresServer"]

#: Far more than it takes, for a machine that is busy with other things.
PATIENCE = 20.0
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.delete()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """An application on loopback, with the sockets as `tierzero serve` has them; gives its address."""
    # The port is taken here, and not let go before the server has it.
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=5,
        **SOCKET_OPTIONS,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    until("the start", lambda: server.started)
    yield f"127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=PATIENCE)
    assert not thread.is_alive()


def until(what: str, true: Callable[[], object]) -> None:
    """Waits for a condition."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"{what} did not happen"
        time.sleep(0.01)


@dataclass
class Talker:
    """One end of a socket; keeps what it heard."""

    connection: ClientConnection
    heard: list[dict[str, Any]] = field(default_factory=list)

    def send(self, kind: str, **fields: object) -> None:
        self.connection.send(json.dumps({"type": kind, **fields}))

    def frame(self, kind: str, **wanted: object) -> dict[str, Any]:
        """The next frame of a kind with these values; what comes before it is kept in `heard`."""
        end = time.monotonic() + PATIENCE
        while True:
            found: dict[str, Any] = json.loads(
                self.connection.recv(timeout=max(0.01, end - time.monotonic()))
            )
            self.heard.append(found)
            if found["type"] == kind and all(found.get(name) == value for name, value in wanted.items()):
                return found

    def closed(self) -> int:
        """Reads until the other side closes; gives the code."""
        try:
            while True:
                self.heard.append(json.loads(self.connection.recv(timeout=PATIENCE)))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 0

    def texts(self) -> list[str]:
        """Texts of all messages that were heard, in the order they came."""
        return [one["text"] for one in self.heard if one["type"] == "message"]


@dataclass
class House:
    """Servers on one database."""

    services: Services
    hosts: list[str]
    stack: ExitStack
    moved: "Time"
    apps: Sequence[FastAPI] = ()
    """What is served at the hosts, where that is in this process."""

    def say(self, text: str, conversation: str = "", host: int = 0, **more: str) -> dict[str, Any]:
        """A customer writes."""
        body = {"message": text, "locale": "en", **more}
        if conversation:
            body["conversation_id"] = conversation
        reply = httpx.post(f"http://{self.hosts[host]}/chat", json=body, timeout=PATIENCE)
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = reply.json()
        return found

    def waiting(self, host: int = 0, **more: str) -> str:
        """A customer wants a person; gives their conversation."""
        return str(self.say("I want to talk to a person", host=host, **more)["conversation_id"])

    def customer(self, conversation: str, host: int = 0, after: int = 0, **more: Any) -> Talker:
        address = f"ws://{self.hosts[host]}/chat/{conversation}/live?after={after}"
        return self._open(address, **more)

    def token(self, name: str = "Mia", role: Role = Role.AGENT) -> str:
        """Signs a new colleague in; gives what stands in their cookie."""
        number = next(_numbers)
        invited = self.services.team.add(f"c{number}@example.org", name, role, by="command")
        token, now, id_ = tokens.new_token(), self.services.chance.now(), invited.account.id
        session = Session(f"s{number}", tokens.digest(token), id_, Stage.FULL, now, now, "127.0.0.1", "test")
        note = Note(now, f"account:{id_}", "session.opened", f"account:{id_}")
        self.services.audit.open_session(session, note)
        return token

    def agent(self, token: str = "", host: int = 0, **more: Any) -> Talker:
        """An agent's page; without a token, of a new colleague called Mia."""
        headers = {"Cookie": f"tierzero={token or self.token()}"}
        own = f"http://{self.hosts[host]}"
        return self._open(
            f"ws://{self.hosts[host]}/desk/live/socket",
            additional_headers=headers,
            **{"origin": own, **more},
        )

    def in_chat(self, conversation: str, token: str = "", host: int = 0) -> Talker:
        """An agent who has taken a chat."""
        agent = self.agent(token, host)
        agent.send("watch", conversation=conversation)
        agent.send("take", conversation=conversation)
        agent.frame("state", mine=True)
        return agent

    def later(self, seconds: float, *, agents: bool = True) -> None:
        """So much later, with the agents' pages open all the while, or not."""
        # A server that has not noticed yet that a page is closed would say that its agent is there, at the later time.
        until("the end of the pages", lambda: agents or not any(hub_of(app)._agents for app in self.apps))
        then = self.services.chance.now() + dt.timedelta(seconds=seconds)
        if agents:
            held = [one.account_id for one in self.services.live_store.held()]
            self.services.live_store.beat(held, [], then)
        self.moved.ahead += seconds

    def live(self, conversation: str) -> LiveChat:
        """A chat as stored."""
        found = self.services.live_store.chat(conversation)
        assert found is not None
        return found

    def texts(self, conversation: str) -> list[tuple[str, str]]:
        """Role and text of everything stored."""
        return [(one.role.value, one.text) for one in self.services.chat.conversation(conversation).messages]

    def _open(self, address: str, **more: Any) -> Talker:
        return Talker(
            self.stack.enter_context(
                connect(address, open_timeout=PATIENCE, close_timeout=1, max_queue=None, **more)
            )
        )


@dataclass
class Time:
    """The real time, moved on by as much as a test likes."""

    ahead: float = 0.0

    def chance(self) -> Chance:
        real = real_chance()
        return Chance(lambda: real.now() + dt.timedelta(seconds=self.ahead), real.new_id, real.random)


@pytest.fixture
def moved() -> Time:
    return Time()


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path, moved: Time) -> Iterator[House]:
    url = ""
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.empty()
    yield from houses(tmp_path, url, moved)


@pytest.fixture
def small_house(tmp_path: Path, moved: Time) -> Iterator[House]:
    """The same on SQLite alone, for what does not depend on the database."""
    yield from houses(tmp_path, "", moved)


def houses(folder: Path, url: str, moved: Time) -> Iterator[House]:
    settings = load(data=folder / "data", database_url=url, rate_per_minute=60_000, rate_burst=10_000)
    with ExitStack() as stack:
        opened = [
            Services(
                settings,
                chance=moved.chance(),
                _encoder=small_centre.encoder(),
                _dialogue=dialogue(ALWAYS_ANSWER),
            )
            for _ in range(2)
        ]
        # As `tierzero serve` does: parts are made by one thread, before others use them.
        _ = [(services.database, services.chat) for services in opened]
        apps = [create_app(lambda services=services: services) for services in opened]
        hosts = [stack.enter_context(served(app)) for app in apps]
        yield House(opened[0], hosts, stack, moved, apps)
