"""Amounts of money as people write them: riel, baht and dollars, the currency before or behind.

Never guesses a currency that is not written and never changes one into another.
"""

from dataclasses import dataclass
from decimal import Decimal

from bot.core.khmer.fold import fold
from bot.core.khmer.numerals import readings
from bot.core.khmer.understood import Understood
from bot.core.khmer.units import Currency, measured

_LONGEST = 160  # code points


@dataclass(frozen=True, slots=True)
class Amount:
    """`currency` as ISO 4217; None when it is not written: the caller asks."""

    value: Decimal
    currency: Currency | None


def amount(text: str) -> Understood[Amount]:
    """The one amount that the whole text is.

    ពីរពាន់ប្រាំ has two candidates, the likelier first: of money it is mostly 2,500 in short, and 2,005 as
    it stands. Nothing owed is below zero.
    """
    within = measured(fold(text)) if len(text) <= _LONGEST else None
    if within is None or within.counted:
        return Understood()
    found = (within.whole(value) for value in reversed(readings(within.bare)))
    return Understood(
        tuple(Amount(value, within.currency) for value in found if value is not None and value >= 0)
    )
