"""Notes of staff on a case, sealed under the key of the person it is about.

Never shows one out of reach.
"""

from datetime import datetime
from typing import cast

from sqlalchemy import Connection, insert, select

from storage.case_rows import CaseRow, NoteRow, Refusal, find, place_of
from storage.cases import writable
from storage.schema import case_note, contact, staff
from storage.seal import Vault
from storage.staff import Scope, may

WORDS = "case_note|words"


def note(
    conn: Connection, vault: Vault, scope: Scope, case_id: int, words: bytes, now: datetime
) -> int | Refusal:
    """Write a note, sealed under the person's key."""
    found = writable(conn, scope, case_id)
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
    if not may(scope, "case.write", place_of(found.kind, found.centre), restricted=found.restricted):
        return []
    key = vault.unwrap(_wrapped(conn, found))
    written = select(staff.c.name, case_note.c.at, case_note.c.words).join(
        case_note, case_note.c.staff_id == staff.c.id
    )
    rows = conn.execute(written.where(case_note.c.case_id == case_id).order_by(case_note.c.id))
    return [NoteRow(by, at, key.open(WORDS, f"{case_id}/{at.isoformat()}", words)) for by, at, words in rows]


def _wrapped(conn: Connection, found: CaseRow) -> bytes:
    wanted = select(contact.c.data_key).where(contact.c.id == found.contact_id)
    return cast("bytes", conn.scalar(wanted))
