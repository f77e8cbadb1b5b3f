"""Leases: what one process does at a time, such as polling for a token; who stops renewing loses it.

Never trusts a machine's clock where several machines share a store: time is the database's own.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, or_, update

from storage.pace import database_clock
from storage.schema import lease
from storage.statement import Statement, given, inserting

_TAKE = inserting(
    lease,
    lambda insert: insert.values(given("name", "holder", "until")).on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": insert.excluded.holder, "until": insert.excluded.until},
        where=or_(
            lease.c.holder == insert.excluded.holder,
            lease.c.until <= bindparam("now", type_=lease.c.until.type),
        ),
    ),
)
_RENEW = Statement(
    update(lease)
    .where(lease.c.name == bindparam("name"), lease.c.holder == bindparam("holder"))
    .values(until=bindparam("later", type_=lease.c.until.type))
)
_RELEASE = Statement(
    delete(lease).where(lease.c.name == bindparam("name"), lease.c.holder == bindparam("holder"))
)
_FREE = Statement(delete(lease))


def take(conn: Connection, name: str, holder: str, seconds: float) -> bool:
    """Take what is free, ran out or is the holder's already; False while another has it."""
    now = _now(conn)
    cells = {"name": name, "holder": holder, "until": now + timedelta(seconds=seconds)}
    return _TAKE.run(conn, cells | {"now": now}) == 1


def renew(conn: Connection, name: str, holder: str, seconds: float) -> bool:
    """Keep what one has, even a moment too late; False when another took it meanwhile.

    In one transaction with what only the holder may write, nobody else writes it.
    """
    later = _now(conn) + timedelta(seconds=seconds)
    return _RENEW.run(conn, {"name": name, "holder": holder, "later": later}) == 1


def release(conn: Connection, name: str, holder: str) -> None:
    """Give it back, so that nobody waits for it to run out."""
    _RELEASE.run(conn, {"name": name, "holder": holder})


def free(conn: Connection) -> None:
    """End every lease: for the one process that serves a SQLite file, whose predecessor is dead."""
    _FREE.run(conn, {})


def _now(conn: Connection) -> datetime:
    """The store's clock; a SQLite file's is that of its one machine."""
    return datetime.now(UTC) if conn.dialect.name == "sqlite" else database_clock(conn)
