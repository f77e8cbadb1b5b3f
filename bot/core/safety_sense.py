"""Whether words resemble those of people in danger: pieces of words, each with a weight that was learned.

Never keeps or explains what it reads, and never says of words it does not know that they are harmless.

A piece is a run of up to LONGEST letters of the plain text, a run of the letters as they sound, or one to
three Latin words in a row. Of the sentences that were learned from nothing but checksums of pieces is kept.
"""

import math
import re
import struct
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, pairwise
from types import MappingProxyType
from zlib import crc32

from bot.core.safety_key import heard, plain

LONGEST = 6  # letters of a run
WORDS = 3  # in a row
STEPS = 16  # of a weight of 1
SHORTEST = 4  # letters: a number, an age, a sign say nothing by themselves
READ = 600  # letters of a message that are looked at; the lists read all of it
_ROW = 5  # bytes of a checksum and its weight
_WIDTH = 100  # letters of a line of the file
_ASIAN = "\u1780-\u17ff\u0e00-\u0e7f"
_BLANKS = re.compile(f"(?<=[{_ASIAN}])\\s+|\\s+(?=[{_ASIAN}])")  # Khmer and Thai put them anywhere
_UNSAID = re.compile("[^A-Za-z\u0e01-\u0e4e\u1780-\u17dd]+")
_LATIN = re.compile("[0-9a-zåæœŋ']+")


@dataclass(frozen=True, slots=True)
class Sense:
    """Weights by the checksum of a piece, and what stands against every text; both in STEPS.

    `learned`: the beginning of the SHA-256 of the sentences; empty: nothing was learned.
    """

    weights: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    bias: float = -1.0
    learned: str = ""


NO_SENSE = Sense()


def pieces(text: str) -> frozenset[int]:
    """The checksums of every piece of a text."""
    words = _BLANKS.sub("", plain(text[:READ]))
    found = {*_runs("p", f" {words} ", 1), *_runs("k", heard(words).letters, 2)}
    row = _LATIN.findall(words)
    for size in range(1, WORDS + 1):
        found.update(_sum("w", " ".join(row[at : at + size])) for at in range(len(row) - size + 1))
    return frozenset(found)


def leaning(sense: Sense, text: str) -> float:
    """Above 0 the text resembles what people in danger write."""
    found = pieces(text)
    if len(_UNSAID.sub("", text)) < SHORTEST:
        return -1.0
    weight = sense.weights.get
    total = sum([weight(piece, 0) for piece in found])
    return (total / math.sqrt(max(len(found), 1)) + sense.bias) / STEPS


def written(sense: Sense) -> bytes:
    """The sense as a file: a line that says what was learned from, then the weights, packed, in base 64."""
    checksums = sorted(sense.weights)
    steps = [after - before for before, after in pairwise([0, *checksums])]
    weights = [sense.weights[one] for one in checksums]
    packed = zlib.compress(struct.pack(f"<{len(steps)}I{len(steps)}b", *steps, *weights), 9)
    body = b64encode(packed).decode()
    lines = [body[at : at + _WIDTH] for at in range(0, len(body), _WIDTH)]
    return "\n".join([f"{sense.learned} {sense.bias:.4f}", *lines, ""]).encode()


@lru_cache(maxsize=2)  # Releases share their weights: a session's older one, the next with an edited dialog
def read(data: bytes) -> Sense:
    """The sense of a file that `written` made. Raises ValueError for anything else."""
    first, _, body = data.decode("ascii").partition("\n")
    learned, bias = first.split()
    try:
        packed = zlib.decompress(b64decode(body.replace("\n", ""), validate=True))
        count = len(packed) // _ROW
        row = struct.unpack(f"<{count}I{count}b", packed)
    except (zlib.error, struct.error) as broken:
        raise ValueError("the weights are not whole") from broken
    return Sense(dict(zip(accumulate(row[:count]), row[count:], strict=True)), float(bias), learned)


def _runs(mark: str, letters: str, shortest: int) -> Iterable[int]:
    for size in range(shortest, LONGEST + 1):
        for at in range(len(letters) - size + 1):
            yield _sum(mark, letters[at : at + size])


def _sum(mark: str, piece: str) -> int:
    return crc32((mark + piece).encode("utf-8", "surrogatepass"))
