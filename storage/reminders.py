"""Who of an activity is reminded, told of it or corrected, a page of people at a time; and whom that missed.

Never decides when or what they are told.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, delete, func, or_, select

from bot.core.activity import Activity, Purpose
from storage.schema import activity_missed, activity_told, outbox, registration, subscription
from storage.statement import Statement, fixed, given, inserting
from storage.taken_back import MATCH

EVERYBODY = 2**62  # as the last contact
KNOWN = frozenset({"sent", "unknown", "sending"})  # states of parts that may have arrived


@dataclass(frozen=True, slots=True)
class Expected:
    """Who is expected and wants to be reminded. `stop`: where their bus leaves; empty: they come alone."""

    contact_id: int
    stop: str


@dataclass(frozen=True, slots=True)
class Became:
    """Letters of an occasion (an offset, `new`, `r` and a revision): how many people, by what became of them.

    `state`: of the outbox, else why none could be sent.
    """

    occasion: str
    state: str
    people: int


_COMES = (
    registration.c.activity_id == bindparam("activity"),
    registration.c.answer.in_([fixed(one) for one in ("come", "bus", "maybe")]),
    registration.c.seat.in_([fixed(one) for one in ("none", "held")]),
    registration.c.remind != fixed("none"),
)
_WHO = (registration.c.contact_id, registration.c.stop)
_EXPECTED = Statement(
    select(*_WHO)
    .where(*_COMES, registration.c.contact_id > bindparam("after"))
    .order_by(registration.c.contact_id)
    .limit(bindparam("limit"))
)
_EXPECTED_OF = Statement(select(*_WHO).where(*_COMES, registration.c.contact_id == bindparam("whose")))

_knows = or_(
    activity_told.c.cause == fixed(""), outbox.c.state.in_([fixed(state) for state in sorted(KNOWN)])
)
_its_part = and_(activity_told.c.cause != fixed(""), outbox.c.cause == activity_told.c.cause)
# The page first: a planner that joins before it counts to the limit would read everybody for each page.
_page = (
    select(activity_told.c.contact_id)
    .distinct()
    .where(
        activity_told.c.activity_id == bindparam("activity"),
        activity_told.c.contact_id > bindparam("after"),
        activity_told.c.contact_id <= bindparam("until", type_=activity_told.c.contact_id.type),
    )
    .order_by(activity_told.c.contact_id)
    .limit(bindparam("limit"))
    .subquery()
)
_its = and_(
    activity_told.c.activity_id == bindparam("activity"), activity_told.c.contact_id == _page.c.contact_id
)
_TOLD = Statement(
    select(_page.c.contact_id, func.max(case((_knows, activity_told.c.revision), else_=fixed(0))))
    .select_from(_page.join(activity_told, _its).outerjoin(outbox, _its_part))
    .group_by(_page.c.contact_id)
    .order_by(_page.c.contact_id)
)
_COUNT = Statement(
    select(func.count(activity_told.c.contact_id.distinct())).where(
        activity_told.c.activity_id == bindparam("activity")
    )
)
_MISS = inserting(
    activity_missed,
    lambda insert: insert.values(
        given("activity_id", "contact_id", "occasion", "why", "at")
    ).on_conflict_do_update(
        index_elements=["activity_id", "contact_id", "occasion"],
        set_={"why": insert.excluded.why, "at": insert.excluded.at},
    ),
)


def expected(conn: Connection, activity_id: int, after: int, limit: int) -> list[Expected]:
    """List who comes with a seat where seats are counted, or may come; by contact, behind `after`."""
    rows = _EXPECTED.all(conn, {"activity": activity_id, "after": after, "limit": limit})
    return [Expected(*row) for row in rows]


def expected_of(conn: Connection, activity_id: int, contact_id: int) -> Expected | None:
    """Tell whether somebody is expected and wants to be reminded."""
    row = _EXPECTED_OF.one(conn, {"activity": activity_id, "whose": contact_id})
    return None if row is None else Expected(*row)


def busless(conn: Connection, held: Activity, contact_ids: Collection[int]) -> frozenset[int]:
    """Pick those who come without the bus that they chose, as its stop is gone (`seats.serve`)."""
    one = registration.c
    chose = select(one.contact_id).where(one.activity_id == held.id, one.contact_id.in_(contact_ids))
    lost = chose.where(one.answer == "come", one.stop.not_in(["", *(stop.key for stop in held.sheet.stops)]))
    return frozenset(conn.scalars(lost))


def followers(conn: Connection, activity: Activity, purpose: Purpose, after: int, limit: int) -> list[int]:
    """List who wants to hear of its like, there or anywhere, behind `after`; also whoever knows of it."""
    one, place = subscription.c, activity.sheet.place
    around = ["", *(place[:length] for length in range(2, len(place) + 1, 2))]
    wanted = select(one.contact_id).where(
        one.contact_id > after,
        one.purpose == purpose,
        one.place.in_(around),
        one.sector.in_(["", *sorted(activity.sheet.all_sectors)]),
    )
    return list(conn.scalars(wanted.group_by(one.contact_id).order_by(one.contact_id).limit(limit)))


def aware(conn: Connection, activity_id: int, contact_ids: Collection[int]) -> frozenset[int]:
    """Pick those who were shown it, or answered it. A letter of ours counts for nothing here."""
    told, came = activity_told.c, registration.c
    shown = select(told.contact_id).where(
        told.activity_id == activity_id, told.contact_id.in_(contact_ids), told.cause == fixed("")
    )
    answered = select(came.contact_id).where(
        came.activity_id == activity_id, came.contact_id.in_(contact_ids)
    )
    return frozenset(conn.scalars(shown.union(answered)))


def told(
    conn: Connection, activity_id: int, after: int, limit: int, until: int = EVERYBODY
) -> list[tuple[int, int]]:
    """List whom we wrote of it or showed it, by contact, to `until`; with the newest revision that they know.

    0: as far as anybody knows nothing of it has come to them.
    """
    rows = _TOLD.all(conn, {"activity": activity_id, "after": after, "until": until, "limit": limit})
    return [(int(contact_id), int(revision)) for contact_id, revision in rows]


def count_told(conn: Connection, activity_id: int) -> int:
    """Count whom anything was ever told of it, or is about to be."""
    row = _COUNT.one(conn, {"activity": activity_id})
    return 0 if row is None else int(row[0])


def became(conn: Connection, activity_id: int) -> list[Became]:
    """Count what became of its letters, and whom one could not be sent to, with the reason."""
    queued = (
        select(activity_told.c.cause, outbox.c.state)
        .join(outbox, outbox.c.cause == activity_told.c.cause)
        .where(activity_told.c.activity_id == activity_id)
    )
    counted = Counter((_occasion(row.cause), row.state) for row in conn.execute(queued))
    its = activity_missed.c
    missed = select(its.occasion, its.why, func.count()).where(its.activity_id == activity_id)
    for occasion, why, people in conn.execute(missed.group_by(its.occasion, its.why)):
        counted[occasion, why] += people
    return [Became(*which, people) for which, people in sorted(counted.items())]


def _occasion(cause: str) -> str:
    if cause.startswith(MATCH):
        return "match"
    return cause.split(":", 2)[2].rpartition(":")[0]


def miss(
    conn: Connection, activity_id: int, occasion: str, missed: Iterable[tuple[int, str]], now: datetime
) -> None:
    """Remember whom a reminder (its offset), correction (`r`, revision), offer, question misses, and why."""
    cells: dict[str, Any] = {"activity_id": activity_id, "occasion": occasion, "at": now}
    _MISS.many(conn, [cells | {"contact_id": contact_id, "why": why} for contact_id, why in missed])


def reached(conn: Connection, activity_id: int, occasion: str, contact_ids: Collection[int]) -> None:
    """Forget that these were missed on an occasion: by now it was not so."""
    its = (activity_missed.c.activity_id == activity_id, activity_missed.c.occasion == occasion)
    conn.execute(delete(activity_missed).where(*its, activity_missed.c.contact_id.in_(contact_ids)))


def heed(conn: Connection, activity_id: int, contact_id: int) -> None:
    """Forget which reminders and seats missed somebody: what they answered is no longer what it was."""
    its = (activity_missed.c.activity_id == activity_id, activity_missed.c.contact_id == contact_id)
    occasion = activity_missed.c.occasion
    which = or_(occasion.startswith("-"), occasion.startswith("offer"))
    conn.execute(delete(activity_missed).where(*its, which))
