"""What words mean, whatever their language: a thesaurus, and what stands together in a text.

Never says that a meaning is dangerous (`safety_sense` weighs them), knows no grammar and keeps no text.

A word is looked up as it is heard (Khmer, Thai, romanised Khmer) or spelled (English), the longest first. So
what was learned of "my husband" and "hit" holds for all words that mean the same, also in another language.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from types import MappingProxyType
from zlib import crc32

from bot.core.khmer.sound import sound
from bot.core.safety_key import INSIDE, WORD, Key, Said, heard, plain, spelled

LONGEST_WORD = 40  # letters of its key
SHORTEST_WORD = 2
MOST = 5  # concepts of a word: one that sounds like more says nothing
NEXT, NEAR, SAME = 1, 3, 11  # how many words further on the second of two may stand
_FIRST = 0xE000  # the code of the first concept: no letter of any word

Row = tuple[str, str, str]  # concept, language (`km`, `rom`, `th` or `en`), word
Forms = Mapping[str, str]  # key of a word → a letter for each of its concepts
Met = tuple[str, str]  # key of a word, and its concepts


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """Words by the letters of their keys, with a letter for each concept."""

    heard: Forms = field(default_factory=lambda: MappingProxyType({}))
    spelled: Forms = field(default_factory=lambda: MappingProxyType({}))


NO_THESAURUS = Thesaurus()


def keys(language: str, word: str) -> tuple[frozenset[str], frozenset[str]]:
    """How a word is looked up: as it is heard, and as it is spelled. Both empty: it can never be met."""
    letters = plain(word)
    by_sound = {heard(letters).letters} if language != "en" else set()
    if language == "km":
        by_sound.add(heard(plain(sound(word))).letters)  # as it is typed without a Khmer keyboard
    by_letters = {spelled(letters).letters} if language in ("en", "rom") else set()
    return frozenset(filter(_fits, by_sound)), frozenset(filter(_fits, by_letters))


def thesaurus_of(rows: Iterable[Row]) -> Thesaurus:
    """The words of a table, but for those that can never be met or mean more than MOST concepts."""
    rows = tuple(rows)
    codes = {name: chr(_FIRST + at) for at, name in enumerate(sorted({name for name, _, _ in rows}))}
    forms: tuple[dict[str, set[str]], dict[str, set[str]]] = ({}, {})
    for name, language, word in rows:
        for known, found in zip(forms, keys(language, word), strict=True):
            for key in found:
                known.setdefault(key, set()).add(codes[name])
    by_sound, by_letters = (
        {key: "".join(sorted(its)) for key, its in known.items() if len(its) <= MOST} for known in forms
    )
    return Thesaurus(by_sound, by_letters)


def meanings(thesaurus: Thesaurus, text: Said) -> frozenset[int]:
    """The checksums of every word and concept that a text names, and of what stands together in it."""
    met = (_met(thesaurus.heard, text.heard), _met(thesaurus.spelled, text.spelled))
    return frozenset(crc32(sign.encode()) for row in met for sign in _signs(row))


def packed(thesaurus: Thesaurus) -> bytes:
    """A thesaurus as bytes that `unpacked` reads: the words that are heard, an empty line, those spelled."""
    return "\n\n".join(map(_listed, (thesaurus.heard, thesaurus.spelled))).encode()


def unpacked(data: bytes) -> Thesaurus:
    """The thesaurus of bytes that `packed` made. Raises ValueError for anything else."""
    by_sound, by_letters = data.decode().split("\n\n")
    return Thesaurus(_forms(by_sound), _forms(by_letters))


def _listed(forms: Forms) -> str:
    return "\n".join(f"{key}\t{codes}" for key, codes in sorted(forms.items()))


def _forms(lines: str) -> Forms:
    rows = [line.split("\t") for line in lines.split("\n") if line]
    forms = dict(rows)
    if len(forms) < len(rows) or not all(_fits(key) and 1 <= len(its) <= MOST for key, its in forms.items()):
        raise ValueError("no words and their concepts")
    return forms


def _fits(key: str) -> bool:
    return SHORTEST_WORD <= len(key) <= LONGEST_WORD


def _met(forms: Forms, key: Key) -> list[Met]:
    """One word after the other with its concepts; words that are not known leave no gap."""
    met, at = [], 0
    while at < len(key.letters):
        end = _end(forms, key, at)
        if end:
            form = key.letters[at:end]
            met.append((form, forms[form]))
        at = end or at + 1
    return met


def _end(forms: Forms, key: Key, at: int) -> int:
    """Where the longest known word ends that begins at a letter; 0: none does."""
    begins = key.starts[at]
    if begins:
        for end in range(min(len(key.letters), at + LONGEST_WORD), at + SHORTEST_WORD - 1, -1):
            stops = key.ends[end - 1]
            whole = begins == stops == WORD or (stops and end - at >= INSIDE)
            if whole and key.letters[at:end] in forms:
                return end
    return 0


def _signs(row: Sequence[Met]) -> Iterator[str]:
    """Every word, every concept, and every two concepts that stand together, the closer the more signs."""
    together = set()  # the same words again say nothing new, however often they are repeated
    for at, (word, its) in enumerate(row):
        yield word
        yield from its
        for away, (_, others) in enumerate(row[at + 1 : at + 1 + SAME], 1):
            together.add((its, others, away <= NEAR, away <= NEXT))
    for its, others, near, following in together:
        for one, two in product(its, others):
            yield f"{min(one, two)},{max(one, two)}"
            if near:
                yield f"{one}…{two}"
            if following:
                yield one + two
