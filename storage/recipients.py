"""Many people at once, as far as writing to them unasked takes: whether we may, where and in what words.

Never opens what they said, and never decides whether they are written to.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, and_, select

from bot.core.contact import Address
from bot.core.hours import ANY
from bot.core.window import Standing
from storage.faults import DamagedCell
from storage.people import EXTERNAL, Person, contact_from
from storage.person_rows import WHO
from storage.schema import account, address, contact, contact_address, safe_hours, session
from storage.seal import Vault


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person at the address where they wrote last. `person.session` is not read and stays empty.

    `hours`: when what comes unasked may reach them: morning, noon, evening, any. `standing`: of the address.
    `shut`: nobody knows who is writing there.
    """

    person: Person
    hours: str
    standing: Standing
    shut: bool


_MORE = (
    contact.c.data_key,
    address.c.id,
    address.c.account_id,
    address.c.blind,
    address.c.acted_at,
    address.c.shut_at,
    account.c.name,
    contact_address.c.external,
    contact_address.c.shut,
    session.c.seq,
    safe_hours.c.hours,
)
_ACCOUNT = len(WHO) + _MORE.index(account.c.name)
_FOUND = (
    select(*WHO, *_MORE)
    .select_from(contact)
    .join(session, session.c.contact_id == contact.c.id)
    .join(contact_address, and_(contact_address.c.contact_id == contact.c.id, contact_address.c.current))
    .join(address, address.c.id == contact_address.c.address_id)
    .join(account, account.c.id == address.c.account_id)
    .outerjoin(safe_hours, safe_hours.c.contact_id == contact.c.id)
    .where(contact.c.erasing_since.is_(None))
    .order_by(
        contact.c.id,
        address.c.blocked_at.is_not(None),
        contact_address.c.shut,
        contact_address.c.used_at.desc(),
        address.c.id.desc(),
    )
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """`damaged`: contacts of whom a cell does not open; at another address of theirs they may be found."""

    found: list[Recipient]
    damaged: frozenset[int]


def load(conn: Connection, vault: Vault, ids: Sequence[int], channels: Collection[str]) -> Loaded:
    """Read people in the order of their ids, each once for every address in one of `channels` (names).

    Their sessions are locked, in that order. Where they wrote last goes first, but after it whatever they
    blocked, or where nobody knows who is writing. Left out: who is erasing everything, has no address of
    theirs there, or is damaged: one person holds up no other.
    """
    if conn.dialect.name != "sqlite":
        theirs = select(session.c.contact_id).where(session.c.contact_id.in_(ids))
        conn.execute(theirs.order_by(session.c.contact_id).with_for_update()).all()
    rows = conn.execute(_FOUND.where(contact.c.id.in_(ids)))
    found, damaged = [], set()
    for row in rows:
        if row[_ACCOUNT].partition(":")[0] in channels:
            try:
                found.append(_recipient(vault, row))
            except DamagedCell:
                damaged.add(row[0])
    return Loaded(found, frozenset(damaged))


def _recipient(vault: Vault, row: Sequence[Any]) -> Recipient:
    wrapped, address_id, account_id, blind, acted, was_shut, name, sealed, shut, seq, hours = row[len(WHO) :]
    key = vault.unwrap(wrapped)
    where = Address(name, key.open(EXTERNAL, blind.hex(), sealed).decode())
    person = Person(
        contact=replace(contact_from(row), channel=where.channel),
        address_id=address_id,
        account_id=account_id,
        account=name,
        external=where.external,
        key=key,
        seq=seq,
    )
    return Recipient(person, hours or ANY, Standing(acted, was_shut), bool(shut))
