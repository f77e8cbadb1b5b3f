"""What came in: one sealed row per event, which keeps it from being taken twice.

Never decides what an event means, and keeps no words where it is given none.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from bot.core.events import Event
from storage.people import Person, event_blind
from storage.schema import account, inbox
from storage.seal import Vault
from storage.statement import Statement, fixed, given

BODY = "inbox|body"
MESSAGE = "inbox|message"

_ADD = Statement(
    insert(inbox)
    .values(
        given(
            "key",
            "account_id",
            "contact_id",
            "body",
            "state",
            "now",
            "release",
            "node_before",
            "node_after",
            "reason",
            "message",
            "restricted",
        )
    )
    .returning(inbox.c.id)
)


_SEEN = Statement(select(inbox.c.id).where(inbox.c.key == bindparam("event")))


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """An event whose step failed: an engineer must look."""

    id: int
    contact_id: int | None
    account: str
    reason: str
    at: datetime


def seen(conn: Connection, vault: Vault, account_name: str, event_id: str) -> bool:
    """Tell whether an event was taken already. Ask before greeting: its person may have been erased since."""
    return _SEEN.one(conn, {"event": event_blind(vault, account_name, event_id)}) is not None


def add(  # noqa: PLR0913 - one per column
    conn: Connection,
    vault: Vault,
    *,
    person: Person,
    event: Event,
    body: bytes | None,
    now: datetime,
    release: str | None = None,
    node_before: str = "",
    node_after: str = "",
    reason: str = "",
    restricted: bool = False,
) -> int:
    """Remember an event (one statement). `body` None: its words are not kept at all, nor which they were.

    `restricted`: for the safeguarding role only.
    """
    marks: dict[str, Any] = {
        "state": "done",
        "release": release,
        "node_before": node_before,
        "node_after": node_after,
        "reason": reason,
        "message": None if body is None else getattr(event.body, "message", ""),
        "restricted": restricted,
    }
    return _remember(conn, vault, person, event.id, {"body": body, "now": now, **marks})


def park(  # noqa: PLR0913 - one per column
    conn: Connection,
    vault: Vault,
    *,
    person: Person,
    event_id: str,
    raw: bytes,
    reason: str,
    now: datetime,
    message: str = "",
    restricted: bool = False,
) -> int:
    """Keep the raw event of a step that failed. `reason`: the name of what went wrong, no words of people.

    `message`: the platform's id of it, by which it can be deleted there.
    """
    marks: dict[str, Any] = {
        "state": "parked",
        "release": None,
        "node_before": "",
        "node_after": "",
        "reason": reason,
    }
    marks |= {"message": message or None, "restricted": restricted}
    return _remember(conn, vault, person, event_id, {"body": raw, "now": now, **marks})


def parked(conn: Connection, limit: int) -> list[ParkedRow]:
    """List parked events, the oldest first."""
    wanted = (
        select(inbox.c.id, inbox.c.contact_id, account.c.name, inbox.c.reason, inbox.c.now)
        .join(account, account.c.id == inbox.c.account_id)
        .where(inbox.c.state == fixed("parked"))
    )
    return [ParkedRow(*row) for row in conn.execute(wanted.order_by(inbox.c.id).limit(limit))]


def _remember(conn: Connection, vault: Vault, person: Person, event_id: str, cells: dict[str, Any]) -> int:
    key = event_blind(vault, person.account, event_id)
    if cells["body"] is not None:
        cells["body"] = person.key.seal(BODY, key.hex(), cells["body"])
    cells["message"] = (
        person.key.seal(MESSAGE, key.hex(), cells["message"].encode()) if cells["message"] else None
    )
    cells |= {"key": key, "account_id": person.account_id, "contact_id": person.contact.id}
    row = _ADD.one(conn, cells)
    if row is None:
        raise LookupError("the database returned no id")
    return int(row[0])
