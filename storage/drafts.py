"""Sentences that staff recorded by chat: which one they are asked for, and the drafts that came.

Never makes a draft part of a Release: `spean voice import --recorded` brings it into the files.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage.schema import media, staff

FIELD = "recording:"  # of `media.field`; what follows says which sentence: km:intake.urgent:0123456789abcdef


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A recorded sentence. `spoken`: the name of the words that were read aloud. `by`: who recorded it."""

    media: int
    language: str
    id: str
    spoken: str
    by: str
    size: int
    state: str
    at: datetime


def asked(conn: Connection, contact_id: int) -> str:
    """Read which sentence a member of staff is asked for, empty for none."""
    return conn.scalar(select(staff.c.recording).where(staff.c.contact_id == contact_id)) or ""


def ask(conn: Connection, contact_id: int, sentence: str) -> None:
    """Ask for a sentence (`km:intake.urgent:0123456789abcdef`), or for none."""
    conn.execute(update(staff).where(staff.c.contact_id == contact_id).values(recording=sentence))


def list_(conn: Connection) -> list[DraftRow]:
    """List what was recorded, the latest first; what could not be fetched is left out."""
    who = staff.c.contact_id == media.c.contact_id
    columns = (media.c.id, media.c.field, staff.c.name, media.c.size, media.c.state, media.c.created_at)
    kept = media.c.field.startswith(FIELD, autoescape=True) & media.c.state.in_(("wanted", "kept"))
    rows = conn.execute(
        select(*columns).select_from(media.outerjoin(staff, who)).where(kept).order_by(media.c.id.desc())
    )
    return list(_drafts(tuple(row) for row in rows))


def _drafts(rows: Iterator[tuple[int, str, str | None, int, str, datetime]]) -> Iterator[DraftRow]:
    for number, field, name, size, state, at in rows:
        language, message_id, spoken = field.removeprefix(FIELD).split(":")
        yield DraftRow(number, language, message_id, spoken, name or "", size, state, at)
