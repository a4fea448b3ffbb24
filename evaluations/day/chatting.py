"""Live chats of a day: an agent who joins over a socket, and customers who see it over theirs; both come back."""

import contextlib
import json
import queue
import threading
import time
import uuid
from collections.abc import Mapping
from typing import Any, Final

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from evaluations.day.asking import Client
from evaluations.day.customers import say
from evaluations.day.notes import Notes, Said, Talk
from evaluations.day.signing_in import COOKIE, Browser
from evaluations.day.visits import Live

#: Seconds that either side waits for the other, far more than a restarted server takes.
PATIENCE: Final = 60.0
_AWAY: Final = (ConnectionClosed, InvalidHandshake, OSError)
GREETING: Final = "Hello, how can I help?"
#: Where a chat is that had an agent and has none any more.
_OVER: Final = ("closed", "with_people", "awaiting_contact")


class Socket:
    """A socket that is opened again where it was lost."""

    def __init__(self, url: str, headers: dict[str, str], origin: str = "") -> None:
        self._url = url
        self._headers = headers
        self._origin = origin
        self._open: ClientConnection | None = None
        self._held = contextlib.ExitStack()
        self.reconnected = 0

    def send(self, **frame: object) -> bool:
        """Whether it left; where not, the connection is gone."""
        try:
            self._connection().send(json.dumps(frame))
        except _AWAY:
            self.lose()
            return False
        return True

    def frame(self, seconds: float) -> dict[str, Any] | None:
        """The next frame; None where none came in that time, or the connection was lost."""
        try:
            found: dict[str, Any] = json.loads(self._connection().recv(timeout=seconds))
        except TimeoutError:
            return None
        except _AWAY:
            self.lose()
            time.sleep(0.2)
            return None
        return found

    def at(self, query: str) -> None:
        """What the address asks for when it is opened again."""
        self._url = self._url.partition("?")[0] + query

    def lose(self) -> None:
        """Forgets the connection."""
        self.reconnected += self._open is not None
        self.close()

    def close(self) -> None:
        """Ends it."""
        with contextlib.suppress(*_AWAY):
            self._held.close()
        self._open = None

    def _connection(self) -> ClientConnection:
        if self._open is None:
            opening = connect(
                self._url,
                additional_headers=self._headers,
                origin=Origin(self._origin) if self._origin else None,
                open_timeout=10,
                close_timeout=1,
                max_queue=None,
            )
            self._open = self._held.enter_context(opening)
        return self._open


def waits(host: str, client: Client, talk: Talk) -> None:
    """A customer in the chat: hears who comes, answers the greeting, and stays until it is over."""
    socket = Socket(
        f"ws://{host}/chat/{talk.conversation}/live?after=0",
        {"x-forwarded-for": client.http.headers["x-forwarded-for"]},
    )
    joined, answered, end = False, False, time.monotonic() + PATIENCE
    try:
        while time.monotonic() < end:
            lost = socket.reconnected
            frame = socket.frame(1.0)
            if socket.reconnected > lost:
                socket.at(f"?after={max(talk.heard, default=-1) + 1}")
            if frame is None or frame["type"] not in ("message", "state"):
                continue
            if frame["type"] == "state":
                joined = joined or frame["state"] == "with_agent"
                if (answered or joined) and frame["state"] in _OVER:
                    return
                continue
            talk.twice += frame["seq"] in talk.heard
            talk.heard[frame["seq"]] = frame["id"]
            if frame["role"] == "agent" and not answered:
                say(client, talk, "Thank you, my parcel is late.")
                answered = True
        raise ValueError(f"the chat {talk.visit.number} did not end")
    finally:
        socket.close()


class ChatAgent:
    """An agent who takes the chats that wait, one after the other."""

    def __init__(self, host: str, browser: Browser, notes: Notes) -> None:
        self._notes = notes
        self._waiting: queue.Queue[Talk] = queue.Queue()
        self._socket = Socket(
            f"ws://{host}/desk/live/socket",
            {"Cookie": f"{COOKIE}={browser.token}"},
            origin=f"http://{host}",
        )

    def take(self, talk: Talk) -> None:
        """A customer waits."""
        self._waiting.put(talk)

    def work(self, ended: threading.Event) -> None:
        """Until the day ends."""
        try:
            while not ended.is_set():
                try:
                    talk = self._waiting.get(timeout=0.1)
                except queue.Empty:
                    self._socket.frame(0.01)
                    continue
                self._talk(talk)
        except Exception as error:
            self._notes.problems.append(f"the agent in the chat: {error!r}")
        finally:
            self._socket.close()

    def _talk(self, talk: Talk) -> None:
        conversation = talk.conversation
        if not self._until(conversation, "state", {"mine": True}, {"type": "take"}):
            # Nobody else may touch it before it is over, so there is nothing that could speak against it.
            self._notes.problems.append(f"the chat of customer {talk.visit.number} could not be taken")
            return
        if not self._say(talk, GREETING):
            return
        if talk.visit.live is Live.SILENT:
            self._notes.silent.append(conversation)
            self._socket.send(type="unwatch", conversation=conversation)
            return
        if not self._until(conversation, "message", {"text": "Thank you, my parcel is late."}):
            return
        if not self._say(talk, "It arrives tomorrow."):
            return
        if self._until(conversation, "state", {"state": "closed"}, {"type": "solve"}):
            self._notes.solved.append(talk.tickets[-1])

    def _say(self, talk: Talk, text: str) -> bool:
        """Whether it was said; not where the chat is back in its queue."""
        client_id = str(uuid.uuid4())
        say = {"type": "say", "text": text, "client_id": client_id}
        if not self._until(talk.conversation, "said", {"client_id": client_id}, say):
            return False
        self._notes.replies.append(Said(talk.conversation, "", client_id, text))
        return True

    def _until(
        self,
        conversation: str,
        kind: str,
        wanted: Mapping[str, object],
        step: Mapping[str, object] | None = None,
    ) -> bool:
        """Takes a step, again after each lost connection, until its frame comes; False where it cannot be taken.

        A solution that is refused may be one whose answer was lost: the state tells. What is said again is refused
        where it was not stored: its own answer tells. Raises `ValueError` where nothing comes for a long time.
        """
        does = step["type"] if step else ""
        end = time.monotonic() + PATIENCE
        told = True
        while time.monotonic() < end:
            if told:
                told = not self._socket.send(type="watch", conversation=conversation, after=0)
                told = told or (step is not None and not self._socket.send(**step, conversation=conversation))
                if told:
                    time.sleep(0.2)
                    continue
            lost = self._socket.reconnected
            frame = self._socket.frame(1.0)
            told = self._socket.reconnected > lost
            if frame is None or frame.get("conversation") != conversation:
                continue
            if frame["type"] == kind and all(frame.get(name) == value for name, value in wanted.items()):
                return True
            if frame["type"] == "refused" and does in ("take", "say") and frame.get("about") == does:
                return False
            if frame["type"] == "state" and does in ("", "solve") and frame["state"] in _OVER:
                return False  # it was silent for too long, and the chat is back in its queue
        raise ValueError(f"{kind} in {conversation} came to nothing")
