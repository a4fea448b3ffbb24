"""A chat completions server on this machine that misbehaves in a way its test chooses."""

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: What a server does with a request; it may look at what it was sent.
Behaviour = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One request."""

    behaviour: Behaviour
    asked: list[dict[str, Any]]
    protocol_version = "HTTP/1.0"

    def do_POST(self) -> None:
        self.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        with suppress(BrokenPipeError, ConnectionResetError):  # the client turns away, as it should
            type(self).behaviour(self)

    def log_message(self, *args: object) -> None:
        """Nothing: tests are quiet."""

    def begin(self, status: int = 200, kind: str = "text/event-stream") -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.end_headers()

    def say(self, text: str) -> None:
        chunk = {
            "id": "x",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "m",
            "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}],
        }
        self.raw(f"data: {json.dumps(chunk)}\n\n")

    def raw(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()

    def done(self) -> None:
        self.raw("data: [DONE]\n\n")


def saying(*pieces: str) -> Behaviour:
    """A server that is well-behaved in form."""

    def behave(handler: Handler) -> None:
        handler.begin()
        for piece in pieces:
            handler.say(piece)
        handler.done()

    return behave


def hanging(handler: Handler) -> None:
    handler.begin()
    time.sleep(3)


def failing(handler: Handler) -> None:
    handler.begin(500, "application/json")
    handler.raw('{"error": {"message": "boom"}}')


def refusing(handler: Handler) -> None:
    handler.begin(401, "application/json")
    handler.raw('{"error": {"message": "bad key sk-secret"}}')


def garbling(handler: Handler) -> None:
    handler.begin()
    handler.raw("data: {not json\n\ndata: [1, 2]\n\n")
    handler.done()


def a_page(handler: Handler) -> None:
    handler.begin(200, "text/html")
    handler.raw("<html><script>alert(1)</script></html>")


def endless(handler: Handler) -> None:
    handler.begin()
    for _ in range(100_000):
        handler.say("word ")


def dripping(handler: Handler) -> None:
    handler.begin()
    for _ in range(100):
        handler.say("a")
        time.sleep(0.1)


def breaking_off(handler: Handler) -> None:
    handler.begin()
    handler.say("Returns are free within thirty days. Send the parcel to")
    handler.raw("data: {")


def redirecting(handler: Handler) -> None:
    handler.send_response(307)
    handler.send_header("location", f"http://127.0.0.1:{handler.server.server_port}/elsewhere")  # type: ignore[attr-defined]
    handler.end_headers()


def empty(handler: Handler) -> None:
    handler.begin()
    handler.done()


def odd_shapes(handler: Handler) -> None:
    handler.begin()
    for choices in (
        "null",
        "[]",
        '[{"index": 0, "delta": {}}]',
        '[{"index": 0, "delta": {"content": null}}]',
    ):
        head = '{"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": '
        handler.raw(f"data: {head}{choices}}}\n\n")
    handler.say("Returns are free within thirty days.")
    handler.done()


def _late(handler: Handler) -> None:
    """What a client that goes on waiting would get in the end."""
    handler.say("Returns are free within thirty days.")
    handler.done()


def signs_of_life(handler: Handler) -> None:
    handler.begin()
    for _ in range(100):
        handler.raw(": still there\n\n")
        time.sleep(0.1)
    _late(handler)


def slow_line(handler: Handler) -> None:
    handler.begin()
    for _ in range(100):
        handler.raw(" ")
        time.sleep(0.1)
    handler.raw("\n")
    _late(handler)


def slow_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.0 200 OK\r\ncontent-type: text/event-stream\r\n")
    for number in range(60):
        handler.raw(f"x-{number}: more\r\n")
        time.sleep(0.15)
    handler.raw("\r\n")
    _late(handler)


def huge_line(handler: Handler) -> None:
    handler.begin()
    handler.raw(": " + "x" * 6_000_000 + "\n\n")
    _late(handler)


def compressed(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "text/event-stream")
    handler.send_header("content-encoding", "gzip")
    handler.end_headers()
    chunk = {"choices": [{"index": 0, "delta": {"content": "Returns are free within thirty days."}}]}
    handler.wfile.write(gzip.compress(f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n".encode()))


@contextmanager
def server(behaviour: Behaviour) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Its address, and what it was asked."""
    asked: list[dict[str, Any]] = []
    handler = type("Behaving", (Handler,), {"behaviour": staticmethod(behaviour), "asked": asked})
    listening = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    listening.daemon_threads = True
    thread = threading.Thread(target=listening.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}/v1", asked
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


def texts(asked: Sequence[dict[str, Any]]) -> str:
    """All that a server was told."""
    return json.dumps([one["messages"] for one in asked], ensure_ascii=False)
