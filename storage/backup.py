"""Backups: one file that holds a whole store as it was at one moment, from either database, proven by a hash.

Never holds the master key or the erasures log, and never keeps a writer waiting.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import orjson
from sqlalchemy import Connection, func, select

from storage import audit, keys, leftovers, migrate, settings
from storage.database import Database
from storage.faults import BadBackup
from storage.pouring import pour
from storage.schema import contact

MARK = b"\nspean backup 1\n"  # between the SQLite file and the label
NAMED = re.compile(r"spean-([0-9]{8}T[0-9]{6}Z)\.backup")
STAMP = "%Y%m%dT%H%M%SZ"
MADE = "backup"  # the setting that remembers the last one
LABEL = 4096  # bytes at most
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Label:
    """What a backup says of itself. `key`: what proves the master key; `lines`, `head`: of the audit."""

    made: datetime
    schema: str
    key: str
    people: int
    erased: int
    lines: int
    head: str


def make(database: Database, folder: Path, now: datetime) -> Path:
    """Write a backup of a live store into a folder. Raises StoreFault, OSError."""
    folder.mkdir(0o700, parents=True, exist_ok=True)
    path = _free(folder, now)
    with _removed(folder / f".{path.name}.part") as part:
        part.touch(0o600, exist_ok=False)
        if database.dialect == "sqlite":
            database.copy_now(part)
        else:
            _pour_out(database, part)
        _label(part, now)
        part.replace(path)
    keys.sync_folder(folder)
    return path


def _free(folder: Path, at: datetime) -> Path:
    """A name that no backup has: of two in one second the later is named a second later."""
    while (path := folder / f"spean-{at.astimezone(UTC).strftime(STAMP)}.backup").exists():
        at += timedelta(seconds=1)
    return path


def remember(conn: Connection, path: Path, now: datetime, staff_id: int | None = None) -> None:
    """Note in the store that it was backed up."""
    audit.record(conn, staff_id, "backup", path.name, now)
    settings.put(conn, MADE, now.astimezone(UTC).isoformat())


def last(conn: Connection) -> datetime | None:
    """Read when this store was last backed up."""
    found = settings.get(conn, MADE)
    return None if found is None else datetime.fromisoformat(found)


def prune(folder: Path, now: datetime, keep: timedelta) -> list[str]:
    """Delete backups of a folder that have lived their time, and what a broken-off one left; their names."""
    gone = []
    for path in sorted(folder.glob("*spean-*.backup*")) if folder.is_dir() else []:
        found = NAMED.search(path.name)
        made = datetime.strptime(found[1], STAMP).replace(tzinfo=UTC) if found else now
        left_over = path.name.startswith(".") and now - made > timedelta(days=1)
        if left_over or (NAMED.fullmatch(path.name) and now - made >= keep):
            path.unlink(missing_ok=True)
            gone.append(path.name)
    return gone


def read_label(path: Path) -> Label:
    """Read what a backup says of itself, believing it. Raises BadBackup."""
    return _parsed(path, _split(path)[1])


@contextmanager
def opened(path: Path, folder: Path) -> Iterator[tuple[Label, Database]]:
    """Prove a backup by its hash and open a copy of it that goes away again. Raises BadBackup, StoreFault."""
    size, label, proof = _split(path)
    with _removed(folder / f".{path.name}{leftovers.OPEN}") as copy:
        if _copied(path, copy, size, label) != proof:
            raise _bad(path, "it was changed or cut")
        database = Database.open(f"sqlite:///{copy}")
        try:
            if database.damage_now():
                raise _bad(path, "its pages do not hold together")
            yield _parsed(path, label), database
        finally:
            database.close_now()


def _pour_out(database: Database, part: Path) -> None:
    """Of PostgreSQL: every row of one snapshot, into tables of the same version."""
    target = Database.open(f"sqlite:///{part}")
    try:
        migrate.upgrade(target, migrate.current(database) or "head")
        database.read_now(lambda source: target.run_now(lambda conn: pour(source, conn)))
    finally:
        target.close_now()


def _label(part: Path, now: datetime) -> None:
    """Write behind the copy what it is."""
    copy = Database.open(f"sqlite:///{part}")
    try:
        schema = migrate.current(copy) or ""
        label = orjson.dumps(asdict(copy.read_now(lambda conn: _told(conn, schema, now))))
    finally:
        copy.close_now()
    proof = _hashed(part, label)
    with part.open("ab") as file:
        file.write(MARK + label + b"\n" + proof.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _told(conn: Connection, schema: str, now: datetime) -> Label:
    chain = audit.verify(conn)
    return Label(
        made=now.astimezone(UTC),
        schema=schema,
        key=settings.get(conn, "key-check") or "",
        people=conn.scalar(select(func.count()).select_from(contact)) or 0,
        erased=audit.count(conn, audit.ERASED),
        lines=chain.lines,
        head=chain.head.hex(),
    )


def _hashed(path: Path, label: bytes) -> str:
    hashed = sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            hashed.update(block)
    hashed.update(label)
    return hashed.hexdigest()


def _copied(path: Path, to: Path, size: int, label: bytes) -> str:
    """Copy the SQLite file that a backup begins with; the hash of what was copied."""
    hashed, left = sha256(), size
    with (
        path.open("rb") as source,
        os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target,
    ):
        while left and (block := source.read(min(left, BLOCK))):
            hashed.update(block)
            target.write(block)
            left -= len(block)
        target.flush()
        os.fsync(target.fileno())
    hashed.update(label)
    return hashed.hexdigest()


def _split(path: Path) -> tuple[int, bytes, str]:
    """Find where the SQLite file ends, the label, and the hash."""
    with path.open("rb") as file:
        whole = file.seek(0, os.SEEK_END)
        begin = max(0, whole - LABEL)
        file.seek(begin)
        tail = file.read()
    at = tail.rfind(MARK)
    lines = tail[at + len(MARK) :].split(b"\n") if at >= 0 else []
    if len(lines) != 3:
        raise _bad(path, "it is no backup of Spean, or it was cut")
    return begin + at, lines[0], lines[1].decode("ascii", "replace")


def _parsed(path: Path, label: bytes) -> Label:
    try:
        cells: Mapping[str, object] = orjson.loads(label)
        made = datetime.fromisoformat(str(cells["made"]))
        return Label(**(dict(cells) | {"made": made}))  # type: ignore[arg-type]
    except (ValueError, TypeError, KeyError) as error:
        raise _bad(path, "its label cannot be read") from error


def _bad(path: Path, why: str) -> BadBackup:
    return BadBackup(f"{path}: {why}. Take another backup; nothing was changed")


@contextmanager
def _removed(path: Path) -> Iterator[Path]:
    """A file that is gone afterwards, with whatever SQLite keeps beside it; so is one that a crash left."""
    left = [path.with_name(path.name + ending) for ending in leftovers.SIDES]
    try:
        for each in left:
            each.unlink(missing_ok=True)
        yield path
    finally:
        for each in left:
            each.unlink(missing_ok=True)
