"""Cases: what a human must look at, numbered to be read over the phone, seen only through a Scope.

Never uses the number as a key, and never assigns a centre that the person did not choose.
"""

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, or_, select, update

from bot.core.dialog import CaseKind
from storage import people
from storage.case_rows import LIVE, CaseRow, NoteRow, Refusal, case_row, cases, find, list_, of_person
from storage.people import Person
from storage.schema import case_counter, case_note, casefile, contact, staff, submission
from storage.seal import Vault
from storage.staff import Scope, may
from storage.statement import fixed, given, inserting

__all__ = [
    "CaseRow",
    "NoteRow",
    "Refusal",
    "close",
    "find",
    "list_",
    "note",
    "notes",
    "of_person",
    "open_",
    "release",
    "take",
]

PHNOM_PENH = ZoneInfo("Asia/Phnom_Penh")  # the year that people read in a number
WORDS = "case_note|words"
WEIGHT: dict[CaseKind, int] = {"unfinished": 0, "intake": 1, "failure": 2, "person": 3, "danger": 4}


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


TOLD = ("intake", "person")  # kinds whose promise the person has heard


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
) -> CaseRow:
    """Open a case, or take up a live one of the person.

    That is the one of the same submission, else one without submission; where this one names none, any, the
    latest with a submission first. A danger case is taken up by danger only, whatever the submission.

    One taken up rises to the weightier kind, keeps the earlier promise and its number, and gets a centre
    or number that it lacked; while nobody has taken it, it follows the person to another centre.
    """
    submission_id = _submission(conn, person, submission_no)
    known = _open_case(conn, person.contact.id, submission_id, restricted=restricted)
    if known is None:
        cells = {"contact_id": person.contact.id, "restricted": restricted, "state": "open", "opened_at": now}
        made = insert(casefile).values(kind=kind, submission_id=submission_id, answer_by=answer_by, **cells)
        case_id = cast("int", conn.scalar(made.returning(casefile.c.id)))
        _change(conn, case_id, centre=centre, number=_number(conn, centre, prefix, now))
    else:
        case_id = known.id
        moved = centre if centre is not None and known.state == "open" else known.centre or centre
        told = known.answer_by if known.kind in TOLD else None
        promises = [promise for promise in (told, answer_by) if promise is not None]
        _change(
            conn,
            case_id,
            kind=max(known.kind, kind, key=lambda each: WEIGHT[each]),
            submission_id=known.submission_id or submission_id,
            centre=moved,
            number=known.number or _number(conn, moved, prefix, now),
            answer_by=min(promises, default=None),
        )
    return case_row(conn.execute(cases().where(casefile.c.id == case_id)).one())


def take(conn: Connection, scope: Scope, case_id: int, now: datetime) -> CaseRow | Refusal:
    """Take a case: its person's chat is theirs, and the bot keeps silent.

    A colleague who had the chat by another case of this person hands it over and keeps that case: who works
    on danger must not wait for them. When this one ends, the chat is the colleague's again.
    """
    found = _writable(conn, scope, case_id)
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


def note(
    conn: Connection, vault: Vault, scope: Scope, case_id: int, words: bytes, now: datetime
) -> int | Refusal:
    """Write a note, sealed under the person's key."""
    found = _writable(conn, scope, case_id)
    if isinstance(found, Refusal):
        return found
    key = vault.unwrap(_wrapped(conn, found))
    sealed = key.seal(WORDS, f"{case_id}/{now.isoformat()}", words)
    cells = {"case_id": case_id, "staff_id": scope.staff_id, "words": sealed, "at": now}
    return cast("int", conn.scalar(insert(case_note).values(cells).returning(case_note.c.id)))


def notes(conn: Connection, vault: Vault, scope: Scope, case_id: int) -> list[NoteRow]:
    """Read the notes of a case in reach, the oldest first."""
    found = find(conn, scope, str(case_id))
    if found is None or found.contact_id is None:
        return []
    if not may(scope, "case.write", found.centre, restricted=found.restricted):
        return []
    key = vault.unwrap(_wrapped(conn, found))
    written = select(staff.c.name, case_note.c.at, case_note.c.words).join(
        case_note, case_note.c.staff_id == staff.c.id
    )
    rows = conn.execute(written.where(case_note.c.case_id == case_id).order_by(case_note.c.id))
    return [NoteRow(by, at, key.open(WORDS, f"{case_id}/{at.isoformat()}", words)) for by, at, words in rows]


def _writable(conn: Connection, scope: Scope, case_id: int) -> CaseRow | Refusal:
    found = find(conn, scope, str(case_id))
    if found is None:
        return Refusal.UNKNOWN
    if not may(scope, "case.write", found.centre, restricted=found.restricted):
        return Refusal.FORBIDDEN
    return found if found.state in LIVE else Refusal.CLOSED


def _uncontested(conn: Connection, scope: Scope, case_id: int) -> CaseRow | Refusal:
    """Find a live case that no colleague holds; an admin may put a hand on anybody's."""
    found = _writable(conn, scope, case_id)
    if isinstance(found, Refusal) or found.taken_by in {None, scope.name}:
        return found
    return found if may(scope, "contact.erase", found.centre, restricted=found.restricted) else Refusal.TAKEN


def _moved(conn: Connection, found: CaseRow, now: datetime, **cells: Any) -> CaseRow:  # noqa: ANN401 - any cells
    """Change a case; the chat is its taker's, else whoever's took another live case of the person last."""
    _change(conn, found.id, **cells)
    if found.contact_id is not None:
        taken = select(casefile.c.taken_by).where(
            casefile.c.contact_id == found.contact_id, casefile.c.state == fixed("taken")
        )
        first = ((casefile.c.id == found.id).desc(), casefile.c.taken_at.desc(), casefile.c.id.desc())
        people.set_handled(conn, found.contact_id, conn.scalar(taken.order_by(*first).limit(1)), now)
    return case_row(conn.execute(cases().where(casefile.c.id == found.id)).one())


def _submission(conn: Connection, person: Person, no: int | None) -> int | None:
    if no is None:
        return None
    its = (submission.c.contact_id == person.contact.id, submission.c.no == no)
    found: int | None = conn.scalar(select(submission.c.id).where(*its))
    if found is None:
        raise LookupError(f"contact {person.contact.id} has no submission {no}")
    return found


def _open_case(conn: Connection, contact_id: int, submission_id: int | None, *, restricted: bool) -> Any:  # noqa: ANN401
    theirs = (casefile.c.contact_id == contact_id, casefile.c.state.in_(LIVE))
    wanted = select(casefile).where(*theirs, casefile.c.restricted.is_(restricted))
    if submission_id is not None and not restricted:
        same = casefile.c.submission_id == submission_id
        wanted = wanted.where(or_(same, casefile.c.submission_id.is_(None)))
    return conn.execute(
        wanted.order_by(casefile.c.submission_id.is_(None), casefile.c.id.desc()).limit(1)
    ).first()


def _number(conn: Connection, centre: str | None, prefix: str | None, now: datetime) -> str | None:
    if centre is None or prefix is None:
        return None
    year = now.astimezone(PHNOM_PENH).year
    last = _COUNT.one(conn, {"prefix": prefix, "year": year, "last": 1})
    return None if last is None else f"{prefix}-{year}-{last[0]:05d}"


def _change(conn: Connection, case_id: int, **cells: Any) -> None:  # noqa: ANN401 - any cells
    conn.execute(update(casefile).where(casefile.c.id == case_id).values(cells))


def _wrapped(conn: Connection, found: CaseRow) -> bytes:
    wanted = select(contact.c.data_key).where(contact.c.id == found.contact_id)
    return cast("bytes", conn.scalar(wanted))
