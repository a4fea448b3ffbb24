"""A ticket's status and what is done to it in, its next status out: every status and step in one table."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.desk.ticket import Status
from bot.errors import Conflict


class Action(StrEnum):
    """What is done to a ticket, or happens to it."""

    TAKE = "take"
    """Somebody of the team has it from now on, and works at it."""
    ASSIGN = "assign"
    """It is given to somebody, who has not looked at it yet."""
    RELEASE = "release"
    """Nobody has it any more; it goes back to its queue."""
    REPLY = "reply"
    """A person writes to the customer."""
    NOTE = "note"
    """A person writes what only the team reads."""
    EDIT = "edit"
    """Priority, category, service, queue, level or tags change, or links."""
    RESUME = "resume"
    """It is the team's turn."""
    WAIT = "wait"
    """It is the customer's turn."""
    HOLD = "hold"
    """It is somebody else's turn, such as another unit or a supplier."""
    ESCALATE = "escalate"
    SOLVE = "solve"
    CLOSE = "close"
    """Nothing is to be done any more, solved or not."""
    REOPEN = "reopen"
    MERGE = "merge"
    """Another ticket goes on for it."""
    CUSTOMER_WROTE = "customer_wrote"


class ImpossibleStep(Conflict):
    """What was asked for cannot be done to a ticket of this status."""

    title = "This cannot be done now"


_S, _A = Status, Action

#: What leaves an unfinished ticket where it stands.
_STAYS: Final = (_A.ASSIGN, _A.RELEASE, _A.NOTE, _A.EDIT)
#: What may be done to every unfinished ticket, and the status it leads to.
_UNFINISHED: Final = MappingProxyType(
    {
        _A.TAKE: _S.OPEN,
        _A.REPLY: _S.OPEN,
        _A.RESUME: _S.OPEN,
        _A.WAIT: _S.WAITING,
        _A.HOLD: _S.ON_HOLD,
        _A.ESCALATE: _S.OPEN,
        _A.SOLVE: _S.SOLVED,
        _A.CLOSE: _S.CLOSED,
        _A.MERGE: _S.CLOSED,
        _A.CUSTOMER_WROTE: _S.OPEN,
    }
)


def _unfinished(status: Status, **other: Status) -> Mapping[Action, Status]:
    changed = {Action(name): leads for name, leads in other.items()}
    return {**_UNFINISHED, **dict.fromkeys(_STAYS, status), **changed}


#: What can be done to a ticket of each status, and where it leads. What is not here cannot be done.
TRANSITIONS: Final[Mapping[Status, Mapping[Action, Status]]] = MappingProxyType(
    {
        # Nobody has looked at it yet: what the customer adds, and a higher level, change nothing of that.
        _S.NEW: _unfinished(_S.NEW, customer_wrote=_S.NEW, escalate=_S.NEW),
        _S.OPEN: _unfinished(_S.OPEN),
        # Who takes over or adds a word while it is the customer's turn leaves it their turn.
        _S.WAITING: _unfinished(_S.WAITING, take=_S.WAITING, reply=_S.WAITING),
        _S.ON_HOLD: _unfinished(_S.ON_HOLD, take=_S.ON_HOLD, reply=_S.ON_HOLD),
        # A further word after the solution, such as a link that was forgotten, does not undo it.
        _S.SOLVED: {
            **dict.fromkeys((_A.NOTE, _A.EDIT, _A.REPLY), _S.SOLVED),
            _A.CLOSE: _S.CLOSED,
            _A.MERGE: _S.CLOSED,
            **dict.fromkeys((_A.REOPEN, _A.ESCALATE, _A.CUSTOMER_WROTE), _S.OPEN),
        },
        _S.CLOSED: {
            **dict.fromkeys((_A.NOTE, _A.EDIT), _S.CLOSED),
            **dict.fromkeys((_A.REOPEN, _A.ESCALATE, _A.CUSTOMER_WROTE), _S.OPEN),
        },
    }
)


def after(status: Status, action: Action) -> Status:
    """The status after a step. Raises `ImpossibleStep` for one that is not in the table."""
    try:
        return TRANSITIONS[status][action]
    except KeyError:
        shown = status.value.replace("_", " ")
        hint = "; reopen it first" if Action.REOPEN in TRANSITIONS[status] else ""
        raise ImpossibleStep(f"“{action}” cannot be done to a ticket that is {shown}{hint}.") from None


def possible(status: Status) -> frozenset[Action]:
    """What can be done to a ticket of this status."""
    return frozenset(TRANSITIONS[status])
