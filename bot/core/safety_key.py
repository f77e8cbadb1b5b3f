"""Words as safety lists compare them: what spellings, spacing and repeated letters do not change.

Never shown, never kept, and never a meaning: only a key to look words up with.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.core.khmer.fold import fold

LONGEST = 5000  # letters; more than any platform lets a person write in one message
READ = 600  # letters of a message that the sense looks at; the lists read all of it
INSIDE = 5  # key letters: within a long Latin word only entries as long as this count
WORD = 2  # in `starts` and `ends`: a word surely begins or ends here
ASIAN = "\u1780-\u17ff\u0e00-\u0e7f"  # Khmer and Thai, for a class of letters in a regular expression
LONG_WORD = 9  # key letters: a Latin word as long as this may be several, written without spaces

_KHMER_MARKS = "\u17b4-\u17d3\u17dd"
_THAI_MARKS = "\u0e30\u0e31\u0e32\u0e34-\u0e3a\u0e45\u0e47-\u0e4e"
_PIECE = re.compile(
    f"(?P<khmer>[\u1780-\u17b3](?:\u17d2[\u1780-\u17b3]|[{_KHMER_MARKS}])*)"
    f"|(?P<thai>[\u0e40-\u0e44]*[\u0e01-\u0e2e][{_THAI_MARKS}]*)"
    "|(?P<latin>[0-9a-zåæœŋ]+)"
    "|(?P<stop>[.!?។៕…]+)"
)
_BLANKS = re.compile(f"(?<=[{ASIAN}])\\s+|\\s+(?=[{ASIAN}])")
_LATIN = re.compile("[a-z]")
_WORDS = re.compile("[a-z]+")
_ENGLISH = frozenset(
    _WORDS.findall(
        "the my is are was were to they not you can and of in for it he she we with on have has had did do "
        "does from this that his her our your their will would be been if i im when what where how who him "
        "them us want all please there its today tonight tomorrow now very just about am get got some any no"
    )
)
_ACCENTS = re.compile("[\u0300-\u036f'’‘`´]+")
_DOUBLED = re.compile("([a-z])\\1+|([\u0e30\u0e32])\\2+")
_DOUBLED_AGAIN = re.compile(r"([a-zåæœŋ])\1+")

# Khmer: nothing that is heard alike, or typed for the same, keeps two spellings apart.
_KHMER_SOUND = {
    "\u17d2": "",
    "\u17c9": "",
    "\u17ca": "",
    "\u17c8": "",
    "\u17c6": "ម",
    "ឺ": "ឹ",
    "ណ": "ន",
    "ឡ": "ល",
    "ឋ": "ថ",
    "ឍ": "ធ",
    "ឱ": "អោ",
    "ឥ": "អិ",
    "ឧ": "អុ",
    "ឯ": "អែ",
    "ឫ": "រឹ",
    "ឭ": "លឹ",
    "ឪ": "អូ",
    "ៗ": "",
}
_THAI_SOUND = {
    **dict.fromkeys("\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c", ""),
    **dict(zip("ศษณฬฎฏ", "สสนลดต", strict=True)),
}
_SOUND = str.maketrans({**_KHMER_SOUND, **_THAI_SOUND})

# Romanised Khmer: consonants that people exchange are one, vowels only roughly told apart.
_SAME = (("ng", "ŋ"), ("tch", "j"), ("ch", "j"), ("ny", "n"), ("nh", "n"))
_ASPIRATED = re.compile("([bdgklprst])h")
_SWALLOWED = re.compile("(?<=[aeiou])[hr]+(?![aeiou])")
_VOWEL_Y = re.compile("y(?![aeiou])")
_VOWELS = re.compile("[aeiou]+")
_CONSONANTS = str.maketrans("cgqjbdfvxz", "kkkcptpwss")


@dataclass(frozen=True, slots=True)
class Key:
    """The letters of a text. `starts`, `ends` at each letter: WORD, a word begins (ends) there; 1, it may."""

    letters: str
    starts: bytes
    ends: bytes


@dataclass(frozen=True, slots=True)
class Said:
    """What the sense reads of a text: its plain letters, and their keys as heard and as spelled."""

    plain: str
    heard: Key
    spelled: Key


def said(text: str) -> Said:
    """The first READ letters."""
    words = unspaced(plain(text[:READ]))
    return Said(words, heard(words), spelled(words))


def unspaced(words: str) -> str:
    """Without the blanks beside Khmer and Thai letters: people put them anywhere."""
    return _BLANKS.sub("", words)


def plain(text: str) -> str:
    """Folded, without accents and doubled letters: what both keys are made of."""
    words = fold(text[:LONGEST])
    if not words.isascii():
        words = unicodedata.normalize("NFKD", words)
    return _DOUBLED.sub(lambda found: found[0][0], _ACCENTS.sub("", words))


def heard(words: str) -> Key:
    """Plain Khmer, Thai and romanised Khmer by sound."""
    if _LATIN.search(words):
        words = _WORDS.sub("", words) if _is_english(words) else _romanised(words)
    return _key(words)


def spelled(words: str) -> Key:
    """Plain English by its letters."""
    return _key(words) if words.isascii() or _LATIN.search(words) else Key("", b"", b"")


def _is_english(words: str) -> bool:
    """Whether so many of the small words are English that the others will not be Khmer."""
    row = _WORDS.findall(words)
    return len(row) > 2 and sum(word in _ENGLISH for word in row) * 3 >= len(row)


def _romanised(words: str) -> str:
    for spelling, letter in _SAME:
        words = words.replace(spelling, letter)
    words = _ASPIRATED.sub(r"\1", words).translate(_CONSONANTS)
    words = _SWALLOWED.sub("", _VOWEL_Y.sub("i", words))
    return _DOUBLED_AGAIN.sub(r"\1", _VOWELS.sub(lambda run: _vowel(run[0]), words))


@lru_cache(maxsize=1024)
def _vowel(run: str) -> str:
    """One letter for the kind of vowel: open, front, round, or what they glide between."""
    front, round_, open_ = (not kind.isdisjoint(run) for kind in (_FRONT, _ROUND, _OPEN))
    if front and round_:
        return "œ"
    if open_:
        return "æ" if front else "å" if round_ else "a"
    return "e" if front else "o"


_FRONT, _ROUND, _OPEN = frozenset("ei"), frozenset("ou"), frozenset("a")


def _key(words: str) -> Key:
    """A letter that ends a word and begins the next is one: so it is when nobody writes a space."""
    letters: list[str] = []
    starts, ends = bytearray(), bytearray()
    for piece in _PIECE.finditer(words):
        match piece.lastgroup:
            case "latin":
                sound, begins, stops = _latin(piece[0])
            case "stop":
                sound, begins, stops = ".", _WHOLE, _WHOLE
            case _:
                sound, begins, stops = _cluster(piece[0])
        is_one = len(sound) == 1 or piece.lastgroup == "latin"
        if letters and sound and letters[-1][-1] == sound[0] and is_one:
            starts[-1] = WORD
            sound, begins, stops = sound[1:], begins[1:], stops[1:]
        if sound:
            letters.append(sound)
            starts += begins
            ends += stops
    return Key("".join(letters), bytes(starts), bytes(ends))


_WHOLE = bytes((WORD,))


def _latin(word: str) -> tuple[str, bytes, bytes]:
    """A word, where words may begin in it, and where they may end."""
    between = bytes((int(len(word) >= LONG_WORD),)) * (len(word) - 1)
    return word, _WHOLE + between, between + _WHOLE


@lru_cache(maxsize=8192)
def _cluster(cluster: str) -> tuple[str, bytes, bytes]:
    """A cluster by sound, and where it begins and ends; clusters are no secret, there are few."""
    sound = cluster.translate(_SOUND)
    between = bytes(len(sound) - 1) if sound else b""
    return (sound, _WHOLE + between, between + _WHOLE) if sound else ("", b"", b"")
