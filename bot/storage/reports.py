"""Reports in the database, whole, as versioned JSON; one of another version counts as none."""

import datetime as dt
import json
from dataclasses import asdict
from typing import Any, Final

import sqlalchemy as sa

from bot.storage.engine import Database
from bot.storage.tables import reports
from bot.upkeep.differing import Differs
from bot.upkeep.lines import ArticleReport, Line
from bot.upkeep.links import Broken
from bot.upkeep.pairs import Contradiction, NearCopy, Statement
from kb.article import ArticleKey

#: Of the layout of article reports.
FORMAT: Final = 1
_ARTICLES: Final = "articles"
_BEGUN = sa.select(reports.c.at).where(reports.c.name == sa.bindparam("of_name"))
_LAST = sa.select(reports.c.content).where(reports.c.name == sa.bindparam("of_name"))


class ReportLog:
    """Implements `bot.insights.article_health.Reports`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, report: ArticleReport) -> None:
        """Replaces the one before."""
        body = json.dumps({"v": FORMAT, **asdict(report)}, ensure_ascii=False, default=str)
        keep = self._database.insert(reports)
        replaced = {"at": keep.excluded.at, "content": keep.excluded.content}
        row = {"name": _ARTICLES, "at": report.at, "content": body}
        with self._database.writing() as connection:
            connection.execute(keep.on_conflict_do_update(index_elements=["name"], set_=replaced), row)

    def last(self) -> ArticleReport | None:
        """The one made last; None where there is none of this version."""
        with self._database.reading() as connection:
            stored = connection.execute(_LAST, {"of_name": _ARTICLES}).scalar()
        body = json.loads(stored) if stored else {}
        return _report(body) if body.get("v") == FORMAT else None

    def due(self, name: str, every: dt.timedelta, now: dt.datetime) -> bool:
        """Whether a job of this name was begun last so long ago; then it counts as begun now, for one caller.

        The first look only notes the time: a new service has nothing to compute yet.
        """
        with self._database.reading() as connection:
            begun = connection.execute(_BEGUN, {"of_name": name}).scalar()
        if begun is not None and begun > now - every:
            return False
        claim = sa.update(reports).where(reports.c.name == name, reports.c.at <= now - every).values(at=now)
        first = self._database.insert(reports).on_conflict_do_nothing()
        with self._database.writing() as connection:
            if begun is None:
                connection.execute(first, {"name": name, "at": now, "content": ""})
                return False
            return bool(connection.execute(claim).rowcount)


def _report(body: dict[str, Any]) -> ArticleReport:
    return ArticleReport(
        dt.datetime.fromisoformat(body["at"]),
        body["days"],
        tuple(_line(one) for one in body["lines"]),
        tuple(
            Contradiction(
                Differs(one["differs"]), _statement(one["first"]), _statement(one["second"]), one["question"]
            )
            for one in body["contradictions"]
        ),
        tuple(NearCopy(_key(one["first"]), _key(one["second"]), one["share"]) for one in body["copies"]),
    )


def _line(body: dict[str, Any]) -> Line:
    return Line(
        **{
            **body,
            "key": _key(body["key"]),
            "behind": {kind: tuple(found) for kind, found in body["behind"].items()},
            "next_review": _day(body["next_review"]),
            "last_reviewed": _day(body["last_reviewed"]),
            "broken": tuple(Broken(**one) for one in body["broken"]),
            "missing": tuple(body["missing"]),
            "copies": tuple(_key(one) for one in body["copies"]),
        }
    )


def _statement(body: dict[str, Any]) -> Statement:
    return Statement(_key(body["key"]), body["title"], body["heading"], body["text"])


def _key(body: dict[str, Any]) -> ArticleKey:
    return ArticleKey(body["id"], body["locale"])


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
