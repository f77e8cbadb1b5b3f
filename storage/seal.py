"""Sealing of what people wrote: a data key per person, wrapped by the master key; blind ids for look-ups.

Never stores anything itself and never shows a key.
"""

import hmac
import os
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage import keys
from storage.faults import BadKeyFile, DamagedCell
from storage.keys import KEY, KeyRing

FORMAT = b"\x01"
WRAPPED = "contact|data_key"
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

    def sealed(self, cell: bytes) -> bool:
        """Tell by its head whether this key sealed a cell."""
        return cell[:_HEAD] == self._head

    def open(self, where: str, natural: str, sealed: bytes) -> bytes:
        """Open a cell. Raises DamagedCell when it is another key's, another place's, or changed."""
        if not self.sealed(sealed):
            raise DamagedCell(f"a cell of {where} was sealed under another key")
        nonce, body = sealed[_HEAD : _HEAD + _NONCE], sealed[_HEAD + _NONCE :]
        try:
            return self._cipher.decrypt(nonce, body, f"{where}|{natural}".encode())
        except InvalidTag:
            raise DamagedCell(f"a cell of {where} was moved or changed") from None


class Vault:
    """The master key: it wraps the people's keys, and makes blind ids under a key of their own."""

    def __init__(self, held: bytes | KeyRing) -> None:
        """`held`: the master key's 32 bytes, or what took its place."""
        ring = KeyRing.of(held) if isinstance(held, bytes) else held
        self._wrapping = DataKey(ring.wrap)
        self._older = tuple(DataKey(key) for key, _ in ring.old)
        self._index = ring.index
        self._purpose = cache(self._derived)
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
                keys.make(key_file)
            return cls(keys.read(key_file))
        except OSError as error:
            reason = f"cannot use the master key file {key_file}: {error.strerror}"
            raise BadKeyFile(f"{reason}. Mend its path or rights: storage.master_key_file") from error

    def blind(self, kind: str, text: str) -> bytes:
        """Make a look-up value: equal for equal texts of a kind, and telling nothing without the key."""
        return hmac.digest(self._index, f"{kind}|{text}".encode(), "sha256")[:16]

    def purpose(self, name: str) -> DataKey:
        """Make the key of what belongs to no person. Like blind ids it outlives a rotation."""
        return self._purpose(name)

    def new_key(self) -> tuple[bytes, DataKey]:
        """Make a person's key: its wrapped form, for the store, and the key."""
        raw = os.urandom(KEY)
        return self._wrapping.seal(WRAPPED, "", raw), DataKey(raw)

    def unwrap(self, wrapped: bytes) -> DataKey:
        """Open a person's wrapped key. Raises DamagedCell when it is damaged, or another master key's."""
        return self._unwrap(wrapped)

    def wraps(self, wrapped: bytes) -> bool:
        """Tell whether it is the present master key, not an older one, that wraps this."""
        return self._wrapping.sealed(wrapped)

    def knows(self, wrapped: bytes) -> bool:
        """Tell whether the present master key or an older one that is kept wraps this."""
        return self.wraps(wrapped) or any(one.sealed(wrapped) for one in self._older)

    def rewrap(self, wrapped: bytes) -> bytes:
        """Wrap a person's key under the present master key. Raises DamagedCell."""
        return self._wrapping.seal(WRAPPED, "", self._raw(wrapped))

    def _derived(self, name: str) -> DataKey:
        return DataKey(keys.derive(self._index, f"spean purpose {name}".encode()))

    def _open_key(self, wrapped: bytes) -> DataKey:
        return DataKey(self._raw(wrapped))

    def _raw(self, wrapped: bytes) -> bytes:
        older = (one for one in self._older if one.sealed(wrapped))
        return next(older, self._wrapping).open(WRAPPED, "", wrapped)
