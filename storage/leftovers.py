"""What a restore that was killed leaves beside the store: whole stores, with people erased since.

Never touches what a restore at work needs, and never takes the store itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from storage.faults import StoreBusy
from storage.lock import LockFile

ASIDE = ".before-restore"  # what was in place, until the end
READY = ".restoring"  # what will be
OPEN = ".open"  # the copy in which a backup is proven
SIDES = ("", "-wal", "-shm", "-journal", ".serve-lock", ".write-lock")
LOCK = "proving.lock"


def place(url: str, backups: Path) -> Path:
    """A folder on the disk of the store, or where PostgreSQL's copies are read."""
    parts = make_url(url)
    return Path(parts.database or "").parent if parts.drivername == "sqlite" else backups


@contextmanager
def proving(folder: Path) -> Iterator[None]:
    """Hold what a restore makes in a folder. Raises StoreBusy while another is at work."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = LockFile(folder / LOCK)
    try:
        if not lock.take():
            raise StoreBusy(f"another restore works in {folder}: wait until it has ended")
        yield
    finally:
        lock.close()


def found(url: str, backups: Path) -> list[Path]:
    """List what is there, of a restore at work too."""
    folder, parts = place(url, backups), make_url(url)
    if not folder.is_dir():
        return []
    bases = sorted(folder.glob(f".*{OPEN}"))
    if parts.drivername == "sqlite":
        store = Path(parts.database or "")
        bases += [store.with_name(store.name + ending) for ending in (READY, ASIDE)]
    sides = (base.with_name(base.name + side) for base in bases for side in SIDES)
    return [path for path in sides if path.exists()]


def sweep(url: str, backups: Path) -> list[Path]:
    """Delete it before the store is opened, unless a restore is at work; what was deleted."""
    if not found(url, backups):
        return []
    try:
        with proving(place(url, backups)):
            if make_url(url).drivername == "sqlite":
                _put_back(Path(make_url(url).database or ""))
            gone = found(url, backups)
            for path in gone:
                path.unlink(missing_ok=True)
            return gone
    except StoreBusy:
        return []


def _put_back(store: Path) -> None:
    """Give the store its log again, where it was moved aside and nothing took the store's place."""
    aside = store.with_name(store.name + ASIDE)
    log, moved = store.with_name(f"{store.name}-wal"), aside.with_name(f"{aside.name}-wal")
    if moved.exists() and aside.exists() and store.exists() and store.samefile(aside) and not log.exists():
        moved.replace(log)
