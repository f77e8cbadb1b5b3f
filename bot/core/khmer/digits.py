"""Numbers as people write them: digits of three scripts, words of three languages, a unit beside them.

Never reads a text that is more than one number: what is left over makes it none.
"""

from decimal import Decimal

from bot.core.khmer.figures import TO_ASCII, TO_KHMER
from bot.core.khmer.fold import fold
from bot.core.khmer.numerals import readings
from bot.core.khmer.units import measured

_LONGEST_TEXT = 160  # code points; nine digits in spaced words, with their unit, have fewer


def to_ascii_digits(text: str) -> str:
    """Khmer, Thai and full-width digits as 0–9."""
    return text if text.isascii() else text.translate(TO_ASCII)


def to_khmer_digits(text: str) -> str:
    """Every digit as ០–៩."""
    return text.translate(TO_KHMER)


def number(text: str) -> Decimal | None:
    """The one number that the whole text is, maybe with a currency or a unit beside it.

    Words are taken as they stand (ពីរពាន់ប្រាំ is 2,005); "3លាន5" is none, for it may be 3.5 million.
    """
    if len(text) > _LONGEST_TEXT:
        return None
    within = measured(fold(text))
    found = readings(within.bare) if within else ()
    if within is None or not found or (len(found) > 1 and within.bare[-1].isdecimal()):
        return None
    return within.whole(found[0])
