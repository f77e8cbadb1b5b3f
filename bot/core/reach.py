"""Where a person of several addresses is written to, when they did not just write themselves.

Never sends and never reads a clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.window import Grants, Kind, Standing, Window, way


@dataclass(frozen=True, slots=True)
class Reach:
    """An address. `window`: of its channel, None where we may always write."""

    address: int
    window: Window | None
    standing: Standing


def best(places: Sequence[Reach], kind: Kind, now: datetime) -> Reach | None:
    """The first where words may leave freely now; when nowhere, the first (`places`: used last, first)."""
    free = (
        one
        for one in places
        if one.window is None or way(kind, "", one.standing, one.window, Grants(), now) == "free"
    )
    return next(free, places[0] if places else None)
