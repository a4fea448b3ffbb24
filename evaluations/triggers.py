"""Labelled messages in, how rightly the triggers bring in people out, reason by reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.dialogue.language import SURE, LanguageDetector
from bot.dialogue.reply import Reason
from bot.dialogue.triggers import Triggers
from bot.dialogue.triggers.meaning import Seen
from bot.dialogue.triggers.rules import TRIGGERED
from bot.ledger.intervals import Share, share
from evaluations.labelled import Message
from evaluations.proportions import interval, rounded

Progress = Callable[[int, int], None]
#: The label of a message that the bot should try to answer.
NONE = "none"
REASONS = tuple(reason.value for reason in TRIGGERED)
LABELS = (*REASONS, NONE)
_PERSON = Reason.PERSON.value


@dataclass(frozen=True, slots=True)
class Told:
    """One message and what the rules made of it."""

    message: Message
    language: str
    """Of the rules that were tried; empty for those of all languages."""
    got: str
    """A reason, or `none`."""
    rule: str
    words: str


@dataclass(frozen=True, slots=True)
class ReasonFigures:
    """How well one reason is found."""

    reason: str
    precision: Share
    """Of the messages handed off for this reason, those that have it."""
    recall: Share
    """Of the messages that have this reason, those handed off for it."""
    reached: Share
    """Of the messages that have this reason, those handed off for any: a person sees them all the same."""


@dataclass(frozen=True, slots=True)
class TriggerResult:
    """The figures of one file."""

    name: str
    reasons: tuple[ReasonFigures, ...]
    wrongly_handed_off: Share
    """Of the messages labelled `none`, those that a rule handed off."""
    told: tuple[Told, ...]

    @property
    def mistakes(self) -> tuple[Told, ...]:
        """The messages that were not told as labelled."""
        return tuple(one for one in self.told if one.got != one.message.label)


def relabel(row: Mapping[str, Any]) -> str | None:
    """The label of a row of intents that says beside them whether a person is wanted; None for any other row.

    With `wants_human` true it is `person`, else `none`, unless `in_scope` says that nobody expects an answer.
    """
    wants = row.get("wants_human")
    if not isinstance(wants, bool) or row.get("label") in LABELS:
        return None
    if wants:
        return _PERSON
    return "" if row.get("in_scope") is False else NONE


def evaluate(
    name: str,
    messages: Sequence[Message],
    triggers: Triggers,
    detector: LanguageDetector,
    *,
    locales: Sequence[str],
    default_locale: str,
    encode: Callable[[str], Seen] | None = None,
    progress: Progress = lambda done, total: None,
) -> TriggerResult:
    """Tries every message, in the language it names or else as the chat would detect it.

    With `encode`, which gives the encoder's view of a message, messages are told by their meaning too.
    """
    told = []
    for number, message in enumerate(messages, 1):
        language, read_in = _languages(message, detector, tuple(locales), default_locale)
        fired = triggers.told(message.text, language, encode, read_in=read_in)
        told.append(
            Told(
                message,
                language,
                fired.reason.value if fired else NONE,
                fired.rule if fired else "",
                fired.words if fired else "",
            )
        )
        progress(number, len(messages))
    harmless = [one for one in told if one.message.label == NONE]
    return TriggerResult(
        name=name,
        reasons=tuple(_figures(reason, told) for reason in REASONS),
        wrongly_handed_off=share(sum(one.got != NONE for one in harmless), len(harmless)),
        told=tuple(told),
    )


def _languages(
    message: Message, detector: LanguageDetector, locales: tuple[str, ...], default_locale: str
) -> tuple[str, str]:
    """That of the rules, empty for all of them, and that which the words are taken for."""
    if message.language:
        language = message.language.replace("_", "-").split("-")[0].lower()
        return language, language
    heard = detector.detect(message.text, supported=locales, default=default_locale)
    language = heard.language if heard.language in locales else default_locale
    return language if heard.certainty >= SURE else "", language


def _figures(reason: str, told: Sequence[Told]) -> ReasonFigures:
    own = [one for one in told if one.message.label == reason]
    fired = sum(one.got == reason for one in told)
    right = sum(one.got == reason for one in own)
    reached = sum(one.got != NONE for one in own)
    return ReasonFigures(reason, share(right, fired), share(right, len(own)), share(reached, len(own)))


def described(result: TriggerResult, *, mistakes: bool = False) -> dict[str, object]:
    """The figures as one JSON object; a share of nothing is null."""
    wrongly = result.wrongly_handed_off
    rows: dict[str, object] = {
        "name": result.name,
        "messages": len(result.told),
        "reasons": {one.reason: _described(one) for one in result.reasons},
        "wrongly_handed_off": rounded(wrongly),
        "wrongly_handed_off_interval": interval(wrongly),
        "wrongly_handed_off_count": wrongly.count,
        "none": wrongly.of,
    }
    if mistakes:
        rows["mistakes"] = [
            {
                "where": one.message.where,
                "text": one.message.text,
                "label": one.message.label,
                "got": one.got,
                "rule": one.rule,
                "words": one.words,
                "language": one.language,
            }
            for one in result.mistakes
        ]
    return rows


def _described(one: ReasonFigures) -> dict[str, object]:
    return {
        "precision": rounded(one.precision),
        "recall": rounded(one.recall),
        "precision_interval": interval(one.precision),
        "recall_interval": interval(one.recall),
        "support": one.recall.of,
        "fired": one.precision.of,
        "right": one.recall.count,
        "handed_off_at_all": rounded(one.reached),
    }
