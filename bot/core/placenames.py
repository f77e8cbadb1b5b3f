"""How people write the name of a place: words for its level, several names in a row, either script.

Never knows which places exist; the gazetteer does.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from bot.core.khmer.fold import fold
from bot.core.khmer.romanised import latin, latin_key

_LEVELS: Mapping[str, tuple[str, ...]] = {
    "province": ("ខេត្ត", "ខែត្រ", "រាជធានី", "khet", "khaet", "province", "capital"),
    "district": ("ស្រុក", "ខណ្ឌ", "srok", "sruk", "khan", "district"),
    "town": ("ក្រុង", "krong", "krung", "town", "city", "municipality"),
    "commune": ("ឃុំ", "សង្កាត់", "khum", "sangkat", "commune"),
    "village": ("ភូមិ", "phum", "phoum", "village"),
}
_AFTER = frozenset({"province", "capital", "district", "town", "city", "municipality", "commune", "village"})
_LEVEL_OF = {fold(word): level for level, words in _LEVELS.items() for word in words}
_FITS = {
    "province": {"province"},
    "district": {"district", "town"},
    "town": {"town", "district", "province"},  # people say ក្រុងភ្នំពេញ
    "commune": {"commune", "sangkat"},
}
_KHMER_LEVELS = "|".join(word for word in _LEVEL_OF if not word.isascii())
_BEFORE_LEVELS = "|".join(word for word in _LEVEL_OF if word.isascii() and word not in _AFTER)
_AFTER_LEVELS = "|".join(_AFTER)
_CUT_BEFORE = re.compile(f"(?={_KHMER_LEVELS})|\\b(?=(?:{_BEFORE_LEVELS})\\b)")
_LEVEL_SPACE = re.compile(f"({_KHMER_LEVELS})\\s+")
_KHMER_SPACE = re.compile("(?<=[\u1780-\u17dd])\\s+(?=[\u1780-\u17b3])")  # no Khmer name has a space
_CUT_AFTER = re.compile(f"\\b({_AFTER_LEVELS})\\b")
_LEVEL = re.compile(
    f"^\\s*(?:({_KHMER_LEVELS})|({_BEFORE_LEVELS}|{_AFTER_LEVELS})\\b)|\\b({_AFTER_LEVELS})\\s*$"
)
_STOPS = re.compile(r"[,;/|\n។()]+|\s[-–]\s")
_OPENING = re.compile(
    f"^\\s*(?:{fold('ខ្ញុំ')})?\\s*(?:{fold('រស់')})?(?:{fold('នៅ')})\\s*|^\\s*(?:i )?(?:live in|from|in|at) "
)
_DRESS = re.compile("[\\s!-/:-@\\[-`{-~។៕៖“”‘’«»]+")
_NUMBERED = re.compile(r"(?<=\D)([123])$")
_KHMER_NUMBERS = {"1": fold("មួយ"), "2": fold("ពីរ"), "3": fold("បី")}
_LATIN_NUMBERS = {"1": "muoy", "2": "pir", "3": "bei"}

_LONGEST = 160  # code points; a longer text is a story, not a place
_MOST_NAMES = 5  # village to country
_MOST_WORDS = 6  # of Latin text that is tried as two names
_WRONG_LEVEL = 15.0  # points off when the level named is not the place's
_BONES = 3  # a shorter skeleton says nothing
_BONES_ADD = 15.0  # the most that a shared skeleton adds to shared letters
_ALMOST = 99.0  # the most that a spelling which is not equal can reach


@dataclass(frozen=True, slots=True)
class Name:
    """One name as it was written: its keys, and the level word beside it ("" for none)."""

    level: str
    khmer: str
    letters: str
    skeleton: str


@dataclass(frozen=True, slots=True)
class Spellings:
    """Keys of every spelling of one place."""

    khmer: tuple[str, ...]
    latin: tuple[tuple[str, str], ...]  # letters and skeleton


Phrase = tuple[Name, ...]


def spellings(names: Iterable[str]) -> Spellings:
    """The keys of a place's names in both scripts."""
    written = [_name(fold(name), "") for name in names]
    khmer = dict.fromkeys(name.khmer for name in written if name.khmer)
    return Spellings(
        tuple(khmer), tuple(dict.fromkeys((name.letters, name.skeleton) for name in written if name.letters))
    )


def phrases(text: str) -> list[Phrase]:
    """Ways to read the text: all of it as one name, then several names, the first of them the place itself.

    Villages are left out: the gazetteer ends at communes. A long text has no reading.
    """
    if len(text) > _LONGEST:
        return []
    folded = _OPENING.sub("", fold(text.replace("\n", ",")))
    ways = [[_name(folded, "")]]
    named = _named(folded)
    if 1 < len(named) <= _MOST_NAMES or (len(named) == 1 and named[0].level):
        ways.append(named)
    if len(named) == 1:
        words = folded.split()
        if 1 < len(words) <= _MOST_WORDS:
            ways += [
                [_name(" ".join(words[:cut]), ""), _name(" ".join(words[cut:]), "")]
                for cut in range(1, len(words))
            ]
    read = [tuple(name for name in way if name.khmer or name.letters) for way in ways]
    return [(way[own], *way[:own], *way[own + 1 :]) for way in read for own in range(len(way))]


def likeness(name: Name, of: Spellings, kind: str) -> float:
    """How near (0–100) a written name is to a place's; 100 only for a spelling of it."""
    if name.khmer:
        best = max((100.0 if key == name.khmer else _near(name.khmer, key) for key in of.khmer), default=0.0)
    else:
        best = max((_latin_likeness(name, *keys) for keys in of.latin), default=0.0)
    return best - _WRONG_LEVEL if name.level and kind not in _FITS.get(name.level, set()) else best


def _near(one: str, other: str) -> float:
    """Letters lost or added, or two that changed places: whichever explains more."""
    return min(_ALMOST, max(fuzz.ratio(one, other), 100 * OSA.normalized_similarity(one, other)))


def _latin_likeness(name: Name, letters: str, skeleton: str) -> float:
    if name.letters == letters:
        return 100.0
    near = _near(name.letters, letters)
    if min(len(name.skeleton), len(skeleton)) < _BONES:
        return near
    return min((near + _near(name.skeleton, skeleton)) / 2, near + _BONES_ADD)


def _named(folded: str) -> list[Name]:
    """The names that stops and level words tell apart, villages left out unless nothing else is there."""
    spaced = _KHMER_SPACE.sub(",", _LEVEL_SPACE.sub(r"\1", folded))
    marked = _CUT_AFTER.sub(r"\1,", _CUT_BEFORE.sub(",", spaced))
    names = []
    for piece in _STOPS.split(marked):
        level = _LEVEL.search(piece)
        word = next(filter(None, level.groups())) if level else ""
        name = _name(_LEVEL.sub("", piece, count=1), _LEVEL_OF.get(word, ""))
        if name.khmer or name.letters:
            names.append(name)
    return [name for name in names if name.level != "village"] or names


def _name(folded: str, level: str) -> Name:
    """A name in one script: Khmer when it has a Khmer letter."""
    bare = _DRESS.sub("", folded)
    if any("\u1780" <= letter <= "\u17b3" for letter in bare):
        return Name(level, _NUMBERED.sub(lambda digit: _KHMER_NUMBERS[digit[0]], bare), "", "")
    letters = _NUMBERED.sub(lambda digit: _LATIN_NUMBERS[digit[0]], latin(bare))
    return Name(level, "", letters, latin_key(letters))
