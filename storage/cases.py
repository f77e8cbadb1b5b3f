"""Cases: what a human must look at, numbered to be read over the phone, seen only through a Scope.

Never uses the number as a key, and never assigns a centre that the person did not choose.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Connection, bindparam, insert, or_, select, update

from bot.core.actions import CaseKind
from bot.core.schedule import PHNOM_PENH
from storage import chats
from storage.case_rows import LIVE, CaseRow, Refusal, cases, find, list_, of_person, place_of
from storage.people import Person
from storage.rising import Known, risen
from storage.schema import case_counter, casefile, submission
from storage.staff import Scope, may
from storage.statement import Statement, changing, fixed, given, inserting

__all__ = [
    "CaseRow",
    "Refusal",
    "close",
    "ease",
    "find",
    "left_by",
    "list_",
    "lock",
    "of_person",
    "open_",
    "release",
    "set_call",
    "take",
    "told_late",
    "writable",
]

PAST_CENTRES = "SG"  # what the numbers of complaints begin with, and of danger while no centre is known


_COUNT = inserting(
    case_counter,
    lambda insert: (
        insert.values(given("prefix", "year", "last"))
        .on_conflict_do_update(
            index_elements=["prefix", "year"], set_={"last": case_counter.c.last + insert.excluded.last}
        )
        .returning(case_counter.c.last)
    ),
)


_NEW = Statement(
    insert(casefile)
    .values(
        given("contact_id", "restricted", "opened_at", "kind", "centre", "number", "urgent")
        | given("submission_id", "answer_by")
        | {"state": fixed("open")}
    )
    .returning(casefile.c.id)
)
_SUBMISSION = Statement(
    select(submission.c.id).where(
        submission.c.contact_id == bindparam("contact"), submission.c.no == bindparam("no")
    )
)
_theirs = (
    select(*(casefile.c[name] for name in ("id", "kind", "state", "centre", "number", "answer_by")))
    .add_columns(casefile.c.submission_id, casefile.c.urgent, casefile.c.told_late)
    .where(
        casefile.c.contact_id == bindparam("contact"),
        casefile.c.state.in_([fixed(state) for state in LIVE]),
        casefile.c.restricted == bindparam("danger", type_=Boolean()),
        casefile.c.kind != fixed("complaint"),
    )
    .order_by(casefile.c.submission_id.is_(None), casefile.c.id.desc())
    .limit(fixed(1))
    .with_for_update(of=casefile)
)
_LIVE = Statement(_theirs)
_LIVE_OF_SUBMISSION = Statement(
    _theirs.where(
        or_(casefile.c.submission_id == bindparam("submission"), casefile.c.submission_id.is_(None))
    )
)
_READ = Statement(cases().where(casefile.c.id == bindparam("id")))
_LOCK = Statement(select(casefile.c.id).where(casefile.c.id == bindparam("id")).with_for_update())


def open_(  # noqa: PLR0913, PLR0917 - one per column
    conn: Connection,
    person: Person,
    kind: CaseKind,
    submission_no: int | None,
    centre: str | None,
    prefix: str | None,
    restricted: bool,  # noqa: FBT001 - a column
    answer_by: datetime | None,
    now: datetime,
    urgent: bool = False,  # noqa: FBT001, FBT002 - a column
) -> CaseRow:
    """Open a case, or take up a live one of the person.

    That is the one of the same submission, else one without submission; where this one names none, any, the
    latest with a submission first. A danger case is taken up by danger only, whatever the submission; a
    complaint always is a case of its own.

    One taken up rises to the weightier kind, keeps its number and the earlier promise while that can still be
    kept, and gets a centre or number that it lacked; while nobody has taken it, it follows the person to
    another centre. Danger that comes again is not eased any more.
    """
    submission_id = _submission(conn, person, submission_no)
    alone = kind == "complaint"
    known = None if alone else _open_case(conn, person.contact.id, submission_id, restricted=restricted)
    if known is None:
        born = {"contact_id": person.contact.id, "restricted": restricted, "opened_at": now, "urgent": urgent}
        past = alone or (restricted and centre is None)
        number = _number(conn, PAST_CENTRES if past else prefix, now)
        born |= {"kind": kind, "centre": centre, "submission_id": submission_id, "answer_by": answer_by}
        made = _NEW.one(conn, {**born, "number": number})
        case_id = 0 if made is None else int(made[0])
    else:
        case_id = known.id
        told = risen(known, now, kind=kind, submission_id=submission_id, centre=centre, answer_by=answer_by)
        number = known.number or _number(conn, prefix if told["centre"] else None, now)
        _change(conn, case_id, **told, number=number, urgent=known.urgent or urgent, eased_at=None)
    row = _READ.one(conn, {"id": case_id})
    if row is None:
        raise LookupError(f"no case {case_id}")
    return CaseRow(*row)


def take(conn: Connection, scope: Scope, case_id: int, now: datetime) -> CaseRow | Refusal:
    """Take a case: its person's chat is theirs, and the bot keeps silent.

    A colleague who had the chat by another case of this person hands it over and keeps that case: who works
    on danger must not wait for them. When this one ends, the chat is the colleague's again.
    """
    found = writable(conn, scope, case_id)
    if isinstance(found, Refusal):
        return found
    if found.taken_by not in {None, scope.name}:
        return Refusal.TAKEN
    return _moved(conn, found, now, state="taken", taken_by=scope.staff_id, taken_at=now)


def release(conn: Connection, scope: Scope, case_id: int, now: datetime) -> CaseRow | Refusal:
    """Give a case back to the list, and the chat to a colleague with another of the person's, or the bot."""
    found = _uncontested(conn, scope, case_id)
    if isinstance(found, Refusal):
        return found
    return _moved(conn, found, now, state="open", taken_by=None, taken_at=None)


def close(conn: Connection, scope: Scope, case_id: int, outcome: str, now: datetime) -> CaseRow | Refusal:
    """Close a case with an outcome (a code); its person's chat goes where `release` gives it."""
    found = _uncontested(conn, scope, case_id)
    if isinstance(found, Refusal):
        return found
    return _moved(conn, found, now, state="closed", closed_at=now, outcome=outcome)


def left_by(
    conn: Connection, staff_id: int | None, now: datetime, contact_id: int | None = None
) -> list[CaseRow]:
    """Give back every case of somebody who has left, or those of one person; `staff_id` None: anybody's."""
    whose = {casefile.c.taken_by: staff_id, casefile.c.contact_id: contact_id}
    only = [column == one for column, one in whose.items() if one is not None]
    theirs = select(casefile.c.id).where(casefile.c.state == fixed("taken"), *only)
    back = []
    for case_id in conn.scalars(theirs.order_by(casefile.c.id)).all():
        lock(conn, case_id)
        found = CaseRow(*conn.execute(cases().where(casefile.c.id == case_id)).one())
        back.append(_moved(conn, found, now, state="open", taken_by=None, taken_at=None))
    return back


def ease(conn: Connection, contact_id: int, now: datetime) -> None:
    """Write on a person's danger cases that they said they are not in danger."""
    theirs = (casefile.c.contact_id == contact_id, casefile.c.kind == fixed("danger"))
    conn.execute(update(casefile).where(*theirs, casefile.c.state.in_(LIVE)).values(eased_at=now))


def told_late(conn: Connection, case_id: int) -> None:
    """Write on a case that its person heard that nobody came in time."""
    _change(conn, case_id, told_late=True)


def set_call(conn: Connection, case_id: int, by: datetime | None) -> None:
    """Write on a case by when somebody calls its person; None: nobody need any more."""
    _change(conn, case_id, call_by=by)


def lock(conn: Connection, case_id: int) -> None:
    """Hold a case until this transaction ends: of two who take it, the second reads what the first did.

    SQLite's writer is alone already.
    """
    if conn.dialect.name != "sqlite":
        _LOCK.one(conn, {"id": case_id})


def writable(conn: Connection, scope: Scope, case_id: int) -> CaseRow | Refusal:
    """Hold a live case that this member of staff may work on."""
    lock(conn, case_id)
    found = find(conn, scope, str(case_id))
    if found is None:
        return Refusal.UNKNOWN
    if not may(scope, "case.write", place_of(found.kind, found.centre), restricted=found.restricted):
        return Refusal.FORBIDDEN
    return found if found.state in LIVE else Refusal.CLOSED


def _uncontested(conn: Connection, scope: Scope, case_id: int) -> CaseRow | Refusal:
    """Find a live case that no colleague holds; an admin may put a hand on anybody's.

    On a restricted one whoever sees it may: somebody in danger must not wait for who has left.
    """
    found = writable(conn, scope, case_id)
    if isinstance(found, Refusal) or found.restricted or found.taken_by in {None, scope.name}:
        return found
    return found if may(scope, "contact.erase", found.centre, restricted=found.restricted) else Refusal.TAKEN


def _moved(conn: Connection, found: CaseRow, now: datetime, **cells: Any) -> CaseRow:  # noqa: ANN401 - any cells
    """Change a case; the chat is its taker's, else whoever's took another live case of the person last."""
    _change(conn, found.id, **cells)
    if found.contact_id is not None:
        taken = select(casefile.c.taken_by, casefile.c.restricted).where(
            casefile.c.contact_id == found.contact_id, casefile.c.state == fixed("taken")
        )
        first = ((casefile.c.id == found.id).desc(), casefile.c.taken_at.desc(), casefile.c.id.desc())
        whose = conn.execute(taken.order_by(*first).limit(1)).first()
        holder, private = (None, False) if whose is None else whose
        chats.give(conn, found.contact_id, holder, now, private=private)
    return CaseRow(*conn.execute(cases().where(casefile.c.id == found.id)).one())


def _submission(conn: Connection, person: Person, no: int | None) -> int | None:
    if no is None:
        return None
    found = _SUBMISSION.one(conn, {"contact": person.contact.id, "no": no})
    if found is None:
        raise LookupError(f"contact {person.contact.id} has no submission {no}")
    return int(found[0])


def _open_case(
    conn: Connection, contact_id: int, submission_id: int | None, *, restricted: bool
) -> Known | None:
    these = _LIVE if submission_id is None or restricted else _LIVE_OF_SUBMISSION
    row = these.one(conn, {"contact": contact_id, "danger": restricted, "submission": submission_id})
    return None if row is None else Known(*row)


def _number(conn: Connection, prefix: str | None, now: datetime) -> str | None:
    if prefix is None:
        return None
    year = now.astimezone(PHNOM_PENH).year
    last = _COUNT.one(conn, {"prefix": prefix, "year": year, "last": 1})
    return None if last is None else f"{prefix}-{year}-{last[0]:05d}"


def _change(conn: Connection, case_id: int, **cells: Any) -> None:  # noqa: ANN401 - any cells
    changing(casefile.c.id, tuple(cells)).run(conn, {"key": case_id, **cells})
