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

from bot.chat import Handled, Incoming
from bot.composition import Services
from bot.dialogue.conversation import Role, State
from bot.dialogue.reply import SMALL_TALK, Reason, ReplyKind
from bot.dialogue.states import TRANSITIONS, Event, after
from bot.errors import NotReady, StorageUnavailable
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
PEOPLE = frozenset({State.AWAITING_CONTACT, State.WITH_PEOPLE})


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
        self.sent.append(kept.messages[-2].text)
        self.state = kept.state
        assert self.state in TRANSITIONS[before].values()
        if handled.ticket is not None:
            self.references.add(handled.ticket.reference)
        asked = handled.reply.kind is ReplyKind.CLARIFY and handled.reply.reason not in SMALL_TALK
        small = handled.reply.reason in SMALL_TALK
        self.asked_in_a_row = self.asked_in_a_row + 1 if asked else (self.asked_in_a_row if small else 0)
        if before in PEOPLE:
            assert self.state in PEOPLE
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

    @rule()
    def fills_in_the_form(self) -> None:
        handled = self._send("You can reach me there.", contact="ann@shop.example")
        assert self.opened.chat.conversation(handled.conversation_id).contact == "ann@shop.example"

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
        assert [one.role for one in kept.messages] == [Role.CUSTOMER, Role.BOT] * len(self.sent)
        assert all(one.text.strip() for one in kept.messages if one.role is Role.BOT)

    @invariant()
    def people_have_one_ticket_and_the_bot_none(self) -> None:
        if getattr(self, "last", None) is None:
            return
        assert len(self.references) <= 1
        assert bool(self.references) >= (self.state in PEOPLE)

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
