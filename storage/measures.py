"""How much waits, since when, and how the rest ended: for `/metrics`, by account and lane.

Never reads a part.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage.schema import account, outbox
from storage.statement import Statement, fixed

ENDED = ("failed", "held", "expired", "cancelled", "unknown")

_NAME = account.c.name
_OF = outbox.join(account, account.c.id == outbox.c.account_id)
_QUEUED = Statement(  # from its index alone
    select(_NAME, outbox.c.lane, func.count(outbox.c.account_id), func.min(outbox.c.not_before))
    .select_from(_OF)
    .where(outbox.c.state == fixed("queued"))
    .group_by(_NAME, outbox.c.lane)
)
_SENDING = Statement(
    select(_NAME, outbox.c.lane, func.count(outbox.c.account_id))
    .select_from(_OF)
    .where(outbox.c.state == fixed("sending"))
    .group_by(_NAME, outbox.c.lane)
)
_ENDED = Statement(  # likewise
    select(_NAME, outbox.c.lane, func.count(outbox.c.account_id), outbox.c.state)
    .select_from(_OF)
    .where(outbox.c.state.in_([fixed(state) for state in ENDED]))
    .group_by(_NAME, outbox.c.lane, outbox.c.state)
)


@dataclass(frozen=True, slots=True)
class Measure:
    """Parts of an account in one lane and state. `since`: of those that wait, when the first could leave."""

    account: str
    lane: int
    state: str
    count: int
    since: datetime | None = None


def unsent(conn: Connection) -> Iterator[Measure]:
    """Count what waits and what is on its way."""
    for name, lane, count, since in _QUEUED.all(conn, {}):
        yield Measure(name, lane, "queued", count, since)
    for name, lane, count in _SENDING.all(conn, {}):
        yield Measure(name, lane, "sending", count)


def ended(conn: Connection) -> Iterator[Measure]:
    """Count what ended otherwise than by arriving; what was sent is nearly everything, and not counted."""
    for name, lane, count, state in _ENDED.all(conn, {}):
        yield Measure(name, lane, state, count)
