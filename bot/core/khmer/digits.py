"""Digits of the three scripts that returnees use, and the numbers written with them.

Never reads number words: those belong to their own table.
"""

import re
from decimal import Decimal

from bot.core.khmer.normalise import normalise

_ASCII = "0123456789"
_KHMER = "០១២៣៤៥៦៧៨៩"
_THAI = "๐๑๒๓๔๕๖๗๘๙"
_WIDE = "０１２３４５６７８９"
_TO_ASCII = str.maketrans(_KHMER + _THAI + _WIDE, _ASCII * 3)
_TO_KHMER = str.maketrans(_ASCII + _THAI + _WIDE, _KHMER * 3)

_LONGEST = 30  # digits; nothing that a person counts has more
_LONGEST_TEXT = 80  # code points around them
_AFTER = re.compile(
    r"\s*(?:ឆ្នាំ|ខែ|ថ្ងៃ|នាក់|ដង|រៀល|៛|ដុល្លារ?|\$|បាត|฿|%|ភាគរយ|"
    r"years?(?: old)?|months?|days?|people|persons?|times?|riels?|khr|dollars?|usd|bahts?|thb)\s*$",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"^\s*(?:[$฿៛]|usd|khr|thb)\s*", re.IGNORECASE)
_SPACED = re.compile(r"\d{1,3}(?:[\s']\d{3})+")
_PLAIN = re.compile(r"([+-]?)(\d[\d.,]*)")


def to_ascii_digits(text: str) -> str:
    """Khmer, Thai and full-width digits as 0–9."""
    return text if text.isascii() else text.translate(_TO_ASCII)


def to_khmer_digits(text: str) -> str:
    """Every digit as ០–៩."""
    return text.translate(_TO_KHMER)


def number(text: str) -> Decimal | None:
    """The one number that the whole text is, maybe with a currency or a unit beside it.

    One separator before exactly three digits groups (5.000 riel is 5,000); otherwise the last one is
    the decimal mark.
    """
    if len(text) > _LONGEST_TEXT:
        return None
    digits = to_ascii_digits(normalise(text)).strip()
    digits = _AFTER.sub("", _BEFORE.sub("", digits)).strip()
    sign, spaced = (digits[:1], digits[1:].lstrip()) if digits[:1] in ("+", "-") else ("", digits)
    if _SPACED.fullmatch(spaced):
        spaced = re.sub(r"[\s']", "", spaced)
    written = _PLAIN.fullmatch(sign + spaced)
    if written is None or len(written[2]) > _LONGEST:
        return None
    plain = _without_grouping(written[2])
    return None if plain is None else Decimal(written[1] + plain)


def _without_grouping(written: str) -> str | None:
    """Digits with at most one `.`; None when the separators make no sense."""
    marks = [mark for mark in written if mark in ".,"]
    if not marks:
        return written
    last = marks[-1]
    whole, _, fraction = written.rpartition(last)
    grouped = len(set(marks)) == 1 and len(fraction) == 3 and whole != "0"
    if grouped:
        whole, fraction = written, ""
    elif not fraction or marks.count(last) > 1:
        return None
    groups = re.split("[.,]", whole)
    if len(groups) > 1 and not (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])):
        return None
    joined = "".join(groups)
    return f"{joined}.{fraction}" if fraction else joined
