"""Live chats: an agent takes a conversation, talks with the customer, and gives it back; all effects happen here."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from bot.desk.live import (
    AWAY,
    BEAT,
    BoardRow,
    LiveChat,
    LivePolicy,
    Lost,
    Present,
    Side,
    lost,
    minutes_to_wait,
)
from bot.desk.ticket import Ticket
from bot.dialogue.conversation import Conversation, Message, Role, State
from bot.dialogue.states import Event, after
from bot.dialogue.wording import Wording
from bot.errors import BadRequest, Conflict, ConversationMoved, NotFound
from bot.handover import Handover
from bot.live_step import LiveStep
from bot.people.accounts import Account
from bot.ports import Conversations
from bot.randomness import Chance

#: How often a step is decided anew when somebody else wrote to the conversation meanwhile.
TRIES = 8
_WAITING = (State.AWAITING_CONTACT, State.WITH_PEOPLE)
#: What a customer reads when a chat goes back to its queue by itself.
_SAID_OF = {Lost.GONE: "live_gone", Lost.SILENT: "live_silent"}


class To(StrEnum):
    """Who has a chat after the agent in it left."""

    QUEUE = "queue"
    BOT = "bot"


class LiveStore(Protocol):
    """Live chats as stored."""

    def changes(self, ids: Collection[str]) -> Mapping[str, tuple[int, int]]:
        """Messages and version of each conversation: another pair says that there is something to see."""

    def chat(self, conversation_id: str) -> LiveChat | None:
        """A conversation as both sides see it, or None."""

    def held(self) -> Sequence[LiveChat]:
        """All chats that an agent is in."""

    def messages(self, conversation_id: str, after: int) -> Sequence[tuple[int, Message]]:
        """Messages from a place on, each with its place; not all of them at once where there are many."""

    def present(self, since: dt.datetime) -> Sequence[Present]:
        """Agents whose page was open at or after a time."""

    def is_available(self, account_id: str) -> bool:
        """Whether an agent takes chats, as they said last."""

    def set_available(self, account_id: str, available: bool, now: dt.datetime) -> None:
        """Keeps whether an agent takes chats."""

    def beat(self, account_ids: Collection[str], conversation_ids: Collection[str], now: dt.datetime) -> None:
        """Keeps that these agents and these customers have a page open."""

    def left(self, conversation_id: str) -> None:
        """Keeps that the customer has no page open any more."""

    def typing(self, conversation_id: str, side: Side, until: dt.datetime | None, now: dt.datetime) -> None:
        """Keeps that a side writes, until it is said again or this time comes."""

    def seen(self, conversation_id: str, side: Side, delivered: int, read: int) -> None:
        """Keeps how far a side has got; never takes back what it had seen."""


class BoardStore(Protocol):
    """The list of live chats as stored."""

    def rows(self, now: dt.datetime) -> Sequence[BoardRow]:
        """Conversations in which something goes on, longest waiting first."""

    def waiting(self, now: dt.datetime) -> int:
        """How many customers wait in an open chat for a person."""


class StepStore(Protocol):
    """Where steps are stored."""

    def record(self, step: LiveStep) -> None:
        """Makes a step. Raises `ConversationMoved`, and stores nothing, when another one came first."""


class LiveDesk:
    """What agents do in live chats."""

    def __init__(
        self,
        conversations: Conversations,
        store: LiveStore,
        steps: StepStore,
        handover: Handover,
        wording: Wording,
        policy: LivePolicy,
        chance: Chance,
    ) -> None:
        self._conversations = conversations
        self._store = store
        self._steps = steps
        self._handover = handover
        self._wording = wording
        self._policy = policy
        self._chance = chance

    def take(self, who: Account, conversation_id: str, *, over: bool = False) -> None:
        """An agent joins; `over` takes the place of a colleague. Raises `NotFound` and `Conflict`."""

        def decided(conversation: Conversation, chat: LiveChat) -> LiveStep | None:
            if chat.account_id == who.id:
                return None
            if chat.account_id and not over:
                raise Conflict(f"{chat.name} is in this chat already.")
            if conversation.state is State.CLOSED:
                raise Conflict("This conversation is closed.")
            now = self._chance.now()
            opened = None if conversation.ticket else self._taken_over(conversation, now)
            return LiveStep(
                conversation_id,
                len(conversation.messages),
                now,
                after(conversation.state, Event.TAKEN),
                (self._line("live_joined", conversation, now, name=who.name),),
                who.id,
                now,
                opened,
                opened.reference if opened else None,
            )

        self._step(conversation_id, decided)

    def say(self, who: Account, conversation_id: str, text: str, client_id: str) -> Message:
        """An agent writes to the customer; sent again with the same `client_id`, it is stored once.

        Raises `NotFound`, and `Conflict` where they are not in the chat (any more).
        """
        said: list[Message] = []

        def decided(conversation: Conversation, chat: LiveChat) -> LiveStep | None:
            known = next(
                (
                    one
                    for one in conversation.messages
                    if one.role is Role.AGENT and one.client_id == client_id
                ),
                None,
            )
            if known is not None and known.author == who.name:
                if known.text != text:
                    raise BadRequest("This client_id was used for another message.")
                said[:] = [known]
                return None
            self._check_in(who, chat)
            now = self._chance.now()
            said[:] = [Message(self._chance.new_id(), Role.AGENT, text, now, None, client_id, None, who.name)]
            return LiveStep(
                conversation_id,
                len(conversation.messages),
                now,
                conversation.state,
                tuple(said),
                who.id,
                chat.joined_at,
            )

        self._step(conversation_id, decided)
        return said[0]

    def release(self, who: Account, conversation_id: str, to: To) -> None:
        """An agent leaves, and the queue or the bot has it. Raises `NotFound` and `Conflict`."""

        def decided(conversation: Conversation, chat: LiveChat) -> LiveStep:
            self._check_in(who, chat)
            if to is To.BOT:
                return self._left(conversation, who.name, "live_given_back", Event.GIVEN_BACK, ticket="")
            return self._returned(conversation, who.name, "live_returned")

        self._step(conversation_id, decided)

    def solve(self, who: Account, conversation_id: str) -> None:
        """The matter is settled, and the chat is closed. Raises `NotFound` and `Conflict`."""

        def decided(conversation: Conversation, chat: LiveChat) -> LiveStep:
            self._check_in(who, chat)
            return self._left(conversation, who.name, "live_solved", Event.CLOSED)

        self._step(conversation_id, decided)

    def customer_is_here(self, conversation_id: str) -> None:
        """The customer has a page open that asks now and then, since it has no socket."""
        now, chat = self._chance.now(), self._store.chat(conversation_id)
        if chat is not None and (chat.customer_seen_at is None or now - chat.customer_seen_at > BEAT):
            self._store.beat([], [conversation_id], now)

    def sweep(self, watched_since: dt.datetime) -> list[str]:
        """Puts chats back into their queue whose agent is gone or silent; gives their conversations.

        Several servers may do so at once: one of them makes the step, the others find it made.
        """
        found = []
        for chat in self._store.held():
            if lost(chat, self._policy, self._chance.now(), watched_since) is not None:
                try:
                    self._step(chat.conversation_id, self._sweeping(watched_since))
                except ConversationMoved:
                    continue  # somebody writes there just now; the next look decides anew
                found.append(chat.conversation_id)
        return found

    def _sweeping(self, watched_since: dt.datetime) -> Callable[[Conversation, LiveChat], LiveStep | None]:
        def decided(conversation: Conversation, chat: LiveChat) -> LiveStep | None:
            why = lost(chat, self._policy, self._chance.now(), watched_since)
            return None if why is None else self._returned(conversation, chat.name, _SAID_OF[why])

        return decided

    def _returned(self, conversation: Conversation, name: str, key: str) -> LiveStep:
        """The step back into the queue; who cannot be reached is asked for an address."""
        now, language = self._chance.now(), conversation.language
        ticket = self._conversations.ticket(conversation.ticket)
        by = self._handover.by(ticket, language, now) if ticket else ""
        event = Event.RETURNED_REACHABLE if conversation.contact else Event.RETURNED
        ask = "" if conversation.contact else self._wording.say("contact_ask", language)
        return self._left(conversation, name, key, event, by=by, more=ask)

    def _left(
        self,
        conversation: Conversation,
        name: str,
        key: str,
        event: Event,
        *,
        by: str = "",
        more: str = "",
        ticket: str | None = None,
    ) -> LiveStep:
        now = self._chance.now()
        return LiveStep(
            conversation.id,
            len(conversation.messages),
            now,
            after(conversation.state, event),
            (self._line(key, conversation, now, name=name, by=by, more=more),),
            "",
            None,
            ticket=ticket,
        )

    def _line(
        self,
        key: str,
        conversation: Conversation,
        now: dt.datetime,
        *,
        name: str,
        by: str = "",
        more: str = "",
    ) -> Message:
        text = self._wording.say(key, conversation.language, name=name, by=by)
        return Message(self._chance.new_id(), Role.SYSTEM, f"{text} {more}".strip(), now)

    def _taken_over(self, conversation: Conversation, now: dt.datetime) -> Ticket:
        return self._handover.taken_over(
            conversation, lambda: self._conversations.helpful(conversation.id), now
        )

    def _check_in(self, who: Account, chat: LiveChat) -> None:
        if chat.account_id == who.id:
            return
        raise Conflict(f"{chat.name} has this chat now." if chat.account_id else "You are not in this chat.")

    def _step(
        self, conversation_id: str, decided: Callable[[Conversation, LiveChat], LiveStep | None]
    ) -> None:
        """Decides on what is stored and stores that, anew where somebody else was first; None is nothing to do."""
        for attempt in range(TRIES):
            conversation = self._conversations.get(conversation_id)
            chat = self._store.chat(conversation_id)
            if conversation is None or chat is None:
                raise NotFound("There is no such conversation.")
            step = decided(conversation, chat)
            if step is None:
                return
            try:
                self._steps.record(step)
            except ConversationMoved:
                if attempt == TRIES - 1:
                    raise
                continue
            return


class Availability:
    """Who is there for live chats, and how long a customer waits."""

    def __init__(
        self, store: LiveStore, board: BoardStore, policy: LivePolicy, now: Callable[[], dt.datetime]
    ) -> None:
        self._store = store
        self._board = board
        self._policy = policy
        self._now = now

    def present(self) -> tuple[Present, ...]:
        """Agents whose page is open."""
        return tuple(self._store.present(self._now() - AWAY))

    def minutes_to_wait(self) -> int | None:
        """How long the next customer waits at most; None where nobody there can promise that."""
        now = self._now()
        present = tuple(self._store.present(now - AWAY))
        if not any(one.available for one in present):
            return None
        return minutes_to_wait(self._board.waiting(now), present, self._policy)
