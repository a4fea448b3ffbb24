"""A message to the people who have a conversation in, what is said to it and the address in it out."""

from dataclasses import dataclass

from bot.dialogue import contact
from bot.dialogue.conversation import Conversation, State
from bot.dialogue.decide import (
    CONTACT_DOUBTED,
    CONTACT_GIVEN,
    Decision,
    asked_to_check,
    was_doubted,
    with_people,
)
from bot.dialogue.smalltalk import SmallTalk

#: Small talk that says yes to “did you mean …?”.
_AGREEING = frozenset({"agreed", "ok"})
#: Small talk that asks people for nothing; it reaches them like anything else.
_THANKING = frozenset({"thanks", "goodbye"})
_TO_PEOPLE = {CONTACT_GIVEN: "contact_saved", CONTACT_DOUBTED: "contact_invalid"}


@dataclass(frozen=True, slots=True)
class PassedOn:
    """What is made of a message that goes to people."""

    decision: Decision
    language: str
    sentence: str
    """Key of what the customer is told."""
    meant: tuple[str, ...] = ()
    """The address that they probably meant, to be asked about."""
    contact: str = ""
    """An address or number that the message gave."""
    unconfirmed: str = ""
    """An address that the customer is asked to check; people should know it even if they never do."""


def passed_on(text: str, conversation: Conversation, language: str, small_talk: SmallTalk) -> PassedOn:
    """What is said to a message for the people who have the conversation; an address in it is for them."""
    heard = contact.read(text)
    checking = tuple(asked_to_check(conversation))
    if checking and isinstance(heard, contact.Doubtful):
        heard = heard.insisted()
    elif checking and heard is None and _says(text, language, small_talk, _AGREEING):
        heard = contact.Contact(checking[0])
    elif conversation.contact and not contact.is_nothing_else(text):
        # Who is known already and mentions an address talks about it.
        heard = None
    unknown = conversation.state is State.WITH_PEOPLE and not conversation.contact
    may_ask = (conversation.state is State.AWAITING_CONTACT or unknown) and not was_doubted(conversation)
    decision = with_people(heard, may_ask)
    given = heard.address if isinstance(heard, contact.Contact) else ""
    # Where it is doubtful again, they were asked before, and nobody asks twice.
    doubtful = heard.typed if isinstance(heard, contact.Doubtful) else ""
    if decision.rule == CONTACT_DOUBTED and isinstance(heard, contact.Doubtful) and heard.meant:
        return PassedOn(decision, language, "contact_check", (heard.meant,), unconfirmed=doubtful)
    thanking = heard is None and _says(text, language, small_talk, _THANKING)
    sentence = _TO_PEOPLE.get(decision.rule, "with_people_thanks" if thanking else "with_people")
    return PassedOn(decision, language, sentence, contact=given, unconfirmed=doubtful)


def _says(text: str, language: str, small_talk: SmallTalk, sentences: frozenset[str]) -> bool:
    """Whether a message is small talk that one of these sentences answers."""
    said = small_talk.classify(text, language)
    return said is not None and said.sentence in sentences
