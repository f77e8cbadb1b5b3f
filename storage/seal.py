"""Sealing of what people wrote: a data key per person, wrapped by the master key; blind ids for look-ups.

Never stores anything itself and never shows a key.
"""

import hmac
import os
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.faults import BadKeyFile, DamagedCell

FORMAT = b"\x01"
KEY = 32  # bytes
KEPT_KEYS = 8192  # unwrapped data keys in memory
_NAME = 4  # bytes of a key's name inside a cell
_NONCE = 12
_HEAD = len(FORMAT) + _NAME


class DataKey:
    """A person's key. A cell is `format | key's name | nonce | ciphertext`, bound to its place."""

    __slots__ = ("_cipher", "_head")

    def __init__(self, raw: bytes) -> None:
        self._cipher = AESGCM(raw)
        self._head = FORMAT + sha256(b"name" + raw).digest()[:_NAME]

    def __repr__(self) -> str:
        return "DataKey(***)"

    def seal(self, where: str, natural: str, plain: bytes) -> bytes:
        """Seal a cell for `where` (`table|column`) of the row that `natural` names."""
        nonce = os.urandom(_NONCE)
        return self._head + nonce + self._cipher.encrypt(nonce, plain, f"{where}|{natural}".encode())

    def open(self, where: str, natural: str, sealed: bytes) -> bytes:
        """Open a cell. Raises DamagedCell when it is another key's, another place's, or changed."""
        if sealed[:_HEAD] != self._head:
            raise DamagedCell(f"a cell of {where} was sealed under another key")
        nonce, body = sealed[_HEAD : _HEAD + _NONCE], sealed[_HEAD + _NONCE :]
        try:
            return self._cipher.decrypt(nonce, body, f"{where}|{natural}".encode())
        except InvalidTag:
            raise DamagedCell(f"a cell of {where} was moved or changed") from None


class Vault:
    """The master key: it wraps the people's keys, and makes blind ids under a key of their own."""

    def __init__(self, master: bytes) -> None:
        if len(master) != KEY:
            raise BadKeyFile(f"a master key is {KEY} bytes, this one has {len(master)}")
        self._wrapping = DataKey(_derive(master, b"spean wrapping"))
        self._index = _derive(master, b"spean blind index")
        self._unwrap = lru_cache(KEPT_KEYS)(self._open_key)

    def __repr__(self) -> str:
        return "Vault(***)"

    @classmethod
    def open(cls, key_file: Path, *, make: bool = True) -> "Vault":
        """Read the key file; the first start makes it, readable by its owner only.

        `make` False: something was sealed, and a new key would not open it. Raises BadKeyFile.
        """
        try:
            if not key_file.exists():
                if not make:
                    raise BadKeyFile(
                        f"the master key file {key_file} is missing. "
                        "Put it back from its copy: without it nobody can read the store; nothing was changed"
                    )
                _make_key_file(key_file)
            master = key_file.read_bytes()
        except OSError as error:
            reason = f"cannot use the master key file {key_file}: {error.strerror}"
            raise BadKeyFile(f"{reason}. Mend its path or rights: storage.master_key_file") from error
        if len(master) != KEY:
            raise BadKeyFile(
                f"the master key file {key_file} has {len(master)} bytes instead of {KEY}. "
                "Put the right file back from its copy; it was not touched"
            )
        return cls(master)

    def blind(self, kind: str, text: str) -> bytes:
        """Make a look-up value: equal for equal texts of a kind, and telling nothing without the key."""
        return hmac.digest(self._index, f"{kind}|{text}".encode(), "sha256")[:16]

    def new_key(self) -> tuple[bytes, DataKey]:
        """Make a person's key: its wrapped form, for the store, and the key."""
        raw = os.urandom(KEY)
        return self._wrapping.seal("contact|data_key", "", raw), DataKey(raw)

    def unwrap(self, wrapped: bytes) -> DataKey:
        """Open a person's wrapped key. Raises DamagedCell when it is damaged, or another master key's."""
        return self._unwrap(wrapped)

    def _open_key(self, wrapped: bytes) -> DataKey:
        return DataKey(self._wrapping.open("contact|data_key", "", wrapped))


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=purpose).derive(master)


def _make_key_file(key_file: Path) -> None:
    """Write a new key so that a power cut leaves none or a whole one, and two starts agree on one."""
    key_file.parent.mkdir(parents=True, exist_ok=True)
    fresh = key_file.with_name(f"{key_file.name}.{os.getpid()}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(os.urandom(KEY))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, key_file)
    except FileExistsError:
        return
    finally:
        fresh.unlink()
    folder = os.open(key_file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
