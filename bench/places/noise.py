"""How thumbs and ears change the name of a place: seeded slips in Khmer, seeded spellings in Latin letters.

Never looks at the gazetteer's aliases: only at the official names.
"""

import random
from collections.abc import Callable

# Facts (khmer.md, Normalisation): the commonest slip is a vowel typed before its subscript; then marks are
# left out, letters doubled or lost, and letters taken for those that look or sound alike.
Noise = Callable[[str, random.Random], str]

_COENG = "\u17d2"
_VOWELS = frozenset(map(chr, range(0x17B6, 0x17C6)))
_MARKS = frozenset("\u17c9\u17ca\u17cb\u17cc\u17cd\u17d0")
_INVISIBLE = ("\u200b", " ", "\u200c")
ALIKE = (
    ("ណ", "ន"), ("ន", "ណ"), ("ឡ", "ល"), ("ល", "ឡ"), ("ដ", "ត"), ("ត", "ដ"), ("្ត", "្ដ"),
    ("្ដ", "្ត"), ("ធ", "ទ"), ("ទ", "ធ"),
    ("ថ", "ឋ"), ("ឈ", "ជ"), ("ព", "ភ"), ("ភ", "ព"), ("ិ", "ី"), ("ី", "ិ"), ("ឹ", "ិ"), ("ឺ", "ឹ"),
    ("ុ", "ូ"), ("ូ", "ុ"),
    ("ើ", "េី"), ("ោ", "េា"), ("ែ", "េ"), ("ៃ", "ៃយ"), ("ាំ", "ំា"), ("ំ", "ម"), ("ុំ", "ំុ"),
    ("ៅ", "ោ"), ("ួ", "ូ"), ("ឿ", "ើ"),
)  # fmt: skip
SOUNDS = (
    ("aeu", "eu"), ("oeu", "eu"), ("oe", "eu"), ("ae", "e"), ("ao", "o"), ("ou", "u"), ("ue", "eu"),
    ("ea", "a"), ("ie", "ea"),
    ("kh", "k"), ("k", "kh"), ("ph", "p"), ("p", "b"), ("b", "p"), ("th", "t"), ("t", "d"),
    ("d", "t"), ("chh", "ch"), ("ch", "j"),
    ("v", "w"), ("r", ""), ("aa", "a"), ("u", "ou"), ("o", "or"), ("a", "aa"), ("ng", "n"),
    ("ei", "ey"), ("ay", "ai"), ("l", "ll"),
)  # fmt: skip


def khmer(name: str, slips: random.Random) -> str:
    """One slip, or two one time in three."""
    for _ in range(slips.choice((1, 1, 2))):
        ways = [_early_vowel, _lost_mark, _doubled, _dropped, _alike, _alike, _split]
        slips.shuffle(ways)
        name = next((new for way in ways if (new := way(name, slips)) != name), name)
    return name


def latin(name: str, slips: random.Random) -> str:
    """One to three changes to the official spelling, small letters and spaces as they come."""
    name = name.lower() if slips.random() < 0.7 else name
    for _ in range(slips.choice((1, 2, 2, 3))):
        match slips.randrange(4):
            case 0:
                name = _dropped(name, slips)
            case 1:
                name = name.replace(" ", "", 1)
            case _:
                fitting = [one for one in SOUNDS if one[0] in name.lower()]
                if fitting:
                    old, new = slips.choice(fitting)
                    at = slips.choice([at for at in range(len(name)) if name.lower().startswith(old, at)])
                    name = name[:at] + new + name[at + len(old) :]
    return name


def _early_vowel(name: str, slips: random.Random) -> str:
    """A vowel before the subscript that it should follow."""
    places = [at for at in range(len(name) - 2) if name[at] == _COENG and name[at + 2] in _VOWELS]
    if not places:
        return name
    at = slips.choice(places)
    return name[:at] + name[at + 2] + name[at : at + 2] + name[at + 3 :]


def _lost_mark(name: str, slips: random.Random) -> str:
    places = [at for at, letter in enumerate(name) if letter in _MARKS]
    return _without(name, slips.choice(places)) if places else name


def _doubled(name: str, slips: random.Random) -> str:
    at = slips.randrange(len(name))
    return name[: at + 1] + name[at:]


def _dropped(name: str, slips: random.Random) -> str:
    """Any letter but the first."""
    return _without(name, slips.randrange(1, len(name))) if len(name) > 1 else name


def _alike(name: str, slips: random.Random) -> str:
    fitting = [one for one in ALIKE if one[0] in name]
    return name.replace(*slips.choice(fitting), 1) if fitting else name


def _split(name: str, slips: random.Random) -> str:
    at = slips.randrange(1, len(name))
    return name[:at] + slips.choice(_INVISIBLE) + name[at:]


def _without(name: str, at: int) -> str:
    return name[:at] + name[at + 1 :]
