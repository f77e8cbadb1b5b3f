"""Latin letters for Khmer words: a key that spellings of the same name share, and the labels a text may mean.

Never decides a meaning: what it finds are candidates for the caller to ask about.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz

from bot.core.khmer.chat_words import WORDS
from bot.core.khmer.fold import fold
from bot.core.khmer.sound import sound

_LETTERS = re.compile(r"[^a-z0-9]+")
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"[aeiouy]+")
# Letters that official and everyday spellings exchange; longer ones first.
_SAME = (
    ("chh", "c"), ("tch", "c"), ("ch", "c"), ("j", "c"), ("sh", "s"),
    ("kh", "k"), ("gh", "k"), ("g", "k"), ("q", "k"),
    ("th", "t"), ("dh", "d"), ("ph", "p"), ("bh", "p"), ("f", "p"), ("nh", "n"), ("rh", "r"), ("lh", "l"),
    ("x", "s"), ("z", "s"), ("v", "w"), ("b", "p"), ("d", "t"),
)  # fmt: skip


def latin(text: str) -> str:
    """Letters a–z and digits only, caseless, unmarked."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _LETTERS.sub("", plain)


def latin_key(text: str) -> str:
    """The consonant skeleton: `Samraong`, `Samrong` and `somroung` share `smrnk`.

    Vowels are dropped, but one in front counts as `a`; empty for text without Latin letters.
    """
    letters = latin(text)
    for spelling, letter in _SAME:
        letters = letters.replace(spelling, letter)
    front = "a" if _VOWELS.match(letters) else ""
    return _DOUBLED.sub(r"\1", front + _VOWELS.sub("", letters))


# --- which Khmer label a romanised text may mean ---------------------------------------------------

LIKELY = 66.0  # from here on a label is worth asking about
_SHORTEST = 3  # letters: less says nothing
_LONGEST = 60
_SHORT_COSTS = 20.0  # so short a sound is shared by too many words
_PIECES = re.compile("[\\s/,()–-]+|ឬ|និង")
_WORD = re.compile(r"[a-z']+")
_SPELT: dict[str, tuple[str, ...]] = {}  # a spelling → folded words that are spelt so
for _word, _spellings in WORDS.items():
    for _spelling in _spellings:
        _SPELT[_spelling] = (*_SPELT.get(_spelling, ()), fold(_word))
_SMALL_WORDS = "ខ្ញុំ បង អូន បាទ ចាស ទេ ផង ដែរ ហើយ ណា ចង់ សុំ សូម នៅ ទៅ មាន បាន ក៏ និង ឬ"
_SMALL = frozenset(map(fold, _SMALL_WORDS.split()))  # they say little by themselves


def candidates(text: str, labels: Iterable[str]) -> list[tuple[str, float]]:
    """Khmer labels that a text in Latin letters may mean, best first, with how likely (`LIKELY` to 100)."""
    letters = latin(text)
    if not _SHORTEST <= len(letters) <= _LONGEST or not letters.isalpha():
        return []
    likely = ((label, max(_by_words(text, label), _by_sound(letters, label))) for label in labels)
    return sorted((one for one in likely if one[1] >= LIKELY), key=lambda one: -one[1])


def _by_words(text: str, label: str) -> float:
    """How much of the text is known words of the label, and how much of the label they are."""
    key = fold(label).replace(" ", "")
    given = found = 0
    inside: dict[str, None] = {}  # its words, in the order of the text
    words = _WORD.findall(fold(text))
    at = 0
    while at < len(words):
        taken = 2 if at + 1 < len(words) and words[at] + words[at + 1] in _SPELT else 1
        spelling = "".join(words[at : at + taken])
        meant = _SPELT.get(spelling, ())
        at += taken
        here = [word for word in meant if word in key]
        if not here and meant and all(word in _SMALL for word in meant):
            continue
        given += len(spelling)
        found += len(spelling) if here else 0
        inside.update(dict.fromkeys(here))
    if not inside or (inside.keys() <= _SMALL and "".join(inside) != key):
        return 0.0
    whole = {word for word in inside if not any(word != other and word in other for other in inside)}
    share = min(1.0, sum(map(len, whole)) / len(key))
    return 100 * (found / given) * (0.7 + 0.3 * share)


def _by_sound(letters: str, label: str) -> float:
    """How alike the text and the label, or one of its pieces, sound."""
    best = 0.0
    for spelling, skeleton, weight in _sounds(label):
        near = (fuzz.ratio(letters, spelling) + fuzz.ratio(_bones(letters), skeleton)) / 2
        best = max(
            best, weight * near if min(len(spelling), len(letters)) > _SHORTEST else weight * near - 20
        )
    return best


@lru_cache(maxsize=4096)
def _sounds(label: str) -> tuple[tuple[str, str, float], ...]:
    """Letters, skeleton and weight of the whole label and of its pieces."""
    pieces = [piece for piece in _PIECES.split(label) if piece]
    ways = [(label, 1.0), *((piece, 0.95) for piece in pieces if len(pieces) > 1 and len(piece) > _SHORTEST)]
    heard = ((sound(way), weight) for way, weight in ways)
    return tuple((said, _bones(said), weight) for said, weight in heard if said)


def _bones(letters: str) -> str:
    """The skeleton without the breath that many leave out and the r that nobody hears."""
    return latin_key(letters).replace("h", "")
