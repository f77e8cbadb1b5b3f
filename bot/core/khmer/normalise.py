"""One spelling for what looks the same: the canonical encoding of Khmer text.

Never changes how a word looks to a reader; what may do that is `fold`, a search key only.
"""

import re
import unicodedata
from functools import lru_cache

BASES = "\u1780-\u17a2\u17a5-\u17b3"  # consonants and independent vowels, as a regex class
COENG = "\u17d2"  # makes the next letter a subscript
_RO = COENG + "\u179a"
_DA, _TA = COENG + "\u178a", COENG + "\u178f"  # look the same below the line
_E, _I, _A = "\u17c1", "\u17b8", "\u17b6"
_OE, _O = "\u17be", "\u17c4"
_U = "\u17bb"
_SHIFTERS = "\u17c9\u17ca"
_ABOVE = frozenset("\u17b7\u17b8\u17b9\u17ba\u17be\u17bf")  # push a shifter below, where it looks like U

_FIRST_SERIES = frozenset("កខចឆដឋណតថបផសហឡអ")
_SECOND_SERIES = frozenset("គឃងជឈញឌឍទធនពភមយរលវ")

# Marks in their order within a cluster (SIL Khmer Encoding Structure v2); subscripts come after the robat.
_ORDER = (
    "\u17cc"  # robat
    "\u17c9\u17ca"  # register shifters
    "\u17c1\u17c2\u17c3"  # vowels before the base
    "\u17bb\u17bc\u17bd"  # below
    "\u17b7\u17b8\u17b9\u17ba\u17be"  # above
    "\u17b6\u17bf\u17c0\u17c4\u17c5"  # after
    "\u17c6\u17cb\u17cd\u17ce\u17cf\u17d0\u17d1\u17dd"  # signs
    "\u17c7\u17c8"  # finals
)
_RANK = {mark: rank for rank, mark in enumerate(_ORDER)}

_NATURAL = 12  # code points; real clusters have at most nine

_UNWANTED = re.compile("[\u200b-\u200d\u00ad\ufeff\u17a3\u17a4\u17b4\u17b5\u17d3\u17d8]")
_WANTED = {
    **dict.fromkeys("\u200b\u200c\u200d\u00ad\ufeff\u17b4\u17b5", ""),  # nothing to see
    "\u17a3": "\u17a2",
    "\u17a4": "\u17a2\u17b6",
    "\u17d3": "\u17c6",
    "\u17d8": "។ល។",
}
_FOREIGN = re.compile("[^\u1780-\u17ff]+")
_MARKED = re.compile(f"[{BASES}]?(?:\u17d2[{BASES}]|[\u17b6-\u17d2\u17dd]){{2,}}|[{BASES}]?\u17d2[{BASES}]?")
_ELEMENT = re.compile(f"\u17d2[{BASES}]|[\u17b6-\u17d1\u17dd]")


def normalise(text: str) -> str:
    """The canonical encoding of any text. Idempotent, total; keep the raw text beside it.

    Words in other scripts become NFC. Invisible characters go (also those that glue emoji).
    """
    if text.isascii():
        return text
    if _UNWANTED.search(text):
        text = _UNWANTED.sub(lambda found: _WANTED[found[0]], text)
    if not unicodedata.is_normalized("NFC", text):
        text = _FOREIGN.sub(lambda run: unicodedata.normalize("NFC", run[0]), text)
    return _MARKED.sub(_remembered, text)


def _remembered(found: re.Match[str]) -> str:
    """The ordered cluster; only those of a natural length are worth the memory."""
    cluster = found[0]
    return _known(cluster) if len(cluster) <= _NATURAL else _ordered(cluster)


def _ordered(cluster: str) -> str:
    """A base (or none) and its marks, in order.

    A subscript sign without its letter is dropped, unless nothing else is there.
    """
    base = "" if cluster[0] == COENG or cluster[0] in _RANK else cluster[0]
    elements = _ELEMENT.findall(cluster, len(base))
    if not elements:
        return base or COENG
    subscripts = [_TA if element == _DA else element for element in elements if element[0] == COENG]
    subscripts.sort(key=lambda subscript: subscript == _RO)
    marks = _joined({element for element in elements if element[0] != COENG}, base)
    ordered = sorted(marks, key=_RANK.__getitem__)
    robat = 1 if ordered and ordered[0] == _ORDER[0] else 0
    return "".join((base, *ordered[:robat], *subscripts, *ordered[robat:]))


_known = lru_cache(maxsize=32768)(_ordered)


def _joined(marks: set[str], base: str) -> set[str]:
    """Vowels typed in two strokes become one; a U below an above-vowel becomes the shifter it stands for."""
    if _E in marks and _I in marks:
        marks = marks - {_E, _I} | {_OE}
    elif _E in marks and _A in marks:
        marks = marks - {_E, _A} | {_O}
    if _U in marks and marks & _ABOVE:
        if base in _FIRST_SERIES:
            return marks - {_U} | ({_SHIFTERS[1]} if marks.isdisjoint(_SHIFTERS) else set())
        if base in _SECOND_SERIES:
            return marks - {_U} | ({_SHIFTERS[0]} if marks.isdisjoint(_SHIFTERS) else set())
    return marks
