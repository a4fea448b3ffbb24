"""Quality review: a week in, the tickets that were drawn and who reviewed them out; scorecards kept; agreement told."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Protocol

from bot.desk.quality import (
    Mark,
    QualityRules,
    Review,
    Solved,
    bounds,
    commitment,
    draw,
    kappa,
    score,
    seed_of,
    week_of,
)
from bot.errors import BadRequest, Conflict, NotAllowed, NotFound, TooLarge
from bot.people.accounts import Principal
from bot.people.audit import Note

#: Characters of a reviewer's comment.
LONGEST_COMMENT: Final = 4_000


class ReviewStore(Protocol):
    """Where solved tickets are found and scorecards kept."""

    def solved(self, start: dt.datetime, end: dt.datetime) -> Sequence[Solved]:
        """Tickets that people solved in a time, each once for who solved it last."""

    def keep(self, review: Review, conversation_id: str, note: Note) -> bool:
        """Stores a scorecard; False where this reviewer has given one for this ticket and week."""

    def of_week(self, week: str) -> Sequence[Review]:
        """All scorecards of a week."""

    def of_agent(self, agent: str, most: int) -> Sequence[Review]:
        """An agent's scorecards, newest first."""

    def all(self) -> Sequence[Review]:
        """All scorecards, oldest first."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A ticket to review."""

    solved: Solved
    reviewers: tuple[str, ...]
    """Who has reviewed it."""
    mine: Review | None
    """The scorecard of who looks."""


@dataclass(frozen=True, slots=True)
class Week:
    """One week's sample."""

    name: str
    total: int
    """Tickets solved by people in it."""
    drawn: tuple[Drawn, ...]
    over: bool
    """Nothing is drawn before it is."""
    commitment: str
    """SHA-256 of its seed, hex."""
    seed: str
    """Hex; empty before the week is over."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two reviewers agree."""

    one: str
    other: str
    tickets: int
    """That both have reviewed."""
    marks: int
    """Questions that both have answered."""
    same: int
    kappa: float | None


class Quality:
    """The flow of quality reviews."""

    def __init__(
        self,
        store: ReviewStore,
        rules: QualityRules,
        secret: Callable[[], bytes],
        conversation_of: Callable[[str], str],
        *,
        now: Callable[[], dt.datetime],
    ) -> None:
        """`secret` is the key that seeds come of; `conversation_of` takes a ticket's reference."""
        self._store = store
        self.rules = rules
        self._secret = secret
        self._conversation_of = conversation_of
        self._now = now

    def this_week(self) -> str:
        """The week of now."""
        return week_of(self._now())

    def week(self, who: Principal, name: str) -> Week:
        """A week's sample. Raises `NotFound` for what is no week."""
        start, end = _bounds(name)
        over, seed = end <= self._now(), seed_of(self._secret(), name)
        solved = self._store.solved(start, end)
        reviews: Mapping[str, list[Review]] = defaultdict(list)
        for one in self._store.of_week(name):
            reviews[one.reference].append(one)
        drawn = draw(solved, name, seed, self.rules.share) if over else ()
        shown = tuple(
            Drawn(
                one,
                tuple(review.reviewer for review in reviews[one.reference]),
                next((review for review in reviews[one.reference] if review.reviewer == who.name), None),
            )
            for one in drawn
        )
        return Week(name, len(solved), shown, over, commitment(seed), seed.hex() if over else "")

    def drawn(self, who: Principal, name: str, reference: str) -> Drawn:
        """One ticket of a week's sample. Raises `NotFound` for one that was not drawn."""
        found = next((one for one in self.week(who, name).drawn if one.solved.reference == reference), None)
        if found is None:
            raise NotFound("This ticket was not drawn in that week; only drawn ones are reviewed.")
        return found

    def review(
        self,
        who: Principal,
        name: str,
        reference: str,
        marks: Mapping[str, Mark],
        *,
        hand_off_needed: bool | None,
        comment: str,
    ) -> Review:
        """Keeps a scorecard. Raises `NotFound`, `NotAllowed` for one's own ticket, `BadRequest` and `Conflict`."""
        found = self.drawn(who, name, reference)
        if found.solved.agent == who.name:
            raise NotAllowed("You solved this ticket yourself; somebody else reviews it.")
        missing = [one.name for one in self.rules.questions if one.name not in marks]
        if missing:
            raise BadRequest("Please answer every question; “not applicable” is an answer too.")
        if len(comment) > LONGEST_COMMENT:
            raise TooLarge(f"A comment may have at most {LONGEST_COMMENT} characters.")
        kept = {one.name: marks[one.name] for one in self.rules.questions}
        made = Review(
            week=name,
            reference=reference,
            agent=found.solved.agent,
            reviewer=who.name,
            at=self._now(),
            marks=kept,
            score=score(kept, self.rules.questions),
            hand_off_needed=hand_off_needed,
            comment=comment,
        )
        note = Note(made.at, who.name, "ticket.reviewed", f"ticket:{reference}", {"week": name})
        if not self._store.keep(made, self._conversation_of(reference), note):
            raise Conflict("You have reviewed this ticket already.")
        return made

    def of_agent(self, agent: str, most: int = 100) -> Sequence[Review]:
        """What reviewers said of an agent's tickets, newest first."""
        return self._store.of_agent(agent, most)

    def agreements(self) -> tuple[Agreement, ...]:
        """Each pair of reviewers who have reviewed the same tickets, those with most in common first."""
        by_ticket: Mapping[tuple[str, str], list[Review]] = defaultdict(list)
        for one in self._store.all():
            by_ticket[one.week, one.reference].append(one)
        pairs: dict[tuple[str, str], list[list[tuple[str, str]]]] = defaultdict(list)
        for reviews in by_ticket.values():
            for one, other in combinations(sorted(reviews, key=lambda review: review.reviewer), 2):
                both = sorted(one.marks.keys() & other.marks.keys())
                pairs[one.reviewer, other.reviewer].append(
                    [(one.marks[name].value, other.marks[name].value) for name in both]
                )
        found = [_agreement(names, tickets) for names, tickets in pairs.items()]
        return tuple(sorted(found, key=lambda one: (-one.tickets, one.one, one.other)))


def _agreement(names: tuple[str, str], tickets: list[list[tuple[str, str]]]) -> Agreement:
    marks = [pair for ticket in tickets for pair in ticket]
    same = sum(first == second for first, second in marks)
    return Agreement(*names, len(tickets), len(marks), same, kappa(marks))


def _bounds(name: str) -> tuple[dt.datetime, dt.datetime]:
    try:
        return bounds(name)
    except (ValueError, OverflowError) as exc:
        raise NotFound("There is no such week; write it like 2026-W48.") from exc
