"""The master key in a form that is written down on paper and typed in again, with every slip found.

Never reads or writes a file.
"""

from base64 import b32decode, b32encode
from collections.abc import Iterable
from hashlib import sha256

from storage.keys import KEY, KeyRing

ROW = 16  # letters of key in a row
CHECK = 2  # letters that prove a row
GROUP = 4
ALIKE = str.maketrans("018", "OIB")  # digits that paper never has, for the letters they are taken for
_WHOLE = 4  # bytes that prove all of it


class BadPaper(ValueError):  # noqa: N818 - says what the paper is
    """What was typed is not what was written down; `str()` says where."""


def rows(ring: KeyRing) -> list[str]:
    """Write what reading the store takes: `01  ABCD EFGH IJKL MNOP  QR`. Older wrapping keys are left out."""
    held = b"\x02" + ring.index + ring.wrap if ring.master is None else b"\x01" + ring.master
    letters = b32encode(held + _proof(held)).decode().rstrip("=")
    parts = [letters[at : at + ROW] for at in range(0, len(letters), ROW)]
    return [
        f"{number:02}  {' '.join(_groups(part))}  {_check(number, part)}"
        for number, part in enumerate(parts, 1)
    ]


def read(lines: Iterable[str]) -> KeyRing:
    """Read rows back; what is no row is passed over. Raises BadPaper."""
    parts: dict[int, str] = {}
    for line in lines:
        first, _, rest = line.strip().partition(" ")
        if not first.rstrip(".:").isdecimal():
            continue
        number, letters = int(first.rstrip(".:")), _letters(rest)
        part, check = letters[:-CHECK], letters[-CHECK:]
        if not 0 < len(part) <= ROW or check != _check(number, part):
            raise BadPaper(f"row {number} is not as it was written down")
        parts[number] = part
    missing = [number for number in range(1, max(parts, default=1) + 1) if number not in parts]
    if missing:
        raise BadPaper(f"row {missing[0]} is missing")
    return _ring("".join(parts[number] for number in sorted(parts)))


def _ring(letters: str) -> KeyRing:
    try:
        whole = b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError:
        whole = b""
    held, proof = whole[:-_WHOLE], whole[-_WHOLE:]
    if not held or proof != _proof(held):
        raise BadPaper("rows are missing at the end, or a row was misread")
    if held[0] == 1 and len(held) == 1 + KEY:
        return KeyRing.of(held[1:])
    if held[0] == 2 and len(held) == 1 + 2 * KEY:
        return KeyRing(held[1 : 1 + KEY], held[1 + KEY :])
    raise BadPaper("a later version of Spean wrote this: read it with that one")


def _letters(text: str) -> str:
    return "".join(text.upper().translate(ALIKE).split()).replace("-", "")


def _groups(part: str) -> list[str]:
    return [part[at : at + GROUP] for at in range(0, len(part), GROUP)]


def _check(number: int, part: str) -> str:
    return b32encode(sha256(f"{number}|{part}".encode()).digest()).decode()[:CHECK]


def _proof(held: bytes) -> bytes:
    return sha256(b"spean paper" + held).digest()[:_WHOLE]
