"""Erasing a person: every row and their key; and the log by which a restored backup forgets them too.

Never touches case numbers, counts or unique keys, which tell nothing about the person.
"""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, delete, exists, null, select, update

from storage.schema import (
    address,
    agenda,
    answer,
    case_note,
    casefile,
    consent,
    contact,
    contact_address,
    contact_lookup,
    inbox,
    media,
    media_chunk,
    outbox,
    session,
    submission,
)

GONE = "erased by the person"


@dataclass(frozen=True, slots=True)
class Entry:
    """One erasure: the blind ids of the person's addresses, and when."""

    blinds: tuple[bytes, ...]
    at: datetime


class ErasureLog:
    """A file of lines `time blind blind…`, outside the store and its backups; `restore` applies it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, blinds: Sequence[bytes], now: datetime) -> None:
        """Write an erasure down for good, before it is done."""
        line = " ".join([now.isoformat(), *(blind.hex() for blind in blinds)]) + "\n"
        with os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            file.seek(file.read().rfind(b"\n") + 1)  # over a half line that a power loss cut
            file.truncate()
            file.write(line.encode())
            file.flush()
            os.fsync(file.fileno())

    def entries(self) -> list[Entry]:
        """Read every erasure; a half line, cut by a power loss, was never done and is left out."""
        if not self._path.exists():
            return []
        whole, _, _ = self._path.read_text().rpartition("\n")
        lines = (line.split() for line in whole.splitlines() if line)
        return [
            Entry(tuple(bytes.fromhex(blind) for blind in blinds), datetime.fromisoformat(at))
            for at, *blinds in lines
        ]


def blinds(conn: Connection, contact_id: int) -> list[bytes]:
    """Read the blind ids of a person's addresses, for the log."""
    theirs = select(address.c.blind).join(contact_address, contact_address.c.address_id == address.c.id)
    return list(conn.scalars(theirs.where(contact_address.c.contact_id == contact_id).order_by(address.c.id)))


def erase(conn: Connection, contact_id: int, now: datetime) -> None:
    """Delete everything of a person, and those merged into them; then their keys.

    Cases keep number, centre, kind and coarse codes. Inbox rows keep only their blind event key, so that
    a platform that delivers an old event again does not bring the person back.
    """
    for other in conn.scalars(select(contact.c.id).where(contact.c.merged_into == contact_id)).all():
        erase(conn, other, now)
    _empty_cases(conn, contact_id, now)
    conn.execute(
        update(inbox)
        .where(inbox.c.contact_id == contact_id)
        .values(contact_id=null(), body=null(), state="erased", release=null(), node_before="", node_after="")
    )
    files = select(media.c.id).where(media.c.contact_id == contact_id)
    conn.execute(delete(media_chunk).where(media_chunk.c.media_id.in_(files)))
    runs = select(submission.c.id).where(submission.c.contact_id == contact_id)
    conn.execute(delete(answer).where(answer.c.submission_id.in_(runs)))
    for table in (media, submission, outbox, agenda, consent, contact_lookup, session):
        conn.execute(delete(table).where(table.c.contact_id == contact_id))
    places = conn.scalars(
        select(contact_address.c.address_id).where(contact_address.c.contact_id == contact_id)
    ).all()
    conn.execute(delete(contact_address).where(contact_address.c.contact_id == contact_id))
    shared = exists().where(contact_address.c.address_id == address.c.id)
    conn.execute(delete(address).where(address.c.id.in_(places), ~shared))
    conn.execute(delete(contact).where(contact.c.id == contact_id))


def reapply(conn: Connection, entries: Iterable[Entry], now: datetime) -> int:
    """Erase again, in a restored backup, whoever was erased after it was made; the number of people.

    Someone who came back after their erasure is another contact, younger than the entry, and stays.
    """
    found: set[int] = set()
    for entry in entries:
        older = (
            select(contact.c.id)
            .join(contact_address, contact_address.c.contact_id == contact.c.id)
            .join(address, address.c.id == contact_address.c.address_id)
            .where(address.c.blind.in_(entry.blinds), contact.c.created_at <= entry.at)
        )
        found.update(conn.scalars(older))
    for contact_id in sorted(found):
        erase(conn, contact_id, now)
    return len(found)


def _empty_cases(conn: Connection, contact_id: int, now: datetime) -> None:
    theirs = select(casefile.c.id, casefile.c.submission_id, casefile.c.state)
    for row in conn.execute(theirs.where(casefile.c.contact_id == contact_id)).all():
        conn.execute(delete(case_note).where(case_note.c.case_id == row.id))
        cells: dict[str, object] = {"contact_id": None, "submission_id": None, "erased_at": now}
        if row.state != "closed":
            cells |= {"state": "erased", "outcome": GONE, "closed_at": now}
        kept = update(casefile).where(casefile.c.id == row.id)
        conn.execute(kept.values(coarse=_coarse(conn, row.submission_id), **cells))


def _coarse(conn: Connection, submission_id: int | None) -> str:
    told = select(answer.c.field, answer.c.coarse).where(
        answer.c.submission_id == submission_id, answer.c.coarse.is_not(None)
    )
    return json.dumps({field: code for field, code in conn.execute(told.order_by(answer.c.field))})  # noqa: C416
