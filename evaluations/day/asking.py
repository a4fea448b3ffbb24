"""One client of the service: it asks again, with the same ids, while the server is away, as the widget does."""

import time
from typing import Any, Final

import httpx

#: Seconds that a client goes on asking; a server comes back far sooner.
PATIENCE: Final = 120.0
_PAUSE: Final = 0.15
_AGAIN: Final = frozenset({429, 500, 502, 503, 504})


class GaveUp(Exception):
    """The service did not answer for a long time."""


class Client:
    """Speaks HTTP to the service from an address of its own."""

    def __init__(self, base: str, address: str = "", headers: dict[str, str] | None = None) -> None:
        """`address` is what the proxy in front says it comes from."""
        more = {"x-forwarded-for": address} if address else {}
        self.http = httpx.Client(base_url=base, headers={**more, **(headers or {})}, timeout=30.0)
        self.asked_again = 0

    def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        """The first answer that is not the server's own trouble. Raises `GaveUp`."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self.http.request(method, path, **how)
                if answer.status_code not in _AGAIN:
                    return answer
                problem = f"{answer.status_code} {answer.text[:200]}"
            except httpx.TransportError as error:
                problem = repr(error)
            if time.monotonic() > end:
                raise GaveUp(f"{method} {path}: {problem}")
            self.asked_again += 1
            time.sleep(_PAUSE)

    def close(self) -> None:
        """Lets go of the connection."""
        self.http.close()
