"""The digit signs of the scripts that returnees use, and one number written with signs alone.

Never reads a word or a unit.
"""

import re
from decimal import Decimal

_ASCII = "0123456789"
_KHMER = "០១២៣៤៥៦៧៨៩"
_THAI = "๐๑๒๓๔๕๖๗๘๙"
_WIDE = "０１２３４５６７８９"
TO_ASCII = str.maketrans(_KHMER + _THAI + _WIDE, _ASCII * 3)
TO_KHMER = str.maketrans(_ASCII + _THAI + _WIDE, _KHMER * 3)

_LONGEST = 30  # digits; nothing that a person counts has more
_SPACED = re.compile(r"[0-9]{1,3}(?:[\s'][0-9]{3})+")
_PLAIN = re.compile(r"([+-]?)([0-9][0-9.,]*)")


def figure(text: str) -> Decimal | None:
    """The one number that ASCII digits, their separators and a sign write.

    One separator before exactly three digits groups (5.000 riel is 5,000); otherwise the last one is
    the decimal mark.
    """
    sign, spaced = (text[:1], text[1:].lstrip()) if text[:1] in ("+", "-") else ("", text)
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
