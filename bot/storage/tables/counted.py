"""Facts, and what is counted of them."""

from sqlalchemy import (
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from bot.storage.columns import LegalText, Moment
from bot.storage.tables.metadata import Serial, metadata
from bot.storage.tables.partial import partial_index

#: The facts that put customers into arms of experiments; few of a million are.
_OF_ARMS = "kind = 'in_arm'"
_DIFFERED = "kind = 'arms_differed'"
#: What happened in each conversation; rows are added, and only their marks are ever taken out. They name no
#: conversation by a foreign key, so that erasing one leaves what happened in it counted.
facts = Table(
    "facts",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("conversation_id", LegalText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("kind", LegalText, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("reason", LegalText, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("threshold", Float, nullable=False),
    Column("score", Integer, nullable=False),
    Column("articles", LegalText, nullable=False),
    Column("marks", LegalText, nullable=False),
    Column("channel", LegalText, nullable=False),
    Column("language", LegalText, nullable=False),
    Column("who", LegalText, nullable=False, server_default=""),
    Column("about", LegalText, nullable=False, server_default=""),
    Column("product", LegalText, nullable=False, server_default=""),
    Column("tags", LegalText, nullable=False, server_default=""),
    Index(None, "at"),
    Index(None, "conversation_id"),
    partial_index("ix_facts_arm", "reason", where=_OF_ARMS),
    partial_index("ix_facts_differed", "reason", where=_DIFFERED),
)

#: Settings served side by side; the slot lets one run at a time, since it is empty in all that were stopped.
experiments = Table(
    "experiments",
    metadata,
    Column("id", LegalText, primary_key=True),
    Column("title", LegalText, nullable=False),
    Column("kind", LegalText, nullable=False),
    Column("setting", LegalText, nullable=False),
    Column("beside", LegalText, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("started_by", LegalText, nullable=False),
    Column("stopped_at", Moment),
    Column("stopped_by", LegalText, nullable=False),
    Column("slot", Integer),
    UniqueConstraint("slot"),
)

#: Other texts of articles that experiments try. None of them was published: what was has a table of its own, so that
#: nothing that reads of published texts ever meets one of these.
article_trials = Table(
    "article_trials",
    metadata,
    Column("experiment_id", LegalText, ForeignKey("experiments.id"), primary_key=True),
    Column("article_id", LegalText, nullable=False),
    Column("locale", LegalText, nullable=False),
    Column("revision", LegalText, nullable=False),
    Column("title", LegalText, nullable=False),
    Column("path", LegalText, nullable=False),
    Column("beside", LegalText, nullable=False),
    Column("source", LegalText, nullable=False),
    Index(None, "article_id", "locale"),
)

#: Counts of days, derived from the facts by the definitions named: they may be thrown away.
ledger_days = Table(
    "ledger_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("definitions", Integer, nullable=False),
    Column("counts", LegalText, nullable=False),
)

#: Counts of the part of a day that one filter asks for, and the hours of the week they were opened in; the part without
#: a name is the whole day. Derived with the counts of days, and of worth only beside them.
ledger_parts = Table(
    "ledger_parts",
    metadata,
    Column("day", Date, nullable=False),
    Column("name", LegalText, nullable=False),
    Column("value", LegalText, nullable=False),
    Column("hours", LegalText, nullable=False),
    Column("counts", LegalText, nullable=False),
    PrimaryKeyConstraint("name", "value", "day"),
)

#: What is counted of each conversation of a counted day: derived, like the counts, and made anew with them.
ledger_records = Table(
    "ledger_records",
    metadata,
    Column("conversation_id", LegalText, primary_key=True),
    Column("day", Date, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("flags", Integer, nullable=False),
    Column("channel", LegalText, nullable=False),
    Column("language", LegalText, nullable=False),
    Column("product", LegalText, nullable=False),
    Column("hand_off", LegalText, nullable=False),
    Column("first_response", Float),
    Column("resolution", Float),
    Column("handled", Float),
    Column("rated", Integer),
    Column("recommends", Integer),
    Column("solved_by", LegalText, nullable=False),
    Column("tags", LegalText, nullable=False),
    Column("articles", LegalText, nullable=False),
    Index(None, "day"),
)
