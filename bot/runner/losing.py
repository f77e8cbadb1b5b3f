"""Whom a change of an activity takes something that they have: their bus stop, or a seat there is no more.

Never changes anything: it is asked before staff go on.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.core.activity import Activity, Sheet
from storage import registrations

SEATED = frozenset({"held", "offered"})
SEATS = 10_000  # of a stop that is new: whatever it has may be too few


@dataclass(frozen=True, slots=True)
class Losing:
    """People. `bus`: whose stop is gone; `bus_seats`, `seats`: more than there are, by bus and in all."""

    bus: int = 0
    bus_seats: int = 0
    seats: int = 0

    def __bool__(self) -> bool:
        """Whether anybody loses anything."""
        return bool(self.bus or self.bus_seats or self.seats)


def losing(conn: Connection, before: Activity, after: Sheet) -> Losing:
    """Count who loses by a sheet that says this from now on."""
    bus, taken, seated = 0, dict.fromkeys((stop.key for stop in after.stops), 0), 0
    for one in registrations.counts(conn, before.id):
        people, has_seat = one.adults + one.children, one.seat in SEATED
        seated += people * has_seat
        if one.coming == "bus" and one.stop not in taken:
            bus += people
        elif one.coming == "bus":
            taken[one.stop] += people * has_seat
    had = {stop.key: stop.seats for stop in before.sheet.stops}
    short = sum(
        max(0, taken[one.key] - one.seats) for one in after.stops if one.seats < had.get(one.key, SEATS)
    )
    fewer = after.capacity is not None and after.capacity != before.sheet.capacity
    return Losing(bus, short, max(0, seated - after.capacity) if fewer and after.capacity else 0)
