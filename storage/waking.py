"""When a person's session is to be woken, and when its question is asked again below something unasked.

Never wakes anybody: the agenda does.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select, update

from storage.parts import Lane
from storage.schema import outbox, session
from storage.statement import Statement, fixed, given

_OF = session.c.contact_id == bindparam("contact")
_AT = Statement(select(session.c.wake_at).where(_OF))
_LET_REST = Statement(update(session).where(_OF).values(given("wake_at")))
_ASKED = Statement(select(session.c.ask_at).where(_OF))
_DUE = Statement(
    select(session.c.contact_id)
    .where(session.c.ask_at <= bindparam("now"))
    .order_by(session.c.ask_at)
    .limit(bindparam("limit"))
)
_ASK = Statement(update(session).where(_OF).values(given("ask_at")))
_GOING = Statement(
    select(outbox.c.id)
    .where(
        outbox.c.contact_id == bindparam("contact"),
        or_(outbox.c.state == fixed("queued"), outbox.c.state == fixed("sending")),
        outbox.c.not_before <= bindparam("now"),
    )
    .limit(1)
)
_LAST = Statement(
    select(outbox.c.lane)
    .where(outbox.c.contact_id == bindparam("contact"), outbox.c.state == fixed("sent"))
    .order_by(outbox.c.sent_at.desc(), outbox.c.lane)
    .limit(1)
)


def at(conn: Connection, contact_id: int) -> datetime | None:
    """Read when; None when it rests, also because another process has woken it meanwhile."""
    row = _AT.one(conn, {"contact": contact_id})
    return None if row is None else row[0]


def let_rest(conn: Connection, contact_id: int) -> None:
    """Wake a session no more, opening no cell."""
    _LET_REST.run(conn, {"contact": contact_id, "wake_at": None})


def interrupted(conn: Connection, contact_ids: Iterable[int], ask_at: datetime) -> None:
    """Something unasked has reached these people: a question that waits is asked again at that time.

    Whose session somebody holds is writing just now, and so is told anyway what they are asked.
    """
    theirs = (session.c.contact_id.in_(set(contact_ids)), session.c.wake_at.is_not(None))
    free = select(session.c.contact_id).where(*theirs).with_for_update(skip_locked=True)
    conn.execute(update(session).where(session.c.contact_id.in_(free)).values(ask_at=ask_at))


def to_ask(conn: Connection, now: datetime, limit: int) -> list[int]:
    """List contacts whose question is to be asked again, the longest waiting first."""
    return [row[0] for row in _DUE.all(conn, {"now": now, "limit": limit})]


def ask_at(conn: Connection, contact_id: int) -> datetime | None:
    """Read when the question is to be asked again; None when it is not."""
    row = _ASKED.one(conn, {"contact": contact_id})
    return None if row is None else row[0]


def ask_then(conn: Connection, contact_id: int, at: datetime | None) -> None:
    """Ask the question again at that time, or not at all (None), opening no cell."""
    _ASK.run(conn, {"contact": contact_id, "ask_at": at})


def going(conn: Connection, contact_id: int, now: datetime) -> bool:
    """Tell whether something is on its way to the person."""
    return _GOING.one(conn, {"contact": contact_id, "now": now}) is not None


def ends_unasked(conn: Connection, contact_id: int) -> bool:
    """Tell whether the last that reached them was unasked; a reply of the same moment came after it."""
    row = _LAST.one(conn, {"contact": contact_id})
    return row is not None and row[0] > Lane.STAFF
