"""How fast each account may send, as all its processes share it.

Never waits: whoever may not send yet is told for how long.

Time is the database's own (`database_clock`) where several machines share a row: one whose clock runs ahead
would fill the bucket for all. The one process of a SQLite file keeps its pace in memory and writes down what
must outlive it: pauses, stops and the ceiling.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from bot.core import pace as pacing
from bot.core.pace import Limits, Pace, Taken
from storage import accounts
from storage.schema import account, outbox, pace
from storage.statement import Statement, given, inserting

Clock = Callable[[Connection], datetime]

CELLS = ("tokens", "at", "rate", "ceiling", "paused_until", "stopped", "stops")
_COLUMNS = tuple(pace.c[name] for name in CELLS)
_OF = select(*_COLUMNS).where(
    pace.c.account_id == select(account.c.id).where(account.c.name == bindparam("name")).scalar_subquery()
)
_READ = Statement(_OF)
_LOCK = Statement(_OF.with_for_update())
_ALL = Statement(select(account.c.name, *_COLUMNS).join(account, account.c.id == pace.c.account_id))
_BEGIN = inserting(
    pace,
    lambda insert: insert.values(given("account_id", *CELLS)).on_conflict_do_nothing(
        index_elements=["account_id"]
    ),
)
_PUT = Statement(
    update(pace)
    .where(
        pace.c.account_id == select(account.c.id).where(account.c.name == bindparam("name")).scalar_subquery()
    )
    .values(given(*CELLS))
)
REMEMBERED = 8  # sends to one chat that count
_LATELY = Statement(
    select(outbox.c.sent_at)
    .join(account, account.c.id == outbox.c.account_id)
    .where(
        outbox.c.contact_id == bindparam("contact"),
        account.c.name == bindparam("name"),
        outbox.c.sent_at.is_not(None),
    )
    .order_by(outbox.c.seq.desc())
    .limit(REMEMBERED)
)
_CLOCK = Statement(lambda _dialect: select(func.clock_timestamp().label("at")))


@dataclass(frozen=True, slots=True)
class Changed:
    """How an account stood, and stands, at a moment of the clock that was asked."""

    before: Pace
    after: Pace
    at: datetime


def database_clock(conn: Connection) -> datetime:
    """Tell PostgreSQL's time, which every machine shares."""
    row = _CLOCK.one(conn, {})
    if row is None:
        raise LookupError("the database told no time")
    return row[0]  # type: ignore[no-any-return]


def of(conn: Connection, name: str) -> Pace | None:
    """Read where an account stands; None for one that never sent."""
    row = _READ.one(conn, {"name": name})
    return None if row is None else Pace(*row)


def all_(conn: Connection) -> dict[str, Pace]:
    """Read where every account stands."""
    return {name: Pace(*cells) for name, *cells in _ALL.all(conn, {})}


def take(conn: Connection, name: str, limits: Limits, clock: Clock, *, bulk: bool = False) -> Taken:
    """Ask to send once, for all processes of this account together."""
    found = _locked(conn, name, limits, clock)
    taken = pacing.take(found, limits, clock(conn), bulk=bulk)
    if taken.pace != found:
        _put(conn, name, taken.pace)
    return taken


def change(
    conn: Connection, name: str, limits: Limits, clock: Clock, how: Callable[[Pace, datetime], Pace]
) -> Changed:
    """Let something happen to an account."""
    found = _locked(conn, name, limits, clock)
    now = clock(conn)
    changed = how(found, now)
    if changed != found:
        _put(conn, name, changed)
    return Changed(found, changed, now)


def lately(conn: Connection, name: str, contact_id: int) -> tuple[datetime, ...]:
    """Read when the last parts left for a person by an account, whichever process sent them; oldest first."""
    return tuple(at for (at,) in reversed(_LATELY.all(conn, {"name": name, "contact": contact_id})))


def put(conn: Connection, name: str, known: Pace, now: datetime) -> None:
    """Write down what the one process that sends for an account knows."""
    _BEGIN.run(conn, {"account_id": accounts.number_of(conn, name, now)} | _cells(known))
    _put(conn, name, known)


def _locked(conn: Connection, name: str, limits: Limits, clock: Clock) -> Pace:
    """The row, held until the transaction ends; made when there is none."""
    row = _LOCK.one(conn, {"name": name})
    if row is None:
        now = clock(conn)
        begun = _cells(pacing.first(limits, now))
        _BEGIN.run(conn, {"account_id": accounts.number_of(conn, name, now)} | begun)
        row = _LOCK.one(conn, {"name": name})
    if row is None:
        raise LookupError("the account is gone")
    return Pace(*row)


def _put(conn: Connection, name: str, known: Pace) -> None:
    _PUT.run(conn, {"name": name} | _cells(known))


def _cells(known: Pace) -> dict[str, Any]:
    return {cell: getattr(known, cell) for cell in CELLS}
