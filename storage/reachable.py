"""Where a person blocked us, and whether that leaves any place where they can be reached.

Never decides to which of them something goes.
"""

from datetime import datetime

from sqlalchemy import Connection, bindparam, null, select, update

from storage import chats, people
from storage.schema import address, contact_address
from storage.statement import Statement, fixed, given

_its = address.c.id == bindparam("which")
_LOST = Statement(update(address).where(_its).values(given("blocked_at")))
_BACK = Statement(update(address).where(_its, address.c.blocked_at.is_not(None)).values(blocked_at=null()))
_FREE = Statement(
    select(address.c.id)
    .join(contact_address, contact_address.c.address_id == address.c.id)
    .where(
        contact_address.c.contact_id == bindparam("contact"),
        contact_address.c.current,
        address.c.blocked_at.is_(None),
    )
    .limit(fixed(1))
)


def lost(conn: Connection, contact_id: int, address_id: int, now: datetime) -> None:
    """Note that a person blocked us at an address of theirs. Locks their session."""
    chats.hold(conn, contact_id)
    _LOST.run(conn, {"which": address_id, "blocked_at": now})
    judge(conn, contact_id, now)


def back(conn: Connection, address_id: int) -> None:
    """Note that somebody let us write again at an address."""
    _BACK.run(conn, {"which": address_id})


def judge(conn: Connection, contact_id: int, now: datetime) -> None:
    """Mark a person unreachable who blocked us at every address that is theirs now."""
    if _FREE.one(conn, {"contact": contact_id}) is None:
        people.set_flag(conn, contact_id, "reachable", on=False, now=now)
