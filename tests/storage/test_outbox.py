"""Effects on both databases: stored once, claimed by one worker, in order, retried, given up, announced with events."""

import datetime as dt
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa

from bot.desk.aftercare import load_aftercare
from bot.dialogue.conversation import State
from bot.outgoing.announcing import Announcing
from bot.outgoing.delivery import LEASE, Delivery
from bot.outgoing.effects import MOST_ATTEMPTS, Channel, Effect, NothingToDo, Standing, Undeliverable
from bot.outgoing.happenings import Kind
from bot.outgoing.webhooks import Webhooks
from bot.people.keyring import Keyring
from bot.randomness import Chance
from bot.storage.announcing import AnnouncingLog
from bot.storage.conversations import ConversationLog
from bot.storage.engine import Database
from bot.storage.outbox import OutboxLog
from bot.storage.tables import ticket_events
from bot.storage.webhooks import WebhookLog
from tests.outgoing.receiver import Receiver
from tests.storage.samples import NOON, ticket, turn

MINUTE = dt.timedelta(minutes=1)


def without_mail() -> Announcing:
    """What events lead to where no mail can leave."""
    return Announcing(load_aftercare(), mail=False)


def effect(name: str, lane: str = "", due_at: dt.datetime = NOON) -> Effect:
    return Effect(name, Channel.MAIL, "solved", lane or name, "TZ-1", "{}", due_at)


@dataclass
class Post:
    """Carries effects, or fails as it is told."""

    carried: list[str] = field(default_factory=list)
    fails: dict[str, Exception] = field(default_factory=dict)

    def carry(self, effect: Effect) -> None:
        if effect.key in self.fails:
            raise self.fails[effect.key]
        self.carried.append(effect.key)


class Clock:
    def __init__(self) -> None:
        self.at = NOON
        self.count = 0

    def chance(self) -> Chance:
        return Chance(lambda: self.at, self.id, random.Random(1), lambda seconds: None)

    def id(self) -> str:
        self.count += 1
        return f"id{self.count}"


class Silent:
    def announce(self) -> int:
        return 0


@pytest.fixture
def outbox(database: Database) -> OutboxLog:
    return OutboxLog(database)


def keys(claimed: object) -> list[str]:
    return [one.effect.key for one in claimed]  # type: ignore[attr-defined]


def test_an_effect_is_stored_once_however_often_it_is_asked_for(outbox: OutboxLog) -> None:
    outbox.put([effect("a"), effect("a")], NOON)
    outbox.put([effect("a")], NOON)
    assert keys(outbox.claim(NOON, NOON + LEASE, 9)) == ["a"]
    assert outbox.claim(NOON, NOON + LEASE, 9) == ()


def test_a_lane_is_carried_out_one_after_the_other(outbox: OutboxLog) -> None:
    later = NOON + MINUTE
    outbox.put([effect("a1", "a", later), effect("a2", "a"), effect("b1", "b")], NOON)
    assert keys(outbox.claim(NOON, NOON + LEASE, 9)) == ["b1"]
    first = outbox.claim(later, later + LEASE, 9)
    assert keys(first) == ["a1"]
    outbox.settle(first[0], Standing.DONE)
    assert keys(outbox.claim(later, later + LEASE, 9)) == ["a2"]


def test_what_a_vanished_worker_had_is_claimed_again_and_its_late_word_counts_for_nothing(
    outbox: OutboxLog,
) -> None:
    outbox.put([effect("a")], NOON)
    lost = outbox.claim(NOON, NOON + LEASE, 9)[0]
    again = outbox.claim(NOON + LEASE, NOON + 2 * LEASE, 9)
    assert [one.attempts for one in again] == [2]
    outbox.settle(lost, Standing.DEAD, "late")
    assert outbox.counts() == {Standing.WAITING: 1}
    outbox.settle(again[0], Standing.DONE)
    assert outbox.counts() == {Standing.DONE: 1}


def test_workers_that_claim_at_once_share_the_effects(url: str, opened: Callable[..., Database]) -> None:
    OutboxLog(opened(url)).put([effect(f"e{number}") for number in range(60)], NOON)
    found: list[list[str]] = [[], [], []]
    logs = [OutboxLog(opened(url)) for _ in found]

    def work(place: int) -> None:
        while claimed := logs[place].claim(NOON, NOON + LEASE, 4):
            found[place] += keys(claimed)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(key for part in found for key in part) == sorted(f"e{number}" for number in range(60))


def test_a_failure_is_tried_again_later_and_given_up_in_the_end(outbox: OutboxLog) -> None:
    clock, post = Clock(), Post(fails={"a": Undeliverable("the server says 451")})
    delivery = Delivery(outbox, {Channel.MAIL: post}, clock.chance(), Silent())
    outbox.put([effect("a"), effect("a-next", "a")], NOON)
    waits = []
    while outbox.counts() == {Standing.WAITING: 2}:
        assert delivery.run() == 1
        due = outbox.next_due()
        if outbox.counts()[Standing.WAITING] == 2:
            assert due is not None
            [kept] = [one for one in outbox.list([Standing.WAITING], 9) if one.attempts]
            waits.append(kept.due_at - clock.at)
            clock.at = kept.due_at
    assert len(waits) == MOST_ATTEMPTS - 1
    assert waits[0] < waits[4] < waits[9]
    [dead] = outbox.list([Standing.DEAD], 9)
    assert (dead.attempts, dead.problem) == (MOST_ATTEMPTS, "the server says 451")
    # Given up, it no longer holds up what comes after it; tried again by hand, it arrives.
    assert delivery.run() == 1
    post.fails.clear()
    assert outbox.revive(dead.id, clock.at) == 1
    assert delivery.run() == 1
    assert post.carried == ["a-next", "a"]


def test_one_refusal_stops_neither_the_others_nor_what_has_passed(outbox: OutboxLog) -> None:
    clock = Clock()
    post = Post(
        fails={
            "refused": Undeliverable("no such mailbox", for_good=True),
            "passed": NothingToDo("reopened"),
            "broken": RuntimeError("a mistake"),
        }
    )
    delivery = Delivery(outbox, {Channel.MAIL: post}, clock.chance(), Silent())
    outbox.put([effect("refused"), effect("passed"), effect("good"), effect("broken"), effect("rest")], NOON)
    delivery.run()
    assert post.carried == ["good"]
    assert outbox.counts() == {Standing.DEAD: 1, Standing.VOID: 1, Standing.DONE: 1, Standing.WAITING: 2}
    tried = {one.problem: one.attempts for one in outbox.list([Standing.WAITING], 9)}
    assert tried == {"Failed inside: RuntimeError.": 1, "Not tried: another one failed just before.": 0}


def test_what_is_done_goes_after_a_month_and_what_was_given_up_stays(outbox: OutboxLog) -> None:
    outbox.put([effect("a"), effect("b"), effect("c", due_at=NOON + 40 * 1440 * MINUTE)], NOON)
    one, other = outbox.claim(NOON, NOON + LEASE, 9)
    outbox.settle(one, Standing.DONE)
    outbox.settle(other, Standing.DEAD)
    Delivery(outbox, {}, Chance(lambda: NOON + 31 * 1440 * MINUTE, str, random.Random(1)), Silent()).run()
    assert outbox.counts() == {Standing.DEAD: 1, Standing.WAITING: 1}


def happen(database: Database, what: str, before: str, after: str, reference: str = "TZ-4F7K-9Q2M") -> None:
    row = {"reference": reference, "at": NOON, "who": "account:a", "what": what}
    with database.writing() as connection:
        connection.execute(sa.insert(ticket_events), {**row, "before": before, "after": after})


def test_a_receiver_that_is_down_for_a_while_misses_nothing_and_gets_each_tickets_events_in_order(
    database: Database,
) -> None:
    clock, receiver = Clock(), Receiver().up()
    hooks = Webhooks(
        WebhookLog(database), lambda: Keyring((b"k" * 32,)), now=lambda: clock.at, new_id=clock.id
    )
    hooks.add(receiver.url, (), internal=True, personal=False, by="command")
    announcer = AnnouncingLog(database, without_mail(), lambda: clock.at)
    delivery = Delivery(OutboxLog(database), {Channel.WEBHOOK: hooks}, clock.chance(), announcer)
    log = ConversationLog(database)
    for name in ("c1", "c2"):
        opening = turn(0, name, ticket=ticket(f"TZ-{name}", name), state=State.WITH_PEOPLE)
        log.record(opening, seen=0)
    delivery.run()
    receiver.down()
    for number in range(6):
        happen(database, "priority", str(number), str(number + 1), f"TZ-c{1 + number % 2}")
        delivery.run()
        clock.at += 3 * MINUTE
    happen(database, "status", "open", "solved", "TZ-c1")
    happen(database, "note", "", "internal", "TZ-c1")
    assert [one["type"] for one in receiver.events] == ["ticket.opened"] * 2
    receiver.up()
    for _ in range(60):
        delivery.run()
        clock.at += dt.timedelta(hours=1)
    receiver.down()
    ids = [one["id"] for one in receiver.events]
    assert len(ids) == len(set(ids)) == 9
    for name in ("TZ-c1", "TZ-c2"):
        sequence = [one["sequence"] for one in receiver.events if one["data"]["reference"] == name]
        assert sequence == sorted(sequence)
    solved = next(one for one in receiver.events if one["type"] == Kind.SOLVED)
    assert (solved["data"]["before"], solved["data"]["after"]) == ("open", "solved")
    assert "ada@example.org" not in str(receiver.events)
    assert OutboxLog(database).counts() == {Standing.DONE: 9}


def test_events_and_their_mark_are_one_transaction(database: Database) -> None:
    class Breaks(Announcing):
        def consequences(self, *given: object) -> object:  # type: ignore[override]
            raise RuntimeError("a mistake")

    ConversationLog(database).record(turn(0, ticket=ticket(), state=State.WITH_PEOPLE), seen=0)
    with pytest.raises(RuntimeError):
        AnnouncingLog(database, Breaks(load_aftercare(), mail=False), lambda: NOON).announce()
    assert AnnouncingLog(database, without_mail(), lambda: NOON).announce() == 1
    assert AnnouncingLog(database, without_mail(), lambda: NOON).announce() == 0
