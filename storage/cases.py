"""Cases: what a human must look at, numbered to be read over the phone, seen only through a Scope.

Never uses the number as a key, and never assigns a centre that the person did not choose.
"""

from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Boolean, Connection, bindparam, insert, or_, select

from bot.core.dialog import CaseKind
from bot.core.schedule import PHNOM_PENH
from storage import people
from storage.case_rows import LIVE, CaseRow, NoteRow, Refusal, cases, find, list_, of_person
from storage.people import Person
from storage.schema import case_counter, case_note, casefile, contact, staff, submission
from storage.seal import Vault
from storage.staff import Scope, may
from storage.statement import Statement, changing, fixed, given, inserting

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


_NEW = Statement(
    insert(casefile)
    .values(
        given("contact_id", "restricted", "opened_at", "kind", "centre", "number")
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
    .add_columns(casefile.c.submission_id)
    .where(
        casefile.c.contact_id == bindparam("contact"),
        casefile.c.state.in_([fixed(state) for state in LIVE]),
        casefile.c.restricted == bindparam("danger", type_=Boolean()),
    )
    .order_by(casefile.c.submission_id.is_(None), casefile.c.id.desc())
    .limit(fixed(1))
)
_LIVE = Statement(_theirs)
_LIVE_OF_SUBMISSION = Statement(
    _theirs.where(
        or_(casefile.c.submission_id == bindparam("submission"), casefile.c.submission_id.is_(None))
    )
)
_READ = Statement(cases().where(casefile.c.id == bindparam("id")))

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
        cells = {"contact_id": person.contact.id, "restricted": restricted, "opened_at": now}
        told = {"kind": kind, "centre": centre, "number": _number(conn, centre, prefix, now)}
        made = _NEW.one(conn, {**cells, **told, "submission_id": submission_id, "answer_by": answer_by})
        case_id = 0 if made is None else int(made[0])
    else:
        case_id = known.id
        moved = centre if centre is not None and known.state == "open" else known.centre or centre
        promised = known.answer_by if known.kind in TOLD else None
        promises = [promise for promise in (promised, answer_by) if promise is not None]
        _change(
            conn,
            case_id,
            kind=max(known.kind, kind, key=lambda each: WEIGHT[each]),
            submission_id=known.submission_id or submission_id,
            centre=moved,
            number=known.number or _number(conn, moved, prefix, now),
            answer_by=min(promises, default=None),
        )
    row = _READ.one(conn, {"id": case_id})
    if row is None:
        raise LookupError(f"no case {case_id}")
    return CaseRow(*row)


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
    return CaseRow(*conn.execute(cases().where(casefile.c.id == found.id)).one())


def _submission(conn: Connection, person: Person, no: int | None) -> int | None:
    if no is None:
        return None
    found = _SUBMISSION.one(conn, {"contact": person.contact.id, "no": no})
    if found is None:
        raise LookupError(f"contact {person.contact.id} has no submission {no}")
    return int(found[0])


class _Known(NamedTuple):
    id: int
    kind: CaseKind
    state: str
    centre: str | None
    number: str | None
    answer_by: datetime | None
    submission_id: int | None


def _open_case(
    conn: Connection, contact_id: int, submission_id: int | None, *, restricted: bool
) -> _Known | None:
    these = _LIVE if submission_id is None or restricted else _LIVE_OF_SUBMISSION
    row = these.one(conn, {"contact": contact_id, "danger": restricted, "submission": submission_id})
    return None if row is None else _Known(*row)


def _number(conn: Connection, centre: str | None, prefix: str | None, now: datetime) -> str | None:
    if centre is None or prefix is None:
        return None
    year = now.astimezone(PHNOM_PENH).year
    last = _COUNT.one(conn, {"prefix": prefix, "year": year, "last": 1})
    return None if last is None else f"{prefix}-{year}-{last[0]:05d}"


def _change(conn: Connection, case_id: int, **cells: Any) -> None:  # noqa: ANN401 - any cells
    changing(casefile.c.id, tuple(cells)).run(conn, {"key": case_id, **cells})


def _wrapped(conn: Connection, found: CaseRow) -> bytes:
    wanted = select(contact.c.data_key).where(contact.c.id == found.contact_id)
    return cast("bytes", conn.scalar(wanted))
