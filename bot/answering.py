"""The answering flow without a conversation's storage: a message and what was said before in, a reply out."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue.confidence import ConfidenceModel
from bot.dialogue.context import Context
from bot.dialogue.conversation import Conversation, Role, State
from bot.dialogue.decide import Decision, Evidence, Turn, after_search, asked_back, before_search
from bot.dialogue.language import SURE, LanguageDetector
from bot.dialogue.procedure import Procedure
from bot.dialogue.reply import Citation, Reason, Reply, ReplyKind
from bot.dialogue.smalltalk import Said, SmallTalk
from bot.dialogue.triggers import Fired, Handlings, Triggers
from bot.dialogue.underspecified import Underspecified
from bot.dialogue.wording import Wording
from bot.judging import Judge, Judged
from bot.knowledge import Knowledge
from bot.quotes import Verifier

#: Earlier messages that a follow-up is searched with.
MOST_CONTEXT = 2


@dataclass(frozen=True, slots=True)
class Answered:
    """A reply with what a ticket needs if it is a hand-off."""

    reply: Reply
    considered: tuple[Citation, ...]
    priority: str
    """For a hand-off; empty otherwise."""
    queue: str
    sentence: str
    """Key of what the customer is told at a hand-off; empty otherwise."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The pure parts that an answer is decided with."""

    detector: LanguageDetector
    triggers: Triggers
    handlings: Handlings
    small_talk: SmallTalk
    underspecified: Underspecified
    context: Context
    procedure: Procedure
    wording: Wording
    confidence: ConfidenceModel


class Answering:
    """Decides a reply. Reads the index and the database, writes nothing."""

    def __init__(
        self,
        knowledge: Knowledge,
        verifier: Verifier,
        dialogue: Dialogue,
        *,
        locales: Sequence[str],
        default_locale: str,
    ) -> None:
        self._judge = Judge(knowledge, verifier, dialogue.procedure, dialogue.confidence)
        self._dialogue = dialogue
        self._locales = tuple(locales)
        self._default_locale = default_locale

    def answer(self, text: str, *, locale: str = "", conversation: Conversation | None = None) -> Answered:
        """The reply to a message; raises `NotReady` where there is no index to search."""
        prior = (conversation.language if conversation else "") or self.known_locale(locale)
        heard = self._dialogue.detector.detect(
            text, supported=self._locales, prior=prior, default=self._default_locale
        )
        detected = heard.language
        supported = detected in self._locales
        language = detected if supported else (prior or self._default_locale)
        # Where the language is not sure, the rules of all languages are tried: an incident must not be missed.
        fired = self._dialogue.triggers.match(text, language if heard.certainty >= SURE else "")
        said = self._dialogue.small_talk.classify(text, language)
        turn = self._turn(text, language, supported, conversation, fired, said)
        decision = before_search(turn)
        if decision is not None:
            return self._without_search(decision, fired, said, language if supported else detected)
        judged = self._judged(text, language, conversation, turn.chosen)
        model = self._dialogue.confidence
        evidence = Evidence(
            probability=judged.probability,
            threshold=model.threshold,
            clarify_threshold=model.clarify_threshold,
            choices=len(judged.choices),
            undecided=judged.undecided,
        )
        decision = after_search(turn, evidence)
        return self._with_search(decision, judged, language)

    def judge(self, text: str, locale: str) -> Judged:
        """What a question by itself would be answered with in a locale, and how probable it is; for measuring."""
        return self._judge.judge(self._judge.question(text, (), locale), locale)

    def known_locale(self, locale: str) -> str:
        """The configured locale that a channel's hint means, or empty."""
        wanted = locale.replace("_", "-").lower()
        for known in self._locales:
            if wanted == known.lower() or wanted.split("-")[0] == known.lower():
                return known
        return ""

    def language_of(self, conversation: Conversation, locale: str) -> str:
        """The language to write in where a message could not be looked at."""
        return conversation.language or self.known_locale(locale) or self._default_locale

    def _turn(
        self,
        text: str,
        language: str,
        supported: bool,
        conversation: Conversation | None,
        fired: Fired | None,
        said: Said | None,
    ) -> Turn:
        before = _last_reply(conversation)
        return Turn(
            with_people=conversation is not None and conversation.state is State.WITH_PEOPLE,
            fired=fired.reason if fired else None,
            rule=fired.rule if fired else "",
            small_talk=said.reason if said else None,
            supported_language=supported,
            vague=self._dialogue.underspecified.is_vague(text, language),
            asked_back=asked_back(conversation),
            chosen=before is not None and _same(text, before.choices) is not None,
        )

    def _without_search(
        self, decision: Decision, fired: Fired | None, said: Said | None, language: str
    ) -> Answered:
        say = self._dialogue.wording.say
        if decision.reason is Reason.WITH_PEOPLE:
            return Answered(_reply(decision, "", language), (), "", "", "with_people")
        if decision.kind is not ReplyKind.HANDOFF:
            key = said.sentence if said and said.reason is decision.reason else "clarify_vague"
            return _plain(_reply(decision, say(key, language), language))
        if fired is not None and fired.reason is decision.reason:
            return Answered(_reply(decision, "", language), (), fired.priority, fired.queue, fired.sentence)
        return self._hand_off(decision, language, (), 0.0)

    def _hand_off(
        self, decision: Decision, language: str, considered: tuple[Citation, ...], probability: float
    ) -> Answered:
        handling = self._dialogue.handlings[decision.reason]
        return Answered(
            _reply(decision, "", language, confidence=probability),
            considered,
            handling.priority,
            handling.queue,
            handling.sentence,
        )

    def _with_search(self, decision: Decision, judged: Judged, language: str) -> Answered:
        say = self._dialogue.wording.say
        if decision.kind is ReplyKind.ANSWER:
            text = self._answer_text(judged, language)
            reply = _reply(
                decision, text, language, confidence=judged.probability, citations=judged.citations
            )
            return _plain(reply)
        if decision.kind is ReplyKind.CLARIFY:
            reply = _reply(decision, say("clarify_choice", language), language, confidence=judged.probability)
            return _plain(_with_choices(reply, judged.choices))
        return self._hand_off(decision, language, self._judge.considered(judged), judged.probability)

    def _answer_text(self, judged: Judged, language: str) -> str:
        """Lead-in, the quote as plain text, where it is from."""
        say = self._dialogue.wording.say
        first = judged.citations[0]
        lead = say("answer_lead", language, title=first.title)
        if judged.locale != language:
            name = say(f"language_{judged.locale}", language)
            lead = f"{say('answer_other_language', language, articles_in=name)}\n{lead}"
        path = " › ".join((first.title, *first.heading_path))
        return f"{lead}\n\n{first.text}\n\n{say('answer_source', language, source=path)}"

    def _judged(self, text: str, language: str, conversation: Conversation | None, chosen: bool) -> Judged:
        """Searches the customer's language first and the default one when that brings nothing to rely on."""
        history = conversation.messages if conversation else ()
        question = self._dialogue.context.standalone(text, history, language)
        context = question.previous[:MOST_CONTEXT] if question.is_followup or chosen else ()
        asked = self._judge.question(text, context, language)
        title = text if chosen else ""
        judged = self._judge.judge(asked, language, title)
        if judged.probability < self._dialogue.confidence.threshold and language != self._default_locale:
            other = self._judge.judge(asked, self._default_locale, title)
            if other.probability > judged.probability:
                return other
        return judged


def _reply(
    decision: Decision,
    text: str,
    language: str,
    *,
    confidence: float = 0.0,
    citations: tuple[Citation, ...] = (),
) -> Reply:
    return Reply(decision.kind, text, citations, confidence, decision.reason, decision.rule, language)


def _with_choices(reply: Reply, choices: tuple[str, ...]) -> Reply:
    return Reply(
        reply.kind,
        reply.text,
        reply.citations,
        reply.confidence,
        reply.reason,
        reply.rule,
        reply.language,
        choices,
    )


def _plain(reply: Reply) -> Answered:
    return Answered(reply, (), "", "", "")


def _last_reply(conversation: Conversation | None) -> Reply | None:
    for message in reversed(conversation.messages if conversation else ()):
        if message.role is Role.BOT:
            return message.reply
    return None


def _same(text: str, choices: Sequence[str]) -> str | None:
    """The choice that a message repeats."""
    wanted = " ".join(text.split()).casefold()
    return next((choice for choice in choices if " ".join(choice.split()).casefold() == wanted), None)
