"""Alembic's environment and one file per change of the tables, shipped with the package."""
