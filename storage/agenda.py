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


def due(conn: Connection, now: datetime, limit: int) -> list[AgendaRow]:
    """Take what is due, the longest waiting first; other processes skip it until this transaction ends."""
    return [AgendaRow(*row) for row in _DUE.all(conn, {"now": now, "limit": limit})]


def done(conn: Connection, agenda_id: int, now: datetime) -> None:
    """Never again: the row stays so that its key stays taken."""
    conn.execute(update(agenda).where(agenda.c.id == agenda_id).values(done_at=now))
