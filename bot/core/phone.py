"""Phone numbers as people type them, in E.164.

Never says that a number answers or belongs to somebody: only that it may exist.
"""

import re

import phonenumbers

from bot.core.khmer.digits import to_ascii_digits
from bot.core.khmer.normalise import normalise

_RUN = re.compile(r"\+?\(?\d[\d\s().\-–]{5,}\d")
_SEPARATORS = re.compile(r"[^\d+]")
_ABROAD = re.compile(r"(?:00)?(855\d{8,9}|66\d{8,9})")  # country code without its plus


def phone(text: str, region: str = "KH") -> str | None:
    """The first valid number in the text, of `region`, else Thai; None when there is none.

    A number valid in both countries is taken for one of `region`.
    """
    for run in _RUN.findall(to_ascii_digits(normalise(text))):
        digits = _SEPARATORS.sub("", run)
        for written, country in _readings(digits, region):
            if found := _valid(written, country):
                return found
    return None


def _readings(digits: str, region: str) -> list[tuple[str, str]]:
    """How the digits may be meant, the likeliest first."""
    if digits.startswith("+"):
        return [(digits, region)]
    readings = [(digits, region)]
    if abroad := _ABROAD.fullmatch(digits):
        readings.append(("+" + abroad[1], region))
    if digits.startswith("00"):
        readings.append(("+" + digits[2:], region))
    if digits.startswith("0") and region != "TH":
        readings.append((digits, "TH"))
    return readings


def _valid(written: str, country: str) -> str | None:
    try:
        parsed = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
