"""A plan in, a day of the desk lived, everybody's notes out: kills, a receiver that is down, and the nights."""

import contextlib
import datetime as dt
import queue
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.composition import Services
from bot.desk.policy import SHIPPED
from bot.people.roles import Role
from bot.settings import load
from evaluations.day.agents import Worker
from evaluations.day.chatting import ChatAgent, waits
from evaluations.day.clock import DayClock, a_monday
from evaluations.day.customers import customer, visiting
from evaluations.day.house import PASSWORD, House
from evaluations.day.notes import Notes
from evaluations.day.receiver import Receiver
from evaluations.day.signing_in import Browser
from evaluations.day.stored import moment, reading
from evaluations.day.surveying import survey_round, surveys
from evaluations.day.visits import Live, Visit

AGENTS: Final = ("ada", "ben", "cleo")
#: Customers who talk at the same time.
_AT_ONCE: Final = 8
#: Seconds that anything is waited for at the end.
_PATIENCE: Final = 240.0
#: Tells how many of the customers are done.
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What kind of day."""

    visits: tuple[Visit, ...]
    speed: float
    """Seconds of the day in a real second, while it is day."""
    kills: tuple[float, ...]
    """After which shares of the customers the server is killed."""
    down: tuple[float, float]
    """From which share of the customers to which one the receiver of events is down."""
    seed: int
    days_after: tuple[int, ...] = (1, 2, 4, 7, 9)
    """Days later that are looked at: follow-ups, breaches and windows that close."""


@dataclass(slots=True)
class Day:
    """What is left of a day."""

    house: House
    notes: Notes
    receiver: Receiver
    began: dt.datetime
    ended: dt.datetime
    commands: dict[str, str] = field(default_factory=dict)
    """Commands of the product by name: empty where they were content, else what they said."""


@contextlib.contextmanager
def lived(folder: Path, data: Path, url: str, plan: Plan, tell: Tell) -> Iterator[Day]:
    """A day on a data folder that has articles; the server is stopped and everybody is gone when it is there."""
    clock, began = DayClock(folder / "clock.json"), a_monday(dt.datetime.now(dt.UTC).date())
    clock.set(began, 1.0)
    house = House(folder, data, url, clock, _policy(folder, plan.speed))
    receiver = Receiver(lambda: clock.now().timestamp())
    receiver.up()
    try:
        _prepare(house, receiver)
        house.start()
        day = Day(house, Notes(), receiver, began, began)
        _live_through(day, plan, tell)
        day.ended = clock.now()
        house.stop()
        yield day
    finally:
        house.stop()
        receiver.down()


def _policy(folder: Path, speed: float) -> Path:
    """The shipped rules, but for live chats: sockets give signs of life by the real clock, so those rules go by it."""
    beats, silent = max(1, round(60 * speed / 60)), max(1, round(6 * speed / 60))
    live = f"live: {{silent: {silent}m, gone: {beats}m}}\n"
    rules = re.sub(r"^live:\n(?:  .*\n)+", live, SHIPPED.read_text(encoding="utf-8"), flags=re.M)
    file = folder / "policy.yaml"
    file.write_text(rules, encoding="utf-8")
    return file


def _prepare(house: House, receiver: Receiver) -> None:
    """Accounts and the webhook, as the commands make them."""
    services = Services(load(data=house.data, database_url=house.given_url))
    try:
        for name in AGENTS:
            invited = services.team.add(f"{name}@day.example.org", name.title(), Role.AGENT, by="command")
            services.team.accept(invited.token, PASSWORD)
        _, receiver.secret = services.webhooks.add(
            receiver.url, (), internal=True, personal=False, by="command"
        )
    finally:
        services.close()


def _live_through(day: Day, plan: Plan, tell: Tell) -> None:
    house, notes = day.house, day.notes
    browsers = [
        Browser(house.base, f"{name}@day.example.org", PASSWORD, lambda: house.clock.now().timestamp())
        for name in AGENTS
    ]
    for browser in browsers:
        browser.sign_in()
    house.clock.set(house.clock.now().replace(hour=9, minute=0), plan.speed)
    ended = threading.Event()
    chat = ChatAgent(house.host, browsers[2], notes)
    # Said by the customers: a worker who sees a ticket sooner than its customer does waits for their word.
    released: set[str] = set()
    threads = [threading.Thread(target=chat.work, args=(ended,))]
    for place, browser in enumerate(browsers):
        dice = random.Random(plan.seed + place)  # noqa: S311
        worker = Worker(browser, notes, released.__contains__, dice)
        threads.append(threading.Thread(target=worker.work, args=(ended,)))
    asked: set[str] = set()
    threads.append(threading.Thread(target=surveys, args=(house.base, notes, asked, ended)))
    for thread in threads:
        thread.start()
    try:
        _customers(day, plan, chat, released, tell)
        _quiet(day, lambda: _until_worked(house, released))
    finally:
        ended.set()
        for thread in threads:
            thread.join(timeout=_PATIENCE)
    _quiet(day, lambda: _all_announced(house))
    survey_round(house.base, notes, asked)
    _nights(day, plan.days_after)


def _customers(day: Day, plan: Plan, chat: ChatAgent, released: set[str], tell: Tell) -> None:
    """All customers of the day; the server is killed while they talk."""
    left: queue.SimpleQueue[Visit] = queue.SimpleQueue()
    for visit in plan.visits:
        left.put(visit)

    def serve() -> None:
        while True:
            try:
                visit = left.get_nowait()
            except queue.Empty:
                return
            try:
                _one(day, visit, chat, released)
            except Exception as error:
                day.notes.problems.append(f"customer {visit.number}: {error!r}")

    threads = [threading.Thread(target=serve) for _ in range(_AT_ONCE)]
    for thread in threads:
        thread.start()
    count, kills, is_up, was_down = len(plan.visits), list(plan.kills), True, False
    while any(thread.is_alive() for thread in threads):
        share = len(day.notes.talks) / count
        tell("customers", len(day.notes.talks), count)
        if is_up and not was_down and plan.down[0] <= share < plan.down[1]:
            day.receiver.down()
            is_up, was_down = False, True
        if not is_up and share >= plan.down[1]:
            day.receiver.up()
            is_up = True
        if kills and share >= kills[0]:
            kills.pop(0)
            _killed(day.house, plan.speed)
        time.sleep(0.02)
    if not is_up:
        day.receiver.up()
    while kills:
        kills.pop(0)
        _killed(day.house, plan.speed)
    tell("customers", len(day.notes.talks), count)


def _killed(house: House, speed: float) -> None:
    """Kills the server and starts another; meanwhile the day goes by no faster than a start takes."""
    house.clock.set(house.clock.now(), 1.0)
    house.kill()
    house.start()
    house.clock.set(house.clock.now(), speed)


def _one(day: Day, visit: Visit, chat: ChatAgent, released: set[str]) -> None:
    talk = visiting(day.house.base, visit, released)
    if visit.live is not Live.NO:
        client = customer(day.house.base, visit)
        try:
            chat.take(talk)
            waits(day.house.host, client, talk)
        finally:
            client.close()
            # Whoever was left without a word is back in the queue, for all agents.
            released.add(talk.conversation)
    with day.notes.lock:
        day.notes.talks.append(talk)


def _until_worked(house: House, released: set[str]) -> bool:
    """Whether agents have had every ticket that is for them."""
    with reading(house.url) as rows:
        found = rows(
            "SELECT conversation_id FROM tickets WHERE status = 'new' AND first_responded_at IS NULL"
        )
    return not any(conversation in released for (conversation,) in found)


def _all_announced(house: House) -> bool:
    """Whether all that comes of what happened is there, such as the surveys of solved tickets."""
    with reading(house.url) as rows:
        return not rows("SELECT id FROM ticket_events WHERE announced = 0")


def _nights(day: Day, days_after: Sequence[int]) -> None:
    """The days after: what is due happens, and nothing is left to do."""
    clock = day.house.clock
    for days in (0, *days_after):
        at = day.began + dt.timedelta(days=days)
        if days:
            clock.set(max(at.replace(hour=16, minute=30), clock.now()), 1.0)
        _quiet(day, lambda: _nothing_due(day.house))


def _quiet(day: Day, done: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not done():
        if day.notes.problems or time.monotonic() > end:
            day.notes.problems.append("the desk did not come to rest")
            return
        time.sleep(0.2)


def _nothing_due(house: House) -> bool:
    now = house.clock.now()
    with reading(house.url) as rows:
        due: Sequence[object] = [
            *(at for (at,) in rows("SELECT due_at FROM timers WHERE fired_at IS NULL") if moment(at) <= now),
            *(
                at
                for (at,) in rows("SELECT due_at FROM outbox WHERE standing = 'waiting'")
                if moment(at) <= now + dt.timedelta(days=1)
            ),
            *rows("SELECT id FROM ticket_events WHERE announced = 0"),
        ]
    return not due
