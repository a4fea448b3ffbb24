"""Tables and repositories; the only user of SQLAlchemy and Alembic."""
