"""Hours of a day as people type them: `7:30-11:30`, `៨ ដល់ ១២`, `8 am to 4 pm`.

Never guesses whether a single bare number means morning or evening: an hour is read as a clock writes it.
"""

import re
from datetime import time

from bot.core.khmer.fold import fold

_MORNING, _LATER = ("am", "a.m.", fold("ព្រឹក")), ("pm", "p.m.", fold("រសៀល"), fold("ល្ងាច"), fold("យប់"))
_PART = "|".join(re.escape(one) for one in (*_MORNING, *_LATER, fold("ថ្ងៃត្រង់")))
_HOUR = f"(?:{fold('ម៉ោង')})?\\s*([0-9]{{1,2}})(?:\\s*[:.]\\s*([0-9]{{2}}))?\\s*({_PART})?"
_ONE = re.compile(_HOUR)
_SPAN = re.compile(f"{_HOUR}\\s*(?:-|–|—|{fold('ដល់')}|to|until|\\s)\\s*{_HOUR}")
_NOON, _LAST_HOUR, _LAST_MINUTE = 12, 23, 59
_LONGEST = 60  # code points


def at(text: str) -> time | None:
    """The hour that the whole text is."""
    found = _ONE.fullmatch(_key(text))
    return _time(*found.groups()) if found else None


def span(text: str) -> tuple[time, time] | None:
    """From when until when, on one day; `8-4` is until four in the afternoon."""
    found = _SPAN.fullmatch(_key(text))
    if found is None:
        return None
    begins, ends = _time(*found.groups()[:3]), _time(*found.groups()[3:])
    if begins is None or ends is None:
        return None
    if ends <= begins and ends.hour < _NOON and not found[6]:
        ends = ends.replace(hour=ends.hour + _NOON)
    return (begins, ends) if begins < ends else None


def _key(text: str) -> str:
    return fold(text).strip(" .!?។") if len(text) <= _LONGEST else ""


def _time(hour: str, minute: str | None, part: str | None) -> time | None:
    read = int(hour)
    if part in _LATER and read < _NOON:
        read += _NOON
    elif part in _MORNING and read == _NOON:
        read = 0
    minutes = int(minute or 0)
    return time(read, minutes) if read <= _LAST_HOUR and minutes <= _LAST_MINUTE else None
