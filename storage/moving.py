"""Parts that wait, and go to where their person is now: opened, numbered anew, written as it shows them.

Never decides what a place can show, and never touches what a sender has in hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from storage.faults import DamagedCell
from storage.parts import BODY
from storage.people import Person
from storage.schema import outbox
from storage.statement import fixed

_WAITS = outbox.c.state.in_([fixed("queued"), fixed("held")])


@dataclass(frozen=True, slots=True)
class Moving:
    """A part that waits. `account`: its id. `body`: None when it is kept no more, or damaged."""

    id: int
    cause: str
    account: int
    lane: int
    created_at: datetime
    not_before: datetime
    expires: datetime | None
    restricted: bool
    body: bytes | None


def queued(conn: Connection, person: Person) -> list[int]:
    """List what waits to be sent to where a person is, in its order."""
    there = (outbox.c.contact_id == person.contact.id, outbox.c.address_id == person.address_id)
    waits = select(outbox.c.id).where(*there, outbox.c.state == fixed("queued"))
    return list(conn.scalars(waits.order_by(outbox.c.seq, outbox.c.id)))


def opened(conn: Connection, person: Person, parts: Sequence[int]) -> list[Moving]:
    """Lock and open parts of a person, in this order; what waits no more is left out."""
    wanted = select(outbox).where(outbox.c.id.in_(parts), outbox.c.contact_id == person.contact.id, _WAITS)
    found = {row.id: row for row in conn.execute(wanted.order_by(outbox.c.id).with_for_update())}
    return [_opened(person, found[one]) for one in parts if one in found]


def _opened(person: Person, row: Row[Any]) -> Moving:
    try:
        body = person.key.open(BODY, row.cause, row.body) if row.body is not None else None
    except DamagedCell:
        body = None  # whoever claims it finds out
    cells = (row.account_id, row.lane, row.created_at, row.not_before, row.expires, row.restricted)
    return Moving(row.id, row.cause, *cells, body)


def go(conn: Connection, person: Person, part: Moving, bodies: Sequence[bytes], first_seq: int) -> None:
    """Queue a part to where its person is, numbered from `first_seq`; more bodies are parts behind it.

    Without any it goes as it is.
    """
    where = {"address_id": person.address_id, "account_id": person.account_id}
    cells: dict[str, Any] = {"state": "queued", "reason": "", "seq": first_seq, **where}
    if bodies:
        cells["body"] = person.key.seal(BODY, part.cause, bodies[0])
    conn.execute(update(outbox).where(outbox.c.id == part.id).values(cells))
    for seq, body in enumerate(bodies[1:], first_seq + 1):
        cause = f"{part.cause}/{seq}"  # a number is used once
        same = {
            "contact_id": person.contact.id,
            "lane": part.lane,
            "created_at": part.created_at,
            "not_before": part.not_before,
            "expires": part.expires,
            "restricted": part.restricted,
        }
        sealed = person.key.seal(BODY, cause, body)
        new = {"cause": cause, "seq": seq, "body": sealed, "state": "queued"}
        conn.execute(insert(outbox).values(**new, **same, **where))


def fail(conn: Connection, part: Moving, reason: str) -> None:
    """End a part unsent, as one that failed."""
    conn.execute(update(outbox).where(outbox.c.id == part.id).values(state="failed", reason=reason))
