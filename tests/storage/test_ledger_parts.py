"""Counts of parts of days on both databases: whatever is filtered by, they are what counting the records anew gives."""

import datetime as dt
import itertools
import random
from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from bot.insights.overview import Choices
from bot.ledger.filters import Filter
from bot.ledger.parts import hours
from bot.ledger.records import Flag, Record
from bot.ledger.tally import Tally, tally
from bot.storage.counted import CountedLog
from bot.storage.engine import Database
from bot.storage.insights import InsightLog
from bot.storage.ledger import LedgerLog
from bot.storage.tables import ledger_parts
from tests.storage.samples import NOON

DAYS = [NOON.date() + dt.timedelta(days=place) for place in range(4)]
#: Names as articles and channels may have them, some of which mean something to a database or to JSON.
LANGUAGES = ("de", "en", "")
CHANNELS = ("chat", "e-mail", 'a", "b')
PRODUCTS = ("Wren", "50%", "' OR 1=1", "", "x" * 3_000)
TAGS = ("descale", "50%", "two words", "_", "y" * 3_000)


def drawn(dice: random.Random, name: str, day: dt.date) -> Record:
    flags = dice.choice([0, *(int(Flag.COUNTS) | dice.getrandbits(18) for _ in range(4))])
    at = dt.datetime(day.year, day.month, day.day, dice.randrange(24), tzinfo=dt.UTC)
    return Record(
        conversation_id=name,
        opened_at=at,
        hour=dice.randrange(168),
        channel=dice.choice(CHANNELS),
        language=dice.choice(LANGUAGES),
        product=dice.choice(PRODUCTS),
        tags=tuple(dice.sample(TAGS, dice.randrange(3))),
        flags=flags,
        hand_off=dice.choice(("", "upset", "person")),
        first_response=dice.choice((None, 1.5, 300.25)),
        resolution=dice.choice((None, 7.0)),
        handled=dice.choice((None, 60.0)),
        rated=dice.choice((None, 1, 5)),
        recommends=dice.choice((None, 0, 10)),
        solved_by=dice.choice(("", "maria")),
        articles=tuple(dice.sample(("a", "b c", 'd"'), dice.randrange(3))),
    )


def fits(one: Record, wanted: Filter) -> bool:
    tags = f" {' '.join(one.tags)} "
    exact = ((wanted.language, one.language), (wanted.channel, one.channel), (wanted.product, one.product))
    return all(not asked or asked == own for asked, own in exact) and (
        not wanted.tag or f" {wanted.tag} " in tags
    )


def filters() -> Sequence[Filter]:
    return [
        Filter(*chosen)
        for chosen in itertools.product(
            ("", "de", "fr"),
            ("", "e-mail", 'a", "b'),
            ("", "50%", "x" * 3_000),
            ("", "two", "two words", "y" * 3_000),
        )
    ]


@pytest.fixture
def told(database: Database) -> dict[dt.date, list[Record]]:
    dice = random.Random(20261127)
    every = {day: [drawn(dice, f"{day}-{place}", day) for place in range(60)] for day in DAYS[:-1]}
    every[DAYS[-1]] = []
    kept = CountedLog(database)
    for day, own in every.items():
        # Counted twice, as two servers might; the second time replaces the first.
        kept.keep(day, own[: len(own) // 2])
        kept.keep(day, own)
    return every


def test_every_filter_counts_as_the_records_and_as_counting_in_memory_do(
    database: Database, told: dict[dt.date, list[Record]]
) -> None:
    kept, shown = CountedLog(database), InsightLog(database)
    for wanted in filters():
        if wanted.is_empty:
            continue
        own = {day: [one for one in every if fits(one, wanted)] for day, every in told.items()}
        expected = {day: tally(of) for day, of in own.items() if of}
        assert kept.filtered(DAYS[0], DAYS[-1], wanted) == expected, wanted
        assert kept.recounted(DAYS[0], DAYS[-1], wanted) == expected, wanted
        assert shown.hours(DAYS[0], DAYS[-1], wanted) == hours(one for of in own.values() for one in of)


def test_the_whole_has_its_hours_and_what_there_is_to_choose_by(
    database: Database, told: dict[dt.date, list[Record]]
) -> None:
    shown = InsightLog(database)
    every = [one for of in told.values() for one in of]
    assert shown.hours(DAYS[0], DAYS[-1], Filter()) == hours(every)
    assert shown.hours(DAYS[1], DAYS[1], Filter()) == hours(told[DAYS[1]])
    assert shown.choices(DAYS[0], DAYS[-1]) == Choices(
        ("de", "en"),
        tuple(sorted(CHANNELS)),
        ("' OR 1=1", "50%", "Wren"),
        ("50%", "_", "descale", "two", "words"),
    )
    assert shown.choices(DAYS[-1], DAYS[-1]) == Choices((), (), (), ())


def test_parts_of_days_whose_counts_were_dropped_are_not_shown_and_come_back_the_same(
    database: Database, told: dict[dt.date, list[Record]]
) -> None:
    kept, shown, wanted = CountedLog(database), InsightLog(database), Filter(language="de")
    before = kept.filtered(DAYS[0], DAYS[-1], wanted), shown.hours(DAYS[0], DAYS[-1], wanted)
    LedgerLog(database).rebuild()
    assert kept.filtered(DAYS[0], DAYS[-1], wanted) == {}
    assert shown.hours(DAYS[0], DAYS[-1], wanted) == {}
    for day, own in told.items():
        kept.keep(day, own)
    assert (kept.filtered(DAYS[0], DAYS[-1], wanted), shown.hours(DAYS[0], DAYS[-1], wanted)) == before
    # A day counted again has no parts of what is not there any more.
    kept.keep(DAYS[0], [])
    with database.reading() as connection:
        left = connection.execute(sa.select(ledger_parts.c.day).distinct()).scalars().all()
    assert DAYS[0] not in left


def test_a_day_of_greetings_has_nothing_to_choose_by(database: Database) -> None:
    greeting = drawn(random.Random(1), "g", DAYS[0])
    greeting = Record(
        **{name: getattr(greeting, name) for name in Record.__dataclass_fields__} | {"flags": 0}
    )
    CountedLog(database).keep(DAYS[0], [greeting])
    assert InsightLog(database).choices(DAYS[0], DAYS[0]) == Choices((), (), (), ())
    counted = CountedLog(database).filtered(DAYS[0], DAYS[0], Filter(channel=greeting.channel))
    assert counted == {DAYS[0]: Tally(small_talk=1)}
