"""Latin letters for Khmer words: a key that spellings of the same name share.

Never decides a meaning: a shared key is a candidate for the caller to weigh.
"""

import re
import unicodedata

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
