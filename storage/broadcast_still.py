"""An announcement that stands still: what waits and what a sender has claimed leaves no more.

Never ends what is on the wire: that may have arrived.

What waits may be claimed, and what is claimed or on the wire may come back to wait, at the very moment: one
statement looks at all of it, so that nothing slips through between two.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Update, and_, bindparam, case, func, null, or_, select, union_all, update

from storage.parts import NEVER, Lane
from storage.schema import account, outbox
from storage.statement import Statement, fixed

_begins = bindparam("begins", type_=outbox.c.cause.type)
_its = (
    outbox.c.lane == fixed(int(Lane.BROADCAST)),
    func.substr(outbox.c.cause, 1, func.length(_begins)) == _begins,
)
_waits = (outbox.c.state == fixed("queued"), *_its)
_held = (outbox.c.state == fixed("held"), *_its)
_sending = (outbox.c.state == fixed("sending"), *_its)
_claimed = and_(_sending[0], outbox.c.sent_at.is_(None))  # not begun (`outbox.begun`): it surely has not left
_on_wire = and_(_sending[0], outbox.c.sent_at.is_not(None))
_indexed = outbox.c.account_id.in_(select(account.c.id))  # so that the index of what waits is taken


def _ending(**cells: Any) -> Statement:  # noqa: ANN401 - cells
    """Whoever has claimed some of it has it no more; who has begun to send it keeps it."""
    each = (select(outbox.c.id).where(*which) for which in ((*_waits, _indexed), _held, _sending))
    back = {
        "tries": case((_claimed, outbox.c.tries - fixed(1)), else_=outbox.c.tries),
        "lease_by": case((_on_wire, outbox.c.lease_by), else_=null()),
        "lease_until": case((_on_wire, outbox.c.lease_until), else_=null()),
    }
    its: Update = update(outbox).where(
        outbox.c.id.in_(select(union_all(*each).subquery().c.id)),
        or_(and_(*_waits), and_(*_held), and_(*_sending)),
    )
    return Statement(its.values(back | cells))


_now = bindparam("now", type_=outbox.c.expires.type)
_HOLD = _ending(
    not_before=bindparam("never"),  # also of what is on the wire: it may come back to wait
    state=case((_claimed, fixed("queued")), else_=outbox.c.state),
)
_STOP = _ending(
    state=case((_on_wire, outbox.c.state), else_=fixed("cancelled")),
    reason=case((_on_wire, outbox.c.reason), else_=fixed("the announcement was stopped")),
    expires=case((_on_wire, _now), else_=outbox.c.expires),
    lasts=case((_on_wire, _now), else_=outbox.c.lasts),
)
_LET_GO = Statement(
    update(outbox)
    .where(*_held, outbox.c.not_before == bindparam("never", type_=outbox.c.not_before.type))
    .values(not_before=bindparam("now"))
)
_ANY_WAITS = Statement(select(outbox.c.id).where(*_waits, _indexed).limit(fixed(1)))
_IN_HAND = Statement(select(outbox.c.id).where(*_sending).limit(fixed(1)))


def hold(conn: Connection, broadcast_id: int) -> None:
    """Let nothing of it leave any more but what is on the wire, not even to whoever writes.

    What is on the wire and has to be tried again stays too.
    """
    _HOLD.run(conn, {"begins": _prefix(broadcast_id), "never": NEVER})


def let_go(conn: Connection, broadcast_id: int, now: datetime) -> int:
    """Let what waits for its person to write leave then, as before it was held back; how many parts."""
    return _LET_GO.run(conn, {"begins": _prefix(broadcast_id), "never": NEVER, "now": now})


def cancel(conn: Connection, broadcast_id: int, now: datetime) -> None:
    """Let nothing of it leave any more, not even what waits for a person to write.

    What is on the wire and has to be tried again, or to wait, finds that it is too late.
    """
    _STOP.run(conn, {"begins": _prefix(broadcast_id), "now": now})


def in_hand(conn: Connection, broadcast_id: int) -> bool:
    """Tell whether a sender has some of it right now."""
    return _IN_HAND.one(conn, {"begins": _prefix(broadcast_id)}) is not None


def waits(conn: Connection, broadcast_id: int) -> bool:
    """Tell whether any of it waits to leave or is in a sender's hand."""
    its = {"begins": _prefix(broadcast_id)}
    return _ANY_WAITS.one(conn, its) is not None or in_hand(conn, broadcast_id)


def _prefix(broadcast_id: int) -> str:
    return f"broadcast:{broadcast_id}:"
