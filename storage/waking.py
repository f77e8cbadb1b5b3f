"""When a person's session is to be woken.

Never wakes anybody: the agenda does.
"""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from storage.schema import session
from storage.statement import Statement

_AT = Statement(select(session.c.wake_at).where(session.c.contact_id == bindparam("contact")))


def at(conn: Connection, contact_id: int) -> datetime | None:
    """Read when; None when it rests, also because another process has woken it meanwhile."""
    row = _AT.one(conn, {"contact": contact_id})
    return None if row is None else row[0]
