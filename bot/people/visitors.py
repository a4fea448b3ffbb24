"""Sessions of customers: a renewal or an identity in, a short-lived signed token out that says whose they are."""

import datetime as dt
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from bot.errors import SessionOver

SESSION: Final = "visitor-session"
RENEWAL: Final = "visitor-renewal"
IDENTITY: Final = "visitor-identity"

#: A copied session is of use for no longer than this; the page gets the next one unasked.
SESSION_LASTS: Final = dt.timedelta(minutes=15)
#: A renewal only begins the next session. As long as the widget keeps a conversation in the browser.
RENEWAL_LASTS: Final = dt.timedelta(hours=24)
#: Clocks of the customer's server and ours may differ by this much.
LEEWAY: Final = dt.timedelta(seconds=60)


class Keys(Protocol):
    """The service's own keys."""

    def sign(self, purpose: str, subject: str, until: dt.datetime) -> str:
        """A token."""

    def signed(self, purpose: str, token: str) -> tuple[str, dt.datetime] | None:
        """What a token was signed for, and until when; None where it was not signed here for this purpose."""

    def lasting(self, purpose: str) -> bytes:
        """A key that stays the same when a newer one is put into the file."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A session that has just begun or goes on."""

    session: str
    renewal: str
    """Begins the next session of the same customer; empty for one who is identified, since only the site's server
    says that they still are."""
    lasts: dt.timedelta
    owner: str
    """Whose conversations these are; tells nothing about the customer."""
    is_identified: bool


class Visitors:
    """Who talks to the chat, as far as conversations must be kept apart. Nothing of it is stored."""

    def __init__(
        self,
        keys: Callable[[], Keys],
        identified: Callable[[str], str],
        *,
        now: Callable[[], dt.datetime],
        new_id: Callable[[], str],
    ) -> None:
        """`identified` reads who a token of the site's server names, and raises `SessionOver`."""
        self._keys = keys
        self._identified = identified
        self._now = now
        self._new_id = new_id

    def begin(self, renewal: str = "", identity: str = "") -> Visit:
        """A session. What cannot be renewed begins anew, which loses no more than what it could not prove.

        Raises `SessionOver` where an identity is claimed and not proven.
        """
        if identity:
            return self._visit(self._pseudonym(self._identified(identity)), is_identified=True)
        return self._visit(self._read(RENEWAL, renewal) or f"v_{self._new_id()}", is_identified=False)

    def owner(self, session: str) -> str:
        """Whose session it is. Raises `SessionOver` for one that has ended or that was not signed here."""
        owner = self._read(SESSION, session)
        if not owner:
            raise SessionOver(
                "This session has ended or was not issued here. Get another: POST /chat/session."
            )
        return owner

    def _visit(self, owner: str, *, is_identified: bool) -> Visit:
        now, keys = self._now(), self._keys()
        renewal = "" if is_identified else keys.sign(RENEWAL, owner, now + RENEWAL_LASTS)
        return Visit(
            keys.sign(SESSION, owner, now + SESSION_LASTS), renewal, SESSION_LASTS, owner, is_identified
        )

    def _read(self, purpose: str, token: str) -> str:
        read = self._keys().signed(purpose, token) if token else None
        return read[0] if read is not None and self._now() < read[1] else ""

    def _pseudonym(self, subject: str) -> str:
        """The same for one customer on every device, and no way back to who they are without the key."""
        return f"u_{hmac.digest(self._keys().lasting(IDENTITY), subject.encode(), 'sha256').hex()[:40]}"
