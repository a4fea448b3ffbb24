"""What every table is made with: the one collection of them, names of constraints, numbers that count up."""

from sqlalchemy import BigInteger, Integer, MetaData

#: Counts up by itself on both databases; SQLite does so for INTEGER only.
Serial = BigInteger().with_variant(Integer, "sqlite")

# Columns that may be long stand last in their tables: SQLite reads through them to reach what follows.
metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)
