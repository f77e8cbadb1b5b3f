"""Where to look: files as they lie on the disk, rows, and every sealed cell opened with the master key.

Never goes through the product's own reading: what it forgot to read would not be seen.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.leak.needles import Needle

FORMAT = b"\x01"
HEAD, NONCE, TAG = 5, 12, 16  # bytes of a sealed cell: format and key's name, nonce, …, tag
WRAPPED = HEAD + NONCE + 32 + TAG
ROTATED = b"spean keys 2"
PURPOSE = b"spean wrapping"
SLICE = 24  # bytes of a sealed cell that nothing else has
STRETCH = 4096  # bytes read behind the head of a cell that no row names any more: a page


@dataclass
class Hay:
    """Named heaps of bytes. `file:`, `cell:` and `opened:` and the like begin a name."""

    heaps: dict[str, bytes] = field(default_factory=dict)

    def add(self, name: str, content: bytes | str) -> None:
        """More of a heap."""
        more = content.encode() if isinstance(content, str) else content
        self.heaps[name] = b"\n".join(filter(None, (self.heaps.get(name, b""), more)))

    def __or__(self, other: "Hay") -> "Hay":
        """Both."""
        both = Hay(dict(self.heaps))
        for name, content in other.heaps.items():
            both.add(name, content)
        return both

    def holding(self, needle: Needle) -> set[str]:
        """The names of the heaps in which it is found."""
        return {
            name for name, content in self.heaps.items() if any(shape in content for shape in needle.shapes)
        }


# --- keys -----------------------------------------------------------------------------------------


class Keys:
    """Whoever has the master key: opens a cell without knowing where it belongs, as a thief would."""

    def __init__(self) -> None:
        self._files: set[bytes] = set()
        self._wrapping: dict[bytes, bytes] = {}
        self._known: dict[bytes, bytes] = {}
        self.slices: dict[bytes, set[bytes]] = {}  # by a key's head: what its cells look like, sealed
        self._opened: dict[bytes, list[bytes]] = {}

    def unlock(self, key_file: bytes) -> None:
        """Take what a key file holds: 32 bytes, or after a rotation lines with the keys in use."""
        if key_file.startswith(ROTATED):
            lines = [line.split() for line in key_file.decode().splitlines()[1:]]
            wrapping = [bytes.fromhex(line[1]) for line in lines if line[0] in ("wrap", "old")]
        else:
            self._files.add(key_file)
            wrapping = [HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key_file)]
        self._wrapping |= {_head(key): key for key in wrapping}

    def take(self, wrapped: bytes) -> bytes | None:
        """The head of the cells of the person whose key this is, wrapped; remembered from now on."""
        key = self._wrapping.get(wrapped[:HEAD])
        if len(wrapped) != WRAPPED or key is None:
            return None
        nonce, body = wrapped[HEAD : HEAD + NONCE], wrapped[HEAD + NONCE :]
        try:
            raw = AESGCM(key).decrypt(nonce, body, b"contact|data_key|")
        except InvalidTag:
            return None
        self._known[_head(raw)] = raw
        return _head(raw)

    def find(self, content: bytes) -> set[bytes]:
        """The heads of all whose wrapped key lies anywhere in these bytes."""
        places = (at for head in self._wrapping for at in _places(content, head))
        found = {self.take(content[at : at + WRAPPED]) for at in places}
        return {head for head in found if head is not None}

    def open(self, cell: bytes) -> bytes | None:
        """What a sealed cell says, None when it is none or its key is not known."""
        key = self._known.get(cell[:HEAD])
        if key is None or len(cell) < HEAD + NONCE + TAG:
            return None
        some = range(HEAD + NONCE, len(cell) - SLICE, 8 * SLICE)
        self.slices.setdefault(cell[:HEAD], set()).update(cell[at : at + SLICE] for at in some)
        plain = _stream(key, cell)[:-TAG]
        self._opened.setdefault(cell[:HEAD], []).append(plain)
        return plain

    def opened_under(self, head: bytes) -> bytes:
        """Whatever was opened so far of the person whose cells begin so."""
        return b"\n".join(self._opened.get(head, ()))

    @property
    def clear(self) -> list[bytes]:
        """The keys themselves, that nothing may hold."""
        return [*self._files, *self._wrapping.values(), *self._known.values()]

    def remnants(self, content: bytes) -> Iterator[bytes]:
        """What lies behind every head of a known key, in use or not; its end may be nonsense."""
        for head, key in self._known.items():
            for at in _places(content, head):
                yield _stream(key, content[at : at + STRETCH])


def _head(raw: bytes) -> bytes:
    return FORMAT + sha256(b"name" + raw).digest()[: HEAD - len(FORMAT)]


def _stream(key: bytes, cell: bytes) -> bytes:
    """AES-GCM without its proof: counter mode from the nonce on."""
    counter = cell[HEAD : HEAD + NONCE] + (2).to_bytes(4, "big")
    if len(counter) < 16:
        return b""
    return Cipher(algorithms.AES(key), modes.CTR(counter)).decryptor().update(cell[HEAD + NONCE :])


def _places(content: bytes, what: bytes) -> Iterator[int]:
    at = content.find(what)
    while at >= 0:
        yield at
        at = content.find(what, at + 1)


# --- what lies there ------------------------------------------------------------------------------


def of_files(folder: Path, prefix: str = "file", leave: Iterable[str] = ()) -> Hay:
    """Every file of a folder and those below, byte for byte."""
    left = set(leave)
    return Hay(
        {
            f"{prefix}:{path.relative_to(folder)}": path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name not in left
        }
    )


Tables = Mapping[str, list[dict[str, Any]]]
NAMES = {
    sqlite3.Connection: "SELECT name FROM sqlite_master WHERE type = 'table'",
    psycopg.Connection: "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


def tables_of(conn: sqlite3.Connection | psycopg.Connection[Any]) -> Tables:
    """Every row of every table, of one moment."""
    conn.execute("BEGIN")
    names = [name for (name,) in conn.execute(NAMES[type(conn)]).fetchall()]
    return {name: _rows(conn.execute(f'SELECT * FROM "{name}"')) for name in names}  # noqa: S608


def _rows(cursor: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - of either database
    columns = [one[0] for one in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def of_sqlite(path: Path, keys: Keys, prefix: str = "") -> Hay:
    """The rows of a file, in clear and opened."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as conn:
        return of_tables(tables_of(conn), keys, prefix)


def of_tables(tables: Tables, keys: Keys, prefix: str = "") -> Hay:
    """`cell:table.column` as stored, `opened:table.column` for what was sealed."""
    for row in tables.get("contact", ()):
        keys.take(bytes(row["data_key"]))
    hay = Hay()
    for table, rows in tables.items():
        for column in rows[0] if rows else ():
            cells = [_plain(row[column]) for row in rows]
            hay.add(f"{prefix}cell:{table}.{column}", b"\n".join(cells))
            opened = [text for cell in cells if (text := keys.open(cell)) is not None]
            if opened:
                hay.add(f"{prefix}opened:{table}.{column}", b"\n".join(opened))
    return hay


def _plain(value: object) -> bytes:
    match value:
        case None:
            return b""
        case bytes() | memoryview():
            return bytes(value)
        case _:
            return str(value).encode()
