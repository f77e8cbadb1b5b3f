"""Who comes to an activity, with whom, and on which seat; a seat is given under the activity's lock.

Never gives more seats than there are, and never tells anybody: the agenda does.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, delete, func, select, update

from bot.core.activity import OPEN, Activity, Coming, Party, Registration, Remind
from storage import activities, seats
from storage.registration_rows import COLUMNS, NEEDS, Listed, listed, natural, opened
from storage.schema import contact, registration
from storage.seal import DataKey, Vault
from storage.statement import Statement, given, inserting

__all__ = [
    "Booked",
    "Counts",
    "Listed",
    "Refused",
    "answer_offer",
    "by_activity",
    "counts",
    "forget",
    "of",
    "of_person",
    "pass_on",
    "register",
]


class Refused(StrEnum):
    """Why nothing was written.

    CLOSED: it is over, cancelled or not published. BUS: no such bus, or it has left.
    NEVER: they are more than all seats of it or of their bus.
    """

    CLOSED = "closed"
    BUS = "bus"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Booked:
    """What stands now. `room` not None: it stands as before, for there are only so many seats more."""

    registration: Registration
    room: int | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Parties and people of one answer, seat and stop."""

    coming: Coming
    seat: str
    stop: str
    parties: int
    adults: int
    children: int


_CELLS = ("answer", "seat", "adults", "children", "stop", "needs", "remind", "line", "offered_until")
_WRITE = inserting(
    registration,
    lambda insert: insert.values(
        given("activity_id", "contact_id", "ticket", "created_at", "changed_at", *_CELLS)
    ).on_conflict_do_update(
        index_elements=["activity_id", "contact_id"],
        set_={name: insert.excluded[name] for name in (*_CELLS, "changed_at")}
        | {"ticket": func.coalesce(registration.c.ticket, insert.excluded.ticket)},
    ),
)
_OF = Statement(
    select(*COLUMNS).where(
        registration.c.activity_id == bindparam("activity"), registration.c.contact_id == bindparam("whose")
    )
)
_LAST = Statement(
    select(func.max(registration.c.line)).where(registration.c.activity_id == bindparam("activity"))
)


def register(  # noqa: PLR0913 - who, what and with whom
    conn: Connection,
    key: DataKey,
    contact_id: int,
    activity_id: int,
    coming: Coming,
    party: Party,
    *,
    remind: Remind,
    ticket: str,
    now: datetime,
    heard: datetime | None = None,
) -> Booked | Refused:
    """Write down whether somebody comes: at once with a seat, else as the last of those who wait.

    Raises ValueError: a party of nobody.

    Whoever has a seat and asks for more than there is keeps what they have. `ticket`: theirs if they have
    none yet. `heard`: see `seats.settle`. What they give back is offered on.
    """
    held = activities.lock(conn, activity_id)
    if held is None or held.state not in OPEN or held.sheet.ends_at <= now:
        return Refused.CLOSED
    asked = party if coming == "bus" else replace(party, stop="")
    if (wrong := _wrong(held, coming, asked, now)) is not None:
        return wrong
    seats.settle(conn, held, now, heard=heard)  # whoever waits longer goes first
    before, line = _found(conn, key, contact_id, activity_id)
    booked = _seated(conn, held, contact_id, Registration(activity_id, coming, asked, "none", remind), before)
    if booked.room is not None:
        return booked
    waits = booked.registration.seat == "waiting"
    place = (line or _next(conn, activity_id)) if waits else None
    _write(conn, key, contact_id, booked.registration, ticket, place, now)
    seats.settle(conn, held, now, heard=heard)
    return Booked(of(conn, key, contact_id, activity_id) or booked.registration)


def answer_offer(  # noqa: PLR0913 - who, what and when
    conn: Connection,
    key: DataKey,
    contact_id: int,
    activity_id: int,
    *,
    taken: bool,
    ticket: str,
    now: datetime,
    heard: datetime | None = None,
) -> Booked | Refused | None:
    """Take the seat that was offered, or leave it to the next. Too late, they are given any that is free.

    Without one they wait again, as the last. None: they never registered.
    """
    before = of(conn, key, contact_id, activity_id)
    if before is None:
        return None
    by_bus = before.party.stop and before.coming != "come"  # whose stop is gone: see `seats.serve`
    coming: Coming = ("bus" if by_bus else "come") if taken else "cannot"
    return register(
        conn,
        key,
        contact_id,
        activity_id,
        coming,
        before.party,
        remind=before.remind,
        ticket=ticket,
        now=now,
        heard=heard,
    )


def pass_on(
    conn: Connection, contact_id: int, activity_id: int, now: datetime, *, heard: datetime | None = None
) -> None:
    """End an offer that its person cannot be told of, or has not answered, and offer the seat to the next."""
    held = activities.lock(conn, activity_id)
    if held is None:
        return
    its = (registration.c.activity_id == activity_id, registration.c.contact_id == contact_id)
    offer = update(registration).where(*its, registration.c.seat == "offered")
    conn.execute(offer.values(seats.GIVEN_UP | {"changed_at": now}))
    seats.settle(conn, held, now, heard=heard)


def forget(conn: Connection, contact_id: int, now: datetime) -> None:
    """Delete every registration of somebody; seats they had are offered on."""
    theirs = select(registration.c.activity_id).where(registration.c.contact_id == contact_id)
    for activity_id in conn.scalars(theirs.order_by(registration.c.activity_id)).all():
        its = (registration.c.activity_id == activity_id, registration.c.contact_id == contact_id)
        conn.execute(delete(registration).where(*its))
        seats.look_again(conn, activity_id, now)


# --- reading ---


def of(conn: Connection, key: DataKey | None, contact_id: int, activity_id: int) -> Registration | None:
    """Read what somebody answered to an activity. Without `key` their needs stay shut."""
    return _found(conn, key, contact_id, activity_id)[0]


def by_activity(
    conn: Connection, activity_id: int, vault: Vault | None = None, *, after: int = 0, limit: int = 10_000
) -> list[Listed]:
    """List who answered, by contact from `after` on. Without `vault` their needs stay shut."""
    one = registration.c
    wanted = (
        select(registration, contact.c.data_key)
        .join(contact, contact.c.id == one.contact_id)
        .where(one.activity_id == activity_id, one.contact_id > after)
    )
    rows = conn.execute(wanted.order_by(one.contact_id).limit(limit))
    return [listed(row, vault.unwrap(row.data_key) if vault else None) for row in rows]


def of_person(conn: Connection, key: DataKey | None, contact_id: int) -> list[Listed]:
    """List what somebody answered, activity by activity."""
    theirs = select(registration).where(registration.c.contact_id == contact_id)
    return [listed(row, key) for row in conn.execute(theirs.order_by(registration.c.activity_id))]


def counts(conn: Connection, activity_id: int) -> list[Counts]:
    """Count who answered what."""
    one = registration.c
    grouped = (one.answer, one.seat, one.stop)
    sums = (func.count(), func.sum(one.adults), func.sum(one.children))
    wanted = select(*grouped, *sums).where(one.activity_id == activity_id).group_by(*grouped)
    rows = conn.execute(wanted.order_by(*grouped))
    return [Counts(row[0], row[1], row[2], row[3], int(row[4]), int(row[5])) for row in rows]


# --- how it is done ---


def _wrong(held: Activity, coming: Coming, party: Party, now: datetime) -> Refused | None:
    if party.adults < 0 or party.children < 0 or party.size < 1:
        raise ValueError("a party of nobody")
    bus = seats.bus_of(held, party.stop)
    if coming == "bus" and (bus is None or bus.leaves_at <= now):
        return Refused.BUS
    most = seats.most(held, party.stop)
    if coming in {"come", "bus"} and most is not None and party.size > most:
        return Refused.NEVER
    return None


def _seated(
    conn: Connection, held: Activity, contact_id: int, asked: Registration, before: Registration | None
) -> Booked:
    """Find them a seat, or the end of the line; whoever has one already loses it only by their own will."""
    if asked.coming not in {"come", "bus"}:
        return Booked(asked)
    left = seats.free(conn, held, contact_id)
    if left.fits(asked.party.size, asked.party.stop):
        return Booked(replace(asked, seat="held"))
    if before is not None and before.seat in {"held", "offered"}:
        return Booked(before, room=left.room(asked.party.stop))
    return Booked(replace(asked, seat="waiting"))


def _found(
    conn: Connection, key: DataKey | None, contact_id: int, activity_id: int
) -> tuple[Registration | None, int | None]:
    """Also their place among those who wait."""
    row = _OF.one(conn, {"activity": activity_id, "whose": contact_id})
    return (None, None) if row is None else (opened(key, contact_id, row), row[-1])


def _next(conn: Connection, activity_id: int) -> int:
    row = _LAST.one(conn, {"activity": activity_id})
    return 1 + ((row[0] if row else None) or 0)


def _write(  # noqa: PLR0913, PLR0917 - whose, what and when
    conn: Connection,
    key: DataKey,
    contact_id: int,
    now_is: Registration,
    ticket: str,
    line: int | None,
    now: datetime,
) -> None:
    party = now_is.party
    needs = [name for name in ("childcare", "mobility") if getattr(party, name)]
    where = natural(contact_id, now_is.activity)
    cells: dict[str, Any] = {"answer": now_is.coming, "seat": now_is.seat, "line": line}
    cells |= {"adults": party.adults, "children": party.children, "stop": party.stop}
    cells |= {"needs": key.seal(NEEDS, where, orjson.dumps(needs)) if needs else None}
    cells |= {"remind": now_is.remind, "offered_until": None, "ticket": ticket or None}
    cells |= {"activity_id": now_is.activity, "contact_id": contact_id}
    _WRITE.run(conn, cells | {"created_at": now, "changed_at": now})
