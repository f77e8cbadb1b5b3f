"""People: found by where they write from, greeted the first time, and where they stand in the script.

Never reads what they said, and never decides who answers them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from bot.core.contact import Address, Contact, Language
from storage.faults import DamagedCell
from storage.person_rows import AT, BY_ID, CONTACT, FIND, LOCK, LOCK_AT, UNSENT
from storage.schema import account, address, contact, contact_address, session
from storage.seal import DataKey, Vault
from storage.statement import Statement, changing, given

EXTERNAL = "contact_address|external"
SESSION = "session|body"
RECEIPT = timedelta(seconds=60)  # how long an erasure waits for its last reply to leave


@dataclass(frozen=True, slots=True)
class Person:
    """A contact at one address. `session`: its JSON, empty for none. `seq`: last outbox number used.

    `seen`: the event asked about is in the inbox already. `unsent`: a reply waits or a part is in flight.
    `damaged`: the session's cell did not open: it is empty here, the rest stands, and they can be told so.
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


_SAVE = Statement(
    update(session)
    .where(session.c.contact_id == bindparam("contact"))
    .values(given("body", "seq", "wake_at", "releases", "updated_at"))
)
_LET_REST = Statement(
    update(session).where(session.c.contact_id == bindparam("contact")).values(given("wake_at"))
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


def find(conn: Connection, vault: Vault, where: Address, event_id: str, worker: str = "") -> Person | None:
    """Lock the session of who writes from an address, and find them (one statement on SQLite).

    What `worker` itself is sending does not count as unsent: it keeps its own order.
    """
    event, blind = event_blind(vault, where.account, event_id), address_blind(vault, where)
    if not _locked(conn, LOCK_AT, {"blind": blind}):
        return None
    row = FIND.one(conn, {"blind": blind, "event": event, "worker": worker})
    return None if row is None else _person(vault, row, where, seen=bool(row[14]))


def by_id(conn: Connection, vault: Vault, contact_id: int, *, lock: bool = True) -> Person | None:
    """Find a contact at the address linked last. `lock`: their session first, for work that will write.

    Raises DamagedCell when the address does not open.
    """
    if lock and not _locked(conn, LOCK, {"contact": contact_id}):
        return None
    row = BY_ID.one(conn, {"contact": contact_id})
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
    row = CONTACT.one(conn, {"contact": contact_id})
    return None if row is None else _contact(row)


def contact_at(conn: Connection, vault: Vault, where: Address) -> int | None:
    """Tell whose address it is."""
    row = AT.one(conn, {"blind": address_blind(vault, where)})
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


def let_rest(conn: Connection, contact_id: int) -> None:
    """Wake a session no more, opening no cell."""
    _LET_REST.run(conn, {"contact": contact_id, "wake_at": None})


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
    ready = ~UNSENT if now is None else or_(~UNSENT, contact.c.erasing_since <= now - RECEIPT)
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
    made = changing(contact.c.id, ("changed_at", *values))
    made.run(conn, {"key": contact_id, "changed_at": now, **values})
