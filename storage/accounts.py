"""Accounts: one bot token or Page each, numbered when it is first met.

Never holds a token.
"""

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from storage.schema import account
from storage.statement import Statement, given, made

_KNOWN = Statement(select(account.c.id).where(account.c.name == bindparam("name")))
_NEW = Statement(insert(account).values(given("name", "created_at")).returning(account.c.id))


def number_of(conn: Connection, name: str, now: datetime) -> int:
    """Tell the number of an account, remembered if it is new."""
    known = _KNOWN.one(conn, {"name": name})
    return int(known[0]) if known is not None else made(conn, _NEW, name=name, created_at=now)
