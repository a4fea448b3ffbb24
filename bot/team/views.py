"""Views of the queue: what somebody sees, keeps and shares."""

from collections.abc import Sequence
from typing import Protocol

from bot.desk.views import DEFAULTS, View, checked_name, checked_query
from bot.errors import BadRequest, NotAllowed, NotFound
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.randomness import Chance


class ViewStore(Protocol):
    """Where views are kept."""

    def of(self, account_id: str) -> Sequence[View]:
        """Somebody's own and those that are shared, by name."""

    def keep(self, view: View) -> None:
        """Keeps a view; raises `BadRequest` where its owner has one of that name, or too many."""

    def remove(self, view_id: str) -> None:
        """Removes a view."""


class Views:
    """Views of the queue."""

    def __init__(self, store: ViewStore, chance: Chance) -> None:
        self._store = store
        self._chance = chance

    def of(self, who: Principal) -> tuple[View, ...]:
        """What everybody has, then one's own and what is shared. A program has the first alone."""
        return (*DEFAULTS, *(self._store.of(who.account.id) if who.account else ()))

    def save(self, who: Principal, name: str, query: str, known: Sequence[str], *, shared: bool) -> View:
        """Keeps filters under a name; `known` are the names of filters. Raises `BadRequest` and `NotAllowed`."""
        if who.account is None:
            raise BadRequest("Views are for people, not for programs.")
        if shared and not who.may(Permission.TICKETS_ASSIGN):
            raise NotAllowed("Views for the whole team: this needs tickets:assign.")
        view = View(
            self._chance.new_id(),
            checked_name(name),
            checked_query(query, known),
            who.account.id,
            shared,
            self._chance.now(),
        )
        self._store.keep(view)
        return view

    def remove(self, who: Principal, view_id: str) -> None:
        """Removes one's own view; one that is shared also who may share."""
        found = next((one for one in self.of(who) if one.id and one.id == view_id), None)
        if found is None:
            raise NotFound("There is no such view.")
        if not self.may_remove(who, found):
            raise NotAllowed("This view is a colleague's.")
        self._store.remove(view_id)

    def may_remove(self, who: Principal, view: View) -> bool:
        """Whether somebody may remove a view."""
        own = who.account is not None and view.account_id == who.account.id
        return bool(view.id) and (own or who.may(Permission.TICKETS_ASSIGN))
