"""Who has a person's chat: the bot, or a member of staff, and by what sort of case.

Never decides who may take it (`cases` does).
"""

from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from storage.person_rows import LOCK
from storage.schema import casefile, contact
from storage.statement import changing, fixed


def hold(conn: Connection, contact_id: int | None) -> None:
    """Lock a person's session: first of all locks, before their cases, and the audit last."""
    if contact_id is not None and conn.dialect.name != "sqlite":
        LOCK.one(conn, {"contact": contact_id})


def give(
    conn: Connection, contact_id: int, staff_id: int | None, now: datetime, *, private: bool = False
) -> None:
    """Give the chat to a member of staff, or back to the bot. `private`: by a restricted case."""
    since = None if staff_id is None else now
    cells = {"handled_by": staff_id, "handled_since": since, "private_chat": private, "changed_at": now}
    changing(contact.c.id, tuple(cells)).run(conn, {"key": contact_id, **cells})


def holder(conn: Connection, contact_id: int) -> int | None:
    """Tell which member of staff has a person's chat."""
    return conn.scalar(select(contact.c.handled_by).where(contact.c.id == contact_id))


def since(conn: Connection, contact_id: int) -> datetime | None:
    """Tell since when a member of staff has a person's chat."""
    return conn.scalar(select(contact.c.handled_since).where(contact.c.id == contact_id))


def paused(conn: Connection) -> int:
    """Count the people to whom the bot is silent, as staff write to them in the platform's own inbox."""
    return conn.scalar(select(func.count()).where(contact.c.paused)) or 0


def held_by(conn: Connection, staff_id: int) -> list[int]:
    """List the contacts whose chat a member of staff has."""
    return list(conn.scalars(select(contact.c.id).where(contact.c.handled_by == staff_id)))


def served_by(conn: Connection, staff_id: int) -> list[int]:
    """List the contacts whose chat or case a member of staff has, in the order in which they are locked."""
    taken = select(casefile.c.contact_id).where(
        casefile.c.taken_by == staff_id, casefile.c.state == fixed("taken")
    )
    theirs = or_(contact.c.handled_by == staff_id, contact.c.id.in_(taken))
    return list(conn.scalars(select(contact.c.id).where(theirs).order_by(contact.c.id)))
