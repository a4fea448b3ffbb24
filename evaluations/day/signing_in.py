"""An agent's sign-in through the pages, with a one-time code by the clock of the day."""

import base64
import hmac
import re
import struct
from collections.abc import Callable

from evaluations.day.asking import Client

COOKIE = "tierzero"


class Browser(Client):
    """A signed-in agent's browser."""

    def __init__(self, base: str, email: str, password: str, now: Callable[[], float]) -> None:
        """`now` gives Unix time in seconds, as an authenticator app has it."""
        super().__init__(base)
        self.email = email
        self._password = password
        self._now = now
        self._secret = ""

    @property
    def token(self) -> str:
        """What stands in the cookie."""
        return self.http.cookies.get(COOKIE) or ""

    def sign_in(self) -> None:
        """Password and code; the first time, the code is set up. Raises `ValueError` where it does not work."""
        self.http.cookies.clear()
        page = self._post("/desk/sign-in", email=self.email, password=self._password)
        if "second-step" in page:
            self._post("/desk/second-step", csrf=_field(page, "csrf"), code=self._code())
        else:
            self._secret = _one(r'<code class="secret">([A-Z2-7]+)</code>', page)
            sealed = _field(page, "sealed")
            self._post("/desk/set-up", csrf=_field(page, "csrf"), sealed=sealed, code=self._code())
        home = self.ask("GET", "/desk/tickets", follow_redirects=True)
        self.http.headers["x-csrf-token"] = _field(home.text, "csrf")

    def _code(self) -> str:
        """As an authenticator app computes it (RFC 6238), with none of the service's code."""
        mac = hmac.digest(base64.b32decode(self._secret), struct.pack(">Q", int(self._now()) // 30), "sha1")
        place = mac[-1] & 15
        return f"{(struct.unpack('>I', mac[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"

    def _post(self, path: str, **fields: str) -> str:
        answer = self.ask("POST", path, data=fields, follow_redirects=True)
        if answer.status_code != 200:
            raise ValueError(f"{path} gave {answer.status_code}: {answer.text[:500]}")
        return answer.text


def _field(page: str, name: str) -> str:
    return _one(rf'name="{name}" value="([^"]*)"', page)


def _one(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    if found is None:
        raise ValueError(f"a page has no {pattern}: {page[:500]}")
    return found.group(1)
