"""Who takes tickets now, and which: each says for themselves, a senior also for others."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from bot.desk.policy import Policy
from bot.desk.routing import Agent
from bot.errors import BadRequest, NotAllowed, NotFound
from bot.people.accounts import Principal
from bot.people.audit import Note
from bot.people.roles import Permission

_ACCOUNT: Final = "account:"


class Staff(Protocol):
    """The team as routing sees it; a change and its note are one transaction."""

    def team(self, now: dt.datetime) -> Sequence[Agent]:
        """Everybody who may be given tickets, by name."""

    def set_away(self, account_id: str, away: bool, note: Note | None = None) -> None:
        """Keeps whether somebody takes tickets now."""

    def set_able(
        self, account_id: str, skills: Sequence[str], languages: Sequence[str], note: Note | None = None
    ) -> None:
        """Keeps what somebody takes; empty for everything."""


class Staffing:
    """Away and back, skills and languages."""

    def __init__(
        self, staff: Staff, policy: Policy, locales: Sequence[str], now: Callable[[], dt.datetime]
    ) -> None:
        self._staff = staff
        self._now = now
        self.locales = tuple(locales)
        self.skills = tuple(dict.fromkeys((*policy.categories, *policy.queues)))
        """What there is to be good at: categories and queues of the policy."""

    def team(self) -> Sequence[Agent]:
        """Everybody who may be given tickets, by name."""
        return self._staff.team(self._now())

    def set_away(self, who: Principal, name: str, away: bool) -> None:
        """Keeps whether somebody takes tickets now. Raises `NotFound` and `NotAllowed`."""
        account_id = self._of(who, name)
        what = "team.away" if away else "team.back"
        self._staff.set_away(account_id, away, Note(self._now(), who.name, what, f"{_ACCOUNT}{account_id}"))

    def set_able(self, who: Principal, name: str, skills: Sequence[str], languages: Sequence[str]) -> None:
        """Keeps what somebody takes; empty for everything. Raises `BadRequest`, `NotFound` and `NotAllowed`."""
        account_id = self._of(who, name)
        for given, known, kind in ((skills, self.skills, "skill"), (languages, self.locales, "language")):
            if unknown := [one for one in given if one not in known]:
                raise BadRequest(f"There is no {kind} {unknown[0]!r}; choose among {', '.join(known)}.")
        detail = {"skills": ", ".join(skills), "languages": ", ".join(languages)}
        note = Note(self._now(), who.name, "team.able", f"{_ACCOUNT}{account_id}", detail)
        self._staff.set_able(account_id, tuple(skills), tuple(languages), note)

    def _of(self, who: Principal, name: str) -> str:
        if name != who.name and not who.may(Permission.TICKETS_ASSIGN):
            raise NotAllowed("Others set this for themselves, or a senior does.")
        if name not in {one.name for one in self.team()}:
            raise NotFound("Nobody of that name can be given tickets.")
        return name.removeprefix(_ACCOUNT)
