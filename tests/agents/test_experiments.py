"""Experiments through the real service: who may, who is served by what, what is kept of it, what is shown."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from httpx import Response

from bot.chat.incoming import Handled
from bot.dialogue.reply import ReplyKind
from bot.errors import BadRequest, Conflict, NotFound
from bot.experiments.experiment import Arm, Experiment, arm_of
from bot.ledger.customers import contact_mark
from bot.ledger.facts import FactKind
from bot.people.roles import Role
from tests.agents.colleagues import START, House, house
from tests.flows.deciding import NEVER_ANSWER
from tests.flows.talking import say, stored
from tests.index.small_centre import Centre

QUESTION = "How do I reset my password?"
LARGE = "0.3"


@pytest.fixture
def careful(agents_centre: Centre, tmp_path: Path) -> Iterator[House]:
    """A desk whose bot hands everything off, so that an answer shows who is in arm B."""
    with house(agents_centre.copy(tmp_path / "copy"), NEVER_ANSWER) as opened:
        yield opened


def customer(experiment: Experiment, arm: Arm) -> str:
    """An address that the coin puts into an arm."""
    addresses = (f"customer{number}@example.org" for number in range(100))
    return next(one for one in addresses if arm_of(experiment.id, contact_mark(one)) is arm)


def start(opened: House, kind: str = "budget", setting: str = LARGE) -> Experiment:
    return opened.services.experimenting.start("More answers?", kind, setting, by="command")


def arms_told(opened: House) -> list[tuple[str, str]]:
    facts = opened.services.ledger.facts(START, START.replace(year=2030))
    return [(one.conversation_id, one.reason) for one in facts if one.kind is FactKind.IN_ARM]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that is sent to a database meanwhile."""
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def test_half_of_the_customers_are_answered_by_the_other_budget_and_keep_their_arm(careful: House) -> None:
    experiment = start(careful)
    for arm, kind in ((Arm.A, ReplyKind.HANDOFF), (Arm.B, ReplyKind.ANSWER)):
        address = customer(experiment, arm)
        for _ in range(2):
            handled = say(careful.services, QUESTION, contact=address)
            assert handled.reply.kind is kind
            [_, message] = stored(careful.services, handled).messages
            assert message.reply is not None
            assert message.reply.arm == experiment.label(arm)
            assert (handled.conversation_id, experiment.label(arm)) in arms_told(careful)
    assert len(arms_told(careful)) == 4


def test_a_conversation_keeps_its_arm_when_the_customer_says_later_who_they_are(careful: House) -> None:
    experiment = start(careful)
    handled = _without_address(careful, experiment, Arm.B)
    other = customer(experiment, Arm.A)
    again = say(careful.services, "How do I change my delivery address?", handled, contact=other)
    assert again.reply.arm == experiment.label(Arm.B)
    assert len([one for one in arms_told(careful) if one[0] == handled.conversation_id]) == 1


def _without_address(opened: House, experiment: Experiment, arm: Arm) -> Handled:
    for _ in range(64):
        handled = say(opened.services, QUESTION)
        if handled.reply.arm == experiment.label(arm):
            return handled
    raise AssertionError("a fair coin does not fall the same 64 times")


def test_a_conversation_from_before_is_in_no_arm_and_nobody_is_once_it_is_stopped(careful: House) -> None:
    before = say(careful.services, QUESTION)
    experiment = start(careful)
    inside = _without_address(careful, experiment, Arm.B)
    assert say(careful.services, QUESTION, before).reply.arm == ""
    careful.services.experimenting.stop(experiment.id, by="command")
    for handled in (say(careful.services, QUESTION), say(careful.services, "Where is my order?", inside)):
        assert handled.reply.arm == ""
        assert handled.reply.kind is ReplyKind.HANDOFF


def test_a_turn_sends_no_statement_more_whether_an_experiment_runs_or_not(careful: House) -> None:
    say(careful.services, QUESTION, contact="somebody@example.org")
    with statements() as ordinary:
        say(careful.services, QUESTION, contact="somebody@example.org")
    experiment = start(careful)
    with statements() as tried:
        say(careful.services, QUESTION, contact=customer(experiment, Arm.A))
    assert len(ordinary) == len(tried)
    assert arms_told(careful)


def test_another_ranking_serves_arm_b_alone(served: House) -> None:
    experiment = start(served, "ranking", "late=0 title=0 lexical=0")
    scores = {
        arm: say(served.services, QUESTION, contact=customer(experiment, arm)).reply.confidence for arm in Arm
    }
    # The tests' model reads late interaction itself, which stays; what changes is the order.
    assert set(scores) == {Arm.A, Arm.B}
    found = served.services.arm_b(experiment.kind, experiment.setting).judge(QUESTION, "en").found
    usual = served.services.answering.judge(QUESTION, "en").found
    assert found.hits[0].score == pytest.approx(found.hits[0].scores.dense, abs=1e-6)
    assert usual.hits[0].score > usual.hits[0].scores.dense


@pytest.mark.parametrize(
    ("kind", "setting", "said"),
    [
        ("budget", "0.001", "arm B would answer nothing"),
        ("budget", "half", r"such as 0\.05"),
        ("ranking", "late=1.5", "exactly as arm A"),
        ("ranking", "speed=2", "no part of the ranking"),
        ("article", "en/returns/send-back 000000000000", "begins with that text"),
        ("colour", "red", "an error budget, a ranking, or another text"),
    ],
)
def test_what_cannot_be_served_side_by_side_is_refused_and_nothing_begins(
    served: House, kind: str, setting: str, said: str
) -> None:
    with pytest.raises(BadRequest, match=said):
        start(served, kind, setting)
    assert served.services.experimenting.all() == []


def test_a_second_experiment_waits_for_the_first_and_an_unknown_one_is_said_to_be(served: House) -> None:
    flow = served.services.experimenting
    experiment = start(served)
    with pytest.raises(Conflict, match="two at once"):
        start(served, "ranking", "late=1")
    flow.stop(experiment.id, by="command")
    with pytest.raises(BadRequest, match="stopped already"):
        flow.stop(experiment.id, by="command")
    for step in (lambda: flow.watched("x"), lambda: flow.stop("x", by="command")):
        with pytest.raises(NotFound):
            step()
    noted = [one.note for one in served.services.audit.newest(10, None)]
    assert [(one.what, one.subject) for one in noted if one.what.startswith("experiment.")] == [
        ("experiment.stopped", f"experiment:{experiment.id}"),
        ("experiment.started", f"experiment:{experiment.id}"),
    ]


def test_who_may_watch_start_and_stop(served: House) -> None:
    path = "/insights/experiments"
    for role, seen, form in (
        (Role.AGENT, 403, False),
        (Role.LEAD, 200, False),
        (Role.SPECIALIST, 200, True),
        (Role.MANAGER, 200, True),
    ):
        answer = served.browser(role).get(path)
        assert answer.status_code == seen
        assert ("Try something" in answer.text) is form
    post = _poster(served, Role.SPECIALIST)
    assert post(path, title="More?", kind="budget", setting=LARGE).status_code == 403
    assert _poster(served, Role.LEAD)(path, title="x", kind="ranking", setting="late=1").status_code == 403
    refused = post(path, title="More?", kind="ranking", setting="speed=1")
    assert (refused.status_code, "no part of the ranking" in refused.text) == (400, True)
    assert 'value="speed=1"' in refused.text
    begun = post(path, title="<b>More?</b>", kind="ranking", setting="late=1")
    assert begun.status_code == 303
    one = begun.headers["location"]
    text = served.browser(Role.LEAD).get(one).text
    assert "&lt;b&gt;More?&lt;/b&gt;" in text
    assert "Stop it" not in text
    assert post(path, title="Another", kind="ranking", setting="late=1").status_code == 409
    assert post(f"{one}/stop").status_code == 303
    assert "stopped" in served.browser(Role.LEAD).get(one).text
    assert served.browser(Role.LEAD).get(f"{path}/none").status_code == 404


def _poster(opened: House, role: Role) -> Callable[..., Response]:
    browser = opened.browser(role)
    token = re.search(r'name="csrf" value="([^"]+)"', browser.get("/desk/account").text)
    assert token is not None

    def post(path: str, **fields: str) -> Response:
        return browser.post(path, data={"csrf": token[1], **fields})

    return post


def test_the_page_and_the_file_show_both_arms_once_their_days_are_counted(careful: House) -> None:
    experiment = start(careful)
    for arm in Arm:
        say(careful.services, QUESTION, contact=customer(experiment, arm))
    browser = careful.browser(Role.LEAD)
    path = f"/insights/experiments/{experiment.id}"
    assert "0 of 0" not in browser.get(path).text
    careful.clock.at = START.replace(year=2027)
    while careful.services.counting.step():
        pass
    browser = careful.browser(Role.LEAD)
    text = browser.get(path).text
    assert "no real difference yet" in text
    assert "arXiv 2010.09686" in text
    rows = list(csv.DictReader(io.StringIO(browser.get(f"{path}?format=csv").text.removeprefix("\ufeff"))))
    counts = {row["figure"].split(",")[0]: (row["a"], row["of_a"], row["b"], row["of_b"]) for row in rows}
    assert counts["Became a ticket"] == ("1", "1", "0", "1")
    assert len(rows) == 4


def test_an_arm_that_could_not_be_started_any_more_is_said_on_its_page(careful: House) -> None:
    experiment = start(careful)
    own = careful.services.settings.own_confidence
    own.write_text("{}", encoding="utf-8")
    watched = careful.services.experimenting.watched(experiment.id)
    assert "Arm B could not be started now: The confidence model" in watched.problem
    assert careful.services.experimenting.watched(experiment.id).experiment.runs
