"""The insights flow: a period and a filter in, the overview and the conversations behind each of its lines out."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from bot.dialogue.conversation import Conversation, Message, Role, conversation_mark
from bot.errors import NotFound
from bot.ledger.counting import Counting
from bot.ledger.evidence import Line
from bot.ledger.filters import Filter
from bot.ledger.forecast import MOST, Forecast, forecast
from bot.ledger.parts import Hour
from bot.ledger.periods import Period
from bot.ledger.ports import FactStore
from bot.ledger.review import Review, review
from bot.ledger.tally import DAY, start_of
from bot.ledger.targets import Targets
from bot.people.accounts import Principal
from bot.people.audit import Note
from bot.people.roles import Permission

PER_PAGE: Final = 50
#: Rows of an exported file; beyond it spreadsheets do not help any more.
MOST_EXPORTED: Final = 100_000
#: What stands for a customer's address where it may not be seen.
HIDDEN: Final = "[contact, not shown to your role]"


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to filter by."""

    languages: tuple[str, ...]
    channels: tuple[str, ...]
    products: tuple[str, ...]
    tags: tuple[str, ...]


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
class Overview:
    """All that the first page shows."""

    review: Review
    hours: Mapping[int, Hour]
    choices: Choices
    left_out: int
    """Closed days of both periods that are not counted yet; the server is at it."""


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


@dataclass(frozen=True, slots=True)
class Volume:
    """How much comes in."""

    days: tuple[tuple[dt.date, int], ...]
    """Conversations opened, up to yesterday (UTC)."""
    channels: Mapping[str, int]
    """Of all those days, by channel."""
    ahead: Forecast | None
    """None where the history is too short to tell a week from chance."""


class RecordStore(Protocol):
    """What was counted of each conversation."""

    def hours(self, first: dt.date, last: dt.date, wanted: Filter) -> Mapping[int, Hour]:
        """Conversations by the hour of the team's week, 0 to 167."""

    def choices(self, first: dt.date, last: dt.date) -> Choices:
        """What conversations of those days can be filtered by."""

    def behind(
        self, first: dt.date, last: dt.date, wanted: Filter, cut: Cut, most: int, skipped: int
    ) -> tuple[Sequence[Behind], int]:
        """Conversations behind a line, and how many there are."""

    def opened_on(self, day: dt.date) -> Sequence[str]:
        """Ids of the conversations of a counted day (UTC)."""


class Told(Protocol):
    """Conversations as they were."""

    def get(self, conversation_id: str) -> Conversation | None:
        """None for an id that is not known."""


class Openings(Protocol):
    """Who looked at what."""

    def note_once(self, note: Note, since: dt.datetime) -> None:
        """Records a note, unless the same person did the same to the same thing since then."""


class Insights:
    """What is known of how support goes."""

    def __init__(
        self,
        counting: Counting,
        facts: FactStore,
        records: RecordStore,
        told: Told,
        openings: Openings,
        targets: Targets,
        *,
        mask: Callable[[str, str], str],
        now: Callable[[], dt.datetime],
    ) -> None:
        """`mask` takes a text and its language."""
        self._counting = counting
        self._facts = facts
        self._records = records
        self._told = told
        self._openings = openings
        self.targets = targets
        self._mask = mask
        self._now = now

    def newest(self) -> dt.date:
        """The day before which every day can be counted."""
        return self._counting.newest()

    def overview(self, period: Period, wanted: Filter) -> Overview:
        """The period beside the one before it, from days that are counted already: nobody waits for the others."""
        first, last = period.before.first, period.until - DAY
        counted = self._counting.kept(first, period.until, wanted)
        began = self._facts.earliest()
        since_day = began.astimezone(dt.UTC).date() if began else self.newest()
        closed = sum(since_day <= day < self.newest() for day in _days(first, period.until))
        known = sum(day >= since_day for day in counted)
        # Of a period long past, only what is too young to be counted: the rest has figures of its own.
        since = self._facts.conversations_with(start_of(max(period.until, self.newest())), self._now())
        found = review(
            period,
            {day: one for day, one in counted.items() if day >= period.first},
            {day: one for day, one in counted.items() if day < period.first},
            since,
            self.targets,
        )
        return Overview(
            found,
            self._records.hours(period.first, last, wanted),
            self._records.choices(period.first, last),
            max(closed - known, 0),
        )

    def volume(self, channel: str = "") -> Volume:
        """Conversations opened each day up to yesterday, whether counted yet or not, with two weeks ahead."""
        today = self._now().date()
        newest = self.newest()
        counted = self._counting.kept(today - MOST * DAY, newest)
        by_day: dict[dt.date, dict[str, int]] = {day: dict(one.channels) for day, one in counted.items()}
        for (day, name), count in self._facts.opened(start_of(newest), start_of(today)).items():
            by_day.setdefault(day, {})[name] = count
        busy = [day for day, channels in by_day.items() if channels]
        days = _days(min(busy), today) if busy else []
        history = [
            (day, sum(count for name, count in by_day.get(day, {}).items() if channel in ("", name)))
            for day in days
        ]
        totals: Counter[str] = Counter()
        for channels in by_day.values():
            totals.update(channels)
        ahead = forecast([float(count) for _, count in history], today)
        return Volume(tuple(history), dict(totals), ahead)

    def evidence(
        self, who: Principal, period: Period, wanted: Filter, cut: Cut, page: int = 1
    ) -> EvidencePage:
        """A page of the conversations behind a line; the last one where there are fewer."""
        last = period.until - DAY
        shown_page = page
        rows, total = self._records.behind(period.first, last, wanted, cut, PER_PAGE, (page - 1) * PER_PAGE)
        pages = max(1, -(-total // PER_PAGE))
        if page > pages:
            shown_page = pages
            rows, _ = self._records.behind(period.first, last, wanted, cut, PER_PAGE, (pages - 1) * PER_PAGE)
        masked = not who.may(Permission.PERSONAL_READ)
        shown = tuple(Shown(row, self._question(row.conversation_id, masked)) for row in rows)
        return EvidencePage(shown, total, shown_page, pages, masked)

    def all_behind(self, period: Period, wanted: Filter, cut: Cut) -> Sequence[Behind]:
        """All conversations behind a line, at most `MOST_EXPORTED`."""
        return self._records.behind(period.first, period.until - DAY, wanted, cut, MOST_EXPORTED, 0)[0]

    def conversation(self, who: Principal, day: dt.date, mark: str) -> Opened:
        """One of a day with all that was said. Raises `NotFound` also where its words were erased."""
        of_day = (one for one in self._records.opened_on(day) if conversation_mark(one) == mark)
        conversation_id = next(of_day, None)
        found = self._told.get(conversation_id) if conversation_id is not None else None
        if found is None:
            raise NotFound("There is no such conversation, or its words were erased.")
        if not who.may(Permission.PERSONAL_READ):
            messages = tuple(self._hidden(one, found) for one in found.messages)
            return Opened(
                replace(found, messages=messages, contact=HIDDEN if found.contact else ""), mark, True
            )
        now = self._now()
        since = (
            who.session.opened_at if who.session else now.replace(hour=0, minute=0, second=0, microsecond=0)
        )
        # Others read the audit log, too, who may not read what customers wrote.
        note = Note(now, who.name, "conversation.opened", f"conversation:{mark}", {"shown": "personal data"})
        self._openings.note_once(note, since)
        return Opened(found, mark, False)

    def _question(self, conversation_id: str, masked: bool) -> str:
        found = self._told.get(conversation_id)
        if found is None:
            return ""
        asked = next((one for one in found.messages if one.role is Role.CUSTOMER), None)
        if asked is None:
            return ""
        return self._hidden(asked, found).text if masked else asked.text

    def _hidden(self, message: Message, of: Conversation) -> Message:
        text = self._mask(message.text, of.language)
        if of.contact:
            text = text.replace(of.contact, HIDDEN)
        return replace(message, text=text)


def _days(first: dt.date, until: dt.date) -> list[dt.date]:
    return [first + DAY * place for place in range((until - first).days)]
