"""Lengths of time as people write them in settings, scripts and commands: `90m`, `24h`, `3d`, `2w`.

Never a date or a time of day.
"""

import re
from datetime import timedelta

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SHAPE = re.compile(r"([0-9]{1,6})\s?([smhdw])")


def read(text: str) -> timedelta | None:
    """The length of time, or None when the text is none."""
    found = _SHAPE.fullmatch(text.strip().lower())
    if found is None:
        return None
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def show(length: timedelta) -> str:
    """The shortest text that `read` takes back; parts of a second are dropped."""
    seconds = int(length.total_seconds())
    for unit, size in (("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
