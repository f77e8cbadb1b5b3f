"""Who of those on duty was told that a case waits, and who is told next.

Never tells anybody (the runner does), and never names whom the case is about.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select, update

from storage import duty
from storage.case_rows import CaseRow, place_of
from storage.duty import Member
from storage.schema import alert, casefile, staff
from storage.staff import may
from storage.statement import fixed, given, inserting

_NOTE = inserting(
    alert,
    lambda insert: insert.values(given("case_id", "staff_id", "at")).on_conflict_do_update(
        index_elements=["case_id", "staff_id"], set_={"at": insert.excluded.at}
    ),
)


def able(conn: Connection, case: CaseRow, now: datetime) -> list[Member]:
    """List those on duty who may work on a case; whoever was alerted longest ago first."""
    where = place_of(case.kind, case.centre)
    return [
        one
        for one in duty.members(conn, now)
        if may(one.scope, "case.write", where, restricted=case.restricted)
    ]


def heard(conn: Connection, case_id: int) -> frozenset[int]:
    """Tell which members of staff were alerted of a case."""
    return frozenset(conn.scalars(select(alert.c.staff_id).where(alert.c.case_id == case_id)))


def woken(conn: Connection, contact_id: int | None, since: datetime) -> frozenset[int]:
    """Tell which members of staff were alerted since then of danger to this person."""
    theirs = (casefile.c.contact_id == contact_id, casefile.c.kind == fixed("danger"))
    return _alerted(conn, since, *theirs)


def complaining(conn: Connection, since: datetime) -> frozenset[int]:
    """Tell which members of staff were alerted since then of any complaint."""
    return _alerted(conn, since, casefile.c.kind == fixed("complaint"))


def complaints(conn: Connection) -> tuple[int, int]:
    """Count the complaints that wait, and name the first of them."""
    wait = (casefile.c.kind == fixed("complaint"), casefile.c.state == fixed("open"))
    count, first = conn.execute(select(func.count(), func.min(casefile.c.id)).where(*wait)).one()
    return count, first or 0


def _alerted(conn: Connection, since: datetime, *of: ColumnElement[bool]) -> frozenset[int]:
    there = select(alert.c.staff_id).join(casefile, casefile.c.id == alert.c.case_id)
    return frozenset(conn.scalars(there.where(alert.c.at > since, *of)))


def note(conn: Connection, case_id: int, staff_id: int, now: datetime) -> None:
    """Remember that somebody was alerted of a case."""
    _NOTE.run(conn, {"case_id": case_id, "staff_id": staff_id, "at": now})
    conn.execute(update(staff).where(staff.c.id == staff_id).values(alerted_at=now))
