"""Tables in, CSV out, as spreadsheets read it; a cell that one would take for a formula is marked as text."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from bot.insights.overview import Overview
from bot.ledger.sources import source_of
from bot.web.heat import DAYS
from bot.web.review import moved

#: A cell that begins so is run by spreadsheets (OWASP, "CSV Injection").
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """A head and rows."""

    head: tuple[str, ...]
    rows: tuple[Sequence[object], ...]


def as_csv(table: Table, name: str) -> Response:
    """A file to save."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.head)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    headers = {"content-disposition": f'attachment; filename="{name}.csv"', "cache-control": "no-store"}
    # With its mark at the front, so that spreadsheets do not take it for another encoding.
    return Response("\ufeff" + out.getvalue(), 200, headers, "text/csv; charset=utf-8")


def tables(found: Overview, titles: dict[str, str]) -> dict[str, Table]:
    """Everything that the overview shows, by the name of its table."""
    review = found.review
    return {
        "figures": Table(
            (
                *("figure", "at_least", "at_most", "interval_low", "interval_high", "of", "unit"),
                *("before_at_least", "before_at_most", "change", "target", "definition", "source"),
            ),
            tuple(
                (
                    *(line.now.title, line.now.low, line.now.high, line.now.floor, line.now.ceiling),
                    *(line.now.of, line.now.unit.value, line.before.low, line.before.high),
                    *(moved(line.change), line.now.verdict.value if line.now.verdict else ""),
                    *(line.now.meaning, source_of(line.now.name).label),
                )
                for line in review.lines
            ),
        ),
        "days": Table(
            ("day", "deflection_at_least", "deflection_at_most", "conversations"),
            tuple((one.day, one.low, one.high, one.conversations) for one in review.days),
        ),
        "hours": Table(
            ("weekday", "hour", "conversations", "handed_off"),
            tuple(
                (DAYS[hour // 24], hour % 24, one.conversations, one.handed_off)
                for hour, one in sorted(found.hours.items())
            ),
        ),
        "reasons": Table(
            ("reason", "now", "before", "change_of_share"),
            tuple((one.reason, one.now, one.before, moved(one.change)) for one in review.reasons),
        ),
        "articles": Table(
            ("article", "title", "conversations", "before", "surely_settled", "not_settled"),
            tuple(
                (
                    one.article_id,
                    titles.get(one.article_id, ""),
                    one.now,
                    one.before,
                    one.confirmed,
                    one.failed,
                )
                for one in review.articles
            ),
        ),
        "agents": Table(
            ("account", "solved", "before"),
            tuple(
                (name, count, review.before.agents.get(name, 0))
                for name, count in sorted(review.counted.agents.items(), key=lambda one: -one[1])
            ),
        ),
    }


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, float):
        return round(value, 6) if abs(value) != float("inf") else ""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
