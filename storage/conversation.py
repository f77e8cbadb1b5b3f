"""A conversation read back: inbox and outbox of one person, in the order it happened.

Never keeps a copy of it, and shows staff only what their Scope reaches.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select

from storage.inbox import BODY as CAME
from storage.parts import BODY as WENT
from storage.parts import Lane
from storage.schema import casefile, contact, inbox, outbox
from storage.seal import DataKey, Vault
from storage.staff import Scope, may


@dataclass(frozen=True, slots=True)
class Message:
    """`body`: the event's or part's JSON, empty where the words were not kept. `state` as in its table.

    `seq`: a part's place among all that we sent, 0 for what the person said.
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
    if scope is not None and not _may_read(conn, scope, contact_id):
        return None
    wrapped = conn.scalar(select(contact.c.data_key).where(contact.c.id == contact_id))
    if wrapped is None:
        return None
    key = vault.unwrap(wrapped)
    said = [*_came(conn, key, contact_id, limit), *_went(conn, key, contact_id, limit)]
    said.sort(key=lambda message: (message.at, message.who != "person"))
    return said[-limit:]


def _may_read(conn: Connection, scope: Scope, contact_id: int) -> bool:
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
        Message(row.now, "person", key.open(CAME, row.key.hex(), row.body) if row.body else b"", row.state)
        for row in reversed(rows)
    ]


def _went(conn: Connection, key: DataKey, contact_id: int, limit: int) -> list[Message]:
    rows = conn.execute(
        select(
            outbox.c.created_at, outbox.c.cause, outbox.c.body, outbox.c.state, outbox.c.lane, outbox.c.seq
        )
        .where(outbox.c.contact_id == contact_id)
        .order_by(outbox.c.created_at.desc(), outbox.c.seq.desc())
        .limit(limit)
    ).all()
    return [
        Message(
            row.created_at,
            "staff" if row.lane == Lane.STAFF else "bot",
            key.open(WENT, row.cause, row.body) if row.body else b"",
            row.state,
            row.seq,
        )
        for row in reversed(rows)
    ]
