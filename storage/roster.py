"""The people we talk with, listed for staff without a word of theirs.

Never opens a sealed cell.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage.schema import account, address, casefile, contact, contact_address


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A contact. `account`: where they write from; `cases`: how many they have, but for restricted ones."""

    id: int
    account: str
    language: str
    stopped: bool
    with_staff: bool
    cases: int
    created_at: datetime


def list_(conn: Connection, *, after: int = 0, limit: int = 100) -> list[RosterRow]:
    """List contacts with ids above `after`, in their order."""
    counted = (
        select(func.count())
        .select_from(casefile)
        .where(casefile.c.contact_id == contact.c.id, casefile.c.restricted.is_(False))
        .scalar_subquery()
    )
    writes_from = (  # last, where they have several
        select(account.c.name)
        .join(address, address.c.account_id == account.c.id)
        .join(contact_address, contact_address.c.address_id == address.c.id)
        .where(contact_address.c.contact_id == contact.c.id, contact_address.c.current)
        .order_by(contact_address.c.used_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    wanted = (
        select(contact, writes_from.label("name"), counted.label("cases"))
        .where(contact.c.id > after, writes_from.is_not(None))
        .order_by(contact.c.id)
        .limit(limit)
    )
    return [
        RosterRow(
            id=row.id,
            account=row.name,
            language=row.language,
            stopped=row.stopped,
            with_staff=row.handled_by is not None,
            cases=row.cases,
            created_at=row.created_at,
        )
        for row in conn.execute(wanted)
    ]
