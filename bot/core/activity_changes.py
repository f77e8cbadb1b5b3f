"""What of an activity has changed so that whoever knew it must be told; and the words that come first then.

Never tells anybody, and never counts what nobody plans by: descriptions, seats, who else is there.
"""

from typing import Literal

from bot.core.activity import Activity, Sheet

Change = Literal["cancelled", "when", "where", "stops", "cost"]


def changes(before: Sheet, now: Activity) -> tuple[Change, ...]:
    """What is different now, the weightiest first; what is called off is nothing else any more."""
    if now.state == "cancelled":
        return ("cancelled",)
    after = now.sheet
    found: list[Change] = []
    if (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at):
        found.append("when")
    if (before.place, before.venue, before.point) != (after.place, after.venue, after.point):
        found.append("where")
    if _stops(before) != _stops(after):
        found.append("stops")
    if before.cost != after.cost:
        found.append("cost")
    return tuple(found)


def moves(before: Sheet, after: Sheet) -> bool:
    """Whether it is at another time or place."""
    return (before.starts_at, before.ends_at, before.place) != (after.starts_at, after.ends_at, after.place)


def _stops(sheet: Sheet) -> frozenset[tuple[object, ...]]:
    return frozenset((one.key, one.name, one.leaves_at) for one in sheet.stops)
