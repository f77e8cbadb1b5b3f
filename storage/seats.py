"""Seats of an activity and of its buses: how many are free, who waits, and to whom a freed one is offered.

Never gives a seat that is not there: whoever calls holds the activity (`activities.lock`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, null, select, update

from bot.core.activity import OPEN, Activity, Stop
from storage import agenda
from storage.schema import registration
from storage.statement import Statement, fixed, given

OFFER, LAPSE = "activity.offer", "activity.lapse"  # of the agenda; keys `activity:contact:number`
ANSWER_WITHIN = timedelta(hours=24)  # for whom a seat is offered to
BEFORE = timedelta(hours=3)  # it starts, or their bus leaves: later nobody could make ready


@dataclass(frozen=True, slots=True)
class Free:
    """Seats that nobody holds and none are offered of. `all` None: as many as come; `stops`: of each bus."""

    all: int | None
    stops: Mapping[str, int]

    def fits(self, size: int, stop: str) -> bool:
        """Whether so many find a seat, and one in their bus. A stop that is served no more takes none."""
        return (self.all is None or size <= self.all) and size <= self.stops.get(stop, size)

    def without(self, size: int, stop: str) -> "Free":
        """What is left when so many have theirs."""
        stops = {name: left - (size if name == stop else 0) for name, left in self.stops.items()}
        return Free(None if self.all is None else self.all - size, stops)

    def room(self, stop: str) -> int | None:
        """How many would find a seat now; None: as many as come."""
        known = [one for one in (self.all, self.stops.get(stop)) if one is not None]
        return max(0, min(known)) if known else None


_one = registration.c
GIVEN_UP = {"seat": fixed("none"), "answer": fixed("maybe"), "offered_until": null()}
"""What becomes of an offer that was not answered: nobody knows whether they come."""
_theirs = _one.activity_id == bindparam("activity")
_TAKEN = Statement(
    select(_one.stop, func.sum(_one.adults + _one.children))
    .where(
        _theirs,
        _one.contact_id != bindparam("but"),
        _one.seat.in_([fixed("held"), fixed("offered")]),
    )
    .group_by(_one.stop)
)
_OVERDUE = Statement(
    update(registration)
    .where(
        _theirs,
        _one.seat == fixed("offered"),
        _one.offered_until <= bindparam("now", type_=_one.offered_until.type),
    )
    .values(GIVEN_UP | {"changed_at": bindparam("now", type_=_one.changed_at.type)})
)
_WAITING = Statement(
    select(_one.contact_id, _one.adults + _one.children, _one.stop)
    .where(_theirs, _one.seat == fixed("waiting"))
    .order_by(_one.line, _one.contact_id)
)
_OFFER = Statement(
    update(registration)
    .where(_theirs, _one.contact_id == bindparam("whose"))
    .values(given("offered_until", "changed_at") | {"seat": fixed("offered"), "line": null()})
)
NOBODY = 0  # no contact has this id


def free(conn: Connection, held: Activity, but: int = NOBODY) -> Free:
    """Count what is free. `but`: as if this contact had none."""
    taken = {stop: int(people) for stop, people in _TAKEN.all(conn, {"activity": held.id, "but": but})}
    sheet = held.sheet
    stops = {stop.key: stop.seats - taken.get(stop.key, 0) for stop in sheet.stops}
    return Free(None if sheet.capacity is None else sheet.capacity - sum(taken.values()), stops)


def settle(
    conn: Connection, held: Activity, now: datetime, *, heard: datetime | None = None
) -> tuple[int, ...]:
    """End offers whose time is over, and offer what is free to the first parties that it is enough for.

    `heard`: when whoever is told of it can read it, where that is later than now. To whom it was offered.
    The agenda tells them (`OFFER`) and comes back when they have not answered (`LAPSE`).
    """
    _OVERDUE.run(conn, {"activity": held.id, "now": now})
    if held.state not in OPEN:
        return ()
    left, offered = free(conn, held), []
    for contact_id, size, stop in _WAITING.all(conn, {"activity": held.id}):
        until = deadline(held, stop, heard or now)
        if until is None or not left.fits(size, stop):
            continue
        if _offer(conn, held.id, contact_id, until, now):
            left = left.without(size, stop)
            offered.append(contact_id)
    return tuple(offered)


def serve(conn: Connection, held: Activity, now: datetime) -> None:
    """Whoever's stop is gone comes without a bus until they say otherwise, and by bus once it is back.

    `stop` of the registration keeps what they chose; a seat they have, or their place in the line, stays.
    """
    theirs = (_one.activity_id == held.id, _one.stop != "")
    served = [stop.key for stop in held.sheet.stops]
    lost = update(registration).where(*theirs, _one.answer == "bus", _one.stop.not_in(served))
    conn.execute(lost.values(answer="come", changed_at=now))
    back = update(registration).where(*theirs, _one.answer == "come", _one.stop.in_(served))
    conn.execute(back.values(answer="bus", changed_at=now))


def look_again(conn: Connection, activity_id: int, now: datetime) -> None:
    """Let the agenda settle it: there may be more seats, or fewer who want them."""
    agenda.arm(conn, LAPSE, f"{activity_id}:{NOBODY}", None, now, now)


def deadline(held: Activity, stop: str, heard: datetime) -> datetime | None:
    """Until when a seat is kept for whom it is offered to; None when it is too late to offer any."""
    bus = bus_of(held, stop)
    begins = bus.leaves_at if bus else held.sheet.starts_at
    until = min(heard + ANSWER_WITHIN, begins - BEFORE)
    return until if until > heard else None


def bus_of(held: Activity, stop: str) -> Stop | None:
    """The bus that leaves at a stop."""
    return next((one for one in held.sheet.stops if one.key == stop), None)


def most(held: Activity, stop: str) -> int | None:
    """How many one party can be at most, when all seats are free; None: as many as they like."""
    bus = bus_of(held, stop)
    known = [one for one in (held.sheet.capacity, bus.seats if bus else None) if one is not None]
    return min(known) if known else None


def _offer(conn: Connection, activity_id: int, contact_id: int, until: datetime, now: datetime) -> bool:
    """Offer it, unless they are gone: somebody is erased without waiting for the activity."""
    cells = {"activity": activity_id, "whose": contact_id, "offered_until": until, "changed_at": now}
    if _OFFER.run(conn, cells) == 0:
        return False
    stem = f"{activity_id}:{contact_id}"
    agenda.arm(conn, OFFER, stem, contact_id, now, now)
    agenda.arm(conn, LAPSE, stem, contact_id, until, now)
    return True
