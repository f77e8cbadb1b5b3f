"""What goes out: sealed parts that wait, are claimed by a sender under a lease, and end in a known state.

Never sends, and never lets one person's replies overtake each other.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, func, null, or_, select, update

from storage.claim import claim
from storage.conversation import told
from storage.parts import ABSENT, MESSAGE, NEVER, Draft, Lane, OutRow, Result
from storage.people import Person
from storage.queueing import ADD, cells, withheld
from storage.schema import account, contact_address, outbox
from storage.statement import Statement, fixed, given
from storage.wire import begun, renew
from storage.withheld import WITHHELD

__all__ = [
    "Draft",
    "Lane",
    "OutRow",
    "Result",
    "add",
    "begun",
    "claim",
    "counts",
    "expire",
    "finish",
    "forget_private",
    "release",
    "renew",
    "rescue",
    "told",
    "unsent",
    "waiting",
]

AHEAD = timedelta(minutes=10)  # of our clock: no lease ends then, and nothing was queued
_FREE = {"lease_by": null(), "lease_until": null(), "sent_at": null()}
_FINISH = Statement(
    update(outbox)
    .where(
        outbox.c.id == bindparam("row"),
        outbox.c.contact_id == bindparam("contact"),
        outbox.c.tries == bindparam("nth"),
        or_(
            and_(outbox.c.state == fixed("sending"), outbox.c.lease_by == bindparam("worker")),
            outbox.c.state == fixed("unknown"),  # rescued: nobody else may have tried it since
        ),
    )
    .values(
        given("state", "reason", "message", "sent_at", "troubles")
        | {
            "tries": outbox.c.tries - bindparam("untried"),
            "not_before": case(
                (
                    outbox.c.not_before == bindparam("never", type_=outbox.c.not_before.type),
                    outbox.c.not_before,
                ),
                else_=func.coalesce(bindparam("again", type_=outbox.c.not_before.type), outbox.c.not_before),
            ),
            "expires": case(
                (bindparam("state") == fixed("held"), func.coalesce(outbox.c.lasts, outbox.c.expires)),
                else_=outbox.c.expires,
            ),
        }
    )
)


def _lost(reason: str) -> dict[str, Any]:
    """What becomes of a part that may have arrived; what goes out once has not before it was `begun`."""
    once, waits = outbox.c.lane > fixed(1), WITHHELD
    begun = and_(once, outbox.c.sent_at.is_not(None))
    return _FREE | {
        "state": case((begun, fixed("unknown")), (waits, fixed("held")), else_=fixed("queued")),
        "reason": case((and_(~begun, waits), fixed(ABSENT)), else_=fixed(reason)),
        "tries": case((and_(once, ~begun), outbox.c.tries - fixed(1)), else_=outbox.c.tries),
    }


_RESCUE = Statement(
    update(outbox)
    .where(
        outbox.c.state == fixed("sending"),
        or_(outbox.c.lease_until < bindparam("now"), outbox.c.lease_until > bindparam("future")),
    )
    .values(_lost("lease ran out"))
)
_CATCH_UP = Statement(
    update(outbox)
    .where(
        outbox.c.account_id.in_(select(account.c.id)),  # so that the index of what is fresh is taken
        outbox.c.state == fixed("queued"),
        outbox.c.lane <= fixed(1),
        outbox.c.created_at > bindparam("future"),
        outbox.c.not_before > bindparam("now", type_=outbox.c.not_before.type),
    )
    .values(
        not_before=bindparam("now", type_=outbox.c.not_before.type),
        created_at=bindparam("now", type_=outbox.c.created_at.type),  # so that it happens once
    )
)
_EXPIRE = Statement(
    update(outbox)
    .where(outbox.c.state == fixed("queued"), outbox.c.expires <= bindparam("now"))
    .values(state=fixed("expired"))
)
_FORGET = Statement(
    update(outbox)
    .where(
        outbox.c.restricted,
        outbox.c.lane == fixed(0),
        outbox.c.body.is_not(None),
        outbox.c.created_at < bindparam("before"),
        outbox.c.state.not_in([fixed(state) for state in ("queued", "sending", "held")]),
    )
    .values(body=null())
)
_its_own = (outbox.c.state == fixed("sending"), outbox.c.lease_by == bindparam("worker"))
_RELEASE = Statement(
    update(outbox)
    .where(*_its_own)
    .values(
        _FREE
        | {
            "state": case((WITHHELD, fixed("held")), else_=fixed("queued")),
            "reason": case((WITHHELD, fixed(ABSENT)), else_=outbox.c.reason),
            "tries": outbox.c.tries - fixed(1),
        }
    )
)
_RELEASE_TRIED = Statement(
    update(outbox).where(outbox.c.id == bindparam("row"), *_its_own).values(_lost("outcome not written"))
)

_SHUT = Statement(
    select(contact_address.c.shut).where(
        contact_address.c.contact_id == bindparam("contact"),
        contact_address.c.address_id == bindparam("address"),
    )
)
_UNSENT = outbox.c.state.in_([fixed("queued"), fixed("sending")])
_ENDED = outbox.c.state.in_([fixed(state) for state in ("failed", "held", "expired", "cancelled", "unknown")])
_WAITING = Statement(
    select(outbox.c.contact_id).where(
        outbox.c.account_id
        == select(account.c.id).where(account.c.name == bindparam("account")).scalar_subquery(),
        outbox.c.state == fixed("queued"),
        outbox.c.created_at >= bindparam("since"),
    )
)


def add(  # noqa: PLR0913 - one per column
    conn: Connection,
    person: Person,
    drafts: Sequence[Draft],
    *,
    first_seq: int,
    now: datetime,
    lease: tuple[str, datetime] | None = None,
    restricted: bool = False,
) -> list[OutRow]:
    """Queue parts in order (one statement each); a cause that is there already is not added again.

    `lease` (worker, until): they are born claimed, so the caller sends them after the commit. Only when
    `not person.unsent`, else they would overtake. `restricted`: for the safeguarding role only.
    For a person who is absent from their address all are held until they return. For one who has hidden
    the chat, or of whom nobody knows whether they are writing, only what is no reply to what was written.
    """
    unasked = any(draft.lane > Lane.REPLY for draft in drafts)
    held = withheld(person, drafts, shut=unasked and _shut(conn, person))
    worker, until = lease or (None, None)
    leased = {"tries": 1 if lease else 0, "lease_by": worker, "lease_until": until}
    if lease and not held:
        leased["state"] = "sending"
    rows = []
    for seq, draft in enumerate(drafts, first_seq):
        row = cells(person, draft, seq, now, held=held, restricted=restricted)
        added = ADD.one(conn, row | leased)
        if added is not None:
            rows.append(_born(added[0], person, seq, draft, worker))
    return rows


def _shut(conn: Connection, person: Person) -> bool:
    row = _SHUT.one(conn, {"contact": person.contact.id, "address": person.address_id})
    return row is not None and bool(row[0])


def finish(conn: Connection, results: Sequence[Result], now: datetime) -> None:
    """Write down how tries ended (one statement).

    A result of a lease that ran out changes nothing when the part is settled, waits again or is another
    sender's; so does one of an erased part.
    """
    _FINISH.many(conn, [_ending(result, now) for result in results])


def rescue(conn: Connection, now: datetime, *, leases: datetime | None = None) -> int:
    """Take back what a dead sender held: tried again, but for what goes out once and was begun.

    And let replies leave that were queued before the clock was put back: their people would hear nothing
    until it is where it was. `leases`: those that end before then are over as well, for nobody else is there.
    """
    times = {"now": now, "future": now + AHEAD}
    return _RESCUE.run(conn, times | {"now": leases or now}) + _CATCH_UP.run(conn, times)


def expire(conn: Connection, now: datetime) -> int:
    """End what came too late to be of use."""
    return _EXPIRE.run(conn, {"now": now})


def forget_private(conn: Connection, before: datetime) -> int:
    """Empty what the bot said in private dialogs before then, and count it; what still waits is kept."""
    return _FORGET.run(conn, {"before": before})


def release(conn: Connection, worker: str, tried: Iterable[int] = ()) -> int:
    """Give back what a worker claimed (a quiet shutdown); how many.

    All but `tried` it surely did not try. What of those is no reply or word of staff becomes unknown.
    """
    given_back = sum(_RELEASE_TRIED.run(conn, {"worker": worker, "row": one}) for one in tried)
    return given_back + _RELEASE.run(conn, {"worker": worker})


def unsent(conn: Connection, contact_id: int) -> bool:
    """Tell whether anything waits or is in flight for a person, whatever the lane."""
    theirs = select(outbox.c.id).where(outbox.c.contact_id == contact_id, _UNSENT)
    return conn.scalar(theirs.limit(1)) is not None


def waiting(conn: Connection, account_name: str, since: datetime) -> list[int]:
    """List contacts with a part of an account that was queued at `since` or later and still waits.

    A part shows when its step commits, a moment after its own time: ask with some seconds of overlap.
    """
    return sorted({row[0] for row in _WAITING.all(conn, {"account": account_name, "since": since})})


def counts(conn: Connection) -> dict[tuple[str, str], int]:
    """Count parts by account and state, but for the sent ones, which are nearly all there are."""
    names = {row.id: row.name for row in conn.execute(select(account.c.id, account.c.name))}
    found = {}
    for these in (_UNSENT, _ENDED):  # each has its own partial index
        grouped = select(outbox.c.account_id, outbox.c.state, func.count()).where(these)
        for account_id, state, number in conn.execute(grouped.group_by(outbox.c.account_id, outbox.c.state)):
            found[names[account_id], state] = number
    return found


def _born(row_id: int, person: Person, seq: int, draft: Draft, worker: str | None) -> OutRow:
    return OutRow(
        id=row_id,
        contact_id=person.contact.id,
        account=person.account,
        external=person.external,
        seq=seq,
        lane=draft.lane,
        body=draft.body,
        tries=1 if worker else 0,
        cause=draft.cause,
        key=person.key,
        worker=worker or "",
        expires=draft.expires,
    )


def _ending(result: Result, now: datetime) -> dict[str, object]:
    row, message = result.row, result.message
    return {
        "row": row.id,
        "contact": row.contact_id,
        "worker": row.worker,
        "nth": row.tries,
        "untried": 1 if result.state in {"queued", "held"} and not result.tried else 0,
        "troubles": row.troubles + int(result.troubled) if result.state == "queued" else 0,
        "state": result.state,
        "reason": result.reason,
        "message": row.key.seal(MESSAGE, row.cause, message.encode()) if message else None,
        "sent_at": now if result.state == "sent" else None,
        "again": result.not_before,
        "never": NEVER,
    }
