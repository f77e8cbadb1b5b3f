"""Cases as staff read them: rows, lists and finding one, always within a Scope.

Never changes a case.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, false, or_, select, true

from bot.core.dialog import CaseKind
from storage.schema import casefile, staff, submission
from storage.staff import Action, Scope, reach

LIVE = ("open", "taken")


class Refusal(StrEnum):
    """Why nothing was done. UNKNOWN also stands for what this member of staff may not know of."""

    UNKNOWN = "unknown"
    FORBIDDEN = "forbidden"
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case. `number` is empty until a centre is known; `contact_id` is empty once the person was erased."""

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


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note of staff on a case."""

    by: str
    at: datetime
    words: bytes


def list_(
    conn: Connection, scope: Scope, *, state: str | None = None, centre: str | None = None, limit: int = 100
) -> list[CaseRow]:
    """List cases in reach, the earliest promise first. `state` None: whatever is not finished."""
    wanted = cases().where(_in_reach(scope, "case.read"))
    wanted = wanted.where(casefile.c.state == state if state else casefile.c.state.in_(LIVE))
    if centre is not None:
        wanted = wanted.where(casefile.c.centre == centre)
    promised = casefile.c.answer_by.asc().nulls_last()
    return [CaseRow(*row) for row in conn.execute(wanted.order_by(promised, casefile.c.id).limit(limit))]


def find(conn: Connection, scope: Scope, ref: str) -> CaseRow | None:
    """Find a case in reach by its number or id."""
    named = casefile.c.id == int(ref) if ref.isdecimal() else casefile.c.number == ref.upper()
    row = conn.execute(cases().where(named, _in_reach(scope, "case.read"))).first()
    return None if row is None else CaseRow(*row)


def of_person(conn: Connection, contact_id: int) -> list[CaseRow]:
    """List a person's own cases, for themself: no restricted one, for others at their phone may read this."""
    theirs = cases().where(casefile.c.contact_id == contact_id, casefile.c.restricted.is_(False))
    return [CaseRow(*row) for row in conn.execute(theirs.order_by(casefile.c.id))]


def cases() -> Select[Any]:
    """Select every case with the names it shows: the columns of a CaseRow, in its order."""
    case = casefile.c
    return select(
        *(case.id, case.number, case.kind, case.centre, case.restricted, case.state, case.contact_id),
        *(submission.c.no, case.opened_at, case.answer_by, staff.c.name),
        *(case.taken_at, case.closed_at, case.outcome, case.erased_at),
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
        return or_(casefile.c.centre.in_(within), casefile.c.centre.is_(None)) if within else false()

    plain, danger = centres(restricted=False), centres(restricted=True)
    return or_(casefile.c.restricted.is_(False) & plain, casefile.c.restricted.is_(True) & danger)
