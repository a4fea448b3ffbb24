"""Live chats: an agent takes a conversation, talks with the customer, and gives it back; all effects happen here."""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import replace

from bot.anew import anew
from bot.changes import Change, change_of
from bot.chat.handover import Handover
from bot.desk.life import Action
from bot.desk.live import BEAT, LiveChat, Lost, Side, lost
from bot.desk.policy import Policy
from bot.desk.steps import Work
from bot.desk.ticket import Ticket
from bot.dialogue.conversation import Conversation, Message, Role, State
from bot.dialogue.states import Event, after
from bot.dialogue.wording import Wording
from bot.errors import BadRequest, Conflict, ConversationMoved, NotAllowed, NotFound
from bot.live.ports import LiveStore, StepStore
from bot.live.step import LiveStep, To
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.ports import Conversations
from bot.randomness import Chance
from bot.tickets.tickets import Tickets

_log = logging.getLogger(__name__)

#: Who puts a chat back into its queue that its agent has left alone, as the ticket's history names them.
WATCH = "live"
#: What a customer reads then.
_SAID_OF = {Lost.GONE: "live_gone", Lost.SILENT: "live_silent"}


class LiveDesk:
    """What agents do in live chats. Each step raises `NotFound`, and `Conflict` where it cannot be made (any more)."""

    def __init__(
        self,
        conversations: Conversations,
        store: LiveStore,
        steps: StepStore,
        tickets: Tickets,
        handover: Handover,
        wording: Wording,
        policy: Policy,
        chance: Chance,
    ) -> None:
        self._conversations = conversations
        self._store = store
        self._steps = steps
        self._tickets = tickets
        self._handover = handover
        self._wording = wording
        self._policy = policy
        self._chance = chance

    def take(self, who: Principal, conversation_id: str, *, over: bool = False) -> None:
        """An agent joins; `over` takes the place of a colleague, which needs `tickets:assign`."""
        if over and not who.may(Permission.TICKETS_ASSIGN):
            raise NotAllowed("Taking a chat from a colleague needs tickets:assign, which your role lacks.")

        def decided(conversation: Conversation, chat: LiveChat) -> LiveStep | None:
            if chat.account_id == _account(who):
                return None
            if chat.account_id and not over:
                raise Conflict(f"{chat.name} is in this chat already.")
            if conversation.state is State.CLOSED:
                raise Conflict("This conversation is closed.")
            now = self._chance.now()
            opened = None if conversation.ticket else self._taken_over(conversation, now)
            ticket = opened or self._ticket(conversation)

            def work(work: Work) -> None:
                work.assign(who.name, "joined the chat", Action.TAKE)

            return LiveStep(
                conversation_id,
                len(conversation.messages),
                now,
                after(conversation.state, Event.TAKEN),
                (self._line("live_joined", conversation, now, name=who.shown),),
                _account(who),
                now,
                opened,
                opened.reference if opened else None,
                self._change(ticket, who.name, now, work),
            )

        self._step(conversation_id, decided)

    def say(self, who: Principal, conversation_id: str, text: str, client_id: str) -> Message:
        """An agent writes to the customer, as a reply to the ticket; with the same `client_id` it is stored once."""
        if known := self._said(who, conversation_id, client_id):
            if known.text != text:
                raise BadRequest("This client_id was used for another message.")
            return known
        chat = self._store.chat(conversation_id)
        if chat is None:
            raise NotFound("There is no such conversation.")
        _check_in(who, chat)
        if chat.agent.typing_until is not None:
            self._store.typing(conversation_id, Side.AGENT, None, self._chance.now())
        self._tickets.reply(who, chat.ticket, text, then=Action.RESUME, client_id=client_id)
        said = self._said(who, conversation_id, client_id)
        if said is None:
            raise Conflict("This client_id was used for another message.")
        return said

    def release(self, who: Principal, conversation_id: str, to: To) -> None:
        """An agent leaves, and the queue or the bot has it. What goes back to the bot is done for people."""

        def decided(conversation: Conversation, chat: LiveChat) -> LiveStep:
            _check_in(who, chat)
            if to is To.QUEUE:
                return self._returned(conversation, who.name, who.shown, "live_returned")
            step = self._left(conversation, who.name, who.shown, "live_given_back", Event.GIVEN_BACK, _solve)
            return replace(step, ticket="")

        self._step(conversation_id, decided)

    def solve(self, who: Principal, conversation_id: str) -> None:
        """The matter is settled, and the chat is closed."""

        def decided(conversation: Conversation, chat: LiveChat) -> LiveStep:
            _check_in(who, chat)
            return self._left(conversation, who.name, who.shown, "live_solved", Event.CLOSED, _solve)

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

        def decided(conversation: Conversation, chat: LiveChat) -> LiveStep | None:
            why = lost(chat, self._policy.live, self._chance.now(), watched_since)
            return None if why is None else self._returned(conversation, WATCH, chat.name, _SAID_OF[why])

        found = []
        for chat in self._store.held():
            if lost(chat, self._policy.live, self._chance.now(), watched_since) is not None:
                try:
                    self._step(chat.conversation_id, decided)
                except ConversationMoved:
                    continue  # somebody writes there just now; the next look decides anew
                except (Conflict, NotFound) as error:
                    # Others must not wait for a chat that cannot be put back, such as one of a solved ticket.
                    _log.warning("the live chat of %s cannot go back to its queue: %s", chat.ticket, error)
                    continue
                found.append(chat.conversation_id)
        return found

    def _returned(self, conversation: Conversation, who: str, name: str, key: str) -> LiveStep:
        """The step back into the queue; who cannot be reached is asked for an address."""
        language, ticket = conversation.language, self._ticket(conversation)
        by = self._handover.by(ticket, language, self._chance.now()) if ticket else ""
        event = Event.RETURNED_REACHABLE if conversation.contact else Event.RETURNED
        ask = "" if conversation.contact else self._wording.say("contact_ask", language)

        def work(work: Work) -> None:
            work.assign("", "", Action.RELEASE)

        return self._left(conversation, who, name, key, event, work, by=by, more=ask)

    def _left(
        self,
        conversation: Conversation,
        who: str,
        name: str,
        key: str,
        event: Event,
        work: Callable[[Work], None],
        *,
        by: str = "",
        more: str = "",
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
            change=self._change(self._ticket(conversation), who, now, work),
        )

    def _change(
        self, ticket: Ticket | None, who: str, now: dt.datetime, work: Callable[[Work], None]
    ) -> Change | None:
        """What a step means for the ticket; who has the conversation, the step itself says."""
        if ticket is None:
            return None
        done = Work(ticket, who, now, self._policy)
        work(done)
        step = done.done()
        return replace(change_of(step), happened=None) if step.events else None

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

    def _ticket(self, conversation: Conversation) -> Ticket | None:
        return self._conversations.ticket(conversation.ticket) if conversation.ticket else None

    def _said(self, who: Principal, conversation_id: str, client_id: str) -> Message | None:
        conversation = self._conversations.get(conversation_id)
        return next(
            (
                one
                for one in (conversation.messages if conversation else ())
                if one.role is Role.AGENT and one.client_id == client_id and one.author == who.shown
            ),
            None,
        )

    def _step(
        self, conversation_id: str, decided: Callable[[Conversation, LiveChat], LiveStep | None]
    ) -> None:
        """Decides on what is stored and stores that, anew where somebody else was first; None is nothing to do."""

        def once() -> None:
            conversation = self._conversations.get(conversation_id)
            chat = self._store.chat(conversation_id)
            if conversation is None or chat is None:
                raise NotFound("There is no such conversation.")
            step = decided(conversation, chat)
            if step is not None:
                self._steps.record(step)

        anew(self._chance, once, ConversationMoved)


def _solve(work: Work) -> None:
    work.act(Action.SOLVE)


def _account(who: Principal) -> str:
    return who.account.id if who.account else ""


def _check_in(who: Principal, chat: LiveChat) -> None:
    if chat.account_id and chat.account_id == _account(who):
        return
    raise Conflict(f"{chat.name} has this chat now." if chat.account_id else "You are not in this chat.")
