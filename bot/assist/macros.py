"""Text blocks for agents: the files that ship and the team's own, filled for one ticket, changed by who may."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from bot.desk.macros import Macro, check, filled, shipped
from bot.desk.ticket import Ticket
from bot.errors import BadRequest, Conflict, NotFound
from bot.people.accounts import Principal
from bot.people.audit import Note


class MacroStore(Protocol):
    """Where a team's own blocks are kept; a change and its note are one transaction."""

    def all(self) -> Sequence[Macro]:
        """All of them."""

    def keep(self, macro: Macro, note: Note) -> bool:
        """Stores a block; False where another version than the one before is there."""


class Macros:
    """Text blocks."""

    def __init__(
        self,
        store: MacroStore,
        ticket: Callable[[str], Ticket | None],
        *,
        locales: Sequence[str],
        site_name: str,
        now: Callable[[], dt.datetime],
    ) -> None:
        """`ticket` gives a ticket by its reference."""
        self._store = store
        self._ticket = ticket
        self.locales = tuple(locales)
        self._site_name = site_name
        self._now = now

    def all(self, *, inactive: bool = False) -> tuple[Macro, ...]:
        """All blocks by title; the team's own stand in the place of those that ship."""
        found = {(one.name, one.language): one for one in (*shipped(), *self._store.all())}
        wanted = (one for one in found.values() if one.active or inactive)
        return tuple(sorted(wanted, key=lambda one: (one.title.casefold(), one.name, one.language)))

    def get(self, name: str, language: str) -> Macro:
        """One block, also one that is off. Raises `NotFound`."""
        found = next(
            (one for one in self.all(inactive=True) if (one.name, one.language) == (name, language)), None
        )
        if found is None:
            raise NotFound("There is no such text block.")
        return found

    def of_ticket(self, reference: str) -> tuple[Macro, ...]:
        """Those in the language of a ticket, or in the first one where there are none."""
        ticket = self._ticket(reference)
        if ticket is None:
            raise NotFound("There is no such ticket.")
        found = self.all()
        fitting = tuple(one for one in found if one.language == ticket.language)
        return fitting or tuple(one for one in found if one.language == self.locales[0])

    def filled(self, who: Principal, reference: str, name: str, language: str) -> str:
        """The words of a block for a ticket, as plain text. Raises `NotFound`."""
        ticket, macro = self._ticket(reference), self.get(name, language)
        if ticket is None or not macro.active:
            raise NotFound("There is no such ticket or text block.")
        values = {
            "reference": ticket.reference,
            "subject": ticket.subject,
            "agent": who.shown,
            "site_name": self._site_name,
            "date": f"{self._now():%Y-%m-%d}",
        }
        return filled(macro, values)

    def save(self, who: Principal, macro: Macro) -> Macro:
        """Keeps a block that was read at `macro.version`. Raises `BadRequest`, and `Conflict`."""
        check(macro)
        if macro.language not in self.locales:
            raise BadRequest(f"Choose one of the languages {', '.join(self.locales)}.")
        now = self._now()
        after = replace(macro, version=macro.version + 1, changed_by=who.name, changed_at=now)
        what = "macro.changed" if macro.active else "macro.off"
        subject = f"macro:{macro.name}.{macro.language}"
        if not self._store.keep(after, Note(now, who.name, what, subject)):
            raise Conflict("Somebody else changed this text block meanwhile. Look at it, then save again.")
        return after
