"""People: found by where they write from, greeted the first time, and where they stand in the script.

Never reads what they said, and never decides who answers them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, false, func, insert, null, or_, select, update

from bot.core.contact import Address, Contact, Language
from storage import accounts
from storage.faults import DamagedCell
from storage.person_rows import AT, BY_ID, CONTACT, FIND, LOCK, LOCK_AT, MORE, UNSENT, WHO
from storage.schema import address, contact, contact_address, session
from storage.seal import DataKey, Vault
from storage.statement import Statement, changing, given, made

EXTERNAL = "contact_address|external"
SESSION = "session|body"
ANYBODY = 0  # no contact has this id
Flag = Literal[
    "stopped", "reachable", "listens", "discreet", "hidden", "resting", "staff", "paused", "careful"
]
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

    @property
    def where(self) -> Address:
        """The address, as the core names it."""
        return Address(self.account, self.external)


_SAVE = Statement(
    update(session)
    .where(session.c.contact_id == bindparam("contact"))
    .values(
        given("body", "seq", "wake_at", "releases", "updated_at")
        | {"ask_at": null()}
        | {"seen_at": func.coalesce(bindparam("seen", type_=session.c.seen_at.type), session.c.seen_at)}
    )
)
_TAKE_SEQ = Statement(
    update(session)
    .where(session.c.contact_id == bindparam("contact"))
    .values(seq=session.c.seq + bindparam("count"))
    .returning(session.c.seq)
)
_ADDRESS = Statement(select(address.c.id).where(address.c.blind == bindparam("blind")))
_NEW_ADDRESS = Statement(
    insert(address).values(given("account_id", "blind", "created_at")).returning(address.c.id)
)
_NEW_CONTACT = Statement(
    insert(contact)
    .values(given("data_key", "language", "created_at", "changed_at") | {"careful": false()})
    .returning(contact.c.id)
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
    while (locked := _locked(conn, LOCK_AT, {"blind": blind})) is not None:
        row = FIND.one(conn, {"blind": blind, "event": event, "worker": worker})
        if row is None:
            return None
        if locked in {ANYBODY, row[0]}:  # else it was handed over while we waited for the lock
            return _person(vault, row, where, seen=bool(row[MORE]))
    return None


def by_id(conn: Connection, vault: Vault, contact_id: int, *, lock: bool = True) -> Person | None:
    """Find a contact at the address used last, but one where we know that it is them goes first.

    `lock`: their session first, for work that will write. Raises DamagedCell: the address does not open.
    """
    if lock and _locked(conn, LOCK, {"contact": contact_id}) is None:
        return None
    row = BY_ID.one(conn, {"contact": contact_id})
    if row is None:
        return None
    account_name, blind, sealed, present = row[MORE:]
    external = vault.unwrap(row[len(WHO)]).open(EXTERNAL, blind.hex(), sealed).decode()
    found = _person(vault, row, Address(account_name, external), seen=False)
    return found if present else replace(found, contact=replace(found.contact, present=False))


def _locked(conn: Connection, lock: Statement, whose: dict[str, Any]) -> int | None:
    """Lock a session by itself, and only then read: PostgreSQL reads again, after a wait, only what it locks.

    Whose it is; None when there is none. SQLite's writer is alone already.
    """
    if conn.dialect.name == "sqlite":
        return ANYBODY
    row = lock.one(conn, whose)
    return None if row is None else int(row[0])


def contact_of(conn: Connection, contact_id: int) -> Contact | None:
    """Read who a contact is, opening no cell."""
    row = CONTACT.one(conn, {"contact": contact_id})
    return None if row is None else contact_from(row)


def key_of(conn: Connection, vault: Vault, contact_id: int) -> DataKey:
    """Open the key of a contact, also of one that leads to no address. Raises LookupError."""
    wrapped = conn.scalar(select(contact.c.data_key).where(contact.c.id == contact_id))
    if wrapped is None:
        raise LookupError(f"no contact {contact_id}")
    return vault.unwrap(wrapped)


def contact_at(conn: Connection, vault: Vault, where: Address) -> int | None:
    """Tell whose address it is."""
    row = AT.one(conn, {"blind": address_blind(vault, where)})
    return None if row is None else int(row[0])


def greet(conn: Connection, vault: Vault, where: Address, language: Language, now: datetime) -> Person:
    """Remember a new person at an address that is nobody's; who loses a race runs again and finds them."""
    account_id = accounts.number_of(conn, where.account, now)
    wrapped, key = vault.new_key()
    blind = address_blind(vault, where)
    known = _ADDRESS.one(conn, {"blind": blind})
    cells = {"account_id": account_id, "blind": blind, "created_at": now}
    address_id = int(known[0]) if known else made(conn, _NEW_ADDRESS, **cells)
    contact_id = made(conn, _NEW_CONTACT, data_key=wrapped, language=language, created_at=now, changed_at=now)
    external = key.seal(EXTERNAL, blind.hex(), where.external.encode())
    link = {"contact_id": contact_id, "address_id": address_id, "external": external, "used_at": now}
    _LINK.run(conn, link)
    _NEW_SESSION.run(conn, {"contact_id": contact_id, "updated_at": now})
    newcomer = Contact(contact_id, language, channel=where.channel, careful=False)
    return Person(newcomer, address_id, account_id, where.account, where.external, key)


def nobody(conn: Connection, vault: Vault, like: Person, now: datetime) -> Person:
    """Make a contact that leads to no address, with a key of its own, for what must lead back to nobody.

    `like`: whose language and account it has.
    """
    wrapped, key = vault.new_key()
    cells = {"data_key": wrapped, "language": like.contact.language, "created_at": now, "changed_at": now}
    contact_id = made(conn, _NEW_CONTACT, **cells)
    _NEW_SESSION.run(conn, {"contact_id": contact_id, "updated_at": now})
    known = Contact(contact_id, like.contact.language, present=False)
    return Person(known, 0, like.account_id, like.account, "", key)


def save(  # noqa: PLR0913 - one per column
    conn: Connection,
    person: Person,
    body: bytes,
    seq: int,
    wake_at: datetime | None,
    *,
    releases: Iterable[str] = (),
    seen_at: datetime | None = None,
    now: datetime,
) -> None:
    """Remember where the person stands (one statement); what was to be asked again has been said or is over.

    `releases`: digests that the session walks. `seen_at`: when they last wrote; None leaves that as it is.
    """
    contact_id = person.contact.id
    _SAVE.run(
        conn,
        {
            "contact": contact_id,
            "body": person.key.seal(SESSION, str(contact_id), body),
            "seq": seq,
            "wake_at": wake_at,
            "releases": " ".join(sorted(releases)),
            "seen": seen_at,
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


def set_flag(conn: Connection, contact_id: int, flag: Flag, *, on: bool, now: datetime) -> None:
    """Remember one yes or no of a Contact."""
    _change(conn, contact_id, now, **{flag: on})


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
    wrapped, erasing, address_id, account_id, body, seq, unsent, shared = row[len(WHO) : MORE]
    key, damaged = vault.unwrap(wrapped), False
    try:
        opened = key.open(SESSION, str(row[0]), body) if body else b""
    except DamagedCell:
        opened, damaged = b"", True
    return Person(
        contact=replace(contact_from(row), channel=where.channel, shared=bool(shared)),
        address_id=address_id,
        account_id=account_id,
        account=where.account,
        external=where.external,
        key=key,
        session=opened,
        seq=seq,
        seen=seen,
        unsent=bool(unsent),
        erasing=erasing is not None,
        damaged=damaged,
    )


def contact_from(row: Sequence[Any]) -> Contact:
    """Make the contact of a row that begins with WHO."""
    number, language, chosen, stopped, reachable, holder, consents, *flags = row[: len(WHO) - 4]
    declined, paused, linked, careful = row[len(WHO) - 4 : len(WHO)]
    said_yes, said_no = frozenset(consents.split()), frozenset(declined.split())
    known = Contact(
        number, language, chosen, stopped, reachable, holder is not None or paused, said_yes, *flags
    )
    return replace(known, declined=said_no, paused=paused, linked=bool(linked), careful=careful)


def _change(conn: Connection, contact_id: int, now: datetime, **values: Any) -> None:  # noqa: ANN401
    change = changing(contact.c.id, ("changed_at", *values))
    change.run(conn, {"key": contact_id, "changed_at": now, **values})
