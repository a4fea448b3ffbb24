"""A random customer, and a database and a model that fail at random: nothing is lost, and nobody is left unanswered."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.chat.incoming import Handled, Incoming
from bot.composition import Services
from bot.dialogue.conversation import Role, State
from bot.dialogue.reply import SMALL_TALK, Reason, ReplyKind
from bot.dialogue.states import TRANSITIONS, Event, after
from bot.errors import Conflict, NotReady, StorageUnavailable
from bot.live.step import To
from bot.people.accounts import Account, Principal, Session, Stage
from bot.people.roles import Role as StaffRole
from bot.settings import load
from index.errors import SearchError
from tests.flows.deciding import ALWAYS_ANSWER, ASK_BACK, NEVER_ANSWER, dialogue
from tests.flows.talking import chat_with
from tests.index import small_centre
from tests.index.small_centre import Centre

SAID = st.sampled_from(
    [
        "how do I reset my password",
        "where are my invoices",
        "error codes",
        "hello",
        "thanks",
        "yes",
        "it doesn't work",
        "I want to talk to a human",
        "you are useless!!",
        "ann@shop.example",
        "ann@gmial.com",
        "ann at shop.example",
        "and on the phone?",
        "¿dónde está mi pedido?",
        "Dzień dobry, chciałbym zwrócić zamówienie, które otrzymałem wczoraj",
        "???",
        "\x00",
    ]
)
THRESHOLDS = st.sampled_from([ALWAYS_ANSWER, NEVER_ANSWER, ASK_BACK])
FAILURES = st.sampled_from(
    [
        RuntimeError("model"),
        NotReady("no index"),
        SearchError("gone"),
        StorageUnavailable("busy"),
        KeyError("x"),
    ]
)
#: States in which people have the conversation; it does not come back to the bot by itself.
PEOPLE = frozenset({State.AWAITING_CONTACT, State.WITH_PEOPLE, State.WITH_AGENT})


def working(account: Account) -> Principal:
    """Somebody of the team who is signed in."""
    at = account.created_at
    session = Session(account.id, "digest", account.id, Stage.FULL, at, at, "", "")
    return Principal(f"account:{account.id}", account.name, account.role, frozenset(), account, session)


class Failing:
    """The real answering, or an error."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self.error: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def answer(self, text: str, **more: Any) -> Any:
        if self.error is not None:
            raise self.error
        return self._real.answer(text, **more)


class Customers(RuleBasedStateMachine):
    """One conversation from its first message on; its table is compared with the real database after each turn."""

    centre: Centre

    @initialize(thresholds=THRESHOLDS)
    def open(self, thresholds: tuple[float, float]) -> None:
        self.folder = Path(tempfile.mkdtemp())
        shutil.copytree(self.centre.data, self.folder / "data")
        self.opened = Services(
            load(data=self.folder / "data"), _encoder=small_centre.encoder(), _dialogue=dialogue(thresholds)
        )
        self.answering = Failing(self.opened.answering)
        self.chat = chat_with(self.opened, self.answering)
        self.last: Handled | None = None
        self.state = State.ANSWERING
        self.sent: list[str] = []
        self.references: set[str] = set()
        self.asked_in_a_row = 0
        self.agent = working(self.opened.team.add("mia@example.org", "Mia", StaffRole.AGENT, by="x").account)
        self.colleague = working(
            self.opened.team.add("noa@example.org", "Noa", StaffRole.AGENT, by="x").account
        )
        self.by_agents: list[str] = []
        self.unanswered = 0
        self.lines = 0

    def teardown(self) -> None:
        if hasattr(self, "opened"):
            self.opened.close()
            shutil.rmtree(self.folder)

    def _send(self, text: str, contact: str = "") -> Handled:
        before = self.state
        handled = self.chat.reply(
            Incoming(text, self.last.conversation_id if self.last else "", contact=contact)
        )
        self.last = handled
        kept = self.opened.chat.conversation(handled.conversation_id)
        self.sent.append([one.text for one in kept.messages if one.role is Role.CUSTOMER][-1])
        self.state = kept.state
        if before is State.WITH_AGENT:
            # A person is in the chat: the bot says nothing, and it goes to them.
            self.unanswered += 1
            assert handled.reply.text == ""
            assert self.state is State.WITH_AGENT
        assert self.state in TRANSITIONS[before].values()
        if handled.ticket is not None:
            self.references.add(handled.ticket.reference)
        asked = handled.reply.kind is ReplyKind.CLARIFY and handled.reply.reason not in SMALL_TALK
        small = handled.reply.reason in SMALL_TALK
        self.asked_in_a_row = self.asked_in_a_row + 1 if asked else (self.asked_in_a_row if small else 0)
        if before in PEOPLE:
            assert self.state in PEOPLE
            assert (self.state is State.WITH_AGENT) is (before is State.WITH_AGENT)
            assert handled.reply.reason is Reason.WITH_PEOPLE
        return handled

    @rule(text=SAID)
    def says(self, text: str) -> None:
        self._send(text)

    @precondition(lambda self: self.last is not None and self.last.reply.choices)
    @rule()
    def clicks(self) -> None:
        assert self.last is not None
        self._send(self.last.reply.choices[0])

    @precondition(lambda self: self.last is not None and self.last.reply.none_of_these)
    @rule()
    def clicks_none_of_these(self) -> None:
        assert self.last is not None
        self._send(self.last.reply.none_of_these)

    @rule()
    def fills_in_the_form(self) -> None:
        handled = self._send("You can reach me there.", contact="ann@shop.example")
        assert self.opened.chat.conversation(handled.conversation_id).contact == "ann@shop.example"

    @precondition(lambda self: self.last is not None)
    @rule()
    def an_agent_joins(self) -> None:
        assert self.last is not None
        before = self.opened.chat.conversation(self.last.conversation_id)
        if before.state is State.CLOSED:
            with pytest.raises(Conflict):
                self.opened.live_desk.take(self.agent, before.id)
            return
        self.opened.live_desk.take(self.agent, before.id)
        self.state = after(before.state, Event.TAKEN)
        self.lines += before.state is not State.WITH_AGENT
        kept = self.opened.chat.conversation(before.id)
        # Who was not with people yet has a ticket now, and who was has the same as before.
        assert kept.ticket == before.ticket or not before.ticket
        assert kept.ticket
        self.references.add(kept.ticket)
        with pytest.raises(Conflict):
            self.opened.live_desk.take(self.colleague, before.id)
        self.asked_in_a_row = 0

    @precondition(lambda self: self.state is State.WITH_AGENT)
    @rule(again=st.booleans())
    def the_agent_says_something(self, again: bool) -> None:
        assert self.last is not None
        number = len(self.by_agents)
        for _ in range(1 + again):
            self.opened.live_desk.say(
                self.agent, self.last.conversation_id, f"word {number}", f"client-{number}"
            )
        self.by_agents.append(f"word {number}")
        with pytest.raises(Conflict):
            self.opened.live_desk.say(self.colleague, self.last.conversation_id, "me too", "other")

    @precondition(lambda self: self.state is State.WITH_AGENT)
    @rule(to=st.sampled_from(list(To)))
    def the_agent_leaves(self, to: To) -> None:
        assert self.last is not None
        self.opened.live_desk.release(self.agent, self.last.conversation_id, to)
        kept = self.opened.chat.conversation(self.last.conversation_id)
        self.lines += 1
        self.state = kept.state
        if to is To.BOT:
            assert (kept.state, kept.ticket) == (State.ANSWERING, "")
        else:
            assert kept.state is (State.WITH_PEOPLE if kept.contact else State.AWAITING_CONTACT)
            assert kept.ticket
        with pytest.raises(Conflict):
            self.opened.live_desk.say(self.agent, kept.id, "too late", "late")

    @precondition(lambda self: self.state is not State.WITH_AGENT)
    @rule(error=FAILURES, text=SAID)
    def something_breaks(self, error: Exception, text: str) -> None:
        self.answering.error = error
        handled = self._send(text)
        self.answering.error = None
        assert handled.reply.kind is ReplyKind.HANDOFF
        assert handled.ticket is not None
        assert self.opened.conversations.ticket(handled.ticket.reference) is not None

    @precondition(lambda self: self.last is not None)
    @rule(text=SAID)
    def nothing_can_be_stored(self, text: str) -> None:
        assert self.last is not None
        before = self.opened.chat.conversation(self.last.conversation_id)
        with self.opened.database.writing() as connection:
            connection.execute(
                sa.text("CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT no_such(); END")
            )
        with pytest.raises(StorageUnavailable):
            self.chat.reply(Incoming(text, self.last.conversation_id))
        with self.opened.database.writing() as connection:
            connection.execute(sa.text("DROP TRIGGER full"))
        assert self.opened.chat.conversation(self.last.conversation_id) == before

    @precondition(lambda self: self.last is not None)
    @rule()
    def is_closed(self) -> None:
        assert self.last is not None
        if self.state is State.WITH_AGENT:
            self.opened.live_desk.solve(self.agent, self.last.conversation_id)
            self.lines += 1
        self.state = after(self.state, Event.CLOSED) if self.state is not State.CLOSED else State.CLOSED
        with self.opened.database.writing() as connection:
            connection.execute(sa.text("UPDATE conversations SET state = 'closed'"))

    @invariant()
    def every_message_is_kept_and_answered(self) -> None:
        if getattr(self, "last", None) is None:
            return
        assert self.last is not None
        kept = self.opened.chat.conversation(self.last.conversation_id)
        assert [one.text for one in kept.messages if one.role is Role.CUSTOMER] == self.sent
        roles = [one.role for one in kept.messages]
        assert roles.count(Role.BOT) == len(self.sent) - self.unanswered
        assert [one.text for one in kept.messages if one.role is Role.AGENT] == self.by_agents
        assert roles.count(Role.SYSTEM) == self.lines
        # Each reply of the bot is to the customer's message right before it.
        for place, role in enumerate(roles):
            assert role is not Role.BOT or roles[place - 1] is Role.CUSTOMER
        assert all(one.text.strip() for one in kept.messages if one.role is Role.BOT)

    @invariant()
    def people_have_one_ticket_and_the_bot_none(self) -> None:
        if getattr(self, "last", None) is None:
            return
        assert self.last is not None
        kept = self.opened.chat.conversation(self.last.conversation_id)
        assert bool(kept.ticket) or self.state not in PEOPLE
        assert not kept.ticket or self.state in PEOPLE or self.state is State.CLOSED
        # Only what was given back to the bot needs another one.
        given_back = sum(
            "automated assistant" in one.text for one in kept.messages if one.role is Role.SYSTEM
        )
        assert len(self.references) <= 1 + given_back

    @invariant()
    def the_bot_asks_once_at_most(self) -> None:
        assert getattr(self, "asked_in_a_row", 0) <= 1


def test_no_message_is_lost_and_none_stays_unanswered(shared_centre: Centre) -> None:
    class Here(Customers):
        centre = shared_centre

    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=25,
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            derandomize=True,
        ),
    )
