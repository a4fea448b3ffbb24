"""What the desk does because of a survey, with a worker that is killed after it did so and before it said so."""

import datetime as dt
import signal
import subprocess
import sys

import pytest
import sqlalchemy as sa

from bot.desk.ticket import Status, Ticket
from bot.outgoing.delivery import LEASE
from bot.outgoing.effects import Channel, Standing
from bot.storage.tables import outbox, tickets
from tests.agents.colleagues import ANN, House
from tests.agents.happening import happen, run
from tests.index.small_centre import ROOT


def answered(desk: House, **said: object) -> str:
    """A ticket that was solved, and whose customer said this of it."""
    reference = desk.ticket("where is my parcel", contact=ANN)
    happen(desk, reference, ("status", "new", "solved"))
    run(desk)
    conversation = ticket(desk, reference).conversation_id
    token = desk.client.get(f"/chat/{conversation}/messages").json()["survey"]
    desk.clock.at += dt.timedelta(minutes=1)
    assert desk.client.post(f"/surveys/{token}", json=said).status_code == 200
    return reference


def ticket(desk: House, reference: str) -> Ticket:
    found = desk.services.conversations.ticket(reference)
    assert found is not None
    return found


def killed(desk: House) -> None:
    """A worker takes the step and is killed before it marks it as done."""
    worker = ["tests.agents.killed_delivery", str(desk.services.settings.data), desk.clock.at.isoformat()]
    ended = subprocess.run([sys.executable, "-m", *worker], cwd=ROOT, timeout=120)
    assert ended.returncode == -signal.SIGKILL


def standings(desk: House) -> list[Standing]:
    kept = desk.services.outbox.list(Standing, 20)
    return [one.standing for one in kept if one.channel is Channel.DESK]


@pytest.mark.parametrize("said", [{"solved": False}, {"satisfaction": 1}])
def test_what_a_killed_worker_did_is_not_done_again_once_an_agent_has_solved_it(
    served: House, said: dict[str, object]
) -> None:
    reference = answered(served, **said)
    killed(served)
    assert ticket(served, reference).status is Status.OPEN
    assert standings(served) == [Standing.WAITING]
    served.clock.at += dt.timedelta(minutes=1)
    happen(served, reference, ("status", "open", "solved"))
    before = ticket(served, reference)
    run(served, LEASE)
    assert ticket(served, reference) == before
    assert standings(served) == [Standing.VOID]


def test_a_step_that_is_tried_again_later_knows_what_was_done_at_first(served: House) -> None:
    reference = answered(served, solved=False)
    run(served)
    happen(served, reference, ("status", "open", "solved"))
    served.clock.at += dt.timedelta(hours=1)
    with served.services.database.writing() as connection:
        later = {"standing": Standing.WAITING.value, "due_at": served.clock.at}
        connection.execute(sa.update(outbox).where(outbox.c.channel == Channel.DESK.value).values(later))
    run(served)
    assert ticket(served, reference).status is Status.SOLVED
    assert standings(served) == [Standing.VOID]


def test_a_ticket_that_goes_on_for_a_reopened_one_is_not_opened_for_it_again(served: House) -> None:
    reference, other = answered(served, solved=False), served.ticket("and my second parcel")
    killed(served)
    happen(served, reference, ("status", "open", "closed"))
    happen(served, other, ("status", "new", "solved"))
    with served.services.database.writing() as connection:
        merged = sa.update(tickets).where(tickets.c.reference == reference)
        connection.execute(merged.values(merged_into=other))
    run(served, LEASE + dt.timedelta(minutes=1))
    assert ticket(served, other).status is Status.SOLVED


def test_a_ticket_that_was_reopened_before_is_reopened_by_a_later_answer(served: House) -> None:
    reference = answered(served, solved=False)
    run(served)
    served.clock.at += dt.timedelta(days=1)
    happen(served, reference, ("status", "open", "solved"))
    run(served)
    conversation = ticket(served, reference).conversation_id
    token = served.client.get(f"/chat/{conversation}/messages").json()["survey"]
    served.clock.at += dt.timedelta(minutes=1)
    assert served.client.post(f"/surveys/{token}", json={"solved": False}).status_code == 200
    run(served)
    assert ticket(served, reference).status is Status.OPEN
