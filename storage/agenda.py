"""The agenda: everything that must happen later, each once.

Never acts: whoever takes a due entry does its work and marks it done in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from storage.schema import agenda
from storage.statement import Statement, given, inserting


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """`data`: internal ids only, for it lies in clear."""

    id: int
    kind: str
    contact_id: int | None
    key: str
    due: datetime
    data: bytes


_ADD = inserting(
    agenda,
    lambda insert: insert.values(
        given("kind", "key", "contact_id", "due", "data", "created_at")
    ).on_conflict_do_nothing(index_elements=["kind", "key"]),
)
_ONCE = inserting(
    agenda,
    lambda insert: insert.values(
        given("kind", "key", "contact_id", "due", "data", "created_at", "done_at")
    ).on_conflict_do_nothing(index_elements=["kind", "key"]),
)
_DUE = Statement(
    select(agenda.c.id, agenda.c.kind, agenda.c.contact_id, agenda.c.key, agenda.c.due, agenda.c.data)
    .where(agenda.c.done_at.is_(None), agenda.c.due <= bindparam("now"))
    .order_by(agenda.c.due, agenda.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)


def add(  # noqa: PLR0913, PLR0917 - one per column
    conn: Connection,
    kind: str,
    contact_id: int | None,
    key: str,
    due: datetime,
    data: bytes,
    now: datetime,
) -> bool:
    """Enter something once: False when (kind, key) was ever there, done or not."""
    cells = {"kind": kind, "key": key, "contact_id": contact_id, "due": due, "data": data}
    return _ADD.run(conn, cells | {"created_at": now}) == 1


def once(conn: Connection, kind: str, key: str, now: datetime) -> bool:
    """Note something that is done with this transaction; False when (kind, key) was ever there."""
    cells = {"kind": kind, "key": key, "contact_id": None, "due": now, "data": b"", "created_at": now}
    return _ONCE.run(conn, cells | {"done_at": now}) == 1


def arm(conn: Connection, kind: str, stem: str, contact_id: int | None, due: datetime, now: datetime) -> None:
    """Let something come due once more, from its start: the entry of this stem that waits, else a new one.

    Keys are `stem:1`, `stem:2`, …. Whoever arms holds a lock on what the stem names. An entry that is being
    done by another process right now is not waited for.
    """
    its = (agenda.c.kind == kind, agenda.c.key.like(f"{stem}:%"))
    there = select(agenda.c.id).where(*its, agenda.c.done_at.is_(None)).with_for_update(skip_locked=True)
    waiting = conn.scalar(there.limit(1))
    if waiting is not None:
        conn.execute(update(agenda).where(agenda.c.id == waiting).values(due=due, data=b""))
        return
    keys = conn.scalars(select(agenda.c.key).where(*its))
    number = 1 + max((int(key.rpartition(":")[2]) for key in keys), default=0)
    while not add(conn, kind, contact_id, f"{stem}:{number}", due, b"", now):
        number += 1


def armed(conn: Connection, kind: str, stem: str) -> datetime | None:
    """Tell when the entry of this stem that waits comes due; None when none waits."""
    its = (agenda.c.kind == kind, agenda.c.key.like(f"{stem}:%"), agenda.c.done_at.is_(None))
    return conn.scalar(select(agenda.c.due).where(*its).order_by(agenda.c.due).limit(1))


def waits(conn: Connection, now: datetime) -> bool:
    """Tell whether anything is due, taking nothing."""
    return (
        conn.scalar(select(agenda.c.id).where(agenda.c.done_at.is_(None), agenda.c.due <= now).limit(1))
        is not None
    )


def due(conn: Connection, now: datetime, limit: int) -> list[AgendaRow]:
    """Take what is due, the longest waiting first; other processes skip it until this transaction ends."""
    return [AgendaRow(*row) for row in _DUE.all(conn, {"now": now, "limit": limit})]


def done(conn: Connection, agenda_id: int, now: datetime) -> None:
    """Never again: the row stays so that its key stays taken."""
    conn.execute(update(agenda).where(agenda.c.id == agenda_id).values(done_at=now))


def postpone(conn: Connection, agenda_id: int, until: datetime) -> None:
    """Try again later, so that what fails holds nothing else up."""
    conn.execute(update(agenda).where(agenda.c.id == agenda_id).values(due=until))


def go_on(conn: Connection, agenda_id: int, due: datetime, data: bytes) -> None:
    """Let an entry that was begun come due again, from where `data` says: its work is more than one piece."""
    conn.execute(update(agenda).where(agenda.c.id == agenda_id).values(done_at=None, due=due, data=data))
