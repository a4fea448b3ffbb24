"""A real HTTP receiver on loopback that tests take down and up; it keeps what it was sent."""

import http.server
import json
import threading
from dataclasses import dataclass, field
from typing import Any

from evaluations.ports import free_port


@dataclass
class Receiver:
    """Answers with `status`; listens on the same port each time it is up."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    bodies: list[bytes] = field(default_factory=list)
    given: list[dict[str, str]] = field(default_factory=list)
    port: int = field(default_factory=free_port)
    _server: http.server.ThreadingHTTPServer | None = None

    def up(self) -> "Receiver":
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if outer.status == 200:
                    outer.bodies.append(body)
                    outer.given.append({name.lower(): value for name, value in self.headers.items()})
                self.send_response(outer.status)
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def down(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks?team=1"

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies]
