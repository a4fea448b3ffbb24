"""What is known of a turn in, what is done with it out: answer, question back or hand-off is chosen here alone."""

from dataclasses import dataclass

from bot.dialogue.conversation import Conversation, Role, State
from bot.dialogue.reply import SMALL_TALK, Reason, ReplyKind


@dataclass(frozen=True, slots=True)
class Turn:
    """What is known of a message before anything is looked up."""

    with_people: bool
    """People have the conversation already."""
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


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a search brought."""

    probability: float
    """That the quoted answer is right, 0..1; 0 where nothing could be quoted."""
    threshold: float
    clarify_threshold: float
    choices: int
    """How many different things the customer may have meant that fit about equally; 0 or 1 is no choice."""
    undecided: bool = False
    """The two best of them differ in a name that the customer did not say, such as which of two machines."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with a turn."""

    kind: ReplyKind
    reason: Reason
    rule: str = ""


def before_search(turn: Turn) -> Decision | None:
    """The decision where none needs the knowledge base, else None. What people must see comes first."""
    if turn.with_people:
        return Decision(ReplyKind.HANDOFF, Reason.WITH_PEOPLE)
    if turn.fired is not None:
        return Decision(ReplyKind.HANDOFF, turn.fired, turn.rule)
    if turn.small_talk is not None:
        return Decision(ReplyKind.CLARIFY, turn.small_talk)
    if not turn.supported_language:
        return Decision(ReplyKind.HANDOFF, Reason.UNSUPPORTED_LANGUAGE)
    if turn.vague and not turn.chosen:
        if turn.asked_back:
            return Decision(ReplyKind.HANDOFF, Reason.LOW_CONFIDENCE)
        return Decision(ReplyKind.CLARIFY, Reason.UNDERSPECIFIED)
    return None


def after_search(turn: Turn, evidence: Evidence) -> Decision:
    """The decision once the knowledge base was asked. Never asks back twice in a row."""
    may_ask = not turn.asked_back and evidence.choices > 1
    needed = evidence.clarify_threshold if turn.chosen else evidence.threshold
    # Whatever the threshold is: without a quote there is no answer.
    probable = evidence.probability > 0 and evidence.probability >= needed
    # However good the quote is, half of the customers would get the other machine's answer.
    if probable and not (may_ask and evidence.undecided):
        return Decision(ReplyKind.ANSWER, Reason.ANSWERED)
    if may_ask and evidence.probability >= evidence.clarify_threshold:
        return Decision(ReplyKind.CLARIFY, Reason.CHOICE)
    return Decision(ReplyKind.HANDOFF, Reason.LOW_CONFIDENCE)


def state_after(decision: Decision, before: State) -> State:
    """Who has the conversation after a turn; what people have, they keep."""
    if before is State.WITH_PEOPLE or decision.kind is ReplyKind.HANDOFF:
        return State.WITH_PEOPLE
    if decision.reason is Reason.CHOICE:
        return State.AWAITING_CHOICE
    return State.ANSWERING


def asked_back(conversation: Conversation | None) -> bool:
    """Whether the bot's last message asked the customer something; small talk does not count."""
    for message in reversed(conversation.messages if conversation else ()):
        if message.role is Role.BOT and message.reply is not None:
            reply = message.reply
            return reply.kind is ReplyKind.CLARIFY and reply.reason not in SMALL_TALK
    return False
