"""An echo: the platform shows us a part of ours, so that it arrived whatever became of the answer.

Never settles a part that was never tried, nor one of another address.
"""

from datetime import datetime

from sqlalchemy import Connection, bindparam, null, select, update

from bot.core.contact import Address
from storage.parts import MESSAGE
from storage.people import address_blind
from storage.schema import address, contact, outbox
from storage.seal import Vault
from storage.statement import Statement, fixed, given

# queued: to be tried again, for its answer was lost; failed: given up so
_OPEN = (
    outbox.c.state.in_([fixed(state) for state in ("unknown", "sending", "queued", "failed")]),
    outbox.c.tries > fixed(0),
)
_FIND = Statement(
    select(outbox.c.cause, contact.c.data_key)
    .join(contact, contact.c.id == outbox.c.contact_id)
    .join(address, address.c.id == outbox.c.address_id)
    .where(outbox.c.id == bindparam("part"), address.c.blind == bindparam("blind"), *_OPEN)
)
_SETTLE = Statement(
    update(outbox)
    .where(outbox.c.id == bindparam("part"), *_OPEN)
    .values(
        given("message", "sent_at")
        | {"state": fixed("sent"), "reason": fixed(""), "lease_by": null(), "lease_until": null()}
    )
)


def settle(conn: Connection, vault: Vault, part_id: int, where: Address, message: str, now: datetime) -> bool:
    """Write down that a part arrived as `message`; False when nothing was open about it."""
    found = _FIND.one(conn, {"part": part_id, "blind": address_blind(vault, where)})
    if found is None:
        return False
    cause, wrapped = found
    sealed = vault.unwrap(wrapped).seal(MESSAGE, cause, message.encode()) if message else None
    return _SETTLE.run(conn, {"part": part_id, "message": sealed, "sent_at": now}) == 1
