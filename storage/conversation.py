"""A conversation read back: inbox and outbox of one person, in the order it happened.

Never keeps a copy of it, and shows staff only what their Scope reaches.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, bindparam, select

from storage.faults import DamagedCell
from storage.inbox import BODY as CAME
from storage.parts import BODY as WENT
from storage.parts import Lane
from storage.schema import casefile, contact, inbox, outbox
from storage.seal import DataKey, Vault
from storage.staff import Scope, may
from storage.statement import Statement

DAMAGED = "damaged"

_TOLD = Statement(
    select(
        contact.c.data_key,
        outbox.c.created_at,
        outbox.c.lane,
        outbox.c.cause,
        outbox.c.body,
        outbox.c.state,
        outbox.c.seq,
    )
    .join(contact, contact.c.id == outbox.c.contact_id)
    .where(outbox.c.contact_id == bindparam("contact"), outbox.c.seq > bindparam("after"))
    .order_by(outbox.c.seq)
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class Message:
    """`body`: the event's or part's JSON, empty where the words were not kept. `state` as in its table.

    Where a body does not open it is empty, and the state DAMAGED. `seq`: a part's place among all that we
    sent, 0 for what the person said.
    """

    at: datetime
    who: Literal["person", "bot", "staff"]
    body: bytes
    state: str
    seq: int = 0


def read(
    conn: Connection, vault: Vault, scope: Scope | None, contact_id: int, limit: int
) -> list[Message] | None:
    """Read the last `limit` messages; None when there is no such person or staff may not see them.

    `scope` None: the person reads their own. Staff need a case of the person in reach, and, where the person
    has a restricted case, the right to see that.
    """
    if scope is not None and not may_read_person(conn, scope, contact_id):
        return None
    wrapped = conn.scalar(select(contact.c.data_key).where(contact.c.id == contact_id))
    if wrapped is None:
        return None
    key = vault.unwrap(wrapped)
    said = [*_came(conn, key, contact_id, limit), *_went(conn, key, contact_id, limit)]
    said.sort(key=lambda message: (message.at, message.who != "person"))
    return said[-limit:]


def told(conn: Connection, vault: Vault, contact_id: int, after: int, limit: int) -> list[Message]:
    """Read the first `limit` parts that follow number `after`, in order, whatever their state.

    One statement; it opens no cell where nothing is new. For the person's own page: asks for no Scope.
    """
    rows = _TOLD.all(conn, {"contact": contact_id, "after": after, "limit": limit})
    if not rows:
        return []
    key = vault.unwrap(rows[0][0])
    return [_part(key, *row[1:]) for row in rows]


def may_read_person(conn: Connection, scope: Scope, contact_id: int) -> bool:
    """Tell whether staff may read what a person said and answered: all of it, or nothing."""
    about = select(casefile.c.centre, casefile.c.restricted).where(casefile.c.contact_id == contact_id)
    cases = conn.execute(about).all()
    if any(row.restricted for row in cases):
        return any(
            may(scope, "conversation.read", row.centre, restricted=True) for row in cases if row.restricted
        )
    if not cases:
        return may(scope, "contact.erase", None)  # who asked for nobody is an administrator's business only
    return any(may(scope, "conversation.read", row.centre) for row in cases)


def _came(conn: Connection, key: DataKey, contact_id: int, limit: int) -> list[Message]:
    rows = conn.execute(
        select(inbox.c.now, inbox.c.key, inbox.c.body, inbox.c.state)
        .where(inbox.c.contact_id == contact_id)
        .order_by(inbox.c.now.desc(), inbox.c.id.desc())
        .limit(limit)
    ).all()
    return [
        Message(row.now, "person", *_words(key, CAME, row.key.hex(), row.body, row.state))
        for row in reversed(rows)
    ]


def _went(conn: Connection, key: DataKey, contact_id: int, limit: int) -> list[Message]:
    rows = conn.execute(
        select(
            outbox.c.created_at, outbox.c.lane, outbox.c.cause, outbox.c.body, outbox.c.state, outbox.c.seq
        )
        .where(outbox.c.contact_id == contact_id)
        .order_by(outbox.c.seq.desc())
        .limit(limit)
    ).all()
    return [_part(key, *row) for row in reversed(rows)]


def _part(  # noqa: PLR0913, PLR0917 - one per column
    key: DataKey, at: datetime, lane: int, cause: str, body: bytes | None, state: str, seq: int
) -> Message:
    return Message(at, "staff" if lane == Lane.STAFF else "bot", *_words(key, WENT, cause, body, state), seq)


def _words(key: DataKey, where: str, natural: str, sealed: bytes | None, state: str) -> tuple[bytes, str]:
    """Open a body, and say how it stands: one that is damaged spoils no other."""
    if not sealed:
        return b"", state
    try:
        return key.open(where, natural, sealed), state
    except DamagedCell:
        return b"", DAMAGED
