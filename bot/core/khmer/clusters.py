"""What the eye sees as one letter, and cutting text without breaking it.

Never changes a letter: cutting drops white space at the cut, shortening adds an ellipsis, nothing else.
"""

import re
import unicodedata

_KHMER_MARKS = frozenset(chr(code) for code in (*range(0x17B4, 0x17D4), 0x17DD))
_GLUE = frozenset("\u200c\u200d\ufe0e\ufe0f")
_BLANK = " \t\r\n\f\v\u00a0\u200b\u2028\u2029\u3000"
_ELLIPSIS = "…"
# Places where a text may be cut, the best kind first; the cut is at the end of the match.
_CUTS = (
    re.compile(r"\n[ \t\u200b]*\n\s*"),
    re.compile(r"\n\s*"),
    re.compile(r"[។៕!?]+[»”\"')\]]*\s*|\.\s+"),
    re.compile(r"[\s\u200b]+"),
)


def clusters(text: str) -> list[str]:
    """The text in pieces that must stay whole: Khmer syllable parts, emoji sequences, marked letters."""
    pieces = []
    start = 0
    while start < len(text):
        end = _end(text, start)
        pieces.append(text[start:end])
        start = end
    return pieces


def cut(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` code points: at a blank line, else a line, a sentence, a space, a cluster.

    A kind of cut that would leave a piece under a quarter full is passed over for the next kind. Only a
    cluster longer than the limit is broken. No piece is blank, so blank text has none.
    """
    if limit < 1:
        raise ValueError("a piece needs room for one character")
    pieces = []
    rest = text
    while len(rest) > limit:
        end = _best_cut(rest, limit)
        pieces.append(rest[:end].rstrip(_BLANK))
        rest = _without_blanks(rest[end:])
    pieces.append(rest)
    return [piece for piece in pieces if piece.strip(_BLANK)]


def shorten(text: str, limit: int) -> str:
    """At most `limit` code points; what is longer ends in … at a cluster's edge."""
    if len(text) <= limit:
        return text
    end = max((edge for edge in _edges(text, limit - 1)), default=0)
    return (text[:end].rstrip(_BLANK) + _ELLIPSIS)[:limit]


def _without_blanks(text: str) -> str:
    """The text from its first cluster on that is not blank; a space that carries a mark is not."""
    start = 0
    while start < len(text) and not text[start : (end := _end(text, start))].strip(_BLANK):
        start = end
    return text[start:]


def _best_cut(text: str, limit: int) -> int:
    """Where the first piece ends; only white space that is dropped may reach past the limit."""
    edges = _edges(text, limit)
    if not edges:
        return limit
    for pattern in _CUTS:
        best = 0
        for found in pattern.finditer(text, 0, limit + 1):
            end = min(found.end(), limit)
            if end in edges:
                best = end
        if best * 4 >= limit:
            return best
    return max(edges)


def _edges(text: str, limit: int) -> frozenset[int]:
    """Ends of clusters within the first `limit` code points."""
    edges = set()
    end = 0
    while end < len(text) and (end := _end(text, end)) <= limit:
        edges.add(end)
    return frozenset(edges)


def _end(text: str, start: int) -> int:
    """The end of the cluster that begins at `start`."""
    end = start + 1
    if end < len(text) and ((_flag(text[start]) and _flag(text[end])) or text[start : end + 1] == "\r\n"):
        end += 1
    while end < len(text) and _stays(text[end - 1], text[end]):
        end += 1
    return end


def _stays(before: str, after: str) -> bool:
    """No cut between the two. A mark clings even to a space, a subscript sign holds what follows."""
    if after < "\u0300":
        return before in "\u17d2\u200d"
    return (
        after in _KHMER_MARKS
        or before in "\u17d2\u200d"
        or after in _GLUE
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= after <= "\U000e007f"  # flag tags
        or unicodedata.category(after)[0] == "M"
    )


def _flag(character: str) -> bool:
    """Regional indicators come in pairs."""
    return "\U0001f1e6" <= character <= "\U0001f1ff"
