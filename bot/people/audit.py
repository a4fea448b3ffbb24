"""What staff did, as entries chained by hash: one changed or taken out breaks the chain at its place."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

#: What stands before the first entry.
GENESIS: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be recorded; it becomes an entry in the transaction that does what it says."""

    at: dt.datetime
    who: str
    """`account:ID`, `key:ID` or `command` for somebody at the machine itself."""
    what: str
    """Such as `account.role_changed`."""
    subject: str
    """What it was done to, such as `account:ID` or `ticket:TZ-4F7K-9Q2M`."""
    detail: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """More of it; never a secret, never what a customer wrote."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded note."""

    number: int
    """1 is the first; without gaps."""
    note: Note
    previous: str
    """Hash of the entry before it."""
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the log is whole."""

    entries: int
    head: str
    """Hash of the last entry. Kept elsewhere, it also shows whether entries were cut off at the end."""
    broken_at: int | None
    """Number of the first entry that does not follow from the one before it."""
    reason: str


def chained(note: Note, number: int, previous: str) -> Entry:
    """The entry that follows on `previous`."""
    return Entry(number, note, previous, _hash(note, number, previous))


def verify(entries: Iterable[Entry], head: str = "") -> Verdict:
    """Walks the whole chain; `head` is a hash that was noted down before and must be in it."""
    previous, number, seen = GENESIS, 0, not head
    for entry in entries:
        number += 1
        if entry.number != number:
            return Verdict(number - 1, previous, number, f"Entry {number} is missing.")
        if entry.previous != previous or entry.hash != _hash(entry.note, number, previous):
            return Verdict(number - 1, previous, number, f"Entry {number} was changed after it was written.")
        previous = entry.hash
        seen = seen or previous == head
    if not seen:
        return Verdict(number, previous, number + 1, "The noted hash is not in the log: its end was cut off.")
    return Verdict(number, previous, None, "")


def _hash(note: Note, number: int, previous: str) -> str:
    content = [
        number,
        note.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        note.who,
        note.what,
        note.subject,
        sorted(note.detail.items()),
        previous,
    ]
    # One way to write it: no spaces, keys in order, nothing but ASCII.
    return hashlib.sha256(json.dumps(content, separators=(",", ":"), ensure_ascii=True).encode()).hexdigest()
