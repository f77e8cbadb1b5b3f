"""Cases as staff read them: rows, lists and finding one, always within a Scope.

Never changes a case.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, false, or_, select, true

from bot.core.actions import CaseKind
from storage.schema import casefile, staff, submission
from storage.staff import EVERYWHERE, Action, Scope, may, reach
from storage.statement import fixed

LIVE = ("open", "taken")
DIGITS = 18  # ids have 63 bits


class Refusal(StrEnum):
    """Why nothing was done. UNKNOWN also stands for what this member of staff may not know of."""

    UNKNOWN = "unknown"
    FORBIDDEN = "forbidden"
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case. `number` is empty until a centre is known; `contact_id` is empty once the person was erased.

    `eased_at`: when the person said that they are not in danger. `told_late`: they heard that nobody came.
    `call_by`: words of staff wait for their next message, so that somebody calls them by then.
    """

    id: int
    number: str | None
    kind: CaseKind
    centre: str | None
    restricted: bool
    state: str
    contact_id: int | None
    submission_no: int | None
    opened_at: datetime
    answer_by: datetime | None
    taken_by: str | None
    taken_at: datetime | None
    closed_at: datetime | None
    outcome: str
    erased_at: datetime | None
    urgent: bool
    eased_at: datetime | None
    told_late: bool
    call_by: datetime | None


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note of staff on a case."""

    by: str
    at: datetime
    words: bytes


def list_(
    conn: Connection, scope: Scope, *, state: str | None = None, centre: str | None = None, limit: int = 100
) -> list[CaseRow]:
    """List cases in reach: danger, then what is urgent, then the earliest promise.

    `state` None: whatever is not finished.
    """
    wanted = cases().where(_in_reach(scope, "case.read"))
    wanted = wanted.where(casefile.c.state == state if state else casefile.c.state.in_(LIVE))
    if centre is not None:
        wanted = wanted.where(casefile.c.centre == centre)
    danger = case((casefile.c.kind == fixed("danger"), 0), else_=1)
    order = (danger, casefile.c.urgent.desc(), casefile.c.answer_by.asc().nulls_last(), casefile.c.id)
    return [CaseRow(*row) for row in conn.execute(wanted.order_by(*order).limit(limit))]


def find(conn: Connection, scope: Scope, ref: str) -> CaseRow | None:
    """Find a case in reach by its number or id."""
    numbered = ref.isdecimal() and len(ref) <= DIGITS
    named = casefile.c.id == int(ref) if numbered else casefile.c.number == ref.upper()
    row = conn.execute(cases().where(named, _in_reach(scope, "case.read"))).first()
    return None if row is None else CaseRow(*row)


def row_of(conn: Connection, case_id: int) -> CaseRow | None:
    """Read a case for the runner itself, which shows it to nobody out of reach."""
    row = conn.execute(cases().where(casefile.c.id == case_id)).first()
    return None if row is None else CaseRow(*row)


def overdue(conn: Connection, now: datetime) -> list[CaseRow]:
    """List cases that nobody took by the promised time, but for restricted ones; the longest late first."""
    late = cases().where(
        casefile.c.state == fixed("open"), casefile.c.restricted.is_(False), casefile.c.answer_by <= now
    )
    promised = casefile.c.kind.in_([fixed(kind) for kind in ("intake", "person", "need")])
    return [CaseRow(*row) for row in conn.execute(late.where(promised).order_by(casefile.c.answer_by))]


def live_of(conn: Connection, contact_id: int) -> list[CaseRow]:
    """List a person's unfinished cases for the runner itself, restricted ones too."""
    theirs = cases().where(casefile.c.contact_id == contact_id, casefile.c.state.in_(LIVE))
    return [CaseRow(*row) for row in conn.execute(theirs.order_by(casefile.c.id))]


def of_person(conn: Connection, contact_id: int) -> list[CaseRow]:
    """List a person's own cases, for themself: no restricted one, for others at their phone may read this."""
    theirs = cases().where(casefile.c.contact_id == contact_id, casefile.c.restricted.is_(False))
    return [CaseRow(*row) for row in conn.execute(theirs.order_by(casefile.c.id))]


def hidden_answers(conn: Connection, scope: Scope, contact_id: int) -> frozenset[int]:
    """Name the submissions (by `no`) that belong to a restricted case out of this reach."""
    theirs = select(submission.c.no, casefile.c.kind, casefile.c.centre).join(
        casefile, casefile.c.submission_id == submission.c.id
    )
    restricted = conn.execute(theirs.where(submission.c.contact_id == contact_id, casefile.c.restricted))
    return frozenset(
        row.no
        for row in restricted
        if not may(scope, "conversation.read", place_of(row.kind, row.centre), restricted=True)
    )


def place_of(kind: str, centre: str | None) -> str | None:
    """Whose a case is: its centre's; a complaint goes past every centre."""
    return EVERYWHERE if kind == "complaint" else centre


def cases() -> Select[Any]:
    """Select every case with the names it shows: the columns of a CaseRow, in its order."""
    its = casefile.c
    return select(
        *(its.id, its.number, its.kind, its.centre, its.restricted, its.state, its.contact_id),
        *(submission.c.no, its.opened_at, its.answer_by, staff.c.name),
        *(its.taken_at, its.closed_at, its.outcome, its.erased_at, its.urgent, its.eased_at, its.told_late),
        its.call_by,
    ).select_from(
        casefile.outerjoin(submission, submission.c.id == casefile.c.submission_id).outerjoin(
            staff, staff.c.id == casefile.c.taken_by
        )
    )


def _in_reach(scope: Scope, action: Action) -> ColumnElement[bool]:
    def centres(*, restricted: bool) -> ColumnElement[bool]:
        within = reach(scope, action, restricted=restricted)
        if within is None:
            return true()
        theirs = or_(casefile.c.centre.in_(within), casefile.c.centre.is_(None))
        return and_(theirs, casefile.c.kind != fixed("complaint")) if within else false()

    plain, danger = centres(restricted=False), centres(restricted=True)
    return or_(casefile.c.restricted.is_(False) & plain, casefile.c.restricted.is_(True) & danger)
