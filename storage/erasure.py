"""Erasing a person: every row and their key; and the log by which a restored backup forgets them too.

Never touches case numbers, counts or unique keys, which tell nothing about the person.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, delete, exists, select, update

from storage import audit, registrations
from storage.database import Database
from storage.schema import (
    activity_missed,
    activity_told,
    address,
    agenda,
    answer,
    answer_shown,
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
    outcome,
    safe_hours,
    session,
    staff,
    submission,
    subscription,
)

GONE = "erased by the person"


@dataclass(frozen=True, slots=True)
class Entry:
    """One erasure: the blind ids of the person's addresses, when, and who among those who write from there.

    `contact` None: written down before the log named it. `receipt`: the number that the person was told.
    """

    blinds: tuple[bytes, ...]
    at: datetime
    contact: int | None = None
    receipt: str = ""


class ErasureLog:
    """A file of lines `time blind blind… @contact #receipt`, outside the store and its backups.

    `restore` applies it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, entry: Entry) -> None:
        """Write an erasure down for good, before it is done; of two processes one waits for the other."""
        words = [entry.at.isoformat(), *(blind.hex() for blind in entry.blinds)]
        if entry.contact is not None:
            words += [f"@{entry.contact}", f"#{entry.receipt}"]
        line = " ".join(words) + "\n"
        with os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # until the file is closed
            file.seek(file.read().rfind(b"\n") + 1)  # over a half line that a power loss cut
            file.truncate()
            file.write(line.encode())
            file.flush()
            os.fsync(file.fileno())

    def begin(self) -> None:
        """Make an empty one where there is none: for a store from which nobody was ever erased."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))

    def entries(self) -> list[Entry]:
        """Read every erasure; a half line, cut by a power loss, was never done and is left out."""
        if not self.path.exists():
            return []
        whole, _, _ = self.path.read_text().rpartition("\n")
        return [_entry(line.split()) for line in whole.splitlines() if line]


def ready(database: Database, log: ErasureLog) -> None:
    """Begin the log of a store from which nobody was erased; one that got lost is not begun again."""
    if not log.path.exists() and not database.read_now(lambda conn: audit.count(conn, audit.ERASED)):
        log.begin()


def _entry(words: Sequence[str]) -> Entry:
    at, *marks = words
    blinds = tuple(bytes.fromhex(mark) for mark in marks if mark[0] not in "@#")
    named = {mark[0]: mark[1:] for mark in marks if mark[0] in "@#"}
    contact_id = int(named["@"]) if "@" in named else None
    return Entry(blinds, datetime.fromisoformat(at), contact_id, named.get("#", ""))


def entry(conn: Connection, contact_id: int, now: datetime) -> Entry:
    """Make what the log says of a person: since when they wish to be erased (else now), and their receipt."""
    theirs = select(address.c.blind).join(contact_address, contact_address.c.address_id == address.c.id)
    found = theirs.where(contact_address.c.contact_id == contact_id).order_by(address.c.id)
    blinds = tuple(conn.scalars(found))
    at = conn.scalar(select(contact.c.erasing_since).where(contact.c.id == contact_id)) or now
    return Entry(blinds, at, contact_id, _receipt(blinds, at))


def _receipt(blinds: Sequence[bytes], at: datetime) -> str:
    """Eight digits, to be read out on the telephone."""
    number = int.from_bytes(sha256(b"".join(blinds) + at.isoformat().encode()).digest()[:8])
    digits = f"{number % 10**8:08}"
    return f"{digits[:4]}-{digits[4:]}"


def erase(conn: Connection, contact_id: int, now: datetime) -> list[int]:
    """Delete everything of a person, and those merged into them, then their keys; the cases that ended so.

    Cases keep number, centre, kind and coarse codes. Inbox rows keep only their blind event key, so that
    a platform that delivers an old event again does not bring the person back. Whoever else writes from
    the same address stays as they are.
    """
    ended: list[int] = []
    for other in conn.scalars(select(contact.c.id).where(contact.c.merged_into == contact_id)).all():
        ended += erase(conn, other, now)
    ended += _empty_cases(conn, contact_id, now)
    _keep_event_keys(conn, contact_id)
    files = select(media.c.id).where(media.c.contact_id == contact_id)
    conn.execute(delete(media_chunk).where(media_chunk.c.media_id.in_(files)))
    runs = select(submission.c.id).where(submission.c.contact_id == contact_id)
    conn.execute(delete(answer).where(answer.c.submission_id.in_(runs)))
    registrations.forget(conn, contact_id, now)
    told = (activity_missed, activity_told, outcome, subscription, safe_hours)
    left = (media, submission, outbox, agenda, consent, contact_lookup, answer_shown, session)
    for table in (*told, *left):
        conn.execute(delete(table).where(table.c.contact_id == contact_id))
    duty = {"contact_id": None, "duty_until": None}
    conn.execute(update(staff).where(staff.c.contact_id == contact_id).values(duty))
    _leave_places(conn, contact_id)
    conn.execute(delete(contact).where(contact.c.id == contact_id))
    return ended


def _keep_event_keys(conn: Connection, contact_id: int) -> None:
    """Empty inbox rows of all but their blind keys."""
    none = dict.fromkeys(("contact_id", "body", "message", "release"))
    empty = dict.fromkeys(("node_before", "node_after", "reason"), "")
    theirs = update(inbox).where(inbox.c.contact_id == contact_id)
    conn.execute(theirs.values(none | empty | {"state": "erased"}))


def _leave_places(conn: Connection, contact_id: int) -> None:
    """Delete the addresses that nobody else writes from; the others are handed back."""
    places = conn.scalars(
        select(contact_address.c.address_id).where(contact_address.c.contact_id == contact_id)
    ).all()
    conn.execute(delete(contact_address).where(contact_address.c.contact_id == contact_id))
    shared = exists().where(contact_address.c.address_id == address.c.id)
    conn.execute(delete(address).where(address.c.id.in_(places), ~shared))
    for place in places:
        _hand_back(conn, place)


def _hand_back(conn: Connection, address_id: int) -> None:
    """An address whose present person has gone belongs to who used it before."""
    links = select(contact_address.c.contact_id, contact_address.c.current).where(
        contact_address.c.address_id == address_id
    )
    left = conn.execute(links.order_by(contact_address.c.used_at.desc())).all()
    if left and not any(row.current for row in left):
        mine = (
            contact_address.c.address_id == address_id,
            contact_address.c.contact_id == left[0].contact_id,
        )
        conn.execute(update(contact_address).where(*mine).values(current=True))


def reapply(conn: Connection, entries: Iterable[Entry], now: datetime) -> int:
    """Erase again, in a restored backup, whoever was erased after it was made; the number of people.

    Someone who came back after their erasure is another contact, younger than the entry, and stays.
    """
    found: set[int] = set()
    for one in entries:
        older = select(contact.c.id).where(contact.c.created_at <= one.at)
        if one.contact is not None:
            found.update(conn.scalars(older.where(contact.c.id == one.contact)))
            continue
        there = older.join(contact_address, contact_address.c.contact_id == contact.c.id).join(
            address, address.c.id == contact_address.c.address_id
        )
        found.update(conn.scalars(there.where(address.c.blind.in_(one.blinds))))
    for contact_id in sorted(found):
        erase(conn, contact_id, now)
    return len(found)


def _empty_cases(conn: Connection, contact_id: int, now: datetime) -> list[int]:
    """Empty a person's cases; the ids of those that were not closed yet."""
    theirs = select(casefile.c.id, casefile.c.submission_id, casefile.c.state)
    rows = conn.execute(theirs.where(casefile.c.contact_id == contact_id)).all()
    for row in rows:
        empty_case(conn, row.id, row.submission_id, row.state, now)
    return [row.id for row in rows if row.state != "closed"]


def empty_case(conn: Connection, case_id: int, submission_id: int | None, state: str, now: datetime) -> None:
    """Let a case lead to nobody: notes go, number, centre, kind, state and coarse codes stay."""
    conn.execute(delete(case_note).where(case_note.c.case_id == case_id))
    cells: dict[str, object] = {"contact_id": None, "submission_id": None, "erased_at": now}
    if state != "closed":
        cells |= {"state": "erased", "outcome": GONE, "closed_at": now}
    kept = update(casefile).where(casefile.c.id == case_id)
    conn.execute(kept.values(coarse=_coarse(conn, submission_id), **cells))


def _coarse(conn: Connection, submission_id: int | None) -> str:
    told = select(answer.c.field, answer.c.coarse).where(
        answer.c.submission_id == submission_id, answer.c.coarse.is_not(None)
    )
    return json.dumps({field: code for field, code in conn.execute(told.order_by(answer.c.field))})  # noqa: C416
