"""Alembic migrations: one file per change of the tables.

Never edited once released.
"""
