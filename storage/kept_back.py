"""Parts that met a shut window: they wait for the person's next action, and leave behind the reply to it.

Never holds what waits because somebody else has the phone (`sharing` does), and never queues (`moving`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from storage.parts import NEVER, WINDOW
from storage.people import Person
from storage.schema import outbox
from storage.statement import Statement, fixed, given


@dataclass(frozen=True, slots=True)
class KeptBack:
    """A part of a person that waits for them."""

    id: int
    lane: int
    expires: datetime | None


_WAITING = Statement(
    select(outbox.c.id, outbox.c.lane, outbox.c.expires)
    .where(
        outbox.c.contact_id == bindparam("contact"),
        outbox.c.state == fixed("held"),
        outbox.c.reason == bindparam("why"),
        outbox.c.not_before < bindparam("never", type_=outbox.c.not_before.type),
    )
    .order_by(outbox.c.seq)
)
_OVER = Statement(
    update(outbox)
    .where(outbox.c.id == bindparam("part"), outbox.c.state == fixed("held"))
    .values(given("reason") | {"state": fixed("expired")})
)


def waiting(conn: Connection, person: Person) -> list[KeptBack]:
    """List what waits for a person at any address of theirs, in the order in which it was to leave.

    What its announcement holds back meanwhile is left out.
    """
    there = {"contact": person.contact.id, "why": WINDOW, "never": NEVER}
    return [KeptBack(*row) for row in _WAITING.all(conn, there)]


def over(conn: Connection, parts: Sequence[KeptBack], reason: str) -> None:
    """End them unsent."""
    for part in parts:
        _OVER.run(conn, {"part": part.id, "reason": reason})
