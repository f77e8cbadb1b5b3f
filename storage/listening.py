"""Voice notes that wait for a person's ear: listed, marked as heard, written out.

Never plays one, and shows staff only what their Scope reaches.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from storage.conversation import may_read_person, sight_of
from storage.drafts import FIELD
from storage.media import REF
from storage.people import Person
from storage.schema import casefile, contact, media, submission
from storage.seal import DataKey, Vault
from storage.staff import Scope

TRANSCRIPT = "media|transcript"
SOUNDS = ("voice", "audio")


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A voice note. `case`: number or id of the person's latest one.

    `submission`: its number, None when the note answered no field; `release`: the submission's.
    """

    id: int
    contact_id: int
    case: str
    centre: str | None
    submission: int | None
    release: str
    field: str | None
    index: int
    mime: str
    size: int
    restricted: bool
    at: datetime
    heard: bool


def waiting(conn: Connection, scope: Scope, centre: str | None = None) -> list[NoteRow]:
    """List the notes that nobody has heard and that staff may hear, the oldest first."""
    found = (_row(conn, row) for row in _notes(conn, media.c.heard_at.is_(None)))
    return [one for one in found if centre in (None, one.centre) and _may(conn, scope, one)]


def find(conn: Connection, scope: Scope, media_id: int) -> NoteRow | None:
    """Read one, heard or not; None when there is none or staff may not hear it."""
    for row in _notes(conn, media.c.id == media_id):
        found = _row(conn, row)
        return found if _may(conn, scope, found) else None
    return None


def mark(conn: Connection, media_id: int, staff_id: int | None, now: datetime) -> None:
    """Note who heard it first, and when."""
    unheard = (media.c.id == media_id, media.c.heard_at.is_(None))
    conn.execute(update(media).where(*unheard).values(heard_by=staff_id, heard_at=now))


def put_words(conn: Connection, person: Person, media_id: int, words: str) -> None:
    """Keep what the person said, in writing."""
    sealed = person.key.seal(TRANSCRIPT, str(media_id), words.encode())
    conn.execute(update(media).where(media.c.id == media_id).values(transcript=sealed))


def words_of(
    conn: Connection, vault: Vault, contact_id: int, *, restricted: bool = True
) -> Mapping[str, str]:
    """Read what was written out of a person's notes, by the platform's handle. Asks for no Scope.

    `restricted` False: not of those for the safeguarding role only. Raises DamagedCell.
    """
    wrapped = conn.scalar(select(contact.c.data_key).where(contact.c.id == contact_id))
    written = (media.c.contact_id == contact_id, media.c.transcript.is_not(None), media.c.ref.is_not(None))
    wanted = select(media.c.id, media.c.ref, media.c.transcript).where(*written)
    rows = conn.execute(wanted if restricted else wanted.where(media.c.restricted.is_(False))).all()
    return {} if wrapped is None else _opened(vault.unwrap(wrapped), contact_id, rows)


def _opened(key: DataKey, contact_id: int, rows: Sequence[Any]) -> Mapping[str, str]:
    return {
        key.open(REF, str(contact_id), row.ref).decode(): key.open(
            TRANSCRIPT, str(row.id), row.transcript
        ).decode()
        for row in rows
    }


def _notes(conn: Connection, which: ColumnElement[bool]) -> Sequence[Any]:
    kept = (media.c.kind.in_(SOUNDS), media.c.state == "kept")
    people_s = media.c.field.is_(None) | ~media.c.field.startswith(FIELD, autoescape=True)
    found = (
        select(media, submission.c.no, submission.c.release)
        .outerjoin(submission, submission.c.id == media.c.submission_id)
        .where(which, *kept, people_s)
    )
    return conn.execute(found.order_by(media.c.id)).all()


def _row(conn: Connection, row: Any) -> NoteRow:  # noqa: ANN401 - a row of _notes
    theirs = (casefile.c.contact_id == row.contact_id, casefile.c.restricted.is_(row.restricted))
    latest = select(casefile.c.id, casefile.c.number, casefile.c.centre).where(*theirs)
    case = conn.execute(latest.order_by(casefile.c.id.desc()).limit(1)).first()
    return NoteRow(
        id=row.id,
        contact_id=row.contact_id,
        case=case.number or str(case.id) if case else "",
        centre=case.centre if case else None,
        submission=row.no if row.field else None,
        release=row.release or "",
        field=row.field,
        index=row.idx,
        mime=row.mime,
        size=row.size,
        restricted=row.restricted,
        at=row.created_at,
        heard=row.heard_at is not None,
    )


def _may(conn: Connection, scope: Scope, note: NoteRow) -> bool:
    if not note.restricted:
        return may_read_person(conn, scope, note.contact_id)
    sight = sight_of(conn, scope, note.contact_id)
    return sight.everything or (sight.since is not None and note.at >= sight.since)
