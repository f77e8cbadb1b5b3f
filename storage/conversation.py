"""A conversation read back: inbox and outbox of one person, in the order it happened.

Never keeps a copy of it, and shows staff only what their Scope reaches.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, bindparam, false, or_, select, true

from storage.case_rows import place_of
from storage.faults import DamagedCell
from storage.inbox import BODY as CAME
from storage.parts import BODY as WENT
from storage.parts import Lane
from storage.schema import account, casefile, contact, inbox, outbox
from storage.seal import DataKey, Vault
from storage.staff import Scope, may
from storage.statement import Statement, fixed

DAMAGED = "damaged"
SAFETY = "safety"  # the reason of an inbox row whose words set off the danger route
Shown = ColumnElement[bool]
Accounts = tuple[int | None, ...]  # none: all of them

_told = (
    select(
        contact.c.data_key,
        outbox.c.created_at,
        outbox.c.lane,
        outbox.c.cause,
        outbox.c.body,
        outbox.c.state,
        outbox.c.seq,
        outbox.c.restricted,
    )
    .join(contact, contact.c.id == outbox.c.contact_id)
    .where(outbox.c.contact_id == bindparam("contact"), outbox.c.seq > bindparam("after"))
    .order_by(outbox.c.seq)
    .limit(bindparam("limit"))
)
_TOLD = Statement(_told)
_there = select(account.c.id).where(account.c.name == bindparam("account")).scalar_subquery()
_TOLD_THERE = Statement(_told.where(outbox.c.account_id == _there))


@dataclass(frozen=True, slots=True)
class Message:
    """`body`: the event's or part's JSON, empty where the words were not kept. `state` as in its table.

    Where a body does not open it is empty, and the state DAMAGED. `seq`: a part's place among all that we
    sent, 0 for what the person said. `node`: where in the script the person said it. `restricted`: for the
    safeguarding role only.
    """

    at: datetime
    who: Literal["person", "bot", "staff"]
    body: bytes
    state: str
    seq: int = 0
    node: str = ""
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """Which restricted messages staff see: everything, those since they took the chat, or none.

    One who does not see every restricted case of a person sees only what was said to themself. Nobody sees
    what the bot said in private dialogs, nor that somebody was in one: it could betray who complained.
    """

    everything: bool = False
    since: datetime | None = None


def read(
    conn: Connection,
    vault: Vault,
    scope: Scope | None,
    contact_id: int,
    limit: int,
    *,
    account_name: str | None = None,
) -> list[Message] | None:
    """Read the last `limit` messages; None when there is no such person or staff may not see them.

    `scope` None: the person reads their own. Staff need a case of the person in reach, and do not see what
    is restricted unless they may (see `Sight`). `account_name`: only what was said there.
    """
    if scope is not None and not may_read_person(conn, scope, contact_id):
        return None
    wrapped = conn.scalar(select(contact.c.data_key).where(contact.c.id == contact_id))
    if wrapped is None:
        return None
    key = vault.unwrap(wrapped)
    sight = None if scope is None else sight_of(conn, scope, contact_id)
    there = _account(conn, account_name)
    said = [*_came(conn, key, contact_id, limit, sight, there)]
    said += _went(conn, key, contact_id, limit, sight, there)
    said.sort(key=lambda message: (message.at, message.who != "person"))
    return said[-limit:]


def _account(conn: Connection, name: str | None) -> Accounts:
    """The accounts that are meant: none for all of them."""
    return () if name is None else (conn.scalar(select(account.c.id).where(account.c.name == name)),)


def told(
    conn: Connection,
    vault: Vault,
    contact_id: int,
    after: int,
    limit: int,
    *,
    account_name: str | None = None,
) -> list[Message]:
    """Read the first `limit` parts that follow number `after`, in order, whatever their state.

    One statement; it opens no cell where nothing is new. For the person's own page: asks for no Scope.
    `account_name`: only what was said there.
    """
    wanted: dict[str, object] = {"contact": contact_id, "after": after, "limit": limit}
    if account_name is None:
        rows = _TOLD.all(conn, wanted)
    else:
        rows = _TOLD_THERE.all(conn, wanted | {"account": account_name})
    if not rows:
        return []
    key = vault.unwrap(rows[0][0])
    return [_part(key, *row[1:]) for row in rows]


def may_read_person(conn: Connection, scope: Scope, contact_id: int) -> bool:
    """Tell whether staff may know of a person: by any case of theirs that they see.

    Somebody whose only case is restricted does not exist for others.
    """
    reached = _reached(conn, scope, contact_id)
    if not reached:
        return may(scope, "contact.erase", None)  # who asked for nobody is an administrator's business only
    return any(sees for _, sees in reached)


def sight_of(conn: Connection, scope: Scope, contact_id: int) -> Sight:
    """Tell what of a person's restricted messages a member of staff sees."""
    secret = [sees for restricted, sees in _reached(conn, scope, contact_id) if restricted]
    if secret and all(secret):
        return Sight(everything=True)
    holder = select(contact.c.handled_by, contact.c.handled_since, contact.c.private_chat)
    row = conn.execute(holder.where(contact.c.id == contact_id)).one()
    theirs = any(secret) and row.private_chat and row.handled_by == scope.staff_id
    return Sight(since=row.handled_since if theirs else None)


def _reached(conn: Connection, scope: Scope, contact_id: int) -> list[tuple[bool, bool]]:
    """Every case of a person: whether it is restricted, whether this member of staff sees it."""
    about = select(casefile.c.kind, casefile.c.centre, casefile.c.restricted)
    return [
        (
            row.restricted,
            may(scope, "conversation.read", place_of(row.kind, row.centre), restricted=row.restricted),
        )
        for row in conn.execute(about.where(casefile.c.contact_id == contact_id))
    ]


def _shown(sight: Sight | None, table: Table, at: Column[datetime], said: ColumnElement[bool]) -> Shown:
    """The rows that a reader sees."""
    if sight is None:
        return true()
    seen = true() if sight.everything else false() if sight.since is None else at >= sight.since
    return or_(table.c.restricted.is_(False), and_(seen, said))


def _came(
    conn: Connection, key: DataKey, contact_id: int, limit: int, sight: Sight | None, there: Accounts
) -> list[Message]:
    said = or_(inbox.c.body.is_not(None), inbox.c.reason == fixed(SAFETY))
    rows = conn.execute(
        select(inbox.c.now, inbox.c.key, inbox.c.body, inbox.c.state, inbox.c.node_before, inbox.c.restricted)
        .where(
            inbox.c.contact_id == contact_id,
            _shown(sight, inbox, inbox.c.now, said),
            *(inbox.c.account_id == one for one in there),
        )
        .order_by(inbox.c.now.desc(), inbox.c.id.desc())
        .limit(limit)
    ).all()
    return [
        Message(row.now, "person", *_words(key, CAME, row.key.hex(), row.body, row.state), 0, *row[4:])
        for row in reversed(rows)
    ]


def _went(
    conn: Connection, key: DataKey, contact_id: int, limit: int, sight: Sight | None, there: Accounts
) -> list[Message]:
    said = outbox.c.lane == fixed(int(Lane.STAFF))
    rows = conn.execute(
        select(
            outbox.c.created_at,
            outbox.c.lane,
            outbox.c.cause,
            outbox.c.body,
            outbox.c.state,
            outbox.c.seq,
            outbox.c.restricted,
        )
        .where(
            outbox.c.contact_id == contact_id,
            _shown(sight, outbox, outbox.c.created_at, said),
            *(outbox.c.account_id == one for one in there),
        )
        .order_by(outbox.c.seq.desc())
        .limit(limit)
    ).all()
    return [_part(key, *row) for row in reversed(rows)]


def _part(  # noqa: PLR0913, PLR0917 - one per column
    key: DataKey,
    at: datetime,
    lane: int,
    cause: str,
    body: bytes | None,
    state: str,
    seq: int,
    restricted: bool,  # noqa: FBT001 - a column
) -> Message:
    who: Literal["bot", "staff"] = "staff" if lane == Lane.STAFF else "bot"
    words = _words(key, WENT, cause, body, state)
    return Message(at, who, *words, seq, restricted=restricted)


def _words(key: DataKey, where: str, natural: str, sealed: bytes | None, state: str) -> tuple[bytes, str]:
    """Open a body, and say how it stands: one that is damaged spoils no other."""
    if not sealed:
        return b"", state
    try:
        return key.open(where, natural, sealed), state
    except DamagedCell:
        return b"", DAMAGED
