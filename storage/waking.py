"""When a person's session is to be woken.

Never wakes anybody: the agenda does.
"""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from storage.schema import session
from storage.statement import Statement, given

_AT = Statement(select(session.c.wake_at).where(session.c.contact_id == bindparam("contact")))
_LET_REST = Statement(
    update(session).where(session.c.contact_id == bindparam("contact")).values(given("wake_at"))
)


def at(conn: Connection, contact_id: int) -> datetime | None:
    """Read when; None when it rests, also because another process has woken it meanwhile."""
    row = _AT.one(conn, {"contact": contact_id})
    return None if row is None else row[0]


def let_rest(conn: Connection, contact_id: int) -> None:
    """Wake a session no more, opening no cell."""
    _LET_REST.run(conn, {"contact": contact_id, "wake_at": None})
