"""The answering flow without a conversation's storage: a message and what was said before in, a reply out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.answering.judging import Judge, Judged
from bot.answering.lookup import Lookup
from bot.answering.passing_on import passed_on
from bot.answering.phrasing import Phrasing, Tell
from bot.answering.quotes import Verifier
from bot.answering.several import Several, Together
from bot.desk.packet import Mood
from bot.dialogue.choices import picked_choice, refuses
from bot.dialogue.circles import Circles
from bot.dialogue.confidence import ConfidenceModel
from bot.dialogue.context import Context
from bot.dialogue.conversation import Conversation
from bot.dialogue.decide import (
    Decision,
    Evidence,
    Turn,
    after_search,
    asked_back,
    before_search,
    offered,
)
from bot.dialogue.glossary import Glossary
from bot.dialogue.language import SURE, LanguageDetector
from bot.dialogue.offers import Offers
from bot.dialogue.parts import PARTS, Parts
from bot.dialogue.plainly import Plainly
from bot.dialogue.procedure import Procedure
from bot.dialogue.reply import Citation, Reason, Reply, ReplyKind
from bot.dialogue.smalltalk import Said, SmallTalk
from bot.dialogue.triggers import Fired, Handlings, Triggers
from bot.dialogue.triggers.meaning import Seen
from bot.dialogue.underspecified import Underspecified
from bot.dialogue.whereabouts import NOWHERE, Whereabouts
from bot.dialogue.wording import Wording
from bot.errors import BotError
from bot.knowledge.served import Searched
from bot.writing import Writer
from index.errors import SearchError
from index.ranking import Recipe

#: The rule of a message that was written to people and says nothing more urgent.
WRITTEN_TO_PEOPLE = "written_to_people"
#: Reasons that show a customer to be upset.
_UPSETTING = frozenset({Reason.UPSET, Reason.ABUSE, Reason.GOING_IN_CIRCLES})


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
    contact: str = ""
    """An address or number that the message gave, for a conversation that people have."""
    unconfirmed: str = ""
    """An address that it gave and that is probably mistyped."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The pure parts that an answer is decided with."""

    detector: LanguageDetector
    triggers: Triggers
    handlings: Handlings
    small_talk: SmallTalk
    underspecified: Underspecified
    circles: Circles
    context: Context
    procedure: Procedure
    offers: Offers
    wording: Wording
    confidence: ConfidenceModel
    glossary: Glossary
    parts: Parts
    plainly: Plainly

    def lookup(self, judge: Judge, default_locale: str) -> Lookup:
        """What looks questions up with these parts."""
        return Lookup(judge, self.glossary, self.confidence, self.context, self.plainly, default_locale)

    def prepare(self) -> None:
        """Reads what was left until its language is spoken."""
        for part in (self.triggers, self.small_talk, self.underspecified, self.circles, self.context):
            part.prepare()
        self.glossary.prepare()


class Answering:
    """Decides a reply. Reads the index and the database, writes nothing."""

    def __init__(
        self,
        knowledge: Searched,
        verifier: Verifier,
        dialogue: Dialogue,
        *,
        locales: Sequence[str],
        default_locale: str,
        writer: Writer | None = None,
        see: Callable[[str], Seen] | None = None,
        recipe: Recipe | None = None,
    ) -> None:
        """`see` gives the encoder's view of a message, for the meaning to weigh a rule that fired.

        `recipe` ranks otherwise than the rest of the service.
        """
        self._phrasing = Phrasing(dialogue.wording, writer)
        self._judge = Judge(
            knowledge, verifier, dialogue.procedure, dialogue.offers, dialogue.confidence, recipe
        )
        self._lookup = dialogue.lookup(self._judge, default_locale)
        self._several = Several(
            dialogue.parts,
            dialogue.context,
            dialogue.underspecified,
            self._lookup,
            self._phrasing,
            dialogue.wording,
            dialogue.confidence,
        )
        self._dialogue = dialogue
        self._see = see
        self._locales = tuple(locales)
        self._default_locale = default_locale

    def answer(
        self,
        text: str,
        *,
        locale: str = "",
        conversation: Conversation | None = None,
        tell: Tell | None = None,
        where: Whereabouts = NOWHERE,
    ) -> Answered:
        """The reply to a message; raises `NotReady` where there is no index to search.

        `where` is where the customer writes from, as their page says: it orders what fits about equally.
        `tell` hears the sentences of an answer that a language model writes, as they come.
        """
        language, certainty, supported = self._language(text, locale, conversation)
        if conversation is not None and conversation.is_with_people:
            language = language if supported else self._prior(locale, conversation)
            heard = passed_on(text, conversation, language or self._default_locale, self._dialogue.small_talk)
            reply = _with_choices(_reply(heard.decision, "", heard.language), heard.meant)
            return Answered(reply, (), "", "", heard.sentence, heard.contact, heard.unconfirmed)
        choices = offered(conversation)
        choice = picked_choice(text, choices, self._prior(locale, conversation) or self._default_locale)
        if choice:
            # Our own words, perhaps of an article in another language, tell nothing about the customer.
            language, certainty, supported = self._prior(locale, conversation), 1.0, True
        spoken = (language if supported else self._prior(locale, conversation)) or self._default_locale
        # Where the language is not sure, the rules of all languages are tried: an incident must not be missed.
        rules = spoken if certainty >= SURE else ""
        fired = None if choice else self._fired(text, rules)
        said = None if choice else self._dialogue.small_talk.classify(text, spoken)
        turn = Turn(
            fired=fired.reason if fired else None,
            rule=fired.rule if fired else "",
            small_talk=said.reason if said else None,
            supported_language=supported,
            circling=self._dialogue.circles.noticed(conversation, text, spoken),
            vague=self._dialogue.underspecified.is_vague(text, spoken),
            asked_back=asked_back(conversation),
            chosen=bool(choice),
            refused=bool(choices) and not choice and refuses(text),
        )
        decision = before_search(turn)
        if decision is not None:
            return self._without_search(decision, fired, said, language)
        # "I don't need an agent, just tell me …": what is declined is not what is asked.
        meant = text if choice else self._dialogue.triggers.meant(text, rules)
        history = conversation.messages if conversation else ()
        sought = self._lookup.sought(meant, spoken, history, choice, where)
        felt = None if choice else self._felt(text, sought.asked.encoded[0], rules)
        if felt is not None:
            decision = Decision(ReplyKind.HANDOFF, felt.reason, felt.rule)
            return self._without_search(decision, felt, said, language)
        asked = () if choice else self._several.asked(meant, spoken)
        if asked:
            together = self._several.answer(asked, spoken, history, where)
            if together is not None:
                return _plain(_in_parts(together, spoken))
        judged = self._lookup.best(sought, spoken)
        model = self._dialogue.confidence
        evidence = Evidence(
            probability=judged.probability,
            threshold=model.threshold,
            clarify_threshold=model.clarify_threshold,
            choices=len(judged.choices),
            # No one article is meant by who asks several things.
            alone=judged.quoted is not None and not judged.choices and not asked,
            undecided=judged.undecided,
            continues=sought.leans and _continues(judged, conversation),
            translated=judged.locale != self._default_locale,
        )
        return self._with_search(after_search(turn, evidence), judged, sought.text, spoken, tell)

    def for_people(self, text: str, *, locale: str = "") -> Answered:
        """What a message is handed off as that was written to people, such as by a form: how urgent, and to whom."""
        language, certainty, supported = self._language(text, locale, None)
        sought = (language if supported else self._prior(locale, None)) or self._default_locale
        # People's words may be known in a language that the bot does not answer.
        spoken = locale if not supported and locale in self._dialogue.wording.languages else sought
        rules = sought if certainty >= SURE else ""
        try:
            fired = self._dialogue.triggers.told(text, rules, self._see)
            considered = self._judge.considered(self.look_up(text, sought))
        except (BotError, SearchError):
            # It reaches people without the index too.
            fired, considered = self._dialogue.triggers.match(text, rules), ()
        if fired is not None:
            reply = _reply(Decision(ReplyKind.HANDOFF, fired.reason, fired.rule), "", spoken)
            return Answered(reply, considered, fired.priority, fired.queue, fired.sentence)
        return self._hand_off(
            Decision(ReplyKind.HANDOFF, Reason.PERSON, WRITTEN_TO_PEOPLE), spoken, considered, 0.0
        )

    def judge(self, text: str, locale: str) -> Judged:
        """What a question by itself would be answered with in a locale, and how probable it is; for measuring."""
        return self._judge.judge(self._judge.question(text, (), locale), locale)

    def look_up(self, text: str, locale: str, *, as_written: bool = False) -> Judged:
        """The same, in the default language too where that brings more; nothing is taken for a typo `as_written`."""
        return self._lookup.best(self._lookup.sought(text, locale, (), "", as_written=as_written), locale)

    def known_locale(self, locale: str) -> str:
        """The configured locale that a channel's hint means, or empty."""
        wanted = locale.replace("_", "-").lower()
        for known in self._locales:
            if wanted == known.lower() or wanted.split("-")[0] == known.lower():
                return known
        return ""

    @property
    def threshold(self) -> float:
        """The probability that an answer needs now."""
        return self._dialogue.confidence.threshold

    def language_of(self, conversation: Conversation, locale: str) -> str:
        """The language to write in where a message could not be looked at."""
        return conversation.language or self.known_locale(locale) or self._default_locale

    def mood(self, messages: Sequence[str], language: str) -> Mood:
        """How the customer sounds, by the rules about being upset and about abuse."""
        triggers = self._dialogue.triggers
        upset = any(_UPSETTING & triggers.signals(text, language).fired for text in messages)
        return Mood.UPSET if upset else Mood.CALM

    def _fired(self, text: str, rules: str) -> Fired | None:
        """The rule that fires, unless the meaning of the message speaks clearly against it."""
        fired = self._dialogue.triggers.match(text, rules)
        if fired is None or self._see is None:
            return fired
        try:
            seen = self._see(self._dialogue.triggers.reads(text, rules))
        except SearchError:
            # A message that asks for people reaches them with the model or without.
            return fired
        return self._dialogue.triggers.weighed(fired, text, seen, rules)

    def _felt(self, text: str, encoded: Seen, rules: str) -> Fired | None:
        """What no rule puts in words: told by meaning, in English from the vector that the search needs anyway."""
        read = self._dialogue.triggers.reads(text, rules)
        seen = encoded if read == text or self._see is None else self._see(read)
        return self._dialogue.triggers.felt(text, seen, rules)

    def _prior(self, locale: str, conversation: Conversation | None) -> str:
        return (conversation.language if conversation else "") or self.known_locale(locale)

    def _language(self, text: str, locale: str, conversation: Conversation | None) -> tuple[str, float, bool]:
        """The language of a message, how sure that is, and whether it is answered."""
        heard = self._dialogue.detector.detect(
            text,
            supported=self._locales,
            prior=self._prior(locale, conversation),
            default=self._default_locale,
        )
        return heard.language, heard.certainty, heard.language in self._locales

    def _without_search(
        self, decision: Decision, fired: Fired | None, said: Said | None, language: str
    ) -> Answered:
        say = self._dialogue.wording.say
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

    def _with_search(
        self, decision: Decision, judged: Judged, asked: str, language: str, tell: Tell | None
    ) -> Answered:
        say = self._dialogue.wording.say
        if decision.kind is ReplyKind.ANSWER:
            text, written = self._phrasing.answer(
                asked, judged, lambda: self._judge.considered(judged), language, tell
            )
            reply = _reply(
                decision, text, language, confidence=judged.probability, citations=judged.citations
            )
            return _plain(replace(reply, written=written))
        if decision.kind is ReplyKind.CLARIFY:
            asks = "clarify_choice" if judged.choices else "clarify_one"
            reply = _reply(decision, say(asks, language), language, confidence=judged.probability)
            return _plain(_with_choices(reply, judged.offered))
        return self._hand_off(decision, language, self._judge.considered(judged), judged.probability)


def _in_parts(together: Together, language: str) -> Reply:
    return _reply(
        Decision(ReplyKind.ANSWER, Reason.ANSWERED, PARTS),
        together.text,
        language,
        confidence=together.probability,
        citations=together.citations,
    )


def _continues(judged: Judged, conversation: Conversation | None) -> bool:
    """Whether the quote is another passage of the article that the last answer quoted; the same again is no answer."""
    for message in reversed(conversation.messages if conversation else ()):
        if message.reply is not None and message.reply.citations:
            last = message.reply.citations[0]
            return any(
                one.article_id == last.article_id and (one.start >= last.end or one.end <= last.start)
                for one in (judged.quoted,)
                if one is not None
            )
    return False


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
