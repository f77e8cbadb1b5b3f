"""Which choices a text may have meant that names none of them: a slip in Khmer, or Khmer in Latin letters.

Never takes anything: `reading` does, and asks "did you mean" whenever it is not sure.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from bot.core.dialog import Choice
from bot.core.khmer import romanised, yesno
from bot.core.khmer.fold import fold
from bot.core.khmer.romanised import latin

MOST = 3  # more are no help to a person who chooses
_LIKELY = 70.0  # likeness (0–100) from which a label in Khmer or English is asked about
_BEHIND = 15.0  # what is so much less likely than the best is not asked about
_SHORTEST = 3  # letters of a text or a piece of a label that say anything
_LONGEST = 80  # code points: longer texts name no button
_SLIPS = ((7, 1), (11, 2), (18, 3))  # from so many letters on: so many of them may be wrong, lost or added
_DENYING = "មិន អត់ គ្មាន ពុំ ឥត កុំ ទេ"
_DENIES = re.compile("|".join(map(fold, _DENYING.split())))
_DIGITS = re.compile("[0-9]+")
_APART = re.compile("[\\s/,()–-]+|ឬ|និង")

Labels = Mapping[str, tuple[str, ...]]  # label message id → its words in every language


@dataclass(frozen=True, slots=True)
class Meant:
    """What a text may have meant, the likeliest first. `sure`: it is one label with a small slip."""

    choices: tuple[Choice, ...] = ()
    sure: bool = False


def meant(labels: Labels, choices: tuple[Choice, ...], text: str, guarded: frozenset[str]) -> Meant:
    """The choices near a text that is none of them. `guarded`: keys of those that no slip may take.

    A question that "yes" answers offers none: "did you mean …?" and "yes" would have two meanings there.
    """
    if len(text) > _LONGEST:
        return Meant()
    key = fold(text).replace(" ", "")
    ways = {one.key: tuple(_ways(labels, one)) for one in choices}
    slipped = _slipped(choices, ways, key)
    if slipped is not None and slipped.key not in guarded:
        return Meant((slipped,), sure=True)
    if any(yesno.yes_or_no(way) for all_ in ways.values() for way in all_):
        return Meant()
    scored = [
        (one, max((_likeness(text, key, way) for way in ways[one.key]), default=0.0)) for one in choices
    ]
    best = max((score for _, score in scored), default=0.0)
    near = [(one, score) for one, score in scored if score >= max(_LIKELY, best - _BEHIND)]
    return Meant(tuple(one for one, _ in sorted(near, key=lambda each: -each[1])[:MOST]))


def _ways(labels: Labels, choice: Choice) -> Iterator[str]:
    """Every way the script knows to name the choice."""
    yield from labels.get(choice.label, ())
    yield from labels.get(choice.short or "", ())
    yield from choice.phrases


def _is_khmer(text: str) -> bool:
    return any("\u1780" <= letter <= "\u17b3" for letter in text)


def _slipped(choices: tuple[Choice, ...], ways: Mapping[str, tuple[str, ...]], key: str) -> Choice | None:
    """The one choice whose Khmer words the text is but for a slip that denies nothing and counts nothing."""
    allowed = max((slips for length, slips in _SLIPS if len(key) >= length), default=0)
    if not allowed or not _is_khmer(key):
        return None
    off = {one.key: min((_distance(key, way) for way in ways[one.key]), default=len(key)) for one in choices}
    near = sorted(choices, key=lambda one: off[one.key])
    first = off[near[0].key] if near else len(key)
    if first > allowed or (len(near) > 1 and off[near[1].key] <= first + allowed):
        return None
    return near[0]


def _distance(key: str, way: str) -> int:
    """Letters wrong, lost, added or swapped; all of them when only one of the two denies or counts."""
    other = fold(way).replace(" ", "")
    if _DENIES.findall(key) != _DENIES.findall(other) or _DIGITS.findall(key) != _DIGITS.findall(other):
        return max(len(key), len(other))
    return OSA.distance(key, other)


def _likeness(text: str, key: str, way: str) -> float:
    """How near (0–100) the text is to one way of naming a choice, or to a part of it."""
    if _is_khmer(way):
        return _khmer_likeness(key, way) if _is_khmer(key) else _romanised_likeness(text, way)
    letters = latin(text)
    return fuzz.ratio(letters, latin(way)) if len(letters) > _SHORTEST else 0.0


def _romanised_likeness(text: str, way: str) -> float:
    found = romanised.candidates(text, (way,))
    return max(_LIKELY, found[0][1]) if found else 0.0


def _khmer_likeness(key: str, way: str) -> float:
    other = fold(way).replace(" ", "")
    if _DIGITS.findall(key) != _DIGITS.findall(other):
        return 0.0
    best = fuzz.ratio(key, other)
    shorter = min(len(key), len(other))
    if shorter > _SHORTEST and (key in other or other in key):
        best = max(best, _LIKELY + 20 * shorter / max(len(key), len(other)))
    pieces = [fold(piece) for piece in _APART.split(way)]
    return max([best, *(0.95 * fuzz.ratio(key, piece) for piece in pieces if len(piece) > _SHORTEST)])
