"""The audit: which member of staff did what to what, and when.

Never holds words or names of people we talk with: internal ids and case numbers only.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from storage.schema import audit, staff


@dataclass(frozen=True, slots=True)
class AuditRow:
    """`by` None: the installation itself."""

    by: str | None
    action: str
    what: str
    at: datetime


def record(conn: Connection, staff_id: int | None, action: str, what: str, now: datetime) -> None:
    """Write one line."""
    conn.execute(insert(audit).values(staff_id=staff_id, action=action, what=what, at=now))


def latest(conn: Connection, limit: int) -> list[AuditRow]:
    """Read the last lines, the newest first."""
    lines = select(staff.c.name, audit.c.action, audit.c.what, audit.c.at).select_from(audit.outerjoin(staff))
    return [AuditRow(*row) for row in conn.execute(lines.order_by(audit.c.id.desc()).limit(limit))]
