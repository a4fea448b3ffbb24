"""`tierzero report`: from stored turns to the terminal, a page and JSON."""

import datetime as dt
import json
import re
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main
from bot.composition import Services
from bot.ledger.facts import Fact, FactKind
from bot.ledger.forecast import forecast
from bot.ledger.periods import Span
from bot.settings import load
from bot.storage.engine import open_database
from bot.storage.ledger import LedgerLog
from bot.storage.schema import migrate
from bot.web.review import review_page

START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    database = open_database(f"sqlite:///{tmp_path / 'tierzero.db'}")
    migrate(database)
    facts = []
    for place in range(20):
        at = START + dt.timedelta(hours=7 * place)
        if place < 4:
            facts.append(Fact(f"c{place}", at, FactKind.HANDED_OFF, 1, "<upset>"))
            continue
        facts.append(Fact(f"c{place}", at, FactKind.ANSWERED, 1, "answered", 0.9, articles=("<b>returns",)))
        if place < 10:
            facts.append(Fact(f"c{place}", at + dt.timedelta(minutes=1), FactKind.HELPFUL, 1))
    LedgerLog(database).append(facts)
    database.close()
    return tmp_path


def test_a_week_is_printed_and_written_as_a_page_and_as_json(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, figures = tmp_path / "week.html", tmp_path / "week.json"
    given = ["report", "week", "--until", "2026-03-09", "--data", str(data), "--cost", "8"]
    assert main([*given, "--html", str(page), "--json", str(figures)]) == 0
    out = capsys.readouterr().out
    assert "2026-03-02 to 2026-03-08: 20 conversations" in out
    assert re.search(r"Deflection +30\.0% to 80\.0%", out)
    assert "saved 48 to 128" in out
    found = json.loads(figures.read_text(encoding="utf-8"))
    assert (found["counted"]["surely_deflected"], found["counted"]["at_most_deflected"]) == (6, 16)
    assert found["period"]["until"] == "2026-03-09"
    text = page.read_text(encoding="utf-8")
    assert "30.0% to 80.0%" in text
    assert text.count("<svg") == 3
    # What customers and rules name is text, never markup; and nothing is fetched or run.
    assert "<upset>" not in text
    assert "<b>returns" not in text
    assert not re.search(r"<script|\bsrc=|href=|url\(", text)
    # The busiest hours of the week are the warmest: each of the twenty was opened in an hour of its own.
    assert text.count('<td class="w8">1</td>') == 20


def test_the_file_says_what_is_expected_and_how_far_such_forecasts_were_off(data: Path) -> None:
    today = dt.date(2026, 3, 16)
    counts = [float(20 + 10 * (day % 7 < 5)) for day in range(70)]
    with closing(Services(load(data=data))) as opened:
        found = opened.reviewing.review(Span.WEEK, today)
        page = review_page(found, opened.targets, {}, "Tarnbean", ahead=forecast(counts, today))
    assert "Expected from 2026-03-16 on: <strong>380</strong> conversations in 14 days" in page
    assert "off by 0.0% of a day" in page
    assert page.count("<tr><th>2026-03-") == 14
    assert "By the hour" not in page


@pytest.mark.parametrize("span", ["month", "quarter"])
def test_longer_periods_hold_the_week(data: Path, span: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", span, "--until", "2026-03-16", "--data", str(data)]) == 0
    assert ": 20 conversations" in capsys.readouterr().out


def test_a_mistyped_folder_is_an_error_and_gets_no_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "week", "--data", str(tmp_path)]) == 1
    assert "There is no tierzero data" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_empty_database_has_nothing_to_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'tierzero.db'}")
    migrate(database)
    database.close()
    page = tmp_path / "week.html"
    assert main(["report", "week", "--data", str(tmp_path), "--html", str(page), "--rebuild"]) == 0
    assert ": 0 conversations" in capsys.readouterr().out
    assert "Nothing to count in this period." in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["report", "year"], "invalid choice"),
        (["report", "week", "--until", "yesterday"], "no date such as 2026-03-01"),
        (["report", "week", "--until", "0001-01-01"], "before 2000"),
        (["report", "week", "--cost", "nan"], "no amount such as 7.50"),
    ],
)
def test_wrong_words_end_in_a_sentence(
    given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(given)
    assert said in capsys.readouterr().err


def test_a_page_in_a_folder_that_is_not_there_ends_in_a_sentence(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "week", "--data", str(data), "--html", str(tmp_path / "no" / "x.html")]) == 1
    assert "No such file or directory" in capsys.readouterr().err


def test_a_change_that_is_more_than_chance_is_named_with_what_may_be_behind_it(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'tierzero.db'}")
    migrate(database)
    facts = []
    for place in range(80):
        at = START - dt.timedelta(days=7 if place % 2 else 0)
        kind, reason = (
            (FactKind.ANSWERED, "answered") if place % 2 else (FactKind.HANDED_OFF, "payment_dispute")
        )
        facts.append(Fact(f"c{place}", at, kind, 1, reason))
    LedgerLog(database).append(facts)
    database.close()
    page = tmp_path / "week.html"
    assert (
        main(["report", "week", "--until", "2026-03-09", "--data", str(tmp_path), "--html", str(page)]) == 0
    )
    text = page.read_text(encoding="utf-8")
    assert "Escalation rate: +100.0 points." in text
    assert "Handed off for “payment dispute”: 0 before, 40 now, +100.0 points of all conversations." in text
