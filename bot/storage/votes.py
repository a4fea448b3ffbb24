"""Votes on articles in the database: one row a visitor and revision, replaced when they change their mind."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from bot.help_centre.votes import Opinion, Vote, Why
from bot.ledger.facts import Fact
from bot.storage.engine import Database
from bot.storage.ledger import append_facts
from bot.storage.tables import article_votes
from kb.article import ArticleKey

#: Comments that are shown of one article.
_MOST_COMMENTS: Final = 20
_C: Final = article_votes.c
_ONE: Final = sa.select(article_votes).where(_C.id == sa.bindparam("of_id"))
_FROM_ADDRESS: Final = (
    sa.select(sa.func.count())
    .select_from(article_votes)
    .where(_C.address == sa.bindparam("of_address"), _C.at >= sa.bindparam("since", type_=_C.at.type))
)
_OF_ARTICLE: Final = (
    _C.article_id == sa.bindparam("of_article"),
    _C.locale == sa.bindparam("of_locale"),
    _C.at >= sa.bindparam("since", type_=_C.at.type),
)
_COUNTS: Final = (
    sa.select(_C.helpful, _C.why, sa.func.count()).where(*_OF_ARTICLE).group_by(_C.helpful, _C.why)
)
_COMMENTS: Final = (
    sa.select(_C.at, _C.comment)
    .where(*_OF_ARTICLE, _C.comment != "")
    .order_by(_C.at.desc(), _C.id)
    .limit(_MOST_COMMENTS)
)


class VoteLog:
    """Implements `bot.help_centre.votes.VoteStore`; methods raise `StorageUnavailable` when nothing answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, vote_id: str) -> Vote | None:
        """A vote by its id."""
        with self._database.reading() as connection:
            row = connection.execute(_ONE, {"of_id": vote_id}).mappings().first()
        if row is None:
            return None
        return Vote(
            id=row["id"],
            key=ArticleKey(row["article_id"], row["locale"]),
            revision=row["revision"],
            helpful=row["helpful"],
            why=Why(row["why"]) if row["why"] else None,
            comment=row["comment"],
            address=row["address"],
            at=row["at"],
        )

    def put(self, vote: Vote, facts: Sequence[Fact], since: dt.datetime, most: int) -> bool:
        """Stores a vote in place of the same visitor's; False, and nothing, where too many came from its address."""
        row = {
            "id": vote.id,
            "article_id": vote.key.id,
            "locale": vote.key.locale,
            "revision": vote.revision,
            "helpful": vote.helpful,
            "why": vote.why.value if vote.why else "",
            "comment": vote.comment,
            "address": vote.address,
            "at": vote.at,
        }
        keep = self._database.insert(article_votes)
        changed = {name: keep.excluded[name] for name in ("helpful", "why", "comment", "at")}
        statement = keep.on_conflict_do_update(index_elements=["id"], set_=changed)
        with self._database.writing() as connection:
            known = connection.execute(_ONE, {"of_id": vote.id}).first() is not None
            came = connection.execute(
                _FROM_ADDRESS, {"of_address": vote.address, "since": since}
            ).scalar_one()
            if not known and came >= most:
                return False
            connection.execute(statement, row)
            append_facts(connection, facts)
        return True

    def opinion(self, key: ArticleKey, since: dt.datetime) -> Opinion:
        """What readers said of an article, in any of its revisions."""
        about = {"of_article": key.id, "of_locale": key.locale, "since": since}
        with self._database.reading() as connection:
            counts = connection.execute(_COUNTS, about).all()
            comments = connection.execute(_COMMENTS, about).all()
        why = sorted(((Why(name), count) for _, name, count in counts if name), key=lambda one: -one[1])
        return Opinion(
            helped=sum(count for helpful, _, count in counts if helpful),
            not_helped=sum(count for helpful, _, count in counts if not helpful),
            why=tuple(why),
            comments=tuple((at, comment) for at, comment in comments),
        )
