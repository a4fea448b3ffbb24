"""The answering flow without a conversation's storage: a message and what was said before in, a reply out."""

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.answered import Answered, reply_of, with_choices, without_people
from bot.answering.dialogue import Dialogue
from bot.answering.judged import Judged
from bot.answering.judging import Judge
from bot.answering.languages import Heard, Languages
from bot.answering.lookup import Sought
from bot.answering.passing_on import passed_on
from bot.answering.phrasing import Phrasing, Tell
from bot.answering.quotes import Verifier
from bot.answering.several import Several, Together
from bot.answering.understanding import See, Understanding, Understood
from bot.desk.packet import Mood
from bot.dialogue.conversation import Conversation
from bot.dialogue.decide import CHOICE_AGAIN, Decision, Evidence, after_search, before_search
from bot.dialogue.parts import PARTS
from bot.dialogue.reply import Citation, Reason, Reply, ReplyKind
from bot.dialogue.triggers import Fired
from bot.dialogue.whereabouts import NOWHERE, Whereabouts
from bot.errors import BotError
from bot.knowledge.served import Searched
from bot.writing import Writer
from index.errors import SearchError
from index.ranking import Recipe

#: The rule of a message that was written to people and says nothing more urgent.
WRITTEN_TO_PEOPLE = "written_to_people"
#: Keys of what is asked, and of the words that refuse all that is offered: of the one article that fits, of several.
_ASKING = (("clarify_one", "clarify_one_none"), ("clarify_choice", "clarify_choice_none"))
#: Reasons that show a customer to be upset.
_UPSETTING = frozenset({Reason.UPSET, Reason.ABUSE, Reason.GOING_IN_CIRCLES})


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
        see: See | None = None,
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
        self._languages = Languages(dialogue.detector, locales, default_locale)
        self._understanding = Understanding(dialogue, self._languages, see)

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
        heard = self._languages.heard(text, locale, conversation)
        if conversation is not None and conversation.is_with_people:
            return self._passed_on(text, heard, conversation)
        understood = self._understanding.of(text, heard, conversation)
        decision = before_search(understood.turn)
        if decision is not None:
            return self._without_search(decision, understood)
        return self._looked_up(understood, conversation, tell, where)

    def _passed_on(self, text: str, heard: Heard, conversation: Conversation) -> Answered:
        """What is said to a message that goes to the people who have the conversation."""
        spoken = self._languages.spoken(heard)
        passed = passed_on(text, conversation, spoken, self._dialogue.small_talk)
        reply = with_choices(reply_of(passed.decision, "", passed.language), passed.meant)
        return Answered(reply, (), "", "", passed.sentence, passed.contact, passed.unconfirmed)

    def _looked_up(
        self,
        understood: Understood,
        conversation: Conversation | None,
        tell: Tell | None,
        where: Whereabouts,
    ) -> Answered:
        """The reply to a message that rules alone do not decide."""
        spoken, choice = understood.spoken, next(iter(understood.choices), "")
        history = conversation.messages if conversation else ()
        meant = self._understanding.meant(understood)
        if len(understood.choices) > 1:
            both = self._several.chosen(meant, understood.choices, spoken, history, where)
            if both is not None:
                return without_people(_in_parts(both, spoken))
        sought = self._lookup.sought(meant, spoken, history, choice, where)
        felt = self._understanding.felt(understood, sought.asked.encoded[0])
        if felt is not None:
            return _brought_in(felt, understood.language)
        asked = () if choice else self._several.asked(meant, spoken)
        together = self._several.answer(asked, spoken, history, where) if asked else None
        if together is not None:
            return without_people(_in_parts(together, spoken))
        # What a rule saw in one sentence of a story is not passed over for another one's question.
        judged = self._lookup.best(sought, spoken, whole=understood.overruled)
        # No one article is meant by who asks several things.
        evidence = self._evidence(judged, sought, conversation, one_thing=not asked)
        decision = after_search(understood.turn, evidence)
        return self._with_search(decision, judged, sought.text, spoken, tell)

    def _evidence(
        self, judged: Judged, sought: Sought, conversation: Conversation | None, *, one_thing: bool
    ) -> Evidence:
        """What a search brought, for a decision; `one_thing` says that the message asks no more than that."""
        model = self._dialogue.confidence
        return Evidence(
            probability=judged.probability,
            threshold=model.threshold,
            clarify_threshold=model.clarify_threshold,
            choices=len(judged.choices),
            alone=judged.can_be_asked_about and one_thing,
            undecided=judged.undecided,
            continues=sought.leans and _continues(judged, conversation),
            translated=judged.locale != self._languages.default,
        )

    def for_people(self, text: str, *, locale: str = "") -> Answered:
        """What a message is handed off as that was written to people, such as by a form: how urgent, and to whom."""
        heard = self._languages.heard(text, locale, None)
        sought, rules = self._languages.spoken(heard), self._understanding.rules(heard)
        # People's words may be known in a language that the bot does not answer.
        known = not heard.answered and locale in self._dialogue.wording.languages
        spoken = locale if known else sought
        try:
            fired = self._dialogue.triggers.told(text, rules, self._see, read_in=sought)
            considered = self._judge.considered(self.look_up(text, sought))
        except (BotError, SearchError):
            # It reaches people without the index too.
            fired, considered = self._dialogue.triggers.match(text, rules), ()
        if fired is not None:
            return _brought_in(fired, spoken, considered)
        decision = Decision(ReplyKind.HANDOFF, Reason.PERSON, WRITTEN_TO_PEOPLE)
        return self._hand_off(decision, spoken, considered, 0.0)

    def judge(self, text: str, locale: str) -> Judged:
        """What a question by itself would be answered with in a locale, and how probable it is; for measuring."""
        asked = self._dialogue.plainly.said(text, locale)
        return self._judge.judge(self._judge.question(asked, (), locale), locale)

    def look_up(self, text: str, locale: str, *, as_written: bool = False) -> Judged:
        """The same, in the default language too where that brings more; nothing is taken for a typo `as_written`."""
        return self._lookup.best(self._lookup.sought(text, locale, (), "", as_written=as_written), locale)

    def known_locale(self, locale: str) -> str:
        """The configured locale that a channel's hint means, or empty."""
        return self._languages.known(locale)

    @property
    def threshold(self) -> float:
        """The probability that an answer needs now."""
        return self._dialogue.confidence.threshold

    def language_of(self, conversation: Conversation, locale: str) -> str:
        """The language to write in where a message could not be looked at."""
        return self._languages.of_conversation(conversation, locale)

    def mood(self, messages: Sequence[str], language: str) -> Mood:
        """How the customer sounds, by the rules about being upset and about abuse."""
        triggers = self._dialogue.triggers
        upset = any(_UPSETTING & triggers.signals(text, language).fired for text in messages)
        return Mood.UPSET if upset else Mood.CALM

    def _without_search(self, decision: Decision, understood: Understood) -> Answered:
        fired, said, language = understood.fired, understood.said, understood.language
        if decision.rule == CHOICE_AGAIN and understood.offered is not None:
            text = self._dialogue.wording.say("clarify_choice", language)
            shown = understood.offered
            return without_people(
                with_choices(reply_of(decision, text, language), shown.choices, shown.none_of_these)
            )
        if decision.kind is not ReplyKind.HANDOFF:
            key = said.sentence if said and said.reason is decision.reason else "clarify_vague"
            text = self._dialogue.wording.say(key, language)
            return without_people(reply_of(decision, text, language))
        if fired is not None and fired.reason is decision.reason:
            return _brought_in(fired, language)
        return self._hand_off(decision, language, (), 0.0)

    def _hand_off(
        self, decision: Decision, language: str, considered: tuple[Citation, ...], probability: float
    ) -> Answered:
        handling = self._dialogue.handlings[decision.reason]
        return Answered(
            reply_of(decision, "", language, confidence=probability),
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
            reply = reply_of(
                decision, text, language, confidence=judged.probability, citations=judged.citations
            )
            return without_people(replace(reply, written=written))
        if decision.kind is ReplyKind.CLARIFY:
            asks, none = _ASKING[bool(judged.choices)]
            reply = reply_of(decision, say(asks, language), language, confidence=judged.probability)
            return without_people(
                with_choices(reply, self._judge.offered(judged, language), say(none, language))
            )
        return self._hand_off(decision, language, self._judge.considered(judged), judged.probability)


def _brought_in(fired: Fired, language: str, considered: tuple[Citation, ...] = ()) -> Answered:
    """The hand-off for which a rule, or the meaning of the message, gives the reason."""
    decision = Decision(ReplyKind.HANDOFF, fired.reason, fired.rule)
    return Answered(reply_of(decision, "", language), considered, fired.priority, fired.queue, fired.sentence)


def _in_parts(together: Together, language: str) -> Reply:
    return reply_of(
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
