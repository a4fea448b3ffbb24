"""By when customers are told to have an answer: what their ticket's clock says, at any hour and in every language."""

import datetime as dt
import itertools
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.promise import by_when, promised
from bot.composition import Services
from bot.desk.calendars import ALWAYS, Calendar, is_open
from bot.desk.life import Action
from bot.desk.opening import open_ticket
from bot.desk.packet import Packet
from bot.desk.policy import Count, Policy, load_policy
from bot.desk.steps import Edit, Work
from bot.desk.ticket import Priority, Ticket
from bot.dialogue.reply import Reason
from bot.dialogue.wording import Wording
from bot.randomness import Chance
from tests.flows.deciding import NEVER_ANSWER, deciding
from tests.flows.talking import say
from tests.index.small_centre import Centre

POLICY = load_policy()
WORDING = Wording.load()
HOUR = dt.timedelta(hours=1)
FRIDAY = dt.datetime(2026, 11, 27, 16, 0, tzinfo=dt.UTC)
SATURDAY = FRIDAY + 18 * HOUR
MONDAY = dt.datetime(2026, 11, 30, 10, 0, tzinfo=dt.UTC)
#: A zone with letters, one of which the clocks change in the time looked at, and one that is only a number.
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu")
WEEKS = (
    {day: ((dt.time(9), dt.time(17)),) for day in range(5)},
    {day: ((dt.time(8), dt.time(12, 30)), (dt.time(13, 15), dt.time(0))) for day in (0, 2, 5)},
)
#: Clocks are put forward and back in these months.
START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)

calendars = st.one_of(
    st.just(ALWAYS),
    st.builds(
        lambda zone, week: Calendar(ZoneInfo(zone), week, frozenset({dt.date(2026, 4, 6)})),
        st.sampled_from(ZONES),
        st.sampled_from(WEEKS),
    ),
)
seconds = st.one_of(
    st.integers(0, 260 * 24 * 60).map(lambda minutes: minutes * 60), st.integers(0, 260 * 86_400)
)
moments = seconds.map(lambda count: START + dt.timedelta(seconds=count))


def opened(priority: Priority, at: dt.datetime, policy: Policy = POLICY) -> Ticket:
    return open_ticket(
        conversation_id="c1",
        messages=["I want to talk to a human"],
        reason=Reason.PERSON,
        rule="",
        priority=priority,
        queue="general",
        language="en",
        contact="",
        considered=(),
        packet=Packet(),
        policy=policy,
        now=at,
        chance=random.Random(7),
    )


def read(told: str, language: str, at: dt.datetime, hours: Calendar) -> dt.datetime:
    """The moment that a customer takes from the words, who reads them at `at`."""
    local = at.astimezone(hours.zone)
    zone = re.search(r"\((?:UTC)?([^)]+)\)", told)
    if zone is None:
        count = int((re.search(r"\d+", told) or ["1"])[0])
        in_days = told == WORDING.say("within_days", language, count=str(count))
        return at + dt.timedelta(days=count) if in_days else at + count * HOUR
    clock = dt.time.fromisoformat(re.findall(r"\d\d:\d\d", told)[0])
    date = re.search(r"\d{4}-\d\d-\d\d", told)
    if date is not None:
        days = [dt.date.fromisoformat(date[0])]
    else:
        names = WORDING.say("weekdays", language).split()
        [weekday] = [place for place, name in enumerate(names) if re.search(rf"\b{name}\b", told)]
        ahead = [local.date() + dt.timedelta(days=more) for more in range(7)]
        days = [day for day in ahead if day.weekday() == weekday]
    found = [dt.datetime.combine(days[0], clock, hours.zone).replace(fold=fold) for fold in (0, 1)]
    # Of an hour that comes twice, the one that its zone names.
    named = [one for one in found if f"{one:%Z}".removeprefix("UTC") in (zone[1], f"UTC{zone[1]}")]
    return (named or found)[0].astimezone(dt.UTC)


@settings(max_examples=400, deadline=None)
@given(
    calendars,
    st.sampled_from(Priority),
    st.sampled_from(Count),
    moments,
    st.integers(0, 4 * 86_400),
    st.sampled_from(WORDING.languages),
)
def test_what_a_customer_reads_is_the_ticket_s_own_clock(
    hours: Calendar, priority: Priority, count: Count, opens: dt.datetime, later: int, language: str
) -> None:
    level = replace(POLICY.service_levels[priority], count=count)
    policy = replace(POLICY, hours=hours, service_levels={**POLICY.service_levels, priority: level})
    ticket, at = opened(priority, opens, policy), opens + dt.timedelta(seconds=later)
    told = by_when(ticket, at, hours, WORDING, language)
    if promised(ticket, at) is None:
        assert ticket.first_response_due - at < dt.timedelta(minutes=1)
        assert told == WORDING.say("as_soon_as_possible", language)
    else:
        off = ticket.first_response_due - read(told, language, at, hours)
        assert abs(off) < dt.timedelta(minutes=1)


@given(calendars, moments)
def test_a_clock_from_the_opening_begins_when_somebody_is_there(hours: Calendar, opens: dt.datetime) -> None:
    ticket = opened(Priority.HIGH, opens, replace(POLICY, hours=hours))
    begun = ticket.first_response_due - 4 * HOUR
    assert begun >= opens
    assert is_open(hours, begun)
    assert begun == opens or not is_open(hours, opens)


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (Count.ALWAYS, "by Saturday at 14:00 (UTC)"),
        (Count.FROM_OPENING, "by Monday at 13:00 (UTC)"),
        (Count.BUSINESS_HOURS, "by Monday at 13:00 (UTC)"),
    ],
)
def test_on_a_saturday_the_promise_is_as_the_policy_counts(count: Count, told: str) -> None:
    level = replace(POLICY.service_levels[Priority.HIGH], count=count)
    policy = replace(POLICY, service_levels={Priority.HIGH: level})
    assert by_when(opened(Priority.HIGH, SATURDAY, policy), SATURDAY, POLICY.hours, WORDING, "en") == told


def test_a_promise_in_business_hours_is_over_the_weekend_where_they_count() -> None:
    level = replace(POLICY.service_levels[Priority.HIGH], count=Count.BUSINESS_HOURS)
    ticket = opened(Priority.HIGH, FRIDAY, replace(POLICY, service_levels={Priority.HIGH: level}))
    assert by_when(ticket, FRIDAY, POLICY.hours, WORDING, "en") == "by Monday at 12:00 (UTC)"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("by Tuesday at 09:00 (UTC)", "by 2026-12-04 at 10:00 (UTC)", "as soon as possible")),
        ("de", ("bis Dienstag, 09:00 Uhr (UTC)", "bis 2026-12-04, 10:00 Uhr (UTC)", "so bald wie möglich")),
        (
            "es",
            (
                "a más tardar el martes a las 09:00 (UTC)",
                "a más tardar el 2026-12-04 a las 10:00 (UTC)",
                "lo antes posible",
            ),
        ),
        (
            "fr",
            (
                "au plus tard mardi à 09:00 (UTC)",
                "au plus tard le 2026-12-04 à 10:00 (UTC)",
                "dès que possible",
            ),
        ),
        (
            "ar",
            (
                "بحلول يوم الثلاثاء الساعة 09:00 (UTC)",
                "بحلول 2026-12-04 الساعة 10:00 (UTC)",
                "في أقرب وقت ممكن",
            ),
        ),
    ],
)
def test_times_in_every_language(language: str, told: tuple[str, ...]) -> None:
    medium = opened(Priority.MEDIUM, SATURDAY)
    far = replace(medium, first_response_due=SATURDAY + 144 * HOUR)
    moments = ((medium, SATURDAY), (far, SATURDAY), (medium, MONDAY + 24 * HOUR))
    assert tuple(by_when(one, at, POLICY.hours, WORDING, language) for one, at in moments) == told


def changed(ticket: Ticket, at: dt.datetime, *steps: Callable[[Work], None]) -> Ticket:
    work = Work(ticket, "account:ana", at, POLICY)
    for step in steps:
        step(work)
    return work.done().ticket


def test_a_promise_moves_with_the_clock() -> None:
    def told(of: Ticket, hours: float) -> str:
        return by_when(of, MONDAY + hours * HOUR, POLICY.hours, WORDING, "en")

    ticket = opened(Priority.MEDIUM, MONDAY)
    assert told(ticket, 0) == "within 24 hours"
    assert told(ticket, 2.5) == "by Tuesday at 10:00 (UTC)"
    raised = changed(ticket, MONDAY + HOUR, lambda work: work.edit(Edit(priority=Priority.HIGH)))
    assert told(raised, 1.5) == "by Monday at 14:00 (UTC)"
    held = changed(raised, MONDAY + HOUR, lambda work: work.act(Action.HOLD))
    assert told(held, 1.5) == "as soon as possible"
    resumed = changed(held, MONDAY + 3 * HOUR, lambda work: work.act(Action.RESUME))
    assert told(resumed, 3.25) == "by Monday at 16:00 (UTC)"
    answered = changed(resumed, MONDAY + 4 * HOUR, lambda work: work.replied("m1"))
    assert told(answered, 4) == "as soon as possible"
    solved = changed(answered, MONDAY + 5 * HOUR, lambda work: work.act(Action.SOLVE))
    again = changed(solved, MONDAY + 8.5 * HOUR, lambda work: work.customer_wrote("m2"))
    # After five in the afternoon the clock of the next word begins in the morning.
    assert told(again, 8.5) == "by Tuesday at 13:00 (UTC)"


@contextmanager
def at(centre: Centre, clock: list[dt.datetime]) -> Iterator[Services]:
    numbers = itertools.count()
    chance = Chance(lambda: clock[0], lambda: f"{clock[0]:%d%H}-{next(numbers)}", random.Random(4))
    with deciding(centre, NEVER_ANSWER, chance) as services:
        yield services


def test_reply_page_preview_and_ticket_say_one_time(chatting: Centre) -> None:
    clock = [SATURDAY]
    with at(chatting, clock) as services:
        handled = say(services, "I want to talk to a human")
        assert handled.ticket is not None
        kept = services.conversations.ticket(handled.ticket.reference)
        preview = services.chat.preview("I want to talk to a human")
        clock[0] = SATURDAY + 30 * HOUR
        again = say(services, "Are you still there? My order is 4711", handled)
        standing = services.chat.standing(services.chat.conversation(handled.conversation_id))
        clock[0] = MONDAY + 40 * HOUR
        late = services.chat.standing(services.chat.conversation(handled.conversation_id))
    assert kept is not None
    assert kept.first_response_due == dt.datetime(2026, 12, 1, 9, 0, tzinfo=dt.UTC)
    by = "by Tuesday at 09:00 (UTC)"
    assert by in handled.reply.text
    assert by in preview.text
    assert standing is not None
    assert late is not None
    assert [handled.next_step, again.next_step, standing.next_step] == [
        f"A person reads your request and answers you {by}."
    ] * 3
    assert late.next_step == "A person reads your request and answers you as soon as possible."


def test_a_policy_that_counts_nothing_known_is_refused_with_its_line(tmp_path: Path) -> None:
    shipped = Path("bot/desk/policy.yaml").read_text(encoding="utf-8")
    file = tmp_path / "policy.yaml"
    file.write_text(shipped.replace("24h, count: from_opening", "24h, count: sometimes", 1), encoding="utf-8")
    with pytest.raises(Exception, match=r"line \d+: count is always, from_opening, business_hours, not 'som"):
        load_policy(file)
