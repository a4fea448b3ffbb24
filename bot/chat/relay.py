"""A message to the person who is in the chat in, what is stored of it out; the bot keeps silent."""

from bot.dialogue import contact
from bot.dialogue.conversation import Conversation, Message, Role, State
from bot.dialogue.reply import Reason, Reply, ReplyKind
from bot.dialogue.states import Event, after
from bot.ports import Exchange


def relayed(conversation: Conversation, said: Message, given: str, notice: Message | None = None) -> Exchange:
    """What is stored; `given` is an address that came beside the message, `notice` a line for the customer."""
    heard = given or conversation.contact or _address(said.text)
    event = Event.CONTACT_GIVEN if heard != conversation.contact else Event.PASSED_ON
    return Exchange(
        conversation_id=conversation.id,
        incoming=said,
        outgoing=notice,
        state=after(conversation.state, event),
        language=conversation.language,
        contact=heard,
        ticket=None,
    )


def silence(conversation: Conversation) -> Reply:
    """What a channel is told of a message that went to a person: nothing to read, only who has it."""
    return Reply(ReplyKind.HANDOFF, "", (), 0.0, Reason.WITH_PEOPLE, "", conversation.language)


def is_relayed(conversation: Conversation, place: int) -> bool:
    """Whether the customer's message at a place went to a person in the chat, so that no reply followed it."""
    after_it = conversation.messages[place + 1 : place + 2]
    return not after_it or after_it[0].reply is None


def to_a_person(conversation: Conversation) -> bool:
    """Whether what the customer writes now goes to a person in the chat."""
    return conversation.state is State.WITH_AGENT


def told(message_id: str, text: str, said: Message) -> Message:
    """A line of the service's own, right after what a customer said."""
    return Message(message_id, Role.SYSTEM, text, said.at)


def _address(text: str) -> str:
    """The address in a message that is nothing else; who mentions one in a sentence may talk about it."""
    heard = contact.read(text) if contact.is_nothing_else(text) else None
    return heard.address if isinstance(heard, contact.Contact) else ""
