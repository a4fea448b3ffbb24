"""What happened to tickets in, the mails to their customers and the surveys about solutions out; pure."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.desk.aftercare import Aftercare, Stage
from bot.desk.queue import Clock
from bot.desk.survey import Survey
from bot.desk.ticket import Status
from bot.outgoing.effects import Channel, Effect
from bot.outgoing.happenings import Happening, Kind

#: How long a reply waits before it goes by mail: who is in the chat reads it there, and answers.
CHAT_FIRST: Final = dt.timedelta(minutes=2)
#: Told once a ticket, however often it happens.
_ONCE: Final = frozenset({Stage.RECEIVED, Stage.ASSIGNED})
_OF_STATUS: Final = {
    Status.WAITING.value: Stage.WAITING,
    Status.ON_HOLD.value: Stage.ON_HOLD,
    Status.SOLVED.value: Stage.SOLVED,
}


@dataclass(frozen=True, slots=True)
class MailOrder:
    """What a mail is made of; the words are put together when it leaves."""

    stage: Stage
    reference: str
    message_id: str = ""
    """Of the reply it brings."""
    survey_id: str = ""

    def json(self) -> str:
        """As it is stored."""
        return json.dumps(
            {
                "stage": self.stage.value,
                "reference": self.reference,
                "message": self.message_id,
                "survey": self.survey_id,
            }
        )

    @classmethod
    def read(cls, stored: str) -> "MailOrder":
        """As it was stored."""
        raw = json.loads(stored)
        return cls(Stage(raw["stage"]), raw["reference"], raw["message"], raw["survey"])


def surveys(happenings: Sequence[Happening], rules: Aftercare) -> tuple[Survey, ...]:
    """A survey for each solution."""
    return tuple(
        Survey(
            id=survey_id(one),
            reference=one.reference,
            conversation_id=one.conversation_id,
            language=one.language,
            opened_at=one.at,
            closes_at=one.at + rules.links_hold,
        )
        for one in happenings
        if one.kind is Kind.SOLVED
    )


def survey_id(happening: Happening) -> str:
    """The survey of a solution, the same however often it is asked for."""
    return f"srv{happening.id}"


def mails(happenings: Sequence[Happening], rules: Aftercare) -> Iterator[Effect]:
    """What customers are told of these events."""
    replies = {(one.reference, one.at): one.after for one in happenings if one.kind is Kind.REPLIED}
    ended = {(one.reference, one.at) for one in happenings if one.kind is Kind.SOLVED}
    for one in happenings:
        stage, moment = _stage(one), (one.reference, one.at)
        if stage is None or stage not in rules.updates:
            continue
        if stage is Stage.REPLIED and moment in ended and Stage.SOLVED in rules.updates:
            continue  # the mail about the solution brings it
        if stage in (Stage.WAITING, Stage.ON_HOLD) and moment in replies:
            continue  # the reply itself says what is asked for
        survey = survey_id(one) if stage is Stage.SOLVED else ""
        order = MailOrder(
            stage, one.reference, one.after if stage is Stage.REPLIED else replies.get(moment, ""), survey
        )
        yield _mail(one, order, one.at + CHAT_FIRST if stage is Stage.REPLIED else one.at)
        if stage is Stage.SOLVED and Stage.FOLLOW_UP in rules.updates:
            later = MailOrder(Stage.FOLLOW_UP, one.reference, "", survey)
            yield _mail(one, later, one.at + rules.follow_up)


def _mail(happening: Happening, order: MailOrder, due_at: dt.datetime) -> Effect:
    reference, stage = happening.reference, order.stage
    name = reference if stage in _ONCE else str(happening.id)
    if stage is Stage.DELAYED:
        # Each clock warns again whenever it is set anew; a customer is told once that it takes longer to answer, and
        # once that it takes longer to settle.
        clock = Clock.RESOLUTION if happening.after == Clock.RESOLUTION else "answer"
        name = f"{reference}:{clock}"
    # What is for tomorrow must not hold up what happens until then.
    lane = f"mail:{reference}" + (f":{stage}:{happening.id}" if stage is Stage.FOLLOW_UP else "")
    return Effect(f"mail:{stage}:{name}", Channel.MAIL, stage.value, lane, reference, order.json(), due_at)


def _stage(happening: Happening) -> Stage | None:
    kind = happening.kind
    if kind is Kind.OPENED or (happening.what == "contact" and not happening.before):
        # Who left no address with the question may have given it since; it is told once.
        return Stage.RECEIVED if happening.contact else None
    if kind is Kind.ASSIGNED:
        return Stage.ASSIGNED if happening.after else None
    if kind is Kind.REPLIED:
        return Stage.REPLIED
    if kind is Kind.REOPENED:
        return Stage.REOPENED
    if kind is Kind.WARNED:
        return Stage.DELAYED
    return _OF_STATUS.get(happening.after) if happening.what == "status" else None
