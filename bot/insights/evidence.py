"""A line of a page in, the conversations behind it out, and each of them as far as somebody may see it."""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from bot.dialogue.conversation import Conversation, Role, conversation_mark
from bot.errors import NotFound
from bot.ledger.evidence import Line
from bot.ledger.filters import Filter
from bot.ledger.periods import Period
from bot.ledger.tally import DAY
from bot.people.accounts import Principal
from bot.people.seeing import Openings, Seeing

PER_PAGE: Final = 50
#: Rows of an exported file; beyond it spreadsheets do not help any more.
MOST_EXPORTED: Final = 100_000


@dataclass(frozen=True, slots=True)
class Cut:
    """A line, and which part of it."""

    line: Line
    reason: str = ""
    article: str = ""
    agent: str = ""
    day: dt.date | None = None
    hour: int | None = None

    @property
    def article_as_stored(self) -> str:
        """Its id as it stands in a list of ids."""
        return json.dumps(self.article, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Behind:
    """A conversation behind a line, without a word of it."""

    conversation_id: str
    opened_at: dt.datetime
    channel: str
    language: str
    product: str
    flags: int
    hand_off: str
    first_response: float | None
    resolution: float | None
    handled: float | None
    rated: int | None
    recommends: int | None
    solved_by: str

    @property
    def mark(self) -> str:
        """Stands for the conversation wherever somebody reads of it."""
        return conversation_mark(self.conversation_id)


@dataclass(frozen=True, slots=True)
class Shown:
    """Such a conversation with its first question."""

    behind: Behind
    question: str
    """Empty where its words are gone."""


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """One page of the conversations behind a line."""

    rows: tuple[Shown, ...]
    total: int
    page: int
    """From 1."""
    pages: int
    masked: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation as somebody may see it."""

    conversation: Conversation
    mark: str
    masked: bool


class EvidenceStore(Protocol):
    """What was counted of each conversation, one by one."""

    def behind(
        self, first: dt.date, last: dt.date, wanted: Filter, cut: Cut, most: int, skipped: int
    ) -> tuple[Sequence[Behind], int]:
        """Conversations behind a line, and how many there are."""

    def named(self, ids: Sequence[str]) -> Sequence[Behind]:
        """Some conversations, the newest first."""

    def opened_on(self, day: dt.date) -> Sequence[str]:
        """Ids of the conversations of a counted day (UTC)."""


class Told(Protocol):
    """Conversations as they were."""

    def get(self, conversation_id: str) -> Conversation | None:
        """None for an id that is not known."""


class Evidence:
    """What stands behind the figures."""

    def __init__(
        self,
        records: EvidenceStore,
        told: Told,
        openings: Openings,
        *,
        mask: Callable[[str, str], str],
        now: Callable[[], dt.datetime],
    ) -> None:
        """`mask` takes a text and its language."""
        self._records = records
        self._told = told
        self._seeing = Seeing(openings, mask=mask, now=now)

    def page(self, who: Principal, period: Period, wanted: Filter, cut: Cut, page: int = 1) -> EvidencePage:
        """A page of the conversations behind a line; the last one where there are fewer."""
        last = period.until - DAY
        shown_page = page
        rows, total = self._records.behind(period.first, last, wanted, cut, PER_PAGE, (page - 1) * PER_PAGE)
        pages = max(1, -(-total // PER_PAGE))
        if page > pages:
            shown_page = pages
            rows, _ = self._records.behind(period.first, last, wanted, cut, PER_PAGE, (pages - 1) * PER_PAGE)
        return self._shown(who, rows, total, shown_page, pages)

    def some(self, who: Principal, ids: Sequence[str], page: int = 1) -> EvidencePage:
        """A page of given conversations, in their order; the last one where there are fewer."""
        pages = max(1, -(-len(ids) // PER_PAGE))
        page = min(page, pages)
        rows = self._records.named(ids[(page - 1) * PER_PAGE : page * PER_PAGE])
        return self._shown(who, rows, len(ids), page, pages)

    def _shown(
        self, who: Principal, rows: Sequence[Behind], total: int, page: int, pages: int
    ) -> EvidencePage:
        masked = self._seeing.masked(who)
        shown = tuple(Shown(row, self._question(row.conversation_id, masked)) for row in rows)
        return EvidencePage(shown, total, page, pages, masked)

    def all(self, period: Period, wanted: Filter, cut: Cut) -> Sequence[Behind]:
        """All conversations behind a line, at most `MOST_EXPORTED`."""
        return self._records.behind(period.first, period.until - DAY, wanted, cut, MOST_EXPORTED, 0)[0]

    def conversation(self, who: Principal, day: dt.date, mark: str) -> Opened:
        """One of a day with all that was said. Raises `NotFound` also where its words were erased."""
        of_day = (one for one in self._records.opened_on(day) if conversation_mark(one) == mark)
        conversation_id = next(of_day, None)
        found = self._told.get(conversation_id) if conversation_id is not None else None
        if found is None:
            raise NotFound("There is no such conversation, or its words were erased.")
        if self._seeing.masked(who):
            return Opened(self._seeing.conversation(found), mark, True)
        # Others read the audit log, too, who may not read what customers wrote.
        self._seeing.note(who, "conversation.opened", f"conversation:{mark}")
        return Opened(found, mark, False)

    def _question(self, conversation_id: str, masked: bool) -> str:
        found = self._told.get(conversation_id)
        if found is None:
            return ""
        asked = next((one for one in found.messages if one.role is Role.CUSTOMER), None)
        if asked is None:
            return ""
        shown = self._seeing.message(asked, found.contact, found.language) if masked else asked
        return shown.text
