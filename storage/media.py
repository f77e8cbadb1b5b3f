"""Media: voice notes, pictures and files as sealed chunks in the store, so backup and erasure carry them.

Never fetches them, and never looks inside.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Select, and_, insert, or_, select, update

from storage.faults import DamagedCell
from storage.people import Person
from storage.schema import account, answer, contact, media, media_chunk, submission
from storage.seal import DataKey, Vault
from storage.statement import fixed

CHUNK = 256 * 1024
LARGEST = 20 * 1024 * 1024
REF = "media|ref"
NAME = "media|name"
PIECE = "media_chunk|sealed"


@dataclass(frozen=True, slots=True)
class MediaRow:
    """`ref`: the platform's handle, empty for files that we made. `state`: wanted, kept or failed."""

    id: int
    contact_id: int
    account: str
    ref: str
    name: str
    kind: str
    mime: str
    size: int
    state: str
    key: DataKey


def want(  # noqa: PLR0913 - one per column
    conn: Connection,
    person: Person,
    *,
    ref: str,
    kind: str,
    mime: str,
    size: int,
    now: datetime,
    submission_no: int | None = None,
    field: str | None = None,
    index: int = 0,
    restricted: bool = False,
) -> int:
    """Note a file to be fetched. `restricted`: for the safeguarding role only."""
    its = (submission.c.contact_id == person.contact.id, submission.c.no == submission_no)
    cells = {
        "submission_id": select(submission.c.id).where(*its).scalar_subquery(),
        "field": field,
        "idx": index,
        "ref": person.key.seal(REF, str(person.contact.id), ref.encode()),
        "size": size,
        "restricted": restricted,
    }
    return _insert(conn, person, kind=kind, mime=mime, state="wanted", created_at=now, **cells)


def store(conn: Connection, person: Person, *, name: str, mime: str, data: bytes, now: datetime) -> int:
    """Keep a file that we made."""
    sealed_name = person.key.seal(NAME, str(person.contact.id), name.encode())
    cells = {"kind": "document", "mime": mime, "size": len(data), "state": "wanted", "created_at": now}
    media_id = _insert(conn, person, name=sealed_name, **cells)
    fill(conn, person.key, media_id, data, now)
    return media_id


def fill(conn: Connection, key: DataKey, media_id: int, data: bytes, now: datetime) -> None:
    """Keep a whole file, unless another process fetched it too. Raises ValueError beyond LARGEST."""
    if conn.execute(_wanted(media_id).with_for_update()).first() is None:
        return
    for index, start in enumerate(range(0, len(data), CHUNK)):
        put_chunk(conn, key, media_id, index, data[start : start + CHUNK])
    kept(conn, media_id, len(data), now)


def wanted(
    conn: Connection, vault: Vault, limit: int, accounts: Collection[str] | None = None
) -> list[MediaRow]:
    """List files to be fetched, the oldest first, without those whose handle does not open.

    `accounts`: only theirs.
    """
    waiting = _media().where(media.c.state == fixed("wanted")).order_by(media.c.id).limit(limit)
    if accounts is not None:
        waiting = waiting.where(account.c.name.in_(accounts))
    return list(_whole(vault, conn.execute(waiting)))


def of_person(conn: Connection, vault: Vault, contact_id: int, *, restricted: bool = True) -> list[MediaRow]:
    """List the files of a person, the oldest first, without those whose handle does not open.

    `restricted` False: without those for the safeguarding role only.
    """
    theirs = _media().where(media.c.contact_id == contact_id).order_by(media.c.id)
    if not restricted:
        theirs = theirs.where(media.c.restricted.is_(False))
    return list(_whole(vault, conn.execute(theirs)))


def sensitive(conn: Connection, contact_id: int) -> frozenset[int]:
    """Find the files of a person that answer a sensitive question, or are for the safeguarding role only."""
    asked = and_(
        answer.c.submission_id == media.c.submission_id,
        answer.c.field == media.c.field,
        answer.c.idx == media.c.idx,
    )
    theirs = select(media.c.id).outerjoin(answer, asked).where(media.c.contact_id == contact_id)
    return frozenset(conn.scalars(theirs.where(or_(media.c.restricted, answer.c.sensitivity == "S2"))))


def put_chunk(conn: Connection, key: DataKey, media_id: int, index: int, plain: bytes) -> None:
    """Keep a chunk of at most CHUNK bytes. Raises ValueError beyond LARGEST."""
    if len(plain) > CHUNK or index * CHUNK + len(plain) > LARGEST:
        raise ValueError("a file is kept in chunks of 256 KB up to 20 MB")
    sealed = key.seal(PIECE, f"{media_id}/{index}", plain)
    conn.execute(insert(media_chunk).values(media_id=media_id, idx=index, sealed=sealed))


def kept(conn: Connection, media_id: int, size: int, now: datetime) -> None:
    """Note that all chunks are here."""
    cells = {"state": "kept", "size": size, "ended_at": now}
    conn.execute(update(media).where(media.c.id == media_id).values(cells))


def failed(conn: Connection, media_id: int, reason: str, now: datetime) -> None:
    """Note that a file that is still wanted cannot be had. `reason`: the name of what went wrong."""
    cells = {"state": "failed", "reason": reason, "ended_at": now}
    conn.execute(update(media).where(media.c.id.in_(_wanted(media_id))).values(cells))


def read(
    conn: Connection,
    vault: Vault,
    media_id: int,
    contact_id: int | None = None,
    *,
    since: datetime | None = None,
) -> tuple[MediaRow, bytes] | None:
    """Read a whole file; None when it is not kept, or not of `contact_id`: then no cell is opened.

    `since`: neither when it was made no later.
    """
    found = conn.execute(_media().where(media.c.id == media_id, media.c.state == "kept")).first()
    if found is None or (since is not None and found.created_at <= since):
        return None
    if contact_id not in {None, found.contact_id}:
        return None
    row = _row(vault, found)
    chunks = select(media_chunk.c.idx, media_chunk.c.sealed).where(media_chunk.c.media_id == media_id)
    parts = conn.execute(chunks.order_by(media_chunk.c.idx))
    return row, b"".join(row.key.open(PIECE, f"{media_id}/{index}", sealed) for index, sealed in parts)


def _wanted(media_id: int) -> Select[tuple[int]]:
    return select(media.c.id).where(media.c.id == media_id, media.c.state == fixed("wanted"))


def _insert(conn: Connection, person: Person, **cells: Any) -> int:  # noqa: ANN401 - any cells
    owner = {"contact_id": person.contact.id, "account_id": person.account_id}
    return cast("int", conn.scalar(insert(media).values(owner | cells).returning(media.c.id)))


def _media() -> Select[Any]:
    return (
        select(media, contact.c.data_key, account.c.name.label("account"))
        .join(contact, contact.c.id == media.c.contact_id)
        .join(account, account.c.id == media.c.account_id)
    )


def _whole(vault: Vault, rows: Iterable[Any]) -> Iterator[MediaRow]:
    for row in rows:
        with suppress(DamagedCell):
            yield _row(vault, row)


def _row(vault: Vault, row: Any) -> MediaRow:  # noqa: ANN401 - a row of _media
    key, owner = vault.unwrap(row.data_key), str(row.contact_id)
    return MediaRow(
        id=row.id,
        contact_id=row.contact_id,
        account=row.account,
        ref=key.open(REF, owner, row.ref).decode() if row.ref else "",
        name=key.open(NAME, owner, row.name).decode() if row.name else "",
        kind=row.kind,
        mime=row.mime,
        size=row.size,
        state=row.state,
        key=key,
    )
