"""People for whom an announcement is queued once more: it was held back, or no sender came in their hours.

Never touches what has left, what a sender has in hand, or what waits for its person to write.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, and_, cast, null, or_, select, update

from storage.parts import NEVER, Lane
from storage.schema import account, broadcast_recipient, outbox
from storage.statement import fixed
from storage.taken_back import begins

ANEW = "queued anew"
_LANE = outbox.c.lane == fixed(int(Lane.BROADCAST))
_HELD = and_(outbox.c.state == fixed("queued"), _LANE, outbox.c.not_before == NEVER)
_LATE = and_(outbox.c.state == fixed("expired"), outbox.c.reason == fixed(""), _LANE)


def held(conn: Connection, broadcast_id: int, limit: int) -> list[int]:
    """List some of those for whom parts of it were held back, at most `limit`; sorted."""
    indexed = outbox.c.account_id.in_(select(account.c.id))  # so that the index of what waits is taken
    return _whose(conn, broadcast_id, limit, indexed, _HELD)


def late(conn: Connection, broadcast_id: int, limit: int) -> list[int]:
    """List some of those whose parts of it no sender took in their time, at most `limit`; sorted."""
    return _whose(conn, broadcast_id, limit, _LATE)


def take(conn: Connection, broadcast_id: int, people: Collection[int]) -> frozenset[int]:
    """End what was held back or is late for these people, and free its causes; whose there was any.

    Their sessions are locked. What goes to them all the same is queued anew in the same transaction.
    """
    freed = {"body": null(), "cause": outbox.c.cause + fixed("/") + cast(outbox.c.id, String)}
    return _end(conn, broadcast_id, people, freed | {"state": "cancelled", "reason": ANEW})


def give_up(conn: Connection, broadcast_id: int, people: Collection[int], why: str) -> None:
    """End it for these people for good: it is over before their hours begin."""
    _end(conn, broadcast_id, people, {"state": "expired", "reason": why})


def skip(conn: Connection, broadcast_id: int, whom: Mapping[int, str]) -> None:
    """Remember why it does not go, after all, to people it was queued for."""
    its = broadcast_recipient.c
    for one, why in whom.items():
        meant = (its.broadcast_id == broadcast_id, its.contact_id == one)
        conn.execute(update(broadcast_recipient).where(*meant).values(why=why))


def _whose(conn: Connection, broadcast_id: int, limit: int, *which: ColumnElement[bool]) -> list[int]:
    chosen = select(outbox.c.contact_id).where(*which, *begins(conn.dialect.name)).limit(limit)
    return sorted(set(conn.scalars(chosen, _its(broadcast_id))))


def _end(
    conn: Connection, broadcast_id: int, people: Collection[int], cells: Mapping[str, Any]
) -> frozenset[int]:
    theirs = (outbox.c.contact_id.in_(people), or_(_HELD, _LATE), *begins(conn.dialect.name))
    ended = update(outbox).where(*theirs).values(dict(cells)).returning(outbox.c.contact_id)
    return frozenset(conn.scalars(ended, _its(broadcast_id)))


def _its(broadcast_id: int) -> dict[str, str]:
    """All causes of its parts lie between: `;` comes right after `:`."""
    return {"since": f"broadcast:{broadcast_id}:", "until": f"broadcast:{broadcast_id};"}
