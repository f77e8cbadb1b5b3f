"""Parts that wait to leave unasked, taken back by what caused them: what they say is no longer so.

Never touches a reply, nor what a sender has begun to send: that may have arrived.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    and_,
    bindparam,
    cast,
    delete,
    func,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from storage.schema import activity_told, outbox
from storage.statement import Statement, fixed

AT_ONCE = 500  # of one transaction: a few milliseconds
MATCH = "match:"  # letters of several activities: found by whom they were to tell of one
_REASON = "taken back"
_ANEW = "queued anew"
_GONE = {"body": null(), "cause": outbox.c.cause + fixed("/") + cast(outbox.c.id, String)}
_AFTER = "\x7f"  # comes after every character of a cause


class Taken(NamedTuple):
    """A part that will not leave; its cause is as it was, and free."""

    contact_id: int
    cause: str


_waits = (outbox.c.state.in_([fixed("queued"), fixed("held")]), outbox.c.lane > fixed(0))
_sending = (outbox.c.state == fixed("sending"), outbox.c.lane > fixed(1))
_claimed = (*_sending, outbox.c.sent_at.is_(None))  # not begun (`outbox.begun`): it surely has not left
_their = outbox.c.contact_id == bindparam("whose")
_tells_of = (
    select(fixed(1))
    .where(
        activity_told.c.activity_id == bindparam("activity"),
        activity_told.c.contact_id == outbox.c.contact_id,
        or_(
            activity_told.c.cause == outbox.c.cause,
            and_(  # a further part of the same letter
                activity_told.c.cause != fixed(""),
                func.substr(outbox.c.cause, fixed(1), func.length(activity_told.c.cause) + fixed(1))
                == activity_told.c.cause + fixed(":"),
            ),
        ),
    )
    .correlate(outbox)
    .exists()
)


def begins(dialect: str) -> tuple[ColumnElement[bool], ...]:
    """Whether a cause begins so (`since`, `until`), byte by byte, as the index has it."""
    since, until = bindparam("since", type_=String()), bindparam("until", type_=String())
    if dialect == "sqlite":
        return (outbox.c.cause >= since, outbox.c.cause < until)
    return (outbox.c.cause.op("~>=~")(since), outbox.c.cause.op("~<~")(until))


def _taking(*only: ColumnElement[bool]) -> Statement:
    """In one statement: what waits may be claimed, and what is claimed come back, at the very moment."""

    def made(dialect: str) -> ReturningUpdate[tuple[int, str]]:
        each = (select(outbox.c.id).where(*these, *begins(dialect), *only) for these in (_claimed, _waits))
        chosen = select(union_all(*each).subquery().c.id).limit(bindparam("limit"))
        gone = {
            "state": fixed("cancelled"),
            "reason": fixed(_REASON),
            "lease_by": null(),
            "lease_until": null(),
        }
        its = update(outbox).where(outbox.c.id.in_(chosen), or_(and_(*_claimed), and_(*_waits)))
        return its.values(_GONE | gone).returning(outbox.c.contact_id, outbox.c.cause)

    return Statement(made)


def _any(these: tuple[ColumnElement[bool], ...], *only: ColumnElement[bool]) -> Statement:
    return Statement(
        lambda dialect: select(outbox.c.id).where(*these, *begins(dialect), *only).limit(fixed(1))
    )


_ALL = _taking()
_OF = _taking(_their)
_MATCHED = _taking(_tells_of)
_WAITS = _any((*_waits, outbox.c.state == fixed("queued")))
_HELD_BY = _any(_sending)
_HELD_OF = _any(_sending, _their)
_HELD_BY_MATCH = _any(_sending, _tells_of)


def waits(conn: Connection, prefix: str) -> bool:
    """Tell whether anything waits for its time with a cause that begins so."""
    return _WAITS.one(conn, _from(prefix)) is not None


def late(conn: Connection, causes: Sequence[str]) -> frozenset[str]:
    """Tell which of these no sender took in their time."""
    return frozenset(conn.scalars(select(outbox.c.cause).where(*_late(causes))))


def free(conn: Connection, causes: Sequence[str]) -> None:
    """Let the causes of what no sender took in its time be queued anew. Their people are locked before."""
    conn.execute(update(outbox).where(*_late(causes)).values({**_GONE, "state": "expired", "reason": _ANEW}))


def _late(causes: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    return (outbox.c.state == "expired", outbox.c.reason == "", outbox.c.cause.in_(causes))


def take_back(
    conn: Connection, prefix: str, *, contact_id: int | None = None, limit: int = AT_ONCE
) -> list[Taken]:
    """End unsent what waits with a cause that begins so, of this person or of all.

    So it does what a sender has in hand and has not begun: they find that it is no more theirs. At most
    `limit`: whoever gets as many asks again, in another transaction. A cause that is taken back is free: the
    same may be queued anew, and really leave.
    """
    only = {} if contact_id is None else {"whose": contact_id}
    return _take(conn, _ALL if contact_id is None else _OF, _from(prefix) | only, limit)


def take_back_matched(conn: Connection, activity_id: int, limit: int = AT_ONCE) -> list[Taken]:
    """Do the same to letters of what fits somebody, of which this activity is one.

    As it was never said, nobody was told: what those letters were to tell is forgotten.
    """
    taken = _take(conn, _MATCHED, _from(MATCH) | {"activity": activity_id}, limit)
    its = activity_told.c
    if taken:
        whose, causes = {one.contact_id for one in taken}, {one.cause for one in taken}
        conn.execute(delete(activity_told).where(its.contact_id.in_(whose), its.cause.in_(causes)))
    return taken


def in_hand(conn: Connection, activity_id: int) -> bool:
    """Tell whether a sender has begun to send some of an activity: it may come back to wait."""
    its = _HELD_BY.one(conn, _from(f"activity:{activity_id}:"))
    if its is not None:
        return True
    return _HELD_BY_MATCH.one(conn, _from(MATCH) | {"activity": activity_id}) is not None


def in_hand_of(conn: Connection, activity_id: int, contact_id: int) -> bool:
    """Tell the same of what goes to one person."""
    return _HELD_OF.one(conn, _from(f"activity:{activity_id}:") | {"whose": contact_id}) is not None


def _take(conn: Connection, statement: Statement, wanted: dict[str, object], limit: int) -> list[Taken]:
    rows = statement.all(conn, wanted | {"limit": limit})
    return [Taken(row[0], row[1].rpartition("/")[0]) for row in rows]


def _from(prefix: str) -> dict[str, object]:
    return {"since": prefix, "until": prefix + _AFTER}
