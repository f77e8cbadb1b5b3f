"""Whether words resemble those of people in danger: their signs, each with a weight that was learned.

Never keeps or explains what it reads, and never says of words it does not know that they are harmless.

The signs are of three kinds: pieces and pairs (`safety_signs`) and meanings (`safety_thesaurus`). Of the
sentences that were learned from nothing but checksums of these is kept.
"""

import math
import re
import struct
import zlib
from array import array
from base64 import b64decode, b64encode
from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, pairwise

from bot.core.safety_key import said
from bot.core.safety_signs import pairs, pieces
from bot.core.safety_thesaurus import NO_THESAURUS, Thesaurus, meanings, packed, unpacked

STEPS = 16  # of a weight of 1
SHARES = (0.6, 0.5, 0.6)  # what pieces, pairs and meanings count: each learned alone, they err apart
SHORTEST = 4  # letters: a number, an age, a sign say nothing by themselves
_BYTES = 4  # of a checksum
_LARGEST = 16 * 1024 * 1024  # bytes of a part of the file
HEAVIEST = 127  # STEPS, what one byte holds
_WIDTH = 100  # letters of a line of the file
_UNSAID = re.compile("[^A-Za-z\u0e01-\u0e4e\u1780-\u17dd]+")


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
    """Weights by the checksum of each kind of sign, and what stands against every text; all in STEPS.

    `learned`: the beginning of the SHA-256 of the sentences and the thesaurus; empty: nothing was learned.
    """

    pieces: Weights = field(default_factory=Weights)
    pairs: Weights = field(default_factory=Weights)
    meanings: Weights = field(default_factory=Weights)
    thesaurus: Thesaurus = NO_THESAURUS
    bias: float = -1.0
    learned: str = ""


NO_SENSE = Sense()


def leaning(sense: Sense, text: str) -> float:
    """The higher, the more the text resembles what people in danger write (`safety.LEANS`, `HARMLESS`)."""
    if len(_UNSAID.sub("", text)) < SHORTEST:
        return -1.0
    words = said(text)
    weights = (sense.pieces, sense.pairs, sense.meanings)
    signs = (pieces(words), pairs(words), meanings(sense.thesaurus, words))
    weighed = sum(share * of.of(found) for share, of, found in zip(SHARES, weights, signs, strict=True))
    return (weighed + sense.bias) / STEPS


def written(sense: Sense) -> bytes:
    """The sense as a file: a line that says what was learned from, then its parts, packed, in base 64."""
    parts = (*map(_row, (sense.pieces, sense.pairs, sense.meanings)), packed(sense.thesaurus))
    return "\n".join([f"{sense.learned} {sense.bias:.4f}", *map(_lines, parts)]).encode()


@lru_cache(maxsize=2)  # Releases share their weights: a session's older one, the next with an edited dialog
def read(data: bytes) -> Sense:
    """The sense of a file that `written` made. Raises ValueError for anything else."""
    first, _, body = data.decode("ascii").partition("\n")
    learned, number = first.split()
    bias = float(number)
    parts = body.split("\n\n")
    if len(parts) != len(SHARES) + 1:
        raise ValueError("weights of another version: learn anew")
    if not abs(bias) <= HEAVIEST * STEPS:
        raise ValueError("the bias outweighs every text")
    of_pieces, of_pairs, of_meanings = (_weights(_opened(part)) for part in parts[:-1])
    return Sense(of_pieces, of_pairs, of_meanings, unpacked(_opened(parts[-1])), bias, learned)


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
    ahead = struct.unpack(f"<{count}I", steps)
    checksums = [*accumulate(ahead)]
    if checksums and (checksums[-1] >= 1 << 8 * _BYTES or not all(ahead[1:])):
        raise ValueError("no checksums")
    return Weights(array("I", checksums), array("b", row[_BYTES * count :]))


def _lines(part: bytes) -> str:
    body = b64encode(zlib.compress(part, 9)).decode()
    return "".join(f"{body[at : at + _WIDTH]}\n" for at in range(0, len(body), _WIDTH))
