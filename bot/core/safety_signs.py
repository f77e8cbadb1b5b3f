"""What is weighed in a text beside its meanings: pieces of its words, and what stands in it together.

Never knows what a sign weighs (`safety_sense` does): each is a checksum of letters, and nothing else is kept.

A piece is a run of up to LONGEST letters of the plain text, a run of the letters as they sound, or one to
WORDS Latin words in a row. A pair is two units, one at most FAR units after the other; a unit is a Latin
word, or two clusters of Khmer or Thai letters in a row: they say more than one, and need no dictionary.
Stops are no units, nor is a cluster that stands alone.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from zlib import crc32

from bot.core.safety_key import WORD, Key, Said

LONGEST = 6  # letters of a run
WORDS = 3  # in a row
FAR = 23  # units on; half as far misses a tenth more dangers, twice as far no fewer
_LATIN = re.compile("[0-9a-zåæœŋ']+")
_FIRST_ASIAN = "\u0e00"  # no Latin letter comes after it, no Thai or Khmer one before
_STOP = "."


def pieces(text: Said) -> frozenset[int]:
    """The checksums of every piece."""
    found = {*_runs("p", f" {text.plain} ", 1), *_runs("k", text.heard.letters, 2)}
    row = _LATIN.findall(text.plain)
    for size in range(1, WORDS + 1):
        found.update(_sum("w", " ".join(row[at : at + size])) for at in range(len(row) - size + 1))
    return frozenset(found)


def pairs(text: Said) -> frozenset[int]:
    """The checksums of every unit and every pair, as they sound and as they are spelled."""
    found = set()
    latin = [unit for unit in _units(text.spelled) if unit < _FIRST_ASIAN]
    for mark, row in (("h", list(_units(text.heard))), ("s", latin)):
        for at, unit in enumerate(row):
            found.add(_sum(mark, unit))
            found.update(_sum(mark, f"{unit}~{later}") for later in row[at + 1 : at + 1 + FAR])
    return frozenset(found)


def _runs(mark: str, letters: str, shortest: int) -> Iterator[int]:
    for size in range(shortest, LONGEST + 1):
        for at in range(len(letters) - size + 1):
            yield _sum(mark, letters[at : at + size])


def _units(key: Key) -> Iterator[str]:
    """One after the other. A letter that two words share belongs to both."""
    begins = [at for at, start in enumerate(key.starts) if start == WORD]
    spans = pairwise([*begins, len(key.letters)])
    parts = [key.letters[at : next_ + (key.ends[next_ - 1] != WORD)] for at, next_ in spans]
    for part, following in pairwise([*parts, ""]):
        if part < _FIRST_ASIAN and part != _STOP:
            yield part
        elif min(part, following) >= _FIRST_ASIAN:
            yield part + following


def _sum(mark: str, sign: str) -> int:
    return crc32((mark + sign).encode("utf-8", "surrogatepass"))
