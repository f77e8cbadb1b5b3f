"""The audit: who did what to what, and when; a chain of hashes that only grows.

Never holds words or names of people we talk with: internal ids and case numbers only, so that erasing need
not touch it. Lines cut off its end leave no trace here: that needs a copy of its head (`Proof`) elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, func, insert, inspect, select

from storage.schema import audit, staff

LOCK = 0x5350_4541  # of PostgreSQL, held to the end of the transaction: one line follows another
AT_ONCE = 1000
ERASED = "contact.erased"  # as many lines as the erasures log has


@dataclass(frozen=True, slots=True)
class AuditRow:
    """`by` None: the installation itself, or the person whom it concerns."""

    by: str | None
    action: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """Of the chain: lines that hold, the hash of the last, and the id of the first that does not."""

    lines: int
    head: bytes
    broken: int | None = None


def record(conn: Connection, staff_id: int | None, action: str, what: str, now: datetime) -> None:
    """Write one line behind the last."""
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_advisory_xact_lock(LOCK)))
    last = conn.scalar(select(audit.c.chain).order_by(audit.c.id.desc()).limit(1))
    cells: dict[str, Any] = {"staff_id": staff_id, "action": action, "what": what, "at": now}
    conn.execute(insert(audit).values(**cells, chain=_link(last, staff_id, action, what, now)))


def latest(conn: Connection, limit: int) -> list[AuditRow]:
    """Read the last lines, the newest first."""
    lines = select(staff.c.name, audit.c.action, audit.c.what, audit.c.at).select_from(audit.outerjoin(staff))
    return [AuditRow(*row) for row in conn.execute(lines.order_by(audit.c.id.desc()).limit(limit))]


def did(conn: Connection, action: str, what: str, since: datetime) -> bool:
    """Tell whether this was done to it since then."""
    its = (audit.c.at >= since, audit.c.action == action, audit.c.what == what)
    return conn.scalar(select(audit.c.id).where(*its).limit(1)) is not None


def count(conn: Connection, action: str) -> int:
    """Count the lines of one action."""
    return conn.scalar(select(func.count()).select_from(audit).where(audit.c.action == action)) or 0


def verify(conn: Connection) -> Proof:
    """Follow the chain from its first line (older ones were written before there was a chain)."""
    if all(column["name"] != "chain" for column in inspect(conn).get_columns("audit")):
        return Proof(0, b"")
    lines, last = 0, b""
    for row in _all(conn):
        if row.chain is None and not last:
            continue
        if row.chain != _link(last or None, row.staff_id, row.action, row.what, row.at):
            return Proof(lines, last, row.id)
        lines, last = lines + 1, row.chain
    return Proof(lines, last)


def _all(conn: Connection) -> Iterator[Any]:
    after = 0
    while rows := conn.execute(
        select(audit).where(audit.c.id > after).order_by(audit.c.id).limit(AT_ONCE)
    ).all():
        yield from rows
        after = rows[-1].id


def _link(last: bytes | None, staff_id: int | None, action: str, what: str, at: datetime) -> bytes:
    line = "\x1f".join(
        ("" if staff_id is None else str(staff_id), action, what, at.astimezone(UTC).isoformat())
    )
    return sha256((last or b"") + line.encode()).digest()
