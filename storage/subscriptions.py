"""What somebody wants to hear of unasked, and at which hours; and what of it still waits to leave.

Never decides whether they may be written to, and never sends.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select

from bot.core.activity import Follow
from bot.core.hours import ANY
from storage.schema import activity, broadcast, outbox, safe_hours, subscription
from storage.statement import Statement, fixed, given, inserting

AT_MOST = 20  # of one person: more would be everything

_its = subscription.c
_FOLLOW = inserting(
    subscription,
    lambda insert: insert.values(
        given("contact_id", "purpose", "place", "sector", "created_at")
    ).on_conflict_do_nothing(index_elements=["contact_id", "purpose", "place", "sector"]),
)
_LEAVE = Statement(
    delete(subscription).where(
        _its.contact_id == bindparam("whose"),
        _its.purpose == bindparam("what"),
        _its.place == bindparam("where"),
        _its.sector == bindparam("of"),
    )
)
_COUNT = Statement(select(func.count()).where(_its.contact_id == bindparam("whose")))
_OF = Statement(
    select(_its.purpose, _its.place, _its.sector)
    .where(_its.contact_id == bindparam("whose"))
    .order_by(_its.id)
)
_HOURS = inserting(
    safe_hours,
    lambda insert: insert.values(given("contact_id", "hours")).on_conflict_do_update(
        index_elements=["contact_id"], set_={"hours": insert.excluded.hours}
    ),
)
_HOURS_OF = Statement(select(safe_hours.c.hours).where(safe_hours.c.contact_id == bindparam("whose")))


def follow(conn: Connection, contact_id: int, follow: Follow, now: datetime) -> bool:
    """Remember that somebody wants to hear of it; False when they did, or want very much already."""
    (count,) = _COUNT.one(conn, {"whose": contact_id}) or (0,)
    if count >= AT_MOST:
        return False
    cells = {"purpose": follow.purpose, "place": follow.place, "sector": follow.sector}
    return _FOLLOW.run(conn, cells | {"contact_id": contact_id, "created_at": now}) == 1


def leave(conn: Connection, contact_id: int, follow: Follow) -> bool:
    """Forget that somebody wants to hear of exactly this."""
    cells = {"what": follow.purpose, "where": follow.place, "of": follow.sector}
    return _LEAVE.run(conn, cells | {"whose": contact_id}) == 1


def end(conn: Connection, contact_id: int, purpose: str = "") -> int:
    """Forget all that somebody wants to hear of for a purpose, or for any; how many."""
    theirs = delete(subscription).where(_its.contact_id == contact_id)
    return conn.execute(theirs.where(_its.purpose == purpose) if purpose else theirs).rowcount


def of_person(conn: Connection, contact_id: int) -> list[Follow]:
    """List what somebody wants to hear of, as they said it."""
    return [Follow(*row) for row in _OF.all(conn, {"whose": contact_id})]


def set_hours(conn: Connection, contact_id: int, hours: str) -> None:
    """Remember when what comes unasked may reach somebody: morning, noon, evening, any."""
    _HOURS.run(conn, {"contact_id": contact_id, "hours": hours})


def hours_of(conn: Connection, contact_id: int) -> str:
    """Tell when what comes unasked may reach somebody."""
    row = _HOURS_OF.one(conn, {"whose": contact_id})
    return ANY if row is None else str(row[0])


def waiting(conn: Connection, contact_id: int, kinds: Iterable[str], *, matches: bool) -> list[str]:
    """List the causes of what waits for somebody of these kinds of activity, only because they follow them.

    `matches`: also what waits because it fits what they wrote. Reminders of what they come to are not of it.
    """
    causes = _causes(conn, contact_id)
    news = {cause: int(cause.split(":")[1]) for cause in causes if _announces(cause)}
    wanted = select(activity.c.id).where(activity.c.id.in_(news.values()), activity.c.kind.in_(tuple(kinds)))
    known = set(conn.scalars(wanted)) if news else set()
    return [cause for cause in causes if news.get(cause) in known or (matches and cause.startswith("match:"))]


def asks(conn: Connection, contact_id: int) -> list[str]:
    """List the causes of what waits for somebody to ask what became of an activity that they came to."""
    return [one for one in _causes(conn, contact_id) if one.startswith("activity:") and ":after" in one]


def announced(conn: Connection, contact_id: int, purpose: str) -> list[int]:
    """List the announcements that wait for somebody, of this purpose; empty: of any."""
    found = {int(one.split(":")[1]) for one in _causes(conn, contact_id) if one.startswith("broadcast:")}
    its = select(broadcast.c.id).where(broadcast.c.id.in_(found)).order_by(broadcast.c.id)
    return list(conn.scalars(its.where(broadcast.c.purpose == purpose) if purpose else its)) if found else []


def _causes(conn: Connection, contact_id: int) -> Sequence[str]:
    """Of all that waits for somebody unasked, but for words of staff."""
    theirs = (
        outbox.c.contact_id == contact_id,
        outbox.c.state.in_([fixed("queued"), fixed("held")]),
        outbox.c.lane > fixed(1),
    )
    return conn.scalars(select(outbox.c.cause).where(*theirs).order_by(outbox.c.id)).all()


def _announces(cause: str) -> bool:
    """Whether it tells somebody of a new activity."""
    kind, _, rest = cause.partition(":")
    return kind == "activity" and rest.partition(":")[2].startswith("new:")
