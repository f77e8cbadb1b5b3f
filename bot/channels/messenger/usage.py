"""What the platform's usage headers say: how long a throttled Page should rest (pure).

Never guesses: without a number from the platform our own backoff decides.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

_HEADERS: Final = ("X-Business-Use-Case-Usage", "X-Page-Usage", "X-App-Usage")  # facts/channels.md §3.5
_LONGEST: Final = 3600.0  # seconds; longer is asked again then
_MINUTE: Final = 60.0


def rest(headers: Mapping[str, str]) -> float | None:
    """Seconds until access is regained, from `Retry-After` or the usage; None when nothing is told."""
    told = headers.get("Retry-After", "")
    if told.isascii() and told.isdigit():
        return min(_LONGEST, float(told[:6]))
    times = [minutes * _MINUTE for name in _HEADERS for minutes in _minutes(headers.get(name, ""))]
    return min(_LONGEST, max(times)) if times else None


def _minutes(header: str) -> Iterator[float]:
    try:
        usage: Any = orjson.loads(header) if header else {}
    except orjson.JSONDecodeError:
        return
    if not isinstance(usage, dict):
        return
    lists = [of for of in usage.values() if isinstance(of, list)]  # by business, one entry for each use
    for one in (usage, *(entry for entries in lists for entry in entries)):
        told = one.get("estimated_time_to_regain_access") if isinstance(one, dict) else None
        if isinstance(told, int | float) and not isinstance(told, bool) and told > 0:
            yield float(told)
