"""People: found by where they write from, greeted the first time, and where they stand in the script.

Never reads what they said, and never decides who answers them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, exists, insert, or_, select, update

from bot.core.contact import Address, Contact, Language
from storage.faults import DamagedCell
from storage.schema import account, address, contact, contact_address, inbox, outbox, session
from storage.seal import DataKey, Vault
from storage.statement import Statement, fixed, given

EXTERNAL = "contact_address|external"
SESSION = "session|body"
RECEIPT = timedelta(seconds=60)  # how long an erasure waits for its last reply to leave


@dataclass(frozen=True, slots=True)
class Person:
    """A contact at one address. `session`: its JSON, empty for none. `seq`: last outbox number used.

    `seen`: the event asked about is in the inbox already. `unsent`: a reply waits or a part is in flight.
    `damaged`: the session's cell did not open; what is known otherwise stands, so that the failure can be told.
    """

    contact: Contact
    address_id: int
    account_id: int
    account: str
    external: str
    key: DataKey
    session: bytes = b""
    seq: int = 0
    seen: bool = False
    unsent: bool = False
    erasing: bool = False
    damaged: bool = False


_UNSENT = exists().where(
    outbox.c.contact_id == contact.c.id,
    outbox.c.state.in_([fixed("queued"), fixed("sending")]),
    or_(outbox.c.lane <= fixed(1), outbox.c.state == fixed("sending")),
)


_WHO = (  # in the order of Contact
    contact.c.id,
    contact.c.language,
    contact.c.language_chosen,
    contact.c.stopped,
    contact.c.reachable,
    contact.c.handled_by,
    contact.c.consents,
)


def _people(*more: ColumnElement[Any]) -> Select[Any]:
    there = (
        address.join(contact_address, contact_address.c.address_id == address.c.id)
        .join(contact, contact.c.id == contact_address.c.contact_id)
        .join(session, session.c.contact_id == contact.c.id)
    )
    cells = (address.c.id, address.c.account_id, session.c.body, session.c.seq, _UNSENT)
    return select(*_WHO, contact.c.data_key, contact.c.erasing_since, *cells, *more).select_from(there)


_FIND = Statement(
    _people(exists().where(inbox.c.key == bindparam("event"))).where(
        address.c.blind == bindparam("blind"), contact_address.c.current
    )
)
_BY_ID = Statement(
    _people(account.c.name, address.c.blind, contact_address.c.external)
    .join(account, account.c.id == address.c.account_id)
    .where(contact.c.id == bindparam("contact"), contact_address.c.current)
    .order_by(contact_address.c.used_at.desc())
    .limit(fixed(1))
)
_CONTACT = Statement(select(*_WHO).where(contact.c.id == bindparam("contact")))
_LOCK_AT = Statement(
    select(session.c.contact_id)
    .join(contact_address, contact_address.c.contact_id == session.c.contact_id)
    .join(address, address.c.id == contact_address.c.address_id)
    .where(address.c.blind == bindparam("blind"), contact_address.c.current)
    .with_for_update(of=session)
)
_LOCK = Statement(
    select(session.c.contact_id).where(session.c.contact_id == bindparam("contact")).with_for_update()
)
_AT = Statement(
    select(contact_address.c.contact_id)
    .join(address, and_(address.c.id == contact_address.c.address_id, contact_address.c.current))
    .where(address.c.blind == bindparam("blind"))
)
_SAVE = Statement(
    update(session)
    .where(session.c.contact_id == bindparam("contact"))
    .values(given("body", "seq", "wake_at", "releases", "updated_at"))
)
_TAKE_SEQ = Statement(
    update(session)
    .where(session.c.contact_id == bindparam("contact"))
    .values(seq=session.c.seq + bindparam("count"))
    .returning(session.c.seq)
)
_ACCOUNT = Statement(select(account.c.id).where(account.c.name == bindparam("name")))
_NEW_ACCOUNT = Statement(insert(account).values(given("name", "created_at")).returning(account.c.id))
_NEW_ADDRESS = Statement(
    insert(address).values(given("account_id", "blind", "created_at")).returning(address.c.id)
)
_NEW_CONTACT = Statement(
    insert(contact).values(given("data_key", "language", "created_at", "changed_at")).returning(contact.c.id)
)
_LINK = Statement(insert(contact_address).values(given("contact_id", "address_id", "external", "used_at")))
_NEW_SESSION = Statement(insert(session).values(given("contact_id", "updated_at")))
_DUE = Statement(
    select(session.c.contact_id)
    .where(session.c.wake_at <= bindparam("now"))
    .order_by(session.c.wake_at)
    .limit(bindparam("limit"))
)


def address_blind(vault: Vault, where: Address) -> bytes:
    """Make the look-up value of an address."""
    return vault.blind("address", f"{where.account}\n{where.external}")


def event_blind(vault: Vault, account_name: str, event_id: str) -> bytes:
    """Make the look-up value of an event."""
    return vault.blind("event", f"{account_name}\n{event_id}")


def find(conn: Connection, vault: Vault, where: Address, event_id: str) -> Person | None:
    """Lock the session of who writes from an address, and find them (one statement on SQLite)."""
    event, blind = event_blind(vault, where.account, event_id), address_blind(vault, where)
    if not _locked(conn, _LOCK_AT, {"blind": blind}):
        return None
    row = _FIND.one(conn, {"blind": blind, "event": event})
    return None if row is None else _person(vault, row, where, seen=bool(row[14]))


def by_id(conn: Connection, vault: Vault, contact_id: int, *, lock: bool = True) -> Person | None:
    """Find a contact at the address they were linked to last. `lock`: their session, for work that will write.

    Raises DamagedCell when the address does not open.
    """
    if lock and not _locked(conn, _LOCK, {"contact": contact_id}):
        return None
    row = _BY_ID.one(conn, {"contact": contact_id})
    if row is None:
        return None
    external = vault.unwrap(row[7]).open(EXTERNAL, row[15].hex(), row[16]).decode()
    return _person(vault, row, Address(row[14], external), seen=False)


def _locked(conn: Connection, lock: Statement, whose: dict[str, Any]) -> bool:
    """Lock a session by itself, and only then read: PostgreSQL reads again, after a wait, only what it locks.

    SQLite's writer is alone already.
    """
    return conn.dialect.name == "sqlite" or lock.one(conn, whose) is not None


def contact_of(conn: Connection, contact_id: int) -> Contact | None:
    """Read who a contact is, opening no cell."""
    row = _CONTACT.one(conn, {"contact": contact_id})
    return None if row is None else _contact(row)


def contact_at(conn: Connection, vault: Vault, where: Address) -> int | None:
    """Tell whose address it is."""
    row = _AT.one(conn, {"blind": address_blind(vault, where)})
    return None if row is None else int(row[0])


def greet(conn: Connection, vault: Vault, where: Address, language: Language, now: datetime) -> Person:
    """Remember a new person at a new address. On PostgreSQL the loser of a race runs again and finds them."""
    account_id = _account(conn, where.account, now)
    wrapped, key = vault.new_key()
    blind = address_blind(vault, where)
    address_id = _new(conn, _NEW_ADDRESS, account_id=account_id, blind=blind, created_at=now)
    contact_id = _new(conn, _NEW_CONTACT, data_key=wrapped, language=language, created_at=now, changed_at=now)
    external = key.seal(EXTERNAL, blind.hex(), where.external.encode())
    link = {"contact_id": contact_id, "address_id": address_id, "external": external, "used_at": now}
    _LINK.run(conn, link)
    _NEW_SESSION.run(conn, {"contact_id": contact_id, "updated_at": now})
    return Person(Contact(contact_id, language), address_id, account_id, where.account, where.external, key)


def save(  # noqa: PLR0913 - one per column
    conn: Connection,
    person: Person,
    body: bytes,
    seq: int,
    wake_at: datetime | None,
    *,
    releases: Iterable[str] = (),
    now: datetime,
) -> None:
    """Remember where the person stands (one statement). `releases`: digests that the session walks."""
    contact_id = person.contact.id
    _SAVE.run(
        conn,
        {
            "contact": contact_id,
            "body": person.key.seal(SESSION, str(contact_id), body),
            "seq": seq,
            "wake_at": wake_at,
            "releases": " ".join(sorted(releases)),
            "updated_at": now,
        },
    )


def take_seq(conn: Connection, contact_id: int, count: int = 1) -> int:
    """Take `count` outbox numbers for parts that no step of the person's own makes; the first of them."""
    row = _TAKE_SEQ.one(conn, {"contact": contact_id, "count": count})
    if row is None:
        raise LookupError(f"no contact {contact_id}")
    return int(row[0]) - count + 1


def due(conn: Connection, now: datetime, limit: int) -> list[int]:
    """List contacts whose question has waited its time."""
    return [row[0] for row in _DUE.all(conn, {"now": now, "limit": limit})]


def set_language(conn: Connection, contact_id: int, language: Language, now: datetime) -> None:
    """Remember the language that the person chose."""
    _change(conn, contact_id, now, language=language, language_chosen=True)


def set_stopped(conn: Connection, contact_id: int, stopped: bool, now: datetime) -> None:  # noqa: FBT001
    """Remember whether anything automatic may be sent."""
    _change(conn, contact_id, now, stopped=stopped)


def set_reachable(conn: Connection, contact_id: int, reachable: bool, now: datetime) -> None:  # noqa: FBT001
    """Remember whether the person blocked us."""
    _change(conn, contact_id, now, reachable=reachable)


def set_handled(conn: Connection, contact_id: int, staff_id: int | None, now: datetime) -> None:
    """Give the chat to a member of staff, or back to the bot."""
    since = None if staff_id is None else now
    _change(conn, contact_id, now, handled_by=staff_id, handled_since=since)


def set_erasing(conn: Connection, contact_id: int, now: datetime) -> None:
    """Mark a person whose data go as soon as the last reply is out."""
    _change(conn, contact_id, now, erasing_since=now)


def ready_to_erase(conn: Connection, limit: int, now: datetime | None = None) -> list[int]:
    """List people who asked for erasure and had their last reply, or by `now` waited RECEIPT for it.

    A web page that was closed never fetches its reply.
    """
    ready = ~_UNSENT if now is None else or_(~_UNSENT, contact.c.erasing_since <= now - RECEIPT)
    asked = select(contact.c.id).where(contact.c.erasing_since.is_not(None), ready)
    return list(conn.scalars(asked.order_by(contact.c.erasing_since).limit(limit)))


def _person(vault: Vault, row: tuple[Any, ...], where: Address, *, seen: bool) -> Person:
    key, damaged = vault.unwrap(row[7]), False
    try:
        body = key.open(SESSION, str(row[0]), row[11]) if row[11] else b""
    except DamagedCell:
        body, damaged = b"", True
    return Person(
        contact=_contact(row),
        address_id=row[9],
        account_id=row[10],
        account=where.account,
        external=where.external,
        key=key,
        session=body,
        seq=row[12],
        seen=seen,
        unsent=bool(row[13]),
        erasing=row[8] is not None,
        damaged=damaged,
    )


def _contact(row: tuple[Any, ...]) -> Contact:
    contact_id, language, chosen, stopped, reachable, handled_by, consents, *_ = row
    said_yes = frozenset(consents.split())
    return Contact(contact_id, language, chosen, stopped, reachable, handled_by is not None, said_yes)


def _account(conn: Connection, name: str, now: datetime) -> int:
    known = _ACCOUNT.one(conn, {"name": name})
    return int(known[0]) if known is not None else _new(conn, _NEW_ACCOUNT, name=name, created_at=now)


def _new(conn: Connection, made: Statement, **cells: Any) -> int:  # noqa: ANN401 - any cells
    row = made.one(conn, cells)
    if row is None:
        raise LookupError("an insert returned no id")
    return int(row[0])


def _change(conn: Connection, contact_id: int, now: datetime, **values: Any) -> None:  # noqa: ANN401
    conn.execute(update(contact).where(contact.c.id == contact_id).values(changed_at=now, **values))
