"""Parts on the wire: what goes out once is begun once for each claim, and a long send keeps its lease.

Never claims, and never says how a send ended.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, update

from storage.parts import OutRow
from storage.schema import outbox
from storage.statement import Statement, fixed, given

_ours = (
    outbox.c.id == bindparam("row"),
    outbox.c.contact_id == bindparam("contact"),
    outbox.c.tries == bindparam("nth"),
    outbox.c.state == fixed("sending"),
    outbox.c.lease_by == bindparam("worker"),
)
_BEGIN = Statement(update(outbox).where(*_ours, outbox.c.sent_at.is_(None)).values(given("sent_at")))
_RENEW = Statement(update(outbox).where(*_ours).values(lease_until=bindparam("until")))


def begun(conn: Connection, row: OutRow, now: datetime) -> bool:
    """Note, before its try, that what goes out once may arrive from now on; False when it is no more ours.

    Once for each claim: whoever has it in hand twice, for a lease ran out meanwhile, sends it once.
    """
    return _BEGIN.run(conn, _which(row) | {"sent_at": now}) == 1


def renew(conn: Connection, rows: Iterable[OutRow], until: datetime) -> None:
    """Keep what is still being sent until then, so that nobody takes it for lost and sends it too."""
    _RENEW.many(conn, [_which(one) | {"until": until} for one in rows])


def _which(row: OutRow) -> dict[str, object]:
    return {"row": row.id, "contact": row.contact_id, "nth": row.tries, "worker": row.worker}
