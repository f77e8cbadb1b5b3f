"""What a member of staff was asked for by chat, so that their next words are taken for it: for half an hour.

Never holds a word of those we talk with: which question it is, and what staff wrote for a fair so far. And
never keeps it for longer than they have for it.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, null, select, update

from storage.schema import staff
from storage.statement import Statement, fixed, given

# Whoever was called away must not find that what they write an hour later has become an announcement.
LASTS = timedelta(minutes=30)

_ASKED = Statement(
    select(staff.c.doing).where(
        staff.c.contact_id == bindparam("contact"), staff.c.doing_until > bindparam("now")
    )
)
_FORGET = Statement(
    update(staff)
    .where(staff.c.doing_until <= bindparam("now", type_=staff.c.doing_until.type))
    .values(doing=fixed(""), doing_until=null())
)
_ASK = Statement(
    update(staff).where(staff.c.contact_id == bindparam("contact")).values(given("doing", "doing_until"))
)


def asked(conn: Connection, contact_id: int, now: datetime) -> str:
    """Read what whoever is on duty in this chat was asked for, empty for nothing or too long ago."""
    row = _ASKED.one(conn, {"contact": contact_id, "now": now})
    return "" if row is None else str(row[0])


def ask(conn: Connection, contact_id: int, doing: str, now: datetime) -> None:
    """Ask them for words (`announce:12:km`), or, empty, for none any more."""
    until = now + LASTS if doing else None
    _ASK.run(conn, {"contact": contact_id, "doing": doing, "doing_until": until})


def forget_old(conn: Connection, now: datetime) -> int:
    """Empty what was asked too long ago, so that nothing of it lies about; of how many."""
    return _FORGET.run(conn, {"now": now})
