"""The survey after a solution: a signed link in, what is asked out; an answer in, stored with all that comes of it."""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Protocol

from bot.desk.aftercare import Aftercare
from bot.desk.survey import COMMENT_CHARS, RECOMMENDATION, SATISFACTION, Answer, Survey
from bot.errors import BadRequest, Conflict, NotFound, TooLarge
from bot.ledger.facts import Fact, FactKind, fact_of_act
from bot.outgoing.effects import Channel, Effect

PURPOSE: Final = "survey"
#: A link may be opened this long after the survey has closed, to be told so.
_READABLE: Final = dt.timedelta(days=90)


class SurveyStore(Protocol):
    """Where surveys are kept."""

    def get(self, survey_id: str) -> Survey | None:
        """A survey by its id."""

    def latest(self, conversation_id: str) -> Survey | None:
        """The newest survey of a conversation."""

    def of_ticket(self, reference: str) -> Sequence[Survey]:
        """All surveys of a ticket, oldest first."""

    def answer(
        self, before: Survey, after: Survey, told: str, facts: Sequence[Fact], effects: Sequence[Effect]
    ) -> bool:
        """Stores an answer with all that comes of it; False where the survey is not as it was read."""


class Signing(Protocol):
    """Signs links."""

    def sign(self, purpose: str, subject: str, until: dt.datetime) -> str:
        """A token."""

    def signed(self, purpose: str, token: str) -> tuple[str, dt.datetime] | None:
        """What a token was signed for, and until when."""


class SurveyClosed(Conflict):
    """No answer is taken any more."""

    title = "This survey is closed"


class Surveys:
    """What customers are asked, and what they say."""

    def __init__(
        self,
        store: SurveyStore,
        keyring: Callable[[], Signing],
        rules: Aftercare,
        *,
        mask: Callable[[str, str], str],
        now: Callable[[], dt.datetime],
    ) -> None:
        """`keyring` is asked for when it is needed first; `mask` takes a text and its language."""
        self._store = store
        self._keyring = keyring
        self._rules = rules
        self._mask = mask
        self._now = now

    def token(self, survey: Survey) -> str:
        """What stands in the link of a survey."""
        return self._keyring().sign(PURPOSE, survey.id, survey.closes_at + _READABLE)

    def token_of(self, conversation_id: str) -> str:
        """The token of the survey that a conversation may answer now; empty where there is none."""
        found = self._store.latest(conversation_id)
        return self.token(found) if found is not None and found.is_open(self._now()) else ""

    def of_token(self, token: str) -> Survey:
        """The survey of a link; reading it changes nothing. Raises `NotFound`."""
        read = self._keyring().signed(PURPOSE, token)
        found = self._store.get(read[0]) if read is not None and self._now() < read[1] else None
        if found is None:
            raise NotFound("This link does not work (any more). Write to us if something is not solved.")
        return found

    def is_open(self, survey: Survey) -> bool:
        """Whether an answer is taken."""
        return survey.is_open(self._now())

    def of_ticket(self, reference: str) -> Sequence[Survey]:
        """All surveys of a ticket, oldest first."""
        return self._store.of_ticket(reference)

    def answer(self, token: str, given: Answer) -> Survey:
        """Keeps an answer; what is left out stays as it was said before.

        An answer that is there already is taken again, also by a survey that has closed since: whoever was not told
        that it is kept, because the connection was lost, sends it once more.

        Raises `NotFound`, `SurveyClosed`, `BadRequest` for a score that is on no scale, and `Conflict`.
        """
        before = self.of_token(token)
        _check(given)
        answer = self._merged(before, given)
        if answer == before.answer:
            return before
        if not self.is_open(before):
            raise SurveyClosed("This survey is closed. Write to us if something is not solved.")
        now = self._now()
        after = replace(before, answer=answer, answered_at=now)
        stored = self._store.answer(
            before, after, _told(answer), _facts(before, answer, now), self._effects(after)
        )
        if not stored:
            raise Conflict("Your answer was just changed in another window. Please look and send it again.")
        return after

    def _merged(self, before: Survey, given: Answer) -> Answer:
        was = before.answer
        comment = self._mask(given.comment.strip(), before.language)
        return Answer(
            was.solved if given.solved is None else given.solved,
            was.satisfaction if given.satisfaction is None else given.satisfaction,
            was.recommendation if given.recommendation is None else given.recommendation,
            comment or was.comment,
        )

    def _effects(self, survey: Survey) -> list[Effect]:
        """What the desk is to do: go on where it is not solved, and have a lead look at a bad score; each once."""
        at = survey.answered_at or self._now()
        wanted = {
            "reopen": survey.answer.solved is False,
            "escalate": survey.answer.satisfaction is not None
            and survey.answer.satisfaction <= self._rules.bad_score,
        }
        return [
            Effect(
                key=f"desk:{action}:{survey.id}",
                channel=Channel.DESK,
                target=action,
                lane=f"desk:{survey.reference}",
                reference=survey.reference,
                payload=json.dumps({"why": _told(survey.answer), "at": at.isoformat()}),
                due_at=at,
            )
            for action, is_wanted in wanted.items()
            if is_wanted
        ]


def _check(given: Answer) -> None:
    for name, score, (lowest, highest) in (
        ("satisfaction", given.satisfaction, SATISFACTION),
        ("recommendation", given.recommendation, RECOMMENDATION),
    ):
        if score is not None and not lowest <= score <= highest:
            raise BadRequest(f"“{name}” is a number from {lowest} to {highest}.")
    if len(given.comment) > COMMENT_CHARS:
        raise TooLarge(f"A comment may have at most {COMMENT_CHARS} characters.")
    if given.is_empty:
        raise BadRequest("Nothing was answered: choose at least one thing.")


def _facts(before: Survey, answer: Answer, at: dt.datetime) -> list[Fact]:
    """Scores that are new or changed; of several, the newest counts."""
    return [
        fact_of_act(before.conversation_id, at, kind, score=score, language=before.language)
        for kind, score, was in (
            (FactKind.RATED, answer.satisfaction, before.answer.satisfaction),
            (FactKind.RECOMMENDS, answer.recommendation, before.answer.recommendation),
        )
        if score is not None and score != was
    ]


def _told(answer: Answer) -> str:
    """As the ticket's history has it, such as `solved:no satisfaction:2 recommendation:4`."""
    solved = None if answer.solved is None else "yes" if answer.solved else "no"
    said = (
        ("solved", solved),
        ("satisfaction", answer.satisfaction),
        ("recommendation", answer.recommendation),
    )
    return " ".join(f"{name}:{value}" for name, value in said if value is not None)
