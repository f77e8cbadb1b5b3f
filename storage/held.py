"""Files that nobody asked for: held for a while, then kept for staff or gone, with what the event said.

Never fetches them, and never looks inside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, delete, exists, insert, null, select, update

from storage.media import CHUNK, PIECE, REF, put_chunk
from storage.people import Person
from storage.schema import contact, inbox, media, media_chunk

MESSAGE = "media|message"
FOR_GOOD = {"until": null(), "event": null(), "message": null()}
CONSENT = "help"  # the purpose under which staff may look at files


@dataclass(frozen=True, slots=True)
class Held:
    """A file that waits for the person's word.

    `event`: key of the inbox row that it came with. `message`: the platform's id of it. `ref`: its handle.
    """

    id: int
    event: bytes
    ref: str = ""
    message: str = ""


def hold(  # noqa: PLR0913 - one per column
    conn: Connection,
    person: Person,
    *,
    event: bytes,
    message: str,
    ref: str,
    kind: str,
    mime: str,
    size: int,
    now: datetime,
    until: datetime,
    restricted: bool,
) -> int:
    """Note a file that goes at `until`. Its bytes, if they came with it, follow by `fill`."""
    owner = str(person.contact.id)
    cells = {
        "contact_id": person.contact.id,
        "account_id": person.account_id,
        "ref": person.key.seal(REF, owner, ref.encode()),
        "message": person.key.seal(MESSAGE, owner, message.encode()) if message else None,
        "kind": kind,
        "mime": mime,
        "size": size,
        "idx": 0,
        "state": "held",
        "created_at": now,
        "until": until,
        "event": event,
        "restricted": restricted,
    }
    return int(conn.execute(insert(media).values(cells).returning(media.c.id)).scalar_one())


def fill(conn: Connection, person: Person, media_id: int, data: bytes) -> None:
    """Keep its bytes, sealed, while it is held. Raises ValueError beyond the largest size."""
    for index, start in enumerate(range(0, len(data), CHUNK)):
        put_chunk(conn, person.key, media_id, index, data[start : start + CHUNK])


def of(conn: Connection, person: Person) -> list[Held]:
    """List what is held of a person, the oldest first."""
    theirs = select(media.c.id, media.c.event, media.c.ref, media.c.message).where(
        media.c.contact_id == person.contact.id, media.c.state == "held"
    )
    return [_held(person, *row) for row in conn.execute(theirs.order_by(media.c.id))]


def _held(person: Person, media_id: int, event: bytes, ref: bytes, message: bytes | None) -> Held:
    key, owner = person.key, str(person.contact.id)
    named = key.open(MESSAGE, owner, message).decode() if message else ""
    return Held(media_id, event, key.open(REF, owner, ref).decode(), named)


def take_back(conn: Connection, person: Person, ref: str) -> bytes | None:
    """Give back the bytes of a held file, and hold it no more; None when they are not here."""
    files = [one for one in of(conn, person) if one.ref == ref]
    numbers = [one.id for one in files]
    chunks = select(media_chunk).where(media_chunk.c.media_id.in_(numbers)).order_by(media_chunk.c.idx)
    rows = conn.execute(chunks).all()
    data = b"".join(person.key.open(PIECE, f"{row.media_id}/{row.idx}", row.sealed) for row in rows)
    drop(conn, files)
    return data or None


def keep(conn: Connection, files: Sequence[Held], now: datetime, *, for_good: bool) -> None:
    """Let staff have them. Not `for_good`: they still go in time, unless the person agrees by then."""
    here = exists().where(media_chunk.c.media_id == media.c.id)
    cells: dict[str, Any] = {
        "state": case((here, "kept"), else_="wanted"),
        "ended_at": case((here, now), else_=null()),
    }
    if for_good:
        cells |= FOR_GOOD
    conn.execute(update(media).where(media.c.id.in_([one.id for one in files])).values(cells))


def drop(conn: Connection, files: Sequence[Held]) -> None:
    """Delete them at once, and what was written with them; the inbox rows keep their keys."""
    numbers = [one.id for one in files]
    events = [one.event for one in files]
    conn.execute(delete(media_chunk).where(media_chunk.c.media_id.in_(numbers)))
    conn.execute(delete(media).where(media.c.id.in_(numbers)))
    conn.execute(update(inbox).where(inbox.c.key.in_(events)).values(body=null()))


def expired(conn: Connection, now: datetime) -> bool:
    """Tell whether any file's time is over."""
    return conn.scalar(select(media.c.id).where(media.c.until <= now).limit(1)) is not None


def drop_expired(conn: Connection, now: datetime) -> int:
    """Delete files whose time is over, and count them; one for which its person has agreed since stays."""
    due = (
        select(media.c.id, media.c.event, media.c.state, contact.c.consents)
        .join(contact, contact.c.id == media.c.contact_id)
        .where(media.c.until <= now)
    )
    rows = conn.execute(due).all()
    wanted = [row for row in rows if row.state != "held" and CONSENT in row.consents.split()]
    stay = update(media).where(media.c.id.in_([row.id for row in wanted]))
    conn.execute(stay.values(FOR_GOOD))
    gone = [Held(row.id, row.event) for row in rows if row not in wanted]
    drop(conn, gone)
    return len(gone)
