"""Views of the queue: filters under a name, as they stand in its address; pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from bot.errors import BadRequest

#: Longest name of a view, in characters; and how many one person may keep.
NAME_CHARS: Final = 60
MOST_VIEWS: Final = 30
#: Longest filters, as they stand in an address.
_QUERY_CHARS: Final = 1_000


@dataclass(frozen=True, slots=True)
class View:
    """Filters of the queue under a name."""

    id: str
    """Empty for one that is there for everybody."""
    name: str
    query: str
    """As it stands in the address, such as `assignee=me&status=open`."""
    account_id: str = ""
    """Whose it is."""
    shared: bool = False
    """Whether everybody of the team sees it."""
    created_at: dt.datetime | None = None

    @property
    def fields(self) -> dict[str, str]:
        """The filters by their names."""
        return dict(parse_qsl(self.query))


#: What everybody has; what is due soon is what may still be saved.
DEFAULTS: Final = (
    View("", "Mine", "assignee=me"),
    View("", "Unassigned", "assignee=nobody"),
    View("", "Breaching soon", "due=4h"),
    View("", "Waiting for customer", "status=waiting_for_customer"),
)


def checked_name(name: str) -> str:
    """A name that can be shown; raises `BadRequest`."""
    clean = " ".join(name.split())
    if not any(map(str.isalnum, clean)) or len(clean) > NAME_CHARS or not clean.isprintable():
        raise BadRequest(f"A view's name has a letter at least, and at most {NAME_CHARS} characters.")
    if clean.casefold() in {one.name.casefold() for one in DEFAULTS}:
        raise BadRequest(f"There is a view “{clean}” for everybody already; choose another name.")
    return clean


def checked_query(query: str, known: Iterable[str]) -> str:
    """Filters in one order, without what is empty or not known; raises `BadRequest` where none is left."""
    names = tuple(known)
    try:
        given = dict(parse_qsl(query[:_QUERY_CHARS], max_num_fields=50))
    except ValueError as exc:
        raise BadRequest("These filters cannot be read.") from exc
    kept = {name: given[name] for name in names if given.get(name)}
    if not kept:
        raise BadRequest("Choose a filter first: a view without one is the whole queue.")
    return urlencode(kept)
