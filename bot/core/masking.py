"""What somebody asked, made nobody's: digits, numbers to call, addresses and known names are taken out.

Never says whose words they were, and keeps no name: what is not known to be one stays.
"""

import re
import unicodedata
from collections.abc import Iterable

from bot.core.khmer.normalise import normalise

GONE, DIGIT = "***", "#"
LONGEST = 500  # characters that are kept
_ADDRESS = re.compile(r"(?:https?://|www\.|t\.me/|m\.me/|fb\.com/)\S+|\S+@\S+|@\w+", re.IGNORECASE)
_CALLED = re.compile(r"[+(]?\d(?:[\s().\-–/]*\d){6,}")  # \d knows the digits of every script
_SHORTEST = 2  # letters of a name that is looked for


def masked(words: str, names: Iterable[str]) -> str:
    """The words without digits, phone numbers, addresses and these names, whole or in part."""
    text = _CALLED.sub(GONE, _ADDRESS.sub(GONE, normalise(words)))
    for name in sorted({part for one in names for part in _parts(one)}, key=lambda one: (-len(one), one)):
        text = _pattern(name).sub(GONE, text)
    return "".join(DIGIT if unicodedata.category(one)[0] == "N" else one for one in text)[:LONGEST]


def _parts(name: str) -> Iterable[str]:
    """The name and each of its words."""
    whole = normalise(name).strip()
    return (one for one in {whole, *whole.split()} if len(one) >= _SHORTEST)


def _pattern(name: str) -> re.Pattern[str]:
    """Latin names as words; Khmer ones wherever they stand, for Khmer is written without spaces."""
    if name.isascii():
        return re.compile(rf"(?<![^\W\d_]){re.escape(name)}(?![^\W\d_])", re.IGNORECASE)
    letters = (re.escape(one) for one in name if not one.isspace())
    return re.compile(r"\s*".join(letters), re.IGNORECASE)
