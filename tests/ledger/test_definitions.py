"""What is said of a conversation, case by case, and what holds for any traffic."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ledger.facts import Fact, FactKind
from bot.ledger.figures import deflection
from bot.ledger.tally import tally_days, total
from tests.ledger.telling import DAY, HOUR, MONDAY, OPENED, counted, told

#: What happened; contained, abandoned, confirmed; counted by the lower and by the upper bound.
CASES = [
    ("answered", 1, 0, 0, 0, 1),
    ("answered helpful", 1, 0, 1, 1, 1),
    ("answered helpful small_talk", 1, 0, 1, 1, 1),
    ("answered small_talk", 1, 0, 0, 0, 1),
    ("small_talk answered helpful", 1, 0, 1, 1, 1),
    ("answered not_helpful", 1, 1, 0, 0, 0),
    ("answered helpful not_helpful", 1, 1, 0, 0, 0),
    ("answered not_helpful helpful", 1, 0, 1, 1, 1),
    ("answered helpful answered", 1, 0, 0, 0, 1),
    ("answered not_helpful answered", 1, 0, 0, 0, 1),
    ("answered not_helpful answered helpful", 1, 0, 1, 1, 1),
    ("clarified", 1, 1, 0, 0, 0),
    ("clarified answered helpful", 1, 0, 1, 1, 1),
    ("answered helpful clarified", 1, 1, 0, 0, 0),
    ("handed_off", 0, 0, 0, 0, 0),
    ("answered helpful handed_off", 0, 0, 0, 0, 0),
    ("handed_off answered helpful", 0, 0, 1, 0, 0),
    ("answered helpful agent_replied", 0, 0, 1, 0, 0),
    ("opened agent_replied solved", 0, 0, 0, 0, 0),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_what_happened_decides_what_is_said_of_it(case: tuple[str, int, int, int, int, int]) -> None:
    happened, *expected = case
    one = counted(told("c1", *happened.split()))
    assert one.conversations == 1
    assert [
        one.contained,
        one.abandoned,
        one.confirmed,
        one.surely_deflected,
        one.at_most_deflected,
    ] == expected


def test_greetings_never_count() -> None:
    with_greetings = counted(
        told("c1", "answered", "helpful"), told("g1", "small_talk"), told("g2", *["small_talk"] * 3)
    )
    assert (with_greetings.conversations, with_greetings.small_talk) == (1, 2)
    assert deflection(with_greetings) == deflection(counted(told("c1", "answered", "helpful")))


def test_one_conversation_counts_once_however_much_was_asked() -> None:
    one = counted(told("c1", *["answered", "helpful"] * 5))
    assert (one.conversations, one.answered, one.surely_deflected) == (1, 1, 1)


def test_what_comes_after_seven_days_changes_nothing() -> None:
    before = counted(told("c1", "answered", "helpful"))
    late = [
        Fact("c1", OPENED + 7 * DAY + HOUR, FactKind.NOT_HELPFUL, 1),
        Fact("c1", OPENED + 8 * DAY, FactKind.HANDED_OFF, 3),
        *told("c2", "answered", at=OPENED + 90 * DAY),
    ]
    assert counted(told("c1", "answered", "helpful"), late) == before
    in_time = [Fact("c1", OPENED + 6 * DAY, FactKind.NOT_HELPFUL, 1)]
    assert counted(told("c1", "answered", "helpful"), in_time).surely_deflected == 0


def test_a_verdict_on_an_earlier_answer_confirms_nothing_of_a_later_question() -> None:
    facts = told("c1", "answered", "answered")
    on_first = Fact("c1", OPENED + HOUR, FactKind.HELPFUL, 1)
    assert counted([*facts, on_first]).surely_deflected == 0
    assert counted([*facts, replace(on_first, seq=3)]).surely_deflected == 1


def test_a_hand_off_keeps_the_reason_that_brought_people_in() -> None:
    facts = [
        *told("c1", "handed_off", reason="security"),
        Fact("c1", OPENED + HOUR, FactKind.HANDED_OFF, 3, "with_people"),
    ]
    assert counted(facts).reasons == {"security": 1}


def test_a_day_holds_the_conversations_opened_on_it() -> None:
    midnight = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)
    facts = [
        *told("c1", "answered", "helpful", at=midnight - dt.timedelta(seconds=1)),
        *told("c2", "answered", at=midnight),
    ]
    found = tally_days(facts, MONDAY, MONDAY + DAY)
    assert [one.conversations for one in found.values()] == [1, 1]
    assert [one.surely_deflected for one in found.values()] == [1, 0]


HAPPENED = st.lists(
    st.sampled_from(["answered", "clarified", "handed_off", "small_talk", "helpful", "not_helpful"]),
    min_size=1,
    max_size=5,
).filter(lambda names: names[0] not in ("helpful", "not_helpful"))
CUSTOMERS = st.sampled_from([(), ("c1",), ("c2",), ("t1",), ("c1", "t1"), ("c2", "t1")])


@st.composite
def traffic(draw: st.DrawFn) -> list[list[Fact]]:
    found = []
    for place in range(draw(st.integers(1, 8))):
        found.append(
            told(
                f"c{place}",
                *draw(HAPPENED),
                at=OPENED + draw(st.integers(0, 14 * 24)) * HOUR,
                marks=draw(CUSTOMERS),
                articles=draw(st.sampled_from([("a",), ("b",), ("a", "b")])),
            )
        )
    return found


@settings(deadline=None)
@given(traffic())
def test_the_lower_bound_is_never_above_the_upper_one(conversations: list[list[Fact]]) -> None:
    one = counted(*conversations)
    lower, upper = deflection(one)
    assert lower.count <= upper.count <= one.contained <= one.conversations
    assert lower.low <= upper.low
    assert lower.high <= upper.high
    assert one.surely_first_contact <= one.at_most_first_contact


@settings(deadline=None)
@given(traffic(), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(conversations: list[list[Fact]], chance: object) -> None:
    facts = [fact for conversation in conversations for fact in conversation]
    shuffled = list(facts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert counted(shuffled) == counted(facts)


@settings(deadline=None)
@given(traffic(), st.integers(0, 14 * 24))
def test_silence_never_raises_the_lower_bound(conversations: list[list[Fact]], hour: int) -> None:
    before = counted(*conversations)
    after = counted(*conversations, told("new", "answered", at=OPENED + hour * HOUR))
    assert after.surely_deflected == before.surely_deflected
    assert (deflection(after)[0].value or 0.0) <= (deflection(before)[0].value or 0.0)


@settings(deadline=None)
@given(traffic())
def test_taking_words_back_into_silence_never_raises_the_lower_bound(
    conversations: list[list[Fact]],
) -> None:
    silent = [
        [fact for fact in conversation if fact.kind is not FactKind.HELPFUL] for conversation in conversations
    ]
    assert counted(*silent).surely_deflected == 0


@settings(deadline=None)
@given(traffic(), st.data())
def test_finding_that_two_customers_are_one_never_raises_either_bound(
    conversations: list[list[Fact]], data: st.DataObject
) -> None:
    whose = data.draw(st.sets(st.integers(0, len(conversations) - 1)))
    linked = [
        [replace(fact, marks=(*fact.marks, "clinked")) for fact in conversation]
        if place in whose
        else conversation
        for place, conversation in enumerate(conversations)
    ]
    before, after = counted(*conversations), counted(*linked)
    # Saying who one is may also tell two strangers with the same words apart; those are left out here.
    if not any(
        mark.startswith("t") for conversation in conversations for f in conversation for mark in f.marks
    ):
        assert after.surely_deflected <= before.surely_deflected
        assert after.at_most_deflected <= before.at_most_deflected
    assert after.conversations == before.conversations


@settings(deadline=None)
@given(traffic(), traffic())
def test_counts_of_separate_days_add_up(first: list[list[Fact]], second: list[list[Fact]]) -> None:
    later = [
        [
            replace(fact, conversation_id=f"later-{fact.conversation_id}", at=fact.at + 30 * DAY)
            for fact in conversation
        ]
        for conversation in second
    ]
    together = counted(*first, *later)
    assert together == total([counted(*first), counted(*later)])
