"""Parts that wait to leave unasked, taken back by what caused them: what they say is no longer so.

Never touches a reply, nor what a sender has in hand: that may have arrived.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, String, bindparam, cast, null, select, update
from sqlalchemy.sql.dml import Update

from storage.schema import outbox
from storage.statement import Statement, fixed

AT_ONCE = 500  # of one transaction: a few milliseconds
_REASON = "taken back"
_ANEW = "queued anew"
_GONE = {"body": null(), "cause": outbox.c.cause + fixed("/") + cast(outbox.c.id, String)}
_AFTER = "\x7f"  # comes after every character of a cause

_waits = (outbox.c.state.in_([fixed("queued"), fixed("held")]), outbox.c.lane > fixed(0))


def _begins(dialect: str) -> tuple[ColumnElement[bool], ...]:
    """Whether a cause begins so, byte by byte, as the index has it."""
    since, until = bindparam("since", type_=String()), bindparam("until", type_=String())
    if dialect == "sqlite":
        return (outbox.c.cause >= since, outbox.c.cause < until)
    return (outbox.c.cause.op("~>=~")(since), outbox.c.cause.op("~<~")(until))


def _taking(dialect: str, *only: ColumnElement[bool]) -> Update:
    chosen = select(outbox.c.id).where(*_waits, *_begins(dialect), *only).limit(bindparam("limit"))
    gone = {**_GONE, "state": fixed("cancelled"), "reason": fixed(_REASON)}
    return update(outbox).where(*_waits, outbox.c.id.in_(chosen.scalar_subquery())).values(gone)


_ALL = Statement(_taking)
_OF = Statement(lambda dialect: _taking(dialect, outbox.c.contact_id == bindparam("whose")))


_WAITS = Statement(
    lambda dialect: (
        select(outbox.c.id)
        .where(*_waits, outbox.c.state == fixed("queued"), *_begins(dialect))
        .limit(fixed(1))
    )
)


def waits(conn: Connection, prefix: str) -> bool:
    """Tell whether anything waits for its time with a cause that begins so."""
    return _WAITS.one(conn, {"since": prefix, "until": prefix + _AFTER}) is not None


def late(conn: Connection, causes: Sequence[str]) -> frozenset[str]:
    """Tell which of these no sender took in their time."""
    return frozenset(conn.scalars(select(outbox.c.cause).where(*_late(causes))))


def free(conn: Connection, causes: Sequence[str]) -> None:
    """Let the causes of what no sender took in its time be queued anew. Their people are locked before."""
    conn.execute(update(outbox).where(*_late(causes)).values({**_GONE, "state": "expired", "reason": _ANEW}))


def _late(causes: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    return (outbox.c.state == "expired", outbox.c.reason == "", outbox.c.cause.in_(causes))


def take_back(conn: Connection, prefix: str, *, contact_id: int | None = None, limit: int = AT_ONCE) -> int:
    """End unsent what waits with a cause that begins so, of this person or of all; how many parts.

    At most `limit`: whoever gets as many asks again, in another transaction. A cause that is taken back is
    free: the same may be queued anew, and really leave.
    """
    wanted: dict[str, object] = {"since": prefix, "until": prefix + _AFTER, "limit": limit}
    if contact_id is None:
        return _ALL.run(conn, wanted)
    return _OF.run(conn, wanted | {"whose": contact_id})
