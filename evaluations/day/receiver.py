"""The other system that is told of events: it can be taken down, and does for each event id what it does once."""

import http.server
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.outgoing import signing
from evaluations.ports import free_port


@dataclass(slots=True)
class Heard:
    """What the receiver has had."""

    effects: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Bodies by event id, in the order in which they came first."""
    repeated: int = 0
    """Deliveries of an id that was there already, whose body was the same."""
    differing: list[str] = field(default_factory=list)
    """Ids that came again with another body; must stay empty."""
    forged: int = 0
    """Deliveries whose signature does not hold; must stay 0."""
    stale: int = 0
    """Genuine ones that were under way for too long by the clock of the day, a few real seconds; they come again."""


class Receiver:
    """An HTTP server on loopback that keeps its port while it is down."""

    def __init__(self, now: Callable[[], float]) -> None:
        """`now` gives Unix time in seconds, by which signatures are fresh."""
        self.heard = Heard()
        self.secret = ""
        self.port = free_port()
        self._now = now
        self._lock = threading.Lock()
        self._server: http.server.ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """Where events go."""
        return f"http://127.0.0.1:{self.port}/hooks"

    def up(self) -> None:
        """Listens; requests are answered from now on."""
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                self.send_response(200 if outer.take(headers, body) else 400)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def down(self) -> None:
        """Listens no more: whoever calls is refused."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def take(self, headers: dict[str, str], body: bytes) -> bool:
        """Has the effect of an event that was not had yet; False for one that is not genuine."""
        with self._lock:
            sent = headers.get("webhook-timestamp", "")
            if not (sent.isdigit() and signing.verify(self.secret, headers, body, int(sent))):
                self.heard.forged += 1
                return False
            if not signing.verify(self.secret, headers, body, int(self._now())):
                self.heard.stale += 1
                return False
            told: dict[str, Any] = json.loads(body)
            known = self.heard.effects.setdefault(told["id"], told)
            if known is not told:
                self.heard.repeated += 1
                if known != told:
                    self.heard.differing.append(told["id"])
            return True
