"""The search key of a text: what two spellings of the same word have in common.

Never shown to anybody and never stored in place of what was written.
"""

import re
import unicodedata

from bot.core.khmer.figures import TO_ASCII
from bot.core.khmer.normalise import normalise

_LIGHT = "\u17cb\u17d0\u17cd\u17ce\u17cf\u17d1"  # ់ ័ ៍ ៎ ៏ ៑: left out by many who type
_ALIKE = {
    "\u17ca": "\u17c9",  # the two shifters
    "ឲ": "ឱ",
    "ឳ": "ឪ",
    "ឬ": "ឫ",
    "ឮ": "ឭ",
    "ឦ": "ឥ",
}
_TABLE = str.maketrans({**dict.fromkeys(_LIGHT, ""), **_ALIKE}) | TO_ASCII
_DOUBLED = re.compile("\u17c9{2,}")
_KHMER_AND_ASCII = re.compile("[\x00-\x7f\u1780-\u17ff]*")


def fold(text: str) -> str:
    """The key: normalised, light marks dropped, look-alikes merged, ASCII digits, caseless, single spaces."""
    key = normalise(text)
    if not key.isascii():
        key = _DOUBLED.sub("\u17c9", key.translate(_TABLE))
    return " ".join(_caseless(key).split())


def _caseless(text: str) -> str:
    if _KHMER_AND_ASCII.fullmatch(text):
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())
