"""Numbers in words, Khmer, romanised or English, alone or mixed with digits: ៥ពាន់, muoy roy, five hundred.

Never reads a unit or a currency (`units` does) and never makes one number of two ("two or three").
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bot.core.khmer.figures import figure
from bot.core.khmer.number_words import GROUPS, NOT_ALONE, STEPS, Kind

_FIGURE = re.compile(r"[0-9][0-9.,]*")
_DOUBTFUL = re.compile(r"[.,][0-9]{3}$")  # 1.500 million: 1.5 of them or 1,500
_COMPOUND = re.compile(r"(?<=[a-z])-(?=[a-z])")
_HALF = Decimal("0.5")
_COEFFICIENTS = {100: 100, 10**6: 10**6}  # how many of a step one may speak of: fewer than this
_COEFFICIENT = 1000  # ម្ភៃពាន់ and ៥០០ម៉ឺន, but nobody says two thousand ten-thousands
_SHORTENED_FROM = 1000  # after a thousand and more the name of the next lower step may go unsaid
_LONGEST = 160  # code points


@dataclass(frozen=True, slots=True)
class _Word:
    """A number word, or a run of digits; `doubtful` ones may be grouped or have decimals."""

    kind: Kind | Literal["figure", "doubtful"]
    value: Decimal


@dataclass(frozen=True, slots=True)
class _Part:
    """A summand. What follows it must be smaller than `step`."""

    kind: str
    value: Decimal
    step: int


def readings(text: str) -> tuple[Decimal, ...]:
    """What the whole of a folded text may be as a number: as it stands, then as short speech has it.

    ពីរពាន់ប្រាំ is 2,005, in short speech 2,500. Empty for a text that is no number.
    """
    plain = figure(text)
    if plain is not None:
        return (plain,)
    words = None if len(text) > _LONGEST or text in NOT_ALONE else _words(_COMPOUND.sub(" ", text))
    parts = _summed(words) if words else None
    if not parts:
        return ()
    literal = _sum(parts)
    literal = Decimal(int(literal)) if literal == int(literal) else literal  # 2.5ពាន់ is 2500, not 2500.0
    unsaid = _unsaid(parts)
    return (literal,) if unsaid is None else (literal, literal + unsaid)


def _sum(parts: Sequence[_Part]) -> Decimal:
    return sum((part.value for part in parts), Decimal(0))


def _unsaid(parts: Sequence[_Part]) -> Decimal | None:
    """What short speech leaves out: the hundred of "two thousand five"."""
    at = max((at for at, part in enumerate(parts) if part.kind == "scale"), default=-1)
    tail = _sum(parts[at + 1 :])
    if at < 0 or parts[at].step < _SHORTENED_FROM or not 1 <= tail <= 9 or tail != int(tail):
        return None
    return tail * (parts[at].step // 10 - 1)


def _words(text: str) -> list[_Word] | None:
    """The text cut into number words and digits, spaces or not; None when something else is left over."""
    rest: list[list[_Word] | None] = [*[None] * len(text), []]
    for start in reversed(range(len(text))):
        if text[start] == " ":
            rest[start] = rest[start + 1]
            continue
        for end, words in _heads(text, start):
            after = rest[end]
            if after is not None:
                rest[start] = [*words, *after]
                break
    return rest[0]


def _heads(text: str, start: int) -> list[tuple[int, tuple[_Word, ...]]]:
    """What may begin at `start`, the longest first: its end and its words."""
    if run := _FIGURE.match(text, start):
        value = figure(run[0])
        kind: Literal["figure", "doubtful"] = "doubtful" if _DOUBTFUL.search(run[0]) else "figure"
        return [] if value is None else [(run.end(), (_Word(kind, value),))]
    return [
        (start + len(word), tuple(_Word(kind, Decimal(value)) for kind, value in meant))
        for word, meant in GROUPS.get(text[start], ())
        if text.startswith(word, start)
    ]


def _summed(words: Sequence[_Word]) -> list[_Part] | None:
    """The summands, each smaller than the step before it; None when the words are no one number."""
    parts: list[_Part] = []
    for word in words:
        part = _part(parts, word)
        if part is None or (parts and not 0 < part.value < parts[-1].step):
            return None
        parts.append(part)
    return parts


def _part(before: list[_Part], word: _Word) -> _Part | None:
    """What a word adds to the parts before it; those that it multiplies are taken from them."""
    match word.kind:
        case "scale":
            return _multiplied(before, int(word.value))
        case "k":
            lone = len(before) == 1 and before[0].kind == "figure" and 0 < before[0].value < _COEFFICIENT
            return _Part("k", before.pop().value * word.value, 1) if lone else None
        case "half":
            return _halved(before)
        case "teen" if ones := _taken(before, 10):
            return _Part("unit", _sum(ones) + word.value, 1)
        case "figure" | "doubtful":
            fits = not before or before[-1].kind == "scale"
            return _Part(word.kind, word.value, 1) if fits else None
        case kind:
            return _Part(kind, word.value, STEPS[kind])


def _multiplied(before: list[_Part], step: int) -> _Part | None:
    """So many of a step: the ប្រាំ of ប្រាំសែន, while the millions before it stay."""
    taken = _taken(before, step)
    many = _sum(taken)
    doubtful = any(part.kind == "doubtful" for part in taken)
    if doubtful or not 0 < many < _COEFFICIENTS.get(step, _COEFFICIENT):
        return None
    return _Part("scale", many * step, step)


def _taken(before: list[_Part], below: int) -> list[_Part]:
    """The last parts that are smaller than `below`, taken away."""
    at = len(before)
    while at and before[at - 1].value < below:
        at -= 1
    taken = before[at:]
    del before[at:]
    return taken


def _halved(before: Sequence[_Part]) -> _Part | None:
    """Half of the last step, or of one; nothing but a step may follow."""
    if not before or before[-1].step < 100:
        whole = not before or before[-1].value == int(before[-1].value)
        return _Part("half", _HALF, 0) if whole else None
    return _Part("half", before[-1].step * _HALF, 0)
