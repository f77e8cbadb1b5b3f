"""Whether words resemble those of people in danger: pieces and meanings, each with a weight that was learned.

Never keeps or explains what it reads, and never says of words it does not know that they are harmless.

A piece is a run of up to LONGEST letters of the plain text, a run of the letters as they sound, or one to
three Latin words in a row; a meaning is a concept of the thesaurus or two of them together. Of the sentences
that were learned from nothing but checksums of these is kept.
"""

import math
import re
import struct
import zlib
from array import array
from base64 import b64decode, b64encode
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, pairwise
from zlib import crc32

from bot.core.safety_key import READ, heard, plain
from bot.core.safety_thesaurus import NO_THESAURUS, Thesaurus, meanings, packed, unpacked

LONGEST = 6  # letters of a run
WORDS = 3  # in a row
STEPS = 16  # of a weight of 1
MEANT = 0.6  # of what the pieces weigh, the meanings weigh: they were learned apart
SHORTEST = 4  # letters: a number, an age, a sign say nothing by themselves
_BYTES = 4  # of a checksum
_LARGEST = 16 * 1024 * 1024  # bytes of a part of the file
HEAVIEST = 127  # STEPS, what one byte holds
_WIDTH = 100  # letters of a line of the file
_ASIAN = "\u1780-\u17ff\u0e00-\u0e7f"
_BLANKS = re.compile(f"(?<=[{_ASIAN}])\\s+|\\s+(?=[{_ASIAN}])")  # Khmer and Thai put them anywhere
_UNSAID = re.compile("[^A-Za-z\u0e01-\u0e4e\u1780-\u17dd]+")
_LATIN = re.compile("[0-9a-zåæœŋ']+")


@dataclass(frozen=True, slots=True)
class Weights:
    """What each checksum weighs, in STEPS; `checksums` in order. A million of them take 5 MB."""

    checksums: "array[int]" = field(default_factory=lambda: array("I"))
    steps: "array[int]" = field(default_factory=lambda: array("b"))

    def of(self, found: Collection[int]) -> float:
        """What the signs in a text weigh together: long texts have more of them, which says less."""
        known, total = self.checksums, 0
        for sign in found:
            at = bisect_left(known, sign)
            if at < len(known) and known[at] == sign:
                total += self.steps[at]
        return total / math.sqrt(max(len(found), 1))


def weights_of(steps: Mapping[int, int]) -> Weights:
    """Weights by their checksums."""
    checksums = sorted(steps)
    return Weights(array("I", checksums), array("b", [steps[one] for one in checksums]))


@dataclass(frozen=True, slots=True)
class Sense:
    """Weights by the checksum of a piece and of a meaning, and what stands against every text; all in STEPS.

    `learned`: the beginning of the SHA-256 of the sentences and the thesaurus; empty: nothing was learned.
    """

    weights: Weights = field(default_factory=Weights)
    meant: Weights = field(default_factory=Weights)
    thesaurus: Thesaurus = NO_THESAURUS
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
    if len(_UNSAID.sub("", text)) < SHORTEST:
        return -1.0
    said = sense.weights.of(pieces(text))
    meant = sense.meant.of(meanings(sense.thesaurus, text))
    return (said + MEANT * meant + sense.bias) / STEPS


def written(sense: Sense) -> bytes:
    """The sense as a file: a line that says what was learned from, then its parts, packed, in base 64."""
    parts = (_row(sense.weights), _row(sense.meant), packed(sense.thesaurus))
    return "\n".join([f"{sense.learned} {sense.bias:.4f}", *map(_lines, parts)]).encode()


@lru_cache(maxsize=2)  # Releases share their weights: a session's older one, the next with an edited dialog
def read(data: bytes) -> Sense:
    """The sense of a file that `written` made. Raises ValueError for anything else."""
    first, _, body = data.decode("ascii").partition("\n")
    learned, number = first.split()
    bias = float(number)
    weights, meant, thesaurus = map(_opened, body.split("\n\n"))
    if not abs(bias) <= HEAVIEST * STEPS:
        raise ValueError("the bias outweighs every text")
    return Sense(_weights(weights), _weights(meant), unpacked(thesaurus), bias, learned)


def _opened(part: str) -> bytes:
    """A part of the file: whoever can edit a Release must not fill the memory with it."""
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(b64decode(part.replace("\n", ""), validate=True), _LARGEST)
    except zlib.error as broken:
        raise ValueError("the weights are not whole") from broken
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("the weights are not whole")
    return data


def _row(weights: Weights) -> bytes:
    """The steps from one checksum to the next, lowest bytes first, then the weights: it packs well so."""
    steps = [after - before for before, after in pairwise([0, *weights.checksums])]
    row = struct.pack(f"<{len(steps)}I", *steps)
    return b"".join([*(row[at::_BYTES] for at in range(_BYTES)), weights.steps.tobytes()])


def _weights(row: bytes) -> Weights:
    count, rest = divmod(len(row), _BYTES + 1)
    if rest:
        raise ValueError("the weights are not whole")
    steps = bytearray(count * _BYTES)
    for at in range(_BYTES):
        steps[at::_BYTES] = row[at * count : (at + 1) * count]
    checksums = [*accumulate(struct.unpack(f"<{count}I", steps))]
    if checksums and checksums[-1] >= 1 << 8 * _BYTES:
        raise ValueError("no checksums")
    return Weights(array("I", checksums), array("b", row[_BYTES * count :]))


def _lines(part: bytes) -> str:
    body = b64encode(zlib.compress(part, 9)).decode()
    return "".join(f"{body[at : at + _WIDTH]}\n" for at in range(0, len(body), _WIDTH))


def _runs(mark: str, letters: str, shortest: int) -> Iterable[int]:
    for size in range(shortest, LONGEST + 1):
        for at in range(len(letters) - size + 1):
            yield _sum(mark, letters[at : at + size])


def _sum(mark: str, piece: str) -> int:
    return crc32((mark + piece).encode("utf-8", "surrogatepass"))
