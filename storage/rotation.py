"""A new master key: every person's key is wrapped again, a batch a transaction.

Never changes a person's own key, so that no cell is sealed anew; it may break off and go on at any point.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, update

from storage.faults import DamagedCell
from storage.schema import contact
from storage.seal import Vault
from storage.statement import Statement, given

AT_ONCE = 500
_NEXT = Statement(
    select(contact.c.id, contact.c.data_key)
    .where(contact.c.id > bindparam("after"))
    .order_by(contact.c.id)
    .limit(bindparam("limit"))
    .with_for_update()
)
_WRAP = Statement(update(contact).where(contact.c.id == bindparam("contact")).values(given("data_key")))


@dataclass(frozen=True, slots=True)
class Wrapped:
    """The last contact looked at (0: there are no more), keys wrapped anew, keys that are damaged."""

    last: int
    wrapped: int = 0
    damaged: int = 0


def wrap_next(conn: Connection, vault: Vault, after: int) -> Wrapped:
    """Wrap the keys of the next people that an older master key still wraps."""
    found = _NEXT.all(conn, {"after": after, "limit": AT_ONCE})
    fresh, damaged = [], 0
    for contact_id, wrapped in found:
        if vault.wraps(wrapped):
            continue
        try:
            fresh.append({"contact": contact_id, "data_key": vault.rewrap(wrapped)})
        except DamagedCell:
            damaged += 1  # nobody can read this person's cells, under any key; the doctor counts them
    if fresh:
        _WRAP.many(conn, fresh)
    return Wrapped(found[-1][0] if found else 0, len(fresh), damaged)


def behind(conn: Connection, vault: Vault) -> int:
    """Count people whose key an older master key wraps; a damaged one can never be wrapped anew."""
    return sum(not vault.wraps(one) and _opens(vault, one) for one in _wrapped(conn))


def damaged(conn: Connection, vault: Vault) -> int:
    """Count people whose key does not open: nobody can read what they wrote."""
    return sum(not _opens(vault, one) for one in _wrapped(conn))


def unknown(conn: Connection, vault: Vault) -> int:
    """Count people whose key is wrapped by none of these master keys."""
    return sum(not vault.knows(one) for one in _wrapped(conn))


def _wrapped(conn: Connection) -> Sequence[bytes]:
    return conn.scalars(select(contact.c.data_key)).all()


def _opens(vault: Vault, wrapped: bytes) -> bool:
    try:
        vault.unwrap(wrapped)
    except DamagedCell:
        return False
    return True
