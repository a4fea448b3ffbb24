"""A conversation and who looks at it in, what they may see of it out; that they saw it unmasked is noted."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from bot.dialogue.conversation import Conversation, Message
from bot.people.accounts import Principal
from bot.people.audit import Note
from bot.people.roles import Permission

#: What stands for an address where it may not be seen.
HIDDEN: Final = "known, not shown to your role"


class Openings(Protocol):
    """Who looked at what."""

    def note_once(self, note: Note, since: dt.datetime) -> None:
        """Records a note, unless the same person did the same to the same thing since then."""


class Seeing:
    """The one place where what customers wrote is masked for those who may not read personal data."""

    def __init__(
        self, openings: Openings, *, mask: Callable[[str, str], str], now: Callable[[], dt.datetime]
    ) -> None:
        """`mask` takes a text and its language."""
        self._openings = openings
        self._mask = mask
        self._now = now

    @staticmethod
    def masked(who: Principal) -> bool:
        """Whether personal data is taken out for somebody."""
        return not who.may(Permission.PERSONAL_READ)

    def text(self, text: str, language: str) -> str:
        """A text without personal data."""
        return self._mask(text, language)

    def message(self, message: Message, contact: str, language: str) -> Message:
        """A message without personal data, and without the customer's address in whatever shape they gave it."""
        text = self._mask(message.text, language)
        return replace(message, text=text.replace(contact, f"[{HIDDEN}]") if contact else text)

    def conversation(self, found: Conversation) -> Conversation:
        """A conversation likewise."""
        messages = tuple(self.message(one, found.contact, found.language) for one in found.messages)
        return replace(found, contact=HIDDEN if found.contact else "", messages=messages)

    def note(self, who: Principal, what: str, subject: str) -> None:
        """That somebody saw personal data: once a sign-in; of a program, once a day."""
        now = self._now()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        since = who.session.opened_at if who.session else midnight
        self._openings.note_once(Note(now, who.name, what, subject, {"shown": "personal data"}), since)
