"""Files and views of the queue on both databases: counted, kept for their time, one name once."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.changes import Attaching
from bot.desk.attachments import Attachment, AttachmentRules, RefusedFile
from bot.desk.queue import Filter
from bot.desk.ticket import Status
from bot.desk.views import MOST_VIEWS, View
from bot.dialogue.conversation import State
from bot.errors import BadRequest, NotReady
from bot.people.accounts import Account
from bot.people.audit import Note
from bot.people.roles import Role
from bot.storage.attachments import AttachmentLog
from bot.storage.conversations import ConversationLog
from bot.storage.engine import Database
from bot.storage.people import PeopleLog
from bot.storage.queue import QueueLog
from bot.storage.team import TeamLog
from bot.storage.views import ViewLog
from tests.storage.samples import LATER, ticket, turn


def file(number: int, *, size: int = 10, at: dt.datetime = LATER, conversation: str = "c1") -> Attachment:
    return Attachment(
        f"f{number}", conversation, f"{number:064x}", f"{number}.png", "image/png", size, at, "customer"
    )


def test_of_many_that_come_at_once_no_more_are_kept_than_there_may_be(
    log: ConversationLog, database: Database
) -> None:
    log.record(turn(0, "c1"), seen=0)
    store, rules = AttachmentLog(database), AttachmentRules(most=3)

    def add(number: int) -> bool:
        try:
            store.add(Attaching(file(number), rules))
        except RefusedFile:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(add, range(8))) == 3
    assert len(store.of(["c1"])) == 3
    assert len(store.digests()) == 3
    with pytest.raises(NotReady, match="1 kB"):
        store.add(Attaching(file(9, size=1000), AttachmentRules(in_all=1000)))


def test_a_file_is_overdue_only_after_all_its_tickets_were_finished(
    log: ConversationLog, database: Database
) -> None:
    opened = ticket()
    log.record(turn(0, opened.conversation_id, ticket=opened, state=State.WITH_PEOPLE), seen=0)
    done = replace(opened, reference="TZ-DONE", conversation_id="c2", status=Status.SOLVED, solved_at=LATER)
    log.record(turn(1, "c2", ticket=done, state=State.WITH_PEOPLE), seen=0)
    log.record(turn(2, "c3"), seen=0)
    store = AttachmentLog(database)
    for number, conversation in enumerate((opened.conversation_id, "c2", "c3")):
        store.add(Attaching(file(number, conversation=conversation), AttachmentRules()))
    day = dt.timedelta(days=1)
    assert store.overdue(LATER, 10) == []
    assert [one.id for one in store.overdue(LATER + day, 10)] == ["f1", "f2"]
    store.expire(["f1"], LATER + day, "kept long enough")
    gone = store.get("f1")
    assert gone is not None
    assert (gone.name, gone.removed_why, gone.is_there) == ("", "kept long enough", False)
    assert [one.id for one in store.overdue(LATER + day, 10)] == ["f2"]
    assert not store.is_wanted(gone.digest)


def test_what_is_due_before_a_moment_is_what_runs(log: ConversationLog, database: Database) -> None:
    opened = ticket()
    log.record(turn(0, opened.conversation_id, ticket=opened, state=State.WITH_PEOPLE), seen=0)
    waits = replace(opened, reference="TZ-WAIT", conversation_id="c2", status=Status.WAITING)
    log.record(turn(1, "c2", ticket=waits, state=State.WITH_PEOPLE), seen=0)
    queue, due = QueueLog(database), opened.first_response_due
    assert queue.count(Filter(due_before=due)) == 0
    after = Filter(due_before=due + dt.timedelta(seconds=1))
    assert [row.reference for row in queue.rows(after, 5)] == [opened.reference]


@pytest.fixture
def ana(database: Database) -> str:
    account = Account("ana", "ana@example.org", "Ana", Role.AGENT, True, "", "", 0, LATER, 1)
    note = Note(LATER, "command", "account.added", "account:ana")
    assert PeopleLog(database).add(account, "digest", LATER, note)
    return "ana"


def test_views_have_one_name_each_and_an_end(ana: str, database: Database) -> None:
    store = ViewLog(database)
    store.keep(View("v0", "Hot", "priority=high", ana, False, LATER))
    with pytest.raises(BadRequest, match="already"):
        store.keep(View("v1", "Hot", "priority=low", ana, False, LATER))
    for number in range(2, MOST_VIEWS + 1):
        store.keep(View(f"v{number}", f"Name {number}", "tag=x", ana, True, LATER))
    with pytest.raises(BadRequest, match=f"{MOST_VIEWS} views"):
        store.keep(View("v99", "More", "tag=x", ana, False, LATER))
    assert len(store.of(ana)) == MOST_VIEWS
    assert len(store.of("somebody else")) == MOST_VIEWS - 1
    store.remove("v0")
    assert "Hot" not in {one.name for one in store.of(ana)}


def test_being_away_and_what_one_takes_are_kept_with_their_notes(ana: str, database: Database) -> None:
    team = TeamLog(database)
    team.set_able(ana, ("billing",), ("de", "fr"), Note(LATER, "account:ana", "team.able", "account:ana"))
    team.set_away(ana, True, Note(LATER, "account:ana", "team.away", "account:ana"))
    [agent] = team.team(LATER)
    assert (agent.away, agent.available, agent.skills, agent.languages) == (
        True,
        False,
        ("billing",),
        ("de", "fr"),
    )
    assert [one.note.what for one in PeopleLog(database).newest(2, None)] == ["team.away", "team.able"]
