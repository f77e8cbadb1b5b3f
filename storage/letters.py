"""Dead letters: parts that failed, may have arrived, or are held; listed, tried again, dropped.

Never opens a body, and shows staff only what a conversation would.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Row, null, select, update

from storage import chats, withheld
from storage.conversation import Sight, may_read_person, sight_of
from storage.parts import ABSENT, Lane
from storage.schema import account, outbox
from storage.staff import Scope

STATES = ("failed", "unknown", "held")
DROPPED = "dropped by staff"
PAGE = 500


class Fate(Enum):
    """What became of a dead letter that somebody wanted to send or drop."""

    DONE = "done"
    UNKNOWN = "there is no such part within reach that failed, is unknown or held"
    HELD = "it is held: it leaves by itself when the person may have it"
    EMPTY = "its words are not kept any more"
    LATE = "its time is over"


@dataclass(frozen=True, slots=True)
class Letter:
    """A part that did not arrive, or perhaps. Never its words."""

    id: int
    contact_id: int
    account: str
    lane: int
    state: str
    reason: str
    at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class Listed:
    """`hidden`: how many more the reader may not see."""

    letters: tuple[Letter, ...]
    hidden: int


class _Reach:
    """What of whom a member of staff sees, asked once per person."""

    def __init__(self, conn: Connection, scope: Scope) -> None:
        self._conn = conn
        self._scope = scope
        self._known: dict[int, Sight | None] = {}

    def sees(self, contact_id: int, *, lane: int, restricted: bool, at: datetime) -> bool:
        """As in a conversation: of what is restricted the words of staff, and nobody what the bot said."""
        if contact_id not in self._known:
            may = may_read_person(self._conn, self._scope, contact_id)
            self._known[contact_id] = sight_of(self._conn, self._scope, contact_id) if may else None
        sight = self._known[contact_id]
        if sight is None:
            return False
        seen = sight.everything or (sight.since is not None and at >= sight.since)
        return not restricted or (seen and lane == Lane.STAFF)


def list_(
    conn: Connection, scope: Scope, limit: int, *, states: Sequence[str] = STATES, account_name: str = ""
) -> Listed:
    """List dead letters within reach, the newest first."""
    reach = _Reach(conn, scope)
    found: list[Letter] = []
    hidden = 0
    for letter, restricted in _all(conn, states, account_name):
        if not reach.sees(letter.contact_id, lane=letter.lane, restricted=restricted, at=letter.at):
            hidden += 1
            continue
        found.append(letter)
        if len(found) == limit:
            break
    return Listed(tuple(found), hidden)


def retry(conn: Connection, scope: Scope, part: int, now: datetime, *, dry: bool = False) -> Fate:
    """Let a part that failed, or may have arrived, be sent as if it never was. `dry`: only tell.

    HELD: it was, or is from now on, as the person may not have it yet.
    """
    chats.hold(conn, conn.scalar(select(outbox.c.contact_id).where(outbox.c.id == part)))
    row = _dead(conn, scope, part)
    if row is None:
        return Fate.UNKNOWN
    if row.state == "held":
        return Fate.HELD
    if row.body is None:
        return Fate.EMPTY
    if row.expires is not None and row.expires <= now:
        return Fate.LATE
    waits = withheld.part(conn, part)
    if not dry:
        state, reason = ("held", ABSENT) if waits else ("queued", "")
        _change(conn, part, state=state, reason=reason, tries=0, not_before=now)
    return Fate.HELD if waits else Fate.DONE


def drop(conn: Connection, scope: Scope, part: int, *, dry: bool = False) -> Fate:
    """Let a part never be sent. `dry`: only tell."""
    if _dead(conn, scope, part) is None:
        return Fate.UNKNOWN
    if not dry:
        _change(conn, part, state="cancelled", reason=DROPPED)
    return Fate.DONE


def _change(conn: Connection, part: int, **cells: object) -> None:
    conn.execute(
        update(outbox).where(outbox.c.id == part).values(**cells, lease_by=null(), lease_until=null())
    )


def _dead(conn: Connection, scope: Scope, part: int) -> Row[Any] | None:
    wanted = select(outbox).where(outbox.c.id == part, outbox.c.state.in_(STATES)).with_for_update()
    row = conn.execute(wanted).first()
    if row is None:
        return None
    seen = _Reach(conn, scope).sees(
        row.contact_id, lane=row.lane, restricted=row.restricted, at=row.created_at
    )
    return row if seen else None


def _all(conn: Connection, states: Sequence[str], name: str) -> Iterator[tuple[Letter, bool]]:
    before: int | None = None
    while True:
        wanted = (
            select(
                outbox.c.id,
                outbox.c.contact_id,
                account.c.name,
                outbox.c.lane,
                outbox.c.state,
                outbox.c.reason,
                outbox.c.created_at,
                outbox.c.tries,
                outbox.c.restricted,
            )
            .join(account, account.c.id == outbox.c.account_id)
            .where(outbox.c.state.in_(states))
        )
        if name:
            wanted = wanted.where(account.c.name == name)
        if before is not None:
            wanted = wanted.where(outbox.c.id < before)
        rows = conn.execute(wanted.order_by(outbox.c.id.desc()).limit(PAGE)).all()
        for row in rows:
            yield Letter(*row[:-1]), row.restricted
        if len(rows) < PAGE:
            return
        before = rows[-1].id
