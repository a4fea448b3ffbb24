"""A message that asks several things in, one reply with an answer to each out, and kind words for what has none."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.judged import Judged
from bot.answering.lookup import Lookup
from bot.answering.phrasing import Phrasing
from bot.dialogue.confidence import ConfidenceModel
from bot.dialogue.context import Context
from bot.dialogue.conversation import Message
from bot.dialogue.parts import Parts
from bot.dialogue.reply import Citation
from bot.dialogue.underspecified import Underspecified
from bot.dialogue.whereabouts import NOWHERE, Whereabouts
from bot.dialogue.wording import Wording


@dataclass(frozen=True, slots=True)
class Together:
    """Answers to the questions of one message."""

    text: str
    citations: tuple[Citation, ...]
    """Checked, one an answered question, in their order."""
    probability: float
    """That of the least sure answer."""


class Several:
    """Answers each question of a message by itself. Reads the index and the database, writes nothing."""

    def __init__(
        self,
        parts: Parts,
        context: Context,
        underspecified: Underspecified,
        lookup: Lookup,
        phrasing: Phrasing,
        wording: Wording,
        model: ConfidenceModel,
    ) -> None:
        self._parts = parts
        self._context = context
        self._underspecified = underspecified
        self._lookup = lookup
        self._phrasing = phrasing
        self._wording = wording
        self._confidence = model

    def asked(self, text: str, language: str) -> tuple[str, ...]:
        """The questions that stand by themselves; empty where the message is best read as one."""
        vague = self._underspecified.is_vague
        asked = tuple(one for one in self._parts.of(text, language) if not vague(one, language))
        # "Can I return it? Is it free?": what leans on the question before it is no question of its own.
        if len(asked) < 2 or any(self._context.leans(one, language) for one in asked[1:]):
            return ()
        return asked

    def answer(
        self,
        asked: Sequence[str],
        language: str,
        history: tuple[Message, ...],
        where: Whereabouts = NOWHERE,
    ) -> Together | None:
        """What answers the questions; None where none is answered, or all by the same passage."""
        found = [
            (one, self._lookup.best(self._lookup.sought(one, language, history, "", where), language))
            for one in asked
        ]
        answered = [judged for _, judged in found if self._is_sure(judged)]
        citations = tuple(dict.fromkeys(judged.quoted for judged in answered if judged.quoted is not None))
        if not answered or (len(answered) == len(found) and len(citations) == 1):
            return None
        left = [self._left(one, judged, language) for one, judged in found if not self._is_sure(judged)]
        texts = dict.fromkeys((*(self._phrasing.quoted(judged, language) for judged in answered), *left))
        return Together("\n\n".join(texts), citations, min(judged.probability for judged in answered))

    def chosen(
        self,
        text: str,
        choices: Sequence[str],
        language: str,
        history: tuple[Message, ...],
        where: Whereabouts = NOWHERE,
    ) -> Together | None:
        """What answers the question asked before in each of the choices (“both”); None where nothing does."""
        lookup = self._lookup
        found = {
            choice: lookup.best(lookup.sought(text, language, history, choice, where), language)
            for choice in choices
        }
        enough = self._confidence.clarify_threshold
        answered = [one for one in found.values() if one.quoted is not None and one.probability >= enough]
        if not answered:
            return None
        left = [
            self._wording.say("part_unanswered", language, question=choice)
            for choice, judged in found.items()
            if judged not in answered
        ]
        citations = tuple(dict.fromkeys(one.quoted for one in answered if one.quoted is not None))
        texts = dict.fromkeys((*(self._phrasing.quoted(one, language) for one in answered), *left))
        return Together("\n\n".join(texts), citations, min(one.probability for one in answered))

    def _is_sure(self, judged: Judged) -> bool:
        """Whether the bot would answer with this, had it been asked alone."""
        enough = judged.probability >= self._confidence.threshold
        return enough and judged.quoted is not None and not judged.undecided

    def _left(self, question: str, judged: Judged, language: str) -> str:
        """What is said to a question that is not answered."""
        if len(judged.choices) > 1 and judged.probability >= self._confidence.clarify_threshold:
            choices = " · ".join(judged.choices)
            return self._wording.say("part_choice", language, question=question, choices=choices)
        return self._wording.say("part_unanswered", language, question=question)
