"""Who of the staff is on duty: reached in a chat of theirs, joined by a one-time code, for a month at a time.

Never keeps a code in clear, and never tells whom of our people it is about.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, exists, func, select, update

from storage.schema import contact, contact_address, inbox, staff
from storage.seal import Vault
from storage.staff import Grant, Scope, grants_of
from storage.statement import fixed

LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # no I, L, O, U, 0 or 1, which are read as one another
CODE_LENGTH = 10
CODE_LIVES = timedelta(hours=24)
DUTY_LASTS = timedelta(days=30)
TRIED = "staff"  # the reason of an inbox row that carried a code


_REACHED = exists().where(
    contact.c.id == staff.c.contact_id,
    contact.c.hidden.is_(False),
    contact.c.reachable.is_(True),
    contact.c.erasing_since.is_(None),
    exists().where(contact_address.c.contact_id == contact.c.id, contact_address.c.current),
)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on duty, and the contact of the chat in which they are reached."""

    staff_id: int
    name: str
    contact_id: int
    until: datetime
    grants: frozenset[Grant]

    @property
    def scope(self) -> Scope:
        """What they may see and do."""
        return Scope(self.staff_id, self.name, self.grants)


def set_code(conn: Connection, vault: Vault, name: str, code: str, now: datetime) -> bool:
    """Let a code join a chat to an account, once and for a day; False when nobody enabled has the name."""
    whose = update(staff).where(staff.c.name == name, staff.c.disabled.is_(False))
    return conn.execute(whose.values(code=_blind(vault, code), code_until=now + CODE_LIVES)).rowcount == 1


def join(conn: Connection, vault: Vault, contact_id: int, code: str, now: datetime) -> Member | None:
    """Put whoever has this code on duty in this chat; the code is used up. None: it opens nothing.

    A chat is of one account and an account in one chat: what was joined before is not any more.
    """
    found = select(staff.c.id).where(
        staff.c.code == _blind(vault, code), staff.c.code_until > now, staff.c.disabled.is_(False)
    )
    staff_id = conn.scalar(found.with_for_update())
    if staff_id is None:
        return None
    leave(conn, staff_id)
    for other in conn.scalars(select(staff.c.id).where(staff.c.contact_id == contact_id)).all():
        leave(conn, other)
    joined = {"contact_id": contact_id, "duty_until": now + DUTY_LASTS, "code": None, "code_until": None}
    conn.execute(update(staff).where(staff.c.id == staff_id).values(joined))
    conn.execute(update(contact).where(contact.c.id == contact_id).values(staff=True, changed_at=now))
    return member(conn, staff_id, now)


def leave(conn: Connection, staff_id: int) -> None:
    """Take somebody off duty; their chat is an ordinary one again."""
    chat = conn.scalar(select(staff.c.contact_id).where(staff.c.id == staff_id))
    if chat is not None:
        conn.execute(update(contact).where(contact.c.id == chat).values(staff=False))
    gone = {"contact_id": None, "duty_until": None, "doing": "", "doing_until": None}
    conn.execute(update(staff).where(staff.c.id == staff_id).values(gone))


def members(conn: Connection, now: datetime) -> list[Member]:
    """List everybody on duty whom a message reaches; whoever was alerted longest ago, or never, first.

    Not who hid the chat, gave the phone to somebody else, blocked the bot, or is erasing everything.
    """
    order = (staff.c.alerted_at.asc().nulls_first(), staff.c.id)
    return _members(conn, now, _REACHED, order=order)


def over(conn: Connection, staff_id: int, now: datetime) -> bool:
    """Tell whether somebody's month of duty is over."""
    until = conn.scalar(select(staff.c.duty_until).where(staff.c.id == staff_id))
    return until is not None and until <= now


def member(conn: Connection, staff_id: int | None, now: datetime) -> Member | None:
    """Find somebody on duty."""
    return next(iter(_members(conn, now, staff.c.id == staff_id)), None)


def at(conn: Connection, contact_id: int, now: datetime) -> Member | None:
    """Tell who of those on duty writes in this chat."""
    return next(iter(_members(conn, now, staff.c.contact_id == contact_id)), None)


def tries(conn: Connection, contact_id: int, since: datetime) -> int:
    """Count the codes that came from a chat since then."""
    carried = (inbox.c.contact_id == contact_id, inbox.c.reason == fixed(TRIED), inbox.c.now > since)
    return conn.scalar(select(func.count()).where(*carried)) or 0


def _members(
    conn: Connection,
    now: datetime,
    *only: ColumnElement[bool],
    order: tuple[ColumnElement[object], ...] = (),
) -> list[Member]:
    wanted = select(staff.c.id, staff.c.name, staff.c.contact_id, staff.c.duty_until).where(
        staff.c.disabled.is_(False), staff.c.contact_id.is_not(None), staff.c.duty_until > now, *only
    )
    rows = conn.execute(wanted.order_by(*order)).all()
    return [Member(*row, grants=grants_of(conn, row.id)) for row in rows]


def _blind(vault: Vault, code: str) -> bytes:
    return vault.blind("staff-code", "".join(one for one in code.upper() if one.isalnum()))
