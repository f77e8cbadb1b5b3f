"""The key file: the master key, or after a rotation the keys that took its place.

Never seals anything, never shows a key, and never leaves half a file: a crash leaves the old one or the new.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.faults import BadKeyFile

KEY = 32  # bytes
ROTATED = b"spean keys 2\n"  # how the file begins after a rotation; before it holds the 32 bytes alone


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """`index` makes blind ids and never changes; `wrap` seals the people's keys; `master`: both come of it.

    `old`: what sealed people's keys before, and until when: backups of that time need them. After the first
    rotation there is no master any more.
    """

    index: bytes
    wrap: bytes
    old: tuple[tuple[bytes, datetime], ...] = ()
    master: bytes | None = None

    def __repr__(self) -> str:
        return "KeyRing(***)"

    @classmethod
    def of(cls, master: bytes) -> "KeyRing":
        """Derive the keys of an installation that was never rotated. Raises BadKeyFile."""
        if len(master) != KEY:
            raise BadKeyFile(f"a master key is {KEY} bytes, this one has {len(master)}")
        return cls(derive(master, b"spean blind index"), derive(master, b"spean wrapping"), (), master)

    def rotated(self, now: datetime, keep: timedelta) -> "KeyRing":
        """Take a fresh wrapping key; those that no backup of the last `keep` needs are left out."""
        old = ((self.wrap, now), *(one for one in self.old if now - one[1] <= keep))
        return KeyRing(self.index, os.urandom(KEY), old)


def read(key_file: Path) -> KeyRing:
    """Read the key file. Raises BadKeyFile, and OSError when there is none."""
    held = key_file.read_bytes()
    if held.startswith(ROTATED):
        return _parsed(key_file, held)
    if len(held) != KEY:
        raise BadKeyFile(
            f"the master key file {key_file} has {len(held)} bytes instead of {KEY}. "
            "Put the right file back from its copy; it was not touched"
        )
    return KeyRing.of(held)


def write(key_file: Path, ring: KeyRing) -> None:
    """Put a ring in place of what the file holds."""
    fresh = _fresh(key_file, _dumped(ring))
    fresh.replace(key_file)
    sync_folder(key_file.parent)


def make(key_file: Path, ring: KeyRing | None = None) -> None:
    """Write a new master key (or `ring`) where there is no file yet; of two starts at once both keep one."""
    key_file.parent.mkdir(parents=True, exist_ok=True)
    fresh = _fresh(key_file, os.urandom(KEY) if ring is None else _dumped(ring))
    try:
        os.link(fresh, key_file)
    except FileExistsError:
        return
    finally:
        fresh.unlink()
    sync_folder(key_file.parent)


def sync_folder(folder: Path) -> None:
    """Let a new name in a folder survive a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _fresh(key_file: Path, held: bytes) -> Path:
    fresh = key_file.with_name(f"{key_file.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)  # of a process of this number that was killed
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(held)
        file.flush()
        os.fsync(file.fileno())
    return fresh


def _dumped(ring: KeyRing) -> bytes:
    if ring.master is not None:
        return ring.master
    old = "".join(f"old {key.hex()} {until.isoformat()}\n" for key, until in ring.old)
    return ROTATED + f"index {ring.index.hex()}\nwrap {ring.wrap.hex()}\n{old}".encode()


def _parsed(key_file: Path, held: bytes) -> KeyRing:
    index, wrap, old = b"", b"", []
    try:
        for line in held.removeprefix(ROTATED).decode().splitlines():
            match line.split():
                case ["index", key]:
                    index = bytes.fromhex(key)
                case ["wrap", key]:
                    wrap = bytes.fromhex(key)
                case ["old", key, until]:
                    old.append((bytes.fromhex(key), datetime.fromisoformat(until)))
                case _:
                    index = wrap = b""
    except ValueError:
        index = b""
    if {len(index), len(wrap), *(len(key) for key, _ in old)} != {KEY}:
        raise BadKeyFile(
            f"the master key file {key_file} was changed. "
            "Put the right file back from its copy; it was not touched"
        )
    return KeyRing(index, wrap, tuple(old))


def derive(master: bytes, purpose: bytes) -> bytes:
    """Make one key of another, for one purpose."""
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=purpose).derive(master)
