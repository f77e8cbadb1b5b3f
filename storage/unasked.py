"""Parts that nobody asked for and that still wait: taken back when their person wants to hear nothing.

Never touches a reply or words of staff.
"""

from sqlalchemy import Connection, bindparam, update

from storage.parts import Lane
from storage.schema import outbox
from storage.statement import Statement, fixed

_CANCEL = Statement(
    update(outbox)
    .where(
        outbox.c.contact_id == bindparam("contact"),
        outbox.c.state == fixed("queued"),
        outbox.c.lane > fixed(int(Lane.STAFF)),
    )
    .values(state=fixed("cancelled"), reason=fixed("they want to hear nothing"))
)


def cancel(conn: Connection, contact_id: int) -> int:
    """Let what waits for a person never be sent; how many parts."""
    return _CANCEL.run(conn, {"contact": contact_id})
