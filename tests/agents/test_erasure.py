"""A customer who wants to be forgotten: nothing of them is left in the database or on the disk, and figures stay."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.cli import main
from bot.desk.life import Action
from bot.errors import Conflict, NotFound
from bot.people.accounts import Principal
from bot.people.audit import verify
from bot.people.roles import Permission, Role
from bot.storage.tables import facts
from bot.tickets.attachments import Sent
from tests.agents.colleagues import ANN, House
from tests.agents.happening import run
from tests.live.conftest import House as Servers
from tests.live.conftest import PostgresServer, Time, houses, postgres

__all__ = ["postgres"]

#: Words that stand nowhere else: of the customer, of those who answered, in files, and in their names.
WORDS = ("zanzibar", "quetzalcoatl", "xylophone", "kaleidoscope", "marzipan", "ann.miller")
SHARED = b"a manual that both have sent"


def worker(served: House) -> Principal:
    scopes = (Permission.TICKETS_READ, Permission.TICKETS_WORK, Permission.PERSONAL_READ)
    found = served.services.machine_keys.principal(served.key(*scopes)["authorization"][7:])
    assert found is not None
    return found


def send(served: House, reference: str, name: str, content: bytes) -> None:
    ticket = served.services.conversations.ticket(reference)
    assert ticket is not None
    conversation = served.services.chat.conversation(ticket.conversation_id)
    served.services.attachments.by_customer(conversation, Sent(name, content))


def left(folder: Path) -> set[str]:
    """Which of the words stand in any byte of any file."""
    found = set[str]()
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            found |= {word for word in WORDS if word.encode() in content}
    return found


def test_no_byte_of_an_erased_customer_is_left_in_the_data_folder(served: House) -> None:
    services, who = served.services, worker(served)
    reference = served.ticket("my zanzibar grinder is broken", contact="Ann.Miller@example.org")
    other = served.ticket("another one has the same manual", contact="bob@example.org")
    send(served, reference, "kaleidoscope.txt", b"a marzipan stain")
    send(served, reference, "manual.txt", SHARED)
    send(served, other, "manual.txt", SHARED)
    services.desk.reply(who, reference, "quetzalcoatl is on its way")
    services.desk.note(who, reference, "they sound like a xylophone")
    services.desk.act(who, reference, Action.SOLVE)
    services.solved.prepare()
    folder = services.settings.data
    services.database.compact()
    assert left(folder) == set(WORDS)
    with services.database.reading() as connection:
        before = connection.execute(sa.select(sa.func.count()).select_from(facts)).scalar_one()

    found = services.erasure.found(ANN)
    assert (found.tickets, found.files, found.unfinished) == ((reference,), 2, ())
    done = services.erasure.erase(ANN.upper(), "command")

    assert left(folder) == set()
    assert (done.files_gone, done.compacted, done.left) == (1, True, {})
    with services.database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(facts)).scalar_one() == before
    # Whoever sent the same keeps theirs, and the team sees an empty ticket with its steps.
    [kept] = services.attachments.of_ticket(other)
    assert services.attachments.for_member(who, other, kept.id)[1] == SHARED
    page = served.browser(Role.AGENT).get(f"/desk/tickets/{reference}", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "erased on the customer" in page.text
    # What was still due after the solution finds an empty ticket and stumbles over nothing.
    served.clock.at += dt.timedelta(days=30)
    while services.timekeeping.run():
        pass
    run(served)
    assert left(folder) == set()
    [note] = [one.note for one in services.audit.entries() if one.note.what == "customer.erased"]
    assert note.detail["tickets"] == reference
    assert verify(services.audit.entries()).broken_at is None
    with pytest.raises(NotFound):
        services.erasure.found(ANN)


def test_a_customer_who_still_waits_for_an_answer_is_not_erased(served: House) -> None:
    reference = served.ticket("my zanzibar grinder is broken", contact=ANN)
    with pytest.raises(Conflict, match=f"Still open: {reference}"):
        served.services.erasure.erase(ANN, "command")
    ticket = served.services.conversations.ticket(reference)
    assert ticket is not None
    assert ticket.contact == ANN


def test_a_ticket_leads_to_all_conversations_of_its_customer_and_says_where_else_the_address_stands(
    served: House,
) -> None:
    first, second = served.ticket("one", contact=ANN), served.ticket("two", contact=ANN)
    served.ticket(f"please answer {ANN} instead of me", contact="bob@example.org")
    for reference in (first, second):
        served.services.desk.act(worker(served), reference, Action.CLOSE)
    done = served.services.erasure.erase(first, "command")
    assert set(done.traces.tickets) == {first, second}
    assert done.left["messages.text"] == 1
    assert set(done.left) <= {"messages.text", "tickets.subject", "tickets.packet"}


def test_what_a_customer_taught_the_search_is_unlearned(served: House) -> None:
    answered = served.client.post("/chat", json={"message": "how do I descale my brewer?"}).json()
    conversation, message = answered["conversation_id"], answered["message_id"]
    assert served.client.post(f"/chat/{message}/feedback", json={"helpful": True}).is_success
    assert len(served.services.learning.listing()) == 1
    asked = {"message": "I want to talk to a person", "conversation_id": conversation, "contact": ANN}
    reference = served.client.post("/chat", json=asked).json()["ticket"]["reference"]
    served.services.desk.act(worker(served), reference, Action.SOLVE)
    assert served.services.erasure.erase(ANN, "command").learned == 1
    assert served.services.learning.listing() == ()


def test_the_command_counts_first_and_erases_on_yes(
    served: House, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = served.ticket("my zanzibar grinder is broken", contact=ANN)
    served.services.desk.act(worker(served), reference, Action.SOLVE)
    data = ("--data", str(served.services.settings.data))
    assert main(["erase", ANN, *data]) == 0
    assert f"1 tickets ({reference})" in capsys.readouterr().out
    assert main(["erase", ANN, "--yes", "--json", *data]) == 0
    assert json.loads(capsys.readouterr().out)["traces"]["tickets"] == [reference]
    assert main(["erase", ANN, *data]) == 1
    assert "Nothing is known" in capsys.readouterr().err


@pytest.fixture
def on_postgresql(postgres: PostgresServer, tmp_path: Path) -> Iterator[Servers]:
    yield from houses(tmp_path, postgres.empty(), Time())


def test_a_customer_is_erased_on_postgresql_too(on_postgresql: Servers) -> None:
    services = on_postgresql.services
    conversation = on_postgresql.waiting(contact=ANN)
    services.attachments.by_customer(services.chat.conversation(conversation), Sent("label.txt", b"230 V"))
    agent = on_postgresql.in_chat(conversation)
    agent.send("say", conversation=conversation, text="quetzalcoatl", client_id="a1")
    agent.frame("said")
    agent.send("solve", conversation=conversation)
    agent.frame("state", state="closed")
    done = services.erasure.erase(ANN, "command")
    assert (done.files_gone, done.compacted, done.left) == (1, True, {})
    with pytest.raises(NotFound):
        services.chat.conversation(conversation)
    assert [path for path in services.settings.files_root.rglob("*") if path.is_file()] == []
