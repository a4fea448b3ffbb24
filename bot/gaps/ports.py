"""What finding gaps needs of a database; `bot.storage.gaps` implements it, tests may too."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.gaps.gap import Event, Gap, State
from bot.ledger.facts import Fact


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a gap, to be kept with it."""

    gap_id: str
    event: Event


class GapStore(Protocol):
    """Gaps as they were computed last, with their history."""

    def troubled(self, start: dt.datetime) -> Sequence[str]:
        """Conversations in which something failed since then, by id."""

    def told(self, conversation_id: str) -> Sequence[Fact]:
        """The facts of a conversation, in the order they happened."""

    def gaps(self) -> Sequence[Gap]:
        """All that have a question, and those in work, the costliest first."""

    def gap(self, gap_id: str) -> Gap | None:
        """One of them."""

    def events(self, gap_id: str) -> Sequence[Event]:
        """What happened to a gap, oldest first."""

    def keep(self, gaps: Sequence[Gap], changes: Sequence[Change]) -> None:
        """Replaces what was computed, and adds to the history. A state that a person set meanwhile is kept."""

    def change(self, gap_id: str, before: State, after: State, assignee: str, event: Event) -> bool:
        """What a person did; False where the gap is not in state `before` any more."""
