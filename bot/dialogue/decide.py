"""What is known of a turn in, what is done with it out: answer, question back or hand-off is chosen here alone."""

from dataclasses import dataclass

from bot.dialogue.contact import Contact, Doubtful
from bot.dialogue.conversation import Conversation, Role
from bot.dialogue.reply import SMALL_TALK, Reason, Reply, ReplyKind
from bot.dialogue.states import Event

#: Rules of a reply to a message that went to people: the customer left an address, or probably mistyped one.
CONTACT_GIVEN = "contact/given"
CONTACT_DOUBTED = "contact/doubted"
#: Rule of a reply that shows the choices again to who said yes to several of them: the question is still the same one.
CHOICE_AGAIN = "choice/again"
#: In a language that the model hardly knows, choices have little to do with the question below this: of the sample's
#: German, Spanish and French questions that were asked back about below it, the right article was among the choices for
#: 5 and was not for 19; in English for 43 and 25. Found as .5 with the confidence model of before 0038, for which as
#: many of the sample's questions were above .5 as are above this.
ASK_IN_TRANSLATION = 0.58
#: From this probability on the customer is asked whether the one article that fits is meant, instead of being handed
#: off: of every other one of the sample's hard and everyday questions, those between here and the threshold were about
#: that article 24 times of 28, and 5 of 50 that nothing answers are asked so too. Found as .4 with the model of before
#: 0038; about as many questions are above this now.
CONFIRM = 0.5
_SAID_TO_PEOPLE = {CONTACT_GIVEN: Event.CONTACT_GIVEN, CONTACT_DOUBTED: Event.CONTACT_DOUBTED}


@dataclass(frozen=True, slots=True)
class Turn:
    """What is known of a message before anything is looked up."""

    fired: Reason | None
    """A trigger's reason, such as a security incident."""
    rule: str
    small_talk: Reason | None
    supported_language: bool
    vague: bool
    """Too little is said to look anything up."""
    asked_back: bool
    """The bot's last message asked something already."""
    chosen: bool
    """The message is one of the choices that the bot's last message offered."""
    refused: bool = False
    """The message says that none of those choices is meant."""
    agreed: Reason | None = None
    """The message says yes to several choices, which leaves open to which: the small talk that it counts as."""
    circling: str = ""
    """The rule by which the conversation goes round in circles, or empty."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a search brought."""

    probability: float
    """That the quoted answer is right, 0..1; 0 where nothing could be quoted."""
    threshold: float
    clarify_threshold: float
    choices: int
    """How many different things the customer may have meant that fit about equally; 0 or 1 is no choice."""
    alone: bool = False
    """One article fits, and no other about as well."""
    undecided: bool = False
    """The two best of them differ in a name that the customer did not say, such as which of two machines."""
    continues: bool = False
    """The message leans on the conversation, and the quote is from the article that the last answer quoted."""
    translated: bool = False
    """The quote is not in the default language, which the model knows best."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with a turn."""

    kind: ReplyKind
    reason: Reason
    rule: str = ""


def before_search(turn: Turn) -> Decision | None:
    """The decision where none needs the knowledge base, else None. What people must see comes first."""
    if turn.fired is not None:
        return Decision(ReplyKind.HANDOFF, turn.fired, turn.rule)
    if turn.refused:
        return Decision(ReplyKind.HANDOFF, Reason.LOW_CONFIDENCE)
    if turn.agreed is not None:
        return Decision(ReplyKind.CLARIFY, turn.agreed, CHOICE_AGAIN)
    if turn.small_talk is not None:
        return Decision(ReplyKind.CLARIFY, turn.small_talk)
    if not turn.supported_language:
        return Decision(ReplyKind.HANDOFF, Reason.UNSUPPORTED_LANGUAGE)
    if turn.circling and not turn.chosen:
        return Decision(ReplyKind.HANDOFF, Reason.GOING_IN_CIRCLES, turn.circling)
    if turn.vague and not turn.chosen:
        if turn.asked_back:
            return Decision(ReplyKind.HANDOFF, Reason.LOW_CONFIDENCE)
        return Decision(ReplyKind.CLARIFY, Reason.UNDERSPECIFIED)
    return None


def after_search(turn: Turn, evidence: Evidence) -> Decision:
    """The decision once the knowledge base was asked. Never asks back twice in a row."""
    may_ask = not turn.asked_back and evidence.choices > 1
    # Asking which article is meant would ask what the customer has just said.
    said_which = turn.chosen or evidence.continues
    needed = evidence.clarify_threshold if said_which else evidence.threshold
    # Whatever the threshold is: without a quote there is no answer.
    probable = evidence.probability > 0 and evidence.probability >= needed
    # However good the quote is, half of the customers would get the other machine's answer.
    if probable and not (may_ask and evidence.undecided):
        return Decision(ReplyKind.ANSWER, Reason.ANSWERED)
    least = max(evidence.clarify_threshold, ASK_IN_TRANSLATION if evidence.translated else 0.0)
    if may_ask and evidence.probability >= least:
        return Decision(ReplyKind.CLARIFY, Reason.CHOICE)
    if evidence.alone and not turn.asked_back and evidence.probability >= max(least, CONFIRM):
        return Decision(ReplyKind.CLARIFY, Reason.CHOICE)
    return Decision(ReplyKind.HANDOFF, Reason.LOW_CONFIDENCE)


def event(decision: Decision, reachable: bool) -> Event:
    """What a decision means for who has the conversation; `reachable` says that an address is known now."""
    if decision.reason is Reason.WITH_PEOPLE:
        return _SAID_TO_PEOPLE.get(decision.rule, Event.PASSED_ON)
    if decision.kind is ReplyKind.HANDOFF:
        return Event.HANDED_OFF_REACHABLE if reachable else Event.HANDED_OFF
    if decision.kind is ReplyKind.ANSWER:
        return Event.ANSWERED
    return Event.SMALL_TALK if decision.reason in SMALL_TALK else Event.ASKED_BACK


def with_people(heard: Contact | Doubtful | None, may_ask: bool) -> Decision:
    """What is done with a message to the people who have the conversation.

    `heard` is the address in it. Only who cannot be reached yet, and was not just asked to check it, `may` be asked.
    """
    if isinstance(heard, Contact):
        return Decision(ReplyKind.HANDOFF, Reason.WITH_PEOPLE, CONTACT_GIVEN)
    if isinstance(heard, Doubtful) and may_ask:
        return Decision(ReplyKind.HANDOFF, Reason.WITH_PEOPLE, CONTACT_DOUBTED)
    return Decision(ReplyKind.HANDOFF, Reason.WITH_PEOPLE)


def offering(conversation: Conversation | None) -> Reply | None:
    """The question back that offered the choices which are open; small talk in between leaves them so."""
    asked = _asked(conversation)
    return asked if asked and asked.choices else None


def shown_again(conversation: Conversation | None) -> bool:
    """Whether the customer said yes to several choices before; once is enough."""
    said = [message.reply for message in conversation.messages if message.reply] if conversation else []
    return bool(said) and said[-1].rule == CHOICE_AGAIN


def was_doubted(conversation: Conversation) -> bool:
    """Whether the customer was asked to check an address just before; once is enough."""
    said = [message.reply for message in conversation.messages if message.reply is not None]
    return bool(said) and said[-1].rule == CONTACT_DOUBTED


def asked_to_check(conversation: Conversation) -> tuple[str, ...]:
    """The address that the customer was just asked about (“did you mean …?”), if any."""
    said = [message.reply for message in conversation.messages if message.reply is not None]
    return said[-1].choices[:1] if said and said[-1].rule == CONTACT_DOUBTED else ()


def asked_back(conversation: Conversation | None) -> bool:
    """Whether the bot asked the customer something just before; small talk does not count."""
    return _asked(conversation) is not None


def _asked(conversation: Conversation | None) -> Reply | None:
    for message in reversed(conversation.messages if conversation else ()):
        reply = message.reply
        if message.role is Role.BOT and reply is not None and reply.reason not in SMALL_TALK:
            return reply if reply.kind is ReplyKind.CLARIFY else None
    return None
