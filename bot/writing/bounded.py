"""A request to a language model in, its response out, cut off after a time and a size, whatever its server does.

Time-outs of an HTTP client are for one read each: a server that sends a byte now and then, or signs of life without
end, holds a connection, and the customer who waits, for as long as it likes. Imported with the package of the model.
"""

import socket
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import httpx2

#: Bytes of one response as they come: a reply of `MOST_CHARS`, a few letters at a time, with all that stands around.
MOST_BYTES = 4_000_000


class BoundedTransport(httpx2.BaseTransport):
    """Sends requests; each is over after `seconds`, headers and body together, and after `MOST_BYTES`."""

    def __init__(self, seconds: float, address: str) -> None:
        self._seconds = seconds
        # A connection of its own for each request: only one that was opened for it can be cut off with it.
        self._inner = httpx2.HTTPTransport(
            limits=httpx2.Limits(max_keepalive_connections=0), proxy=_proxy(address)
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The response; its body raises `httpx2.ReadError` where it is cut off, as a broken connection does."""
        connection = _Connection()
        request.extensions = {**request.extensions, "trace": connection.note}
        # Compressed, a small response could unfold to any size.
        request.headers["accept-encoding"] = "identity"
        timer = threading.Timer(self._seconds, connection.cut)
        timer.daemon = True
        timer.start()
        try:
            response = self._inner.handle_request(request)
            if response.headers.get("content-encoding", "identity") != "identity":
                response.close()
                raise httpx2.DecodingError("The response is compressed, which was not asked for.")
        except BaseException:
            timer.cancel()
            raise
        stream = response.stream
        response.stream = _Bounded(stream, timer) if isinstance(stream, httpx2.SyncByteStream) else stream
        return response

    def close(self) -> None:
        """Closes what is open."""
        self._inner.close()


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, timer: threading.Timer) -> None:
        self._stream = stream
        self._timer = timer

    def __iter__(self) -> Iterator[bytes]:
        came = 0
        for piece in self._stream:
            came += len(piece)
            if came > MOST_BYTES:
                raise httpx2.ReadError(f"The response is longer than {MOST_BYTES} bytes.")
            yield piece

    def close(self) -> None:
        self._timer.cancel()
        self._stream.close()


class _Connection:
    """What one request was sent over."""

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []
        self._over = False

    def note(self, event: str, info: Mapping[str, Any]) -> None:
        """Notes sockets as they are opened, the encrypted one after the plain one."""
        opened = info.get("return_value")
        if opened is not None and event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._sockets.append(opened.get_extra_info("socket"))
            if self._over:
                self.cut()

    def cut(self) -> None:
        """Ends what another thread waits for."""
        self._over = True
        for one in reversed(self._sockets):
            # It may be closed by now; an encrypted one may be in the middle of a record.
            with suppress(OSError, ValueError):
                one.shutdown(socket.SHUT_RDWR)


def _proxy(address: str) -> str | None:
    """The proxy that the environment names for an address."""
    parts = urllib.parse.urlsplit(address)
    named = urllib.request.getproxies()
    if not parts.hostname or urllib.request.proxy_bypass(parts.hostname):
        return None
    return named.get(parts.scheme) or named.get("all")
