"""The contact form: what somebody writes in, fitting articles while they write; what they send in, a ticket out.

Whether the articles helped is told honestly: that somebody closed the page says nothing.
"""

import base64
import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from bot.errors import BotError, NotFound
from bot.help_centre.search import HelpSearch, Searched
from bot.help_centre.writing_in import WritingIn, Written
from bot.ledger.facts import Fact, FactKind
from index.errors import SearchError

PURPOSE: Final = "contact-form"
CHANNEL: Final = "form"
#: A page with the form may lie open for this long.
FORM_HOLDS: Final = dt.timedelta(days=1)
#: Articles shown to who writes.
MOST: Final = 3
#: Characters that somebody must have written before articles are looked for: less says nothing of the matter.
FEWEST_CHARS: Final = 12
#: Likeness (cosine) from which an article may be offered to somebody who wants to write: with less it is in their way.
FITS: Final = 0.3
_NOTHING: Final = Searched((), None, "")


class FormStore(Protocol):
    """Where facts of forms are kept."""

    def tell(self, fact: Fact) -> bool:
        """Stores what happened to a form, once; False where it was told before."""

    def was_told(self, form_id: str, kind: FactKind) -> bool:
        """Whether it happened to a form."""

    def facts(self, start: dt.datetime, end: dt.datetime) -> Sequence[Fact]:
        """What happened to forms from `start` up to and without `end`."""


class Signing(Protocol):
    """Signs what a page carries."""

    def sign(self, purpose: str, subject: str, until: dt.datetime) -> str:
        """A token."""

    def signed(self, purpose: str, token: str) -> tuple[str, dt.datetime] | None:
        """What a token was signed for, and until when."""


class ContactForm:
    """Takes what customers write on the page `/help/contact`."""

    def __init__(
        self,
        store: FormStore,
        keyring: Callable[[], Signing],
        search: HelpSearch,
        writing_in: WritingIn,
        *,
        now: Callable[[], dt.datetime],
        new_id: Callable[[], str],
    ) -> None:
        """`keyring` is asked for when it is needed first."""
        self._store = store
        self._keyring = keyring
        self._search = search
        self._writing_in = writing_in
        self._now = now
        self._new_id = new_id

    def token(self) -> str:
        """What one page with the form carries; whatever is sent with it is one form, however often it is sent."""
        return self._keyring().sign(PURPOSE, self._new_id(), self._now() + FORM_HOLDS)

    def fitting(self, token: str, text: str, locale: str) -> Searched:
        """Articles that fit what somebody has written so far; that they were shown is told once.

        Raises `NotFound` for a form that is not ours or too old.
        """
        form_id = self._form(token)
        if len(text.strip()) < FEWEST_CHARS:
            return _NOTHING
        try:
            found = self._search.search(text, locale)
        except (BotError, SearchError):
            # Who wants to write must be able to, whatever is the matter with the search.
            return _NOTHING
        likely = tuple(one for one in found.articles if one.likeness >= FITS)
        found = Searched(likely[:MOST], found.answer if likely else None, found.read)
        if found.articles:
            shown = tuple(one.key.id for one in found.articles)
            self._tell(form_id, FactKind.FORM_SHOWN, locale, shown)
        return found

    def was_shown(self, token: str) -> bool:
        """Whether this form has shown articles already."""
        return self._store.was_told(self._form(token), FactKind.FORM_SHOWN)

    def helped(self, token: str, locale: str) -> None:
        """The customer said that the articles answered it. Raises `NotFound` where none were shown."""
        form_id = self._form(token)
        if not self._store.was_told(form_id, FactKind.FORM_SHOWN):
            raise NotFound("No articles were shown on this form.")
        self._tell(form_id, FactKind.FORM_HELPED, locale)

    def send(self, token: str, text: str, *, locale: str, contact: str) -> Written:
        """Makes a ticket of it, once. Raises `NotFound` for a form that is not ours or too old."""
        form_id = self._form(token)
        shown = self._store.was_told(form_id, FactKind.FORM_SHOWN)
        sent = self._fact(form_id, FactKind.FORM_SENT, locale, reason="after" if shown else "")
        return self._writing_in.begin(
            form_id, text, locale=locale, contact=contact, channel=CHANNEL, facts=(sent,)
        )

    def _tell(self, form_id: str, kind: FactKind, locale: str, articles: tuple[str, ...] = ()) -> None:
        self._store.tell(self._fact(form_id, kind, locale, articles))

    def _fact(
        self, form_id: str, kind: FactKind, locale: str, articles: tuple[str, ...] = (), reason: str = ""
    ) -> Fact:
        at = self._now().astimezone(dt.UTC)
        return Fact(form_id, at, kind, reason=reason, articles=articles, channel=CHANNEL, language=locale)

    def _form(self, token: str) -> str:
        """The id of the form, which its conversation has too; a digest, so that nobody can name another one."""
        read = self._keyring().signed(PURPOSE, token)
        if read is None or self._now() >= read[1]:
            raise NotFound("This form is out of date. Open it again.")
        digest = hashlib.sha256(f"form:{read[0]}".encode()).digest()
        return base64.urlsafe_b64encode(digest[:18]).decode("ascii")
