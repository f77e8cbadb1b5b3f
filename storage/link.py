"""One-time links: made, opened and used once; and the addresses of one person that they join or take apart.

Never keeps a token, only its blind value, and never merges two people: an address gets one more of them.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from bot.core.contact import Language
from bot.core.linking import MISSES_AT_MOST
from bot.core.window import Standing
from storage import reachable, sharing, withheld
from storage.parts import WINDOW, Lane
from storage.people import EXTERNAL, Person
from storage.schema import account, address, contact, contact_address, link, outbox
from storage.seal import Vault
from storage.statement import fixed

LIVES = timedelta(hours=24)
AT_MOST = 5  # a person makes within that time, so that nobody tries picture after picture


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that may still be used. `blind`: of its token; `contact`: whose it is."""

    blind: bytes
    contact: int
    by_staff: bool
    staff: int | None
    misses: int


@dataclass(frozen=True, slots=True)
class Place:
    """An address of a person. `shut`: nobody knows who is writing there. `blocked`: they blocked us there."""

    address: int
    account: str
    shut: bool
    used_at: datetime
    standing: Standing
    blocked: bool = False


def blind_of(vault: Vault, token: str) -> bytes:
    """Make the look-up value of a token."""
    return vault.blind("link", token)


def make(  # noqa: PLR0913 - one per column
    conn: Connection,
    vault: Vault,
    contact_id: int,
    token: str,
    now: datetime,
    *,
    by_staff: bool = False,
    staff_id: int | None = None,
) -> bool:
    """Remember a link; earlier ones of the person end. False: they made too many lately."""
    theirs = link.c.contact_id == contact_id
    lately = select(func.count()).where(theirs, ~link.c.by_staff, link.c.created_at > now - LIVES)
    if not by_staff and (conn.scalar(lately) or 0) >= AT_MOST:
        return False
    conn.execute(update(link).where(theirs, link.c.until > now).values(until=now))
    cells = {"contact_id": contact_id, "by_staff": by_staff, "staff_id": staff_id, "created_at": now}
    conn.execute(insert(link).values(blind=blind_of(vault, token), until=now + LIVES, **cells))
    return True


def opened(conn: Connection, blind: bytes, person: Person, now: datetime) -> Opened | None:
    """Find the link that a person opens, and note that it is they who are asked; None when it leads nowhere.

    Its row is locked: of two who open it at once one uses it. Whoever it is of may not have another address
    in this account.
    """
    found = _one(conn, now, link.c.blind == blind)
    if found is None or _elsewhere_there(conn, found.contact, person):
        return None
    conn.execute(update(link).where(link.c.blind == blind).values(asked_id=person.contact.id))
    return found


def asked(conn: Connection, person: Person, now: datetime) -> Opened | None:
    """Find the link whose pictures a person is asked for, locked likewise."""
    found = _one(conn, now, link.c.asked_id == person.contact.id)
    return None if found is None or _elsewhere_there(conn, found.contact, person) else found


def _one(conn: Connection, now: datetime, which: ColumnElement[bool]) -> Opened | None:
    fresh = (link.c.used_at.is_(None), link.c.until > now, link.c.misses < MISSES_AT_MOST)
    wanted = (
        select(link.c.blind, link.c.contact_id, link.c.by_staff, link.c.staff_id, link.c.misses)
        .join(contact, contact.c.id == link.c.contact_id)
        .where(which, *fresh, contact.c.erasing_since.is_(None), contact.c.merged_into.is_(None))
        .order_by(link.c.created_at.desc())
        .limit(1)
        .with_for_update(of=link)
    )
    row = conn.execute(wanted).one_or_none()
    return None if row is None else Opened(*row)


def _elsewhere_there(conn: Connection, contact_id: int, person: Person) -> bool:
    """Whether a contact has another address in the account where a person writes."""
    theirs = (contact_address.c.contact_id == contact_id, contact_address.c.current)
    there = (address.c.account_id == person.account_id, address.c.id != person.address_id)
    joined = select(address.c.id).join(contact_address, contact_address.c.address_id == address.c.id)
    return conn.scalar(joined.where(*theirs, *there).limit(1)) is not None


def missed(conn: Connection, blind: bytes) -> None:
    """Count other pictures than theirs."""
    conn.execute(update(link).where(link.c.blind == blind).values(misses=link.c.misses + 1))


def use(conn: Connection, found: Opened, owner: Person, person: Person, now: datetime) -> None:
    """Let a locked link be used up: the person's address may be handed to its owner from here on."""
    conn.execute(update(link).where(link.c.blind == found.blind).values(used_at=now))
    mine = (
        contact_address.c.contact_id == owner.contact.id,
        contact_address.c.address_id == person.address_id,
    )
    if conn.execute(update(contact_address).where(*mine).values(used_at=now, shut=False)).rowcount:
        return  # they wrote from there before
    blind = conn.scalar(select(address.c.blind).where(address.c.id == person.address_id)) or b""
    external = owner.key.seal(EXTERNAL, blind.hex(), person.external.encode())
    cells = {"contact_id": owner.contact.id, "address_id": person.address_id, "used_at": now}
    conn.execute(insert(contact_address).values(external=external, current=False, **cells))


def places(conn: Connection, contact_id: int) -> list[Place]:
    """List the addresses that are a person's now, the one used last first; where we are blocked, last."""
    cells = (address.c.id, account.c.name, contact_address.c.shut, contact_address.c.used_at)
    rows = conn.execute(
        select(*cells, address.c.acted_at, address.c.shut_at, address.c.blocked_at)
        .join(contact_address, contact_address.c.address_id == address.c.id)
        .join(account, account.c.id == address.c.account_id)
        .where(contact_address.c.contact_id == contact_id, contact_address.c.current)
        .order_by(
            address.c.blocked_at.is_not(None),
            contact_address.c.shut,
            contact_address.c.used_at.desc(),
            address.c.id,
        )
    )
    return [Place(*row[:4], Standing(*row[4:6]), row[6] is not None) for row in rows]


def at(conn: Connection, person: Person, address_id: int) -> Person:
    """The same person at another address of theirs. Raises LookupError, DamagedCell."""
    cells = (address.c.blind, address.c.account_id, account.c.name, contact_address.c.external)
    row = conn.execute(
        select(*cells)
        .join(contact_address, contact_address.c.address_id == address.c.id)
        .join(account, account.c.id == address.c.account_id)
        .where(contact_address.c.contact_id == person.contact.id, address.c.id == address_id)
    ).one_or_none()
    if row is None:
        raise LookupError(f"address {address_id} is not of contact {person.contact.id}")
    external = person.key.open(EXTERNAL, row.blind.hex(), row.external).decode()
    known = replace(person.contact, channel=row.name.partition(":")[0])
    return replace(
        person,
        contact=known,
        address_id=address_id,
        account_id=row.account_id,
        account=row.name,
        external=external,
    )


def split(
    conn: Connection, vault: Vault, person: Person, to: int | None, language: Language, now: datetime
) -> Person | None:
    """Hand the address where a person is to somebody else for good; what waits goes to their other one.

    So do words of staff that met a shut window: the other app may have none. Gives back the person at that
    other address, if any.
    """
    other = None
    left = [one for one in places(conn, person.contact.id) if one.address != person.address_id]
    if left:
        other = at(conn, person, left[0].address)
        waits = outbox.c.state.in_([fixed(state) for state in ("queued", "sending", "held")])
        theirs = (outbox.c.contact_id == person.contact.id, outbox.c.address_id == person.address_id)
        where = {"address_id": other.address_id, "account_id": other.account_id}
        conn.execute(update(outbox).where(*theirs, waits).values(where))
        met = (outbox.c.state == fixed("held"), outbox.c.reason == WINDOW, outbox.c.lane == Lane.STAFF)
        there = (outbox.c.contact_id == person.contact.id, outbox.c.address_id == other.address_id)
        conn.execute(update(outbox).where(*there, *met).values(state="queued", reason=""))
        withheld.hold(conn, person.contact.id)
    sharing.hand_over(conn, vault, person, to, language, now)
    mine = (
        contact_address.c.contact_id == person.contact.id,
        contact_address.c.address_id == person.address_id,
    )
    conn.execute(delete(contact_address).where(*mine))
    reachable.judge(conn, person.contact.id, now)
    return other


def sweep(conn: Connection, now: datetime) -> int:
    """Delete links that were of no use for as long as they lived; how many."""
    return conn.execute(delete(link).where(link.c.until < now - LIVES)).rowcount
