"""A customer in, all that tells of them out of database and disk; what happened stays counted, without their words.

Conversations and tickets stay as empty rows, since other rows, reviews and figures point at them.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from bot.dialogue.conversation import conversation_mark
from bot.errors import Conflict, NotFound
from bot.people.audit import Note

#: Why files are not there any more.
ERASED: Final = "erased on the customer's request"


@dataclass(frozen=True, slots=True)
class Traces:
    """What is known of a customer."""

    address: str
    """In lower case; empty for one who left none."""
    conversations: tuple[str, ...]
    tickets: tuple[str, ...]
    """References, also of tickets that were merged into others."""
    unfinished: tuple[str, ...]
    """Those of them on which somebody still works."""
    messages: int
    files: int
    drafts: tuple[str, ...]
    """Titles of articles made from their tickets, in which personal data is masked: for a person to look at."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done."""

    traces: Traces
    learned: int
    """Questions that only this customer had taught the search."""
    files_gone: int
    """Contents that went from the disk; what somebody else sent too stays theirs."""
    compacted: bool
    """Whether the database gave up the room of what was erased, which may still have held it."""
    left: Mapping[str, int]
    """Places that still have the address, such as another customer's message, with the number of rows."""


class ErasureStore(Protocol):
    """Where customers are found, and erased in one transaction."""

    def traces(self, who: str) -> Traces:
        """By an address in lower case, or the reference of a ticket."""

    def erase(self, traces: Traces, note: Note, at: dt.datetime) -> frozenset[str]:
        """Empties what tells of them; gives digests of contents that may go."""

    def places(self, address: str) -> Mapping[str, int]:
        """Columns of any table that hold an address, with the number of rows."""

    def compact(self) -> bool:
        """Has the database give up the room of what is gone; says whether it did."""


class Erasure:
    """Finds what is known of a customer, and takes it away."""

    def __init__(
        self,
        store: ErasureStore,
        unlearn: Callable[[str], int],
        unwanted: Callable[[Iterable[str]], int],
        now: Callable[[], dt.datetime],
    ) -> None:
        """`unlearn` takes out what a conversation taught; `unwanted` removes contents that nothing names."""
        self._store = store
        self._unlearn = unlearn
        self._unwanted = unwanted
        self._now = now

    def found(self, who: str) -> Traces:
        """What is known of an address or of a ticket's customer. Raises `NotFound` where that is nothing."""
        traces = self._store.traces(who.strip())
        if not traces.conversations:
            raise NotFound(f"Nothing is known of {who.strip()!r}: no conversation, no ticket, no file.")
        return traces

    def erase(self, who: str, by: str) -> Erased:
        """Takes it away for good. Raises `NotFound`, and `Conflict` while somebody works at a ticket of theirs.

        Begun and killed half way, it is run again: what is left is found again, and contents of files that nothing
        names any more go with the hourly job of the worker in any case.
        """
        traces = self.found(who)
        if traces.unfinished:
            raise Conflict(
                f"Still open: {', '.join(traces.unfinished)}. Solve or close them first: "
                "nobody must wait for an answer that cannot come any more."
            )
        learned = sum(map(self._unlearn, traces.conversations))
        marks = " ".join(conversation_mark(one) for one in traces.conversations)
        counts = {"conversations": marks, "tickets": " ".join(traces.tickets), "files": str(traces.files)}
        note = Note(self._now(), by, "customer.erased", "customer", counts)
        gone = self._unwanted(self._store.erase(traces, note, note.at))
        compacted = self._store.compact()
        left = self._store.places(traces.address) if traces.address else {}
        return Erased(traces, learned, gone, compacted, left)
