"""Who is there in live chats, as a process counts it: a database that is away makes nobody stay for ever."""

import random
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import anyio
import pytest
import sqlalchemy as sa

from bot.errors import StorageUnavailable
from bot.randomness import Chance
from bot.storage.tables import tickets
from bot.web.live.hub import Hub
from tests.live.conftest import House, until
from tests.web.canned import NOON


class Signs:
    """Keeps who was said to be there; says that it is away as long as it is."""

    def __init__(self) -> None:
        self.away = True
        self.beats: list[tuple[list[str], list[str]]] = []
        self.gone: list[str] = []

    def beat(self, agents: Iterable[str], customers: Iterable[str], now: object) -> None:
        if self.away:
            raise StorageUnavailable("the database does not answer")
        self.beats.append((list(agents), list(customers)))

    def left(self, conversation_id: str) -> None:
        if self.away:
            raise StorageUnavailable("the database does not answer")
        self.gone.append(conversation_id)


def _in_a_thread(run: Callable[[], Awaitable[None]]) -> None:
    """Runs it in an event loop of its own: a browser that a test before opened keeps one in this thread."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(anyio.run, run).result()


def _hub(signs: Signs) -> Hub:
    services: Any = SimpleNamespace(
        live_store=signs, chance=Chance(lambda: NOON, lambda: "id", random.Random(1))
    )
    return Hub(services)


def test_who_comes_while_the_database_is_away_is_there_with_the_next_beat() -> None:
    async def run() -> None:
        signs = Signs()
        hub = _hub(signs)
        await hub.agent_came("ann")
        await hub.customer_came("c1")
        signs.away = False
        await hub._beats()
        assert signs.beats == [(["ann"], ["c1"])]

    _in_a_thread(run)


@pytest.mark.parametrize("returns", [False, True])
def test_who_came_while_the_database_was_away_and_left_again_is_not_there_for_ever(returns: bool) -> None:
    async def run() -> None:
        signs = Signs()
        hub = _hub(signs)
        await hub.agent_came("ann")
        await hub.customer_came("c1")
        signs.away = not returns
        hub.agent_left("ann")
        await hub.customer_left("c1")
        signs.away = False
        await hub._beats()
        assert (signs.beats, signs.gone) == ([], ["c1"] if returns else [])

    _in_a_thread(run)


def test_a_chat_that_cannot_go_back_to_its_queue_keeps_no_other_from_it(small_house: House) -> None:
    services = small_house.services
    mia = services.signing_in.principal(small_house.token())
    assert mia is not None
    stuck, other = small_house.waiting(), small_house.waiting()
    for conversation in (stuck, other):
        services.live_desk.take(mia, conversation)
    # As somebody leaves it who changes the database past the service.
    with services.database.writing() as connection:
        connection.execute(
            sa.update(tickets).where(tickets.c.conversation_id == stuck).values(status="solved")
        )
    small_house.later(90, agents=False)
    until("the way back of the other chat", lambda: not small_house.live(other).account_id)
    assert small_house.live(stuck).account_id == mia.name.removeprefix("account:")
