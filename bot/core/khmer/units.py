"""What people write beside a number: currencies, counted things, and a half of them.

Never reads the number itself.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bot.core.khmer.fold import fold

Currency = Literal["KHR", "THB", "USD"]

_CURRENCIES: dict[Currency, tuple[str, ...]] = {
    "KHR": ("រៀល", "៛", "លុយខ្មែរ", "riels", "riel", "reil", "reals", "real", "khr"),
    "THB": ("បាត", "บาท", "฿", "លុយថៃ", "bahts", "baht", "baths", "bath", "bat", "thb"),
    "USD": (
        *("ដុល្លារ", "ដុល្លា", "ដុលា", "ដុលារ", "ដុល្លរ", "ដុល", "$"),
        *("dollars", "dollar", "dolla", "dolar", "usd", "bucks"),
    ),
}  # fmt: skip
_LETTERS: dict[str, Currency] = {"b": "THB", "រ": "KHR", "r": "KHR"}  # only right after digits
_COUNTED = (
    *("ឆ្នាំ", "ខែ", "ថ្ងៃ", "អាទិត្យ", "សប្តាហ៍", "នាក់", "ដង", "%", "ភាគរយ"),
    *("years old", "year old", "years", "year", "months", "month", "weeks", "week", "days", "day"),
    *("people", "persons", "person", "times", "time", "chhnam", "chnam", "khae", "thngai", "thngay", "neak"),
)
_IN_FRONT = ("លេខ", "ទី", "number", "no.")
_HALVES = ("កន្លះ", "and a half", "konlah", "kanlah", "knlas")


def _any(words: Iterable[str]) -> str:
    """A pattern of any of the words, folded, the longest first."""
    return "|".join(re.escape(one) for one in sorted(map(fold, words), key=len, reverse=True))


_MONEY = {fold(word): currency for currency, words in _CURRENCIES.items() for word in words}
_AFTER = re.compile(f"\\s*(?:(?<![a-z])|(?<=[0-9]k))(?P<unit>{_any((*_MONEY, *_COUNTED))})$")
_LETTER = re.compile(f"(?<=[0-9k])\\s?(?P<unit>{_any(_LETTERS)})$")
_BEFORE = re.compile(f"^(?:(?P<unit>{_any(_MONEY)})(?![a-z])|(?:{_any(_IN_FRONT)}))\\s*")
_HALF = re.compile(f"\\s*(?:{_any(_HALVES)})$")
_HALF_BELOW = 100  # "three years and a half"; of a thousand dollars a half may be of the thousand


@dataclass(frozen=True, slots=True)
class Measured:
    """`bare`: the text of the number; `currency` and `counted`: what of; `half`: and half of one more."""

    bare: str
    currency: Currency | None = None
    counted: bool = False
    half: bool = False

    def whole(self, number: Decimal) -> Decimal | None:
        """The number with its half; None where nobody can say half of what."""
        if not self.half:
            return number
        return number + Decimal("0.5") if number == int(number) and 0 < number < _HALF_BELOW else None


def measured(text: str) -> Measured | None:
    """The number of a folded text without what stands beside it; None when that contradicts itself."""
    bare = _BEFORE.sub("", text)
    front = None if (before := _BEFORE.match(text)) is None else before["unit"]
    without_half = _HALF.sub("", bare)
    half = without_half != bare and _unit(without_half) is not None
    behind = _unit(without_half if half else bare)
    if behind is None:
        return Measured(bare.strip(), None if front is None else _MONEY[front])
    unit = behind["unit"]
    currency = _LETTERS.get(unit) or _MONEY.get(unit)
    if front is not None and _MONEY[front] != currency:
        return None
    return Measured(behind.string[: behind.start()].strip(), currency, counted=currency is None, half=half)


def _unit(text: str) -> re.Match[str] | None:
    return _AFTER.search(text) or _LETTER.search(text)
