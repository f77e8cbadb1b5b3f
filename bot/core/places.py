"""The gazetteer: provinces, districts and communes by code, and finding one in what a person wrote.

Never chooses between places that fit equally well: it hands all of them back.
"""

import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.core.contact import Language
from bot.core.khmer.normalise import normalise
from bot.core.placenames import Phrase, likeness, phrases, spellings

Kind = Literal["province", "district", "town", "commune", "sangkat"]
Depth = Literal["province", "district", "commune"]

_DIGITS: Mapping[Depth, int] = {"province": 2, "district": 4, "commune": 6}
_TABLES: Mapping[str, tuple[Kind, int]] = {
    "province": ("province", 2),
    "district": ("district", 4),
    "town": ("town", 4),
    "commune": ("commune", 6),
}
_CANDIDATES = 6  # more are no help to a person who chooses
_LEAST = 60.0  # likeness (0–100) below which a name is another name
_LEAST_INSIDE = 55.0  # the same where the place around is known, so that there is less to confuse
_SURE = 74.0  # from here on a name may be taken without asking
_CLEAR = 6.0  # by which the best must lead


@dataclass(frozen=True, slots=True)
class Place:
    """One entry. `code` has 2, 4 or 6 digits and begins with the code of the place around it."""

    code: str
    km: str
    en: str
    kind: Kind
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Hit:
    """How well a place explains a phrase. `left`: names of the phrase that it does not explain.

    `itself`: the place was named, not a deeper one that counts for it.
    """

    place: Place
    itself: bool
    explained: int
    left: int
    likeness: float

    @property
    def rank(self) -> tuple[int, bool, int, float, bool, int, str]:
        """Smaller is better; of two that fit equally the larger place comes first."""
        doubtful, code = self.likeness < _SURE, self.place.code
        return (-self.explained, doubtful, self.left, -self.likeness, not self.itself, len(code), code)


class Gazetteer:
    """All places of one Release."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = {place.code: place for place in sorted(places, key=lambda place: place.code)}
        self._codes = tuple(self._places)
        self._spellings = {
            code: spellings((place.km, place.en, *place.aliases)) for code, place in self._places.items()
        }

    def __len__(self) -> int:
        return len(self._codes)

    def by_code(self, code: str) -> Place | None:
        """The place, or None."""
        return self._places.get(code)

    def children(self, code: str = "") -> tuple[Place, ...]:
        """The places one level below, by code; the provinces for the empty code."""
        return tuple(place for place in self._inside(code) if len(place.code) == len(code) + 2)

    def name(self, code: str, language: Language) -> str:
        """The place's name; a code that is not in this gazetteer stands for itself."""
        place = self._places.get(code)
        if place is None:
            return code
        return place.km if language == "km" else place.en

    def province_of(self, code: str) -> Place | None:
        """The province that the place is in, or is."""
        return self._places.get(code[:2])

    def find(self, text: str, within: str = "", depth: Depth = "commune") -> tuple[Place, ...]:
        """Places that the text may mean, best first, inside `within` and no deeper than `depth`.

        Reads whole phrases ("ឃុំបឹងខ្នារ ស្រុកបាកាន", "Bakan, Pursat"). A deeper place that is named counts
        for the one of `depth` around it.
        """
        return tuple(hit.place for hit in self._hits(text, within, depth))

    def match(self, text: str, within: str = "", depth: Depth = "commune") -> Place | tuple[Place, ...]:
        """The one place that the text surely means; else the candidates to ask about (maybe none)."""
        hits = self._hits(text, within, depth)
        if hits and _is_clear(hits, everywhere=not within):
            return hits[0].place
        return tuple(hit.place for hit in hits)

    def likely(self, text: str) -> Place | tuple[Place, ...]:
        """Like `match`, for words that nobody asked a place of: what only faintly resembles one is none."""
        hits = self._hits(text, "", "commune")
        if hits and _is_clear(hits, everywhere=True):
            return hits[0].place
        return tuple(hit.place for hit in hits if not hit.left and hit.likeness >= _SURE)

    def _inside(self, code: str) -> tuple[Place, ...]:
        first, last = bisect_left(self._codes, code), bisect_left(self._codes, code + ":")
        return tuple(self._places[inner] for inner in self._codes[first:last] if inner != code)

    def _hits(self, text: str, within: str, depth: Depth) -> list[_Hit]:
        """Best first; when the text is a spelling of some place, only the places so spelt."""
        best: dict[str, _Hit] = {}
        inside = self._inside(within)
        for phrase in phrases(text):
            for place in inside:
                hit = self._explain(phrase, place, _DIGITS[depth], _LEAST_INSIDE if within else _LEAST)
                if hit and (hit.place.code not in best or hit.rank < best[hit.place.code].rank):
                    best[hit.place.code] = hit
            if any(hit.likeness == 100 and not hit.left for hit in best.values()):
                break
        hits = sorted(best.values(), key=lambda hit: hit.rank)
        exact = [hit for hit in hits if hit.likeness == 100 and hit.explained == hits[0].explained]
        return (exact or hits)[:_CANDIDATES]

    def _explain(self, phrase: Phrase, place: Place, digits: int, least: float) -> _Hit | None:
        """The place for the phrase's first name, the places around it for the others."""
        own = likeness(phrase[0], self._spellings[place.code], place.kind)
        if own < least:
            return None
        around = [self._places[code] for code in (place.code[:4], place.code[:2]) if code in self._places]
        scores = [own]
        for name in phrase[1:]:
            near = max(
                (
                    likeness(name, self._spellings[outer.code], outer.kind)
                    for outer in around
                    if outer != place
                ),
                default=0.0,
            )
            if near >= _SURE:
                scores.append(near)
        shown = self._places.get(place.code[:digits], place)
        return _Hit(shown, shown == place, len(scores), len(phrase) - len(scores), sum(scores) / len(scores))


def _is_clear(hits: list[_Hit], *, everywhere: bool) -> bool:
    """The best explains every name, and nothing outside it comes near; a province's own name is clear.

    Looked for everywhere, a deeper place by one name must be spelt exactly: only three provinces' are known.
    """
    best = hits[0]
    if best.left or best.likeness < _SURE:
        return False
    if best.itself and best.likeness == 100 and best.place.kind == "province":
        return True
    province = best.itself and best.place.kind == "province"
    if everywhere and best.explained == 1 and best.likeness < 100 and not province:
        return False
    return all(
        hit.place.code.startswith(best.place.code)
        or hit.explained < best.explained
        or hit.left > best.left
        or hit.likeness <= best.likeness - _CLEAR
        for hit in hits[1:]
    )


def load(toml: bytes) -> Gazetteer:
    """The gazetteer in a `places.toml`. Raises ValueError naming the entry that is wrong.

    Tables `province`, `district`, `town`, `commune`; a line is `code = ["Khmer", "Latin", other spellings…]`.
    A commune of a town is a sangkat.
    """
    tables = tomllib.loads(toml.decode())
    places: dict[str, Place] = {}
    for table, entries in tables.items():
        if table not in _TABLES or not isinstance(entries, dict):
            raise ValueError(f"[{table}]: expected one of the tables {', '.join(_TABLES)}")
        kind, digits = _TABLES[table]
        for code, names in entries.items():
            if len(code) != digits or not (code.isascii() and code.isdecimal()) or code in places:
                raise ValueError(f"[{table}] {code}: expected a code of {digits} digits, once in the file")
            if not _are_names(names):
                raise ValueError(f'[{table}] {code}: expected ["Khmer name", "Latin name", other spellings]')
            km, en, *aliases = names
            places[code] = Place(code, normalise(km), normalise(en), kind, tuple(aliases))
    return Gazetteer(_in_its_place(place, places) for place in places.values())


def _are_names(names: object) -> bool:
    return (
        isinstance(names, list)
        and len(names) >= 2
        and all(isinstance(name, str) and name.strip() for name in names)
    )


def _in_its_place(place: Place, places: Mapping[str, Place]) -> Place:
    around = place.code[:-2]
    if not around:
        return place
    if around not in places:
        raise ValueError(f"{place.code}: the place around it, {around}, is not in the file")
    if place.kind == "commune" and places[around].kind == "town":
        return Place(place.code, place.km, place.en, "sangkat", place.aliases)
    return place
