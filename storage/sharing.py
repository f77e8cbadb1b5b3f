"""People who write from one address: who else does, whose it is now, and what waits until they return.

Never reads what they said, but for what to call them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import orjson
from sqlalchemy import ColumnElement, Connection, delete, exists, func, select, update

from bot.core.answers import Words, load
from bot.core.contact import Address, Companion, Language
from storage import answers, forgetting, people, submissions
from storage.faults import DamagedCell
from storage.parts import ABSENT
from storage.people import Person
from storage.schema import (
    activity_missed,
    activity_told,
    address,
    casefile,
    consent,
    contact,
    contact_address,
    media,
    outbox,
    registration,
    safe_hours,
    session,
    submission,
    subscription,
)
from storage.seal import Vault
from storage.statement import fixed

_one, _other = contact_address.alias("one"), contact_address.alias("other")
LEFT = (submission, consent, casefile, media, registration, subscription)  # what is worth keeping
JUST_BEFORE = timedelta(microseconds=1)  # what somebody says as they take over is theirs


def companions(conn: Connection, vault: Vault, person: Person) -> tuple[Companion, ...]:
    """List who else writes from the person's address, the last first, with the name that they gave last."""
    others = (
        select(contact.c.id, contact.c.data_key)
        .join(contact_address, contact_address.c.contact_id == contact.c.id)
        .where(
            contact_address.c.address_id == person.address_id,
            ~contact_address.c.current,
            contact.c.erasing_since.is_(None),
        )
        .order_by(contact_address.c.used_at.desc(), contact.c.id)
    )
    return tuple(Companion(row.id, _name(conn, vault, row.id, row.data_key)) for row in conn.execute(others))


def _name(conn: Connection, vault: Vault, contact_id: int, wrapped: bytes) -> str:
    """What to call somebody; empty when they did not say, or when it does not open."""
    try:
        given = submissions.latest(conn, vault.unwrap(wrapped), contact_id, "name")
    except DamagedCell:
        return ""
    value = load(orjson.loads(given)) if given else None
    return value.text if isinstance(value, Words) else ""


def hand_over(
    conn: Connection, vault: Vault, person: Person, to: int | None, language: Language, now: datetime
) -> None:
    """Make the address somebody else's: a companion's, or a new person's with that language.

    Whoever takes over goes on above every number that was used there, and is shown nothing up to it. Of
    somebody new who said nothing worth keeping nothing is left: the next new person is taken for them.
    """
    hold(conn, person)
    here = contact_address.c.address_id == person.address_id
    conn.execute(update(contact_address).where(here, contact_address.c.current).values(current=False))
    theirs = update(contact_address).where(here, contact_address.c.contact_id == to)
    linked = to is not None and conn.execute(theirs.values(current=True, used_at=now)).rowcount
    if to is None or not linked:  # erased meanwhile: then it is somebody new
        to = _anew(conn, vault, person, language, now)
    used = select(func.max(session.c.seq)).where(session.c.contact_id.in_([to, person.contact.id]))
    above = conn.scalar(used)
    cells = {"seq": above, "shown_after": above, "shown_since": now - JUST_BEFORE}
    conn.execute(update(session).where(session.c.contact_id == to).values(cells))


def _anew(conn: Connection, vault: Vault, person: Person, language: Language, now: datetime) -> int:
    """A new person at the address: somebody who was new there and left nothing, else one more."""
    there = select(contact_address.c.contact_id).join(contact, contact.c.id == contact_address.c.contact_id)
    to: int | None = conn.scalar(
        there.where(
            contact_address.c.address_id == person.address_id, contact.c.id != person.contact.id, *_blank()
        )
        .order_by(contact.c.id)
        .limit(1)
    )
    if to is None:
        return people.greet(conn, vault, person.where, language, now).contact.id
    forgetting.words(conn, to, now, keys=False)
    answers.forget(conn, to)
    for table in (activity_missed, activity_told, safe_hours):
        conn.execute(delete(table).where(table.c.contact_id == to))
    cells = {"language": language, "language_chosen": False, "listens": False, "discreet": False}
    conn.execute(update(contact).where(contact.c.id == to).values(cells))
    stands = update(session).where(session.c.contact_id == to)
    conn.execute(stands.values(body=None, seen_at=None, wake_at=None, releases=""))
    theirs = (contact_address.c.address_id == person.address_id, contact_address.c.contact_id == to)
    conn.execute(update(contact_address).where(*theirs).values(current=True, used_at=now, shut=False))
    return to


def blank(conn: Connection, contact_id: int) -> bool:
    """Tell whether somebody has left nothing that is worth keeping."""
    return conn.scalar(select(contact.c.id).where(contact.c.id == contact_id, *_blank())) is not None


def _blank() -> tuple[ColumnElement[bool], ...]:
    left = (table.c.contact_id == contact.c.id for table in LEFT)
    flags = (contact.c.hidden, contact.c.resting, contact.c.private_chat, contact.c.staff, contact.c.stopped)
    linked = exists().where(
        _other.c.contact_id == contact.c.id,
        _other.c.current,
        _other.c.address_id != _one.c.address_id,
        _one.c.contact_id == contact.c.id,
    )
    return (
        contact.c.erasing_since.is_(None),
        contact.c.handled_by.is_(None),
        ~contact.c.paused,
        *(~one for one in flags),
        *(~exists().where(one) for one in left),
        ~linked,
    )


def everybody_at(conn: Connection, vault: Vault, where: Address) -> Sequence[int]:
    """List all who ever wrote from an address."""
    here = address.c.blind == people.address_blind(vault, where)
    linked = select(contact_address.c.contact_id).join(address, address.c.id == contact_address.c.address_id)
    return conn.scalars(linked.where(here).order_by(contact_address.c.contact_id)).all()


def shown(conn: Connection, contact_id: int) -> tuple[int, datetime | None, datetime | None]:
    """Tell up to which part and until when nothing is shown to a person's page, and when they last wrote."""
    cells = (session.c.shown_after, session.c.shown_since, session.c.seen_at)
    row = conn.execute(select(*cells).where(session.c.contact_id == contact_id)).one()
    return row.shown_after, row.shown_since, row.seen_at


def away(conn: Connection, vault: Vault, contact_id: int, where: Address) -> bool:
    """Tell whether a person wrote last from another address of theirs."""
    theirs = select(address.c.blind).join(contact_address, contact_address.c.address_id == address.c.id)
    present = theirs.where(contact_address.c.contact_id == contact_id, contact_address.c.current)
    latest = conn.scalar(present.order_by(contact_address.c.used_at.desc()).limit(1))
    return latest != people.address_blind(vault, where)


def place_of(conn: Connection, vault: Vault, where: Address) -> int:
    """Tell the id of an address, 0 when nobody ever wrote from there."""
    blind = people.address_blind(vault, where)
    return conn.scalar(select(address.c.id).where(address.c.blind == blind)) or 0


def show_after(conn: Connection, contact_id: int, seq: int, now: datetime) -> None:
    """Show the person's page no part up to this number any more, and nothing said or given up to now."""
    cells = {"shown_after": seq, "shown_since": now}
    conn.execute(update(session).where(session.c.contact_id == contact_id).values(cells))


def fetched(conn: Connection, contact_id: int) -> int:
    """Tell the highest number of a part that reached the person."""
    went = select(func.max(outbox.c.seq)).where(outbox.c.contact_id == contact_id)
    return conn.scalar(went.where(outbox.c.state == fixed("sent"))) or 0


def shut(conn: Connection, person: Person, *, on: bool) -> None:
    """Keep back what staff says to a person there, or no more."""
    conn.execute(update(contact_address).where(*_link(person)).values(shut=on))


def used(conn: Connection, person: Person, now: datetime) -> None:
    """Note that this is where the person writes now: it goes before their other addresses."""
    conn.execute(update(contact_address).where(*_link(person)).values(used_at=now))


def _link(person: Person) -> tuple[ColumnElement[bool], ...]:
    mine = contact_address.c.contact_id == person.contact.id
    return (mine, contact_address.c.address_id == person.address_id)


def hold(conn: Connection, person: Person) -> None:
    """Keep back what waits for a person there until we know that it is them."""
    waits = (
        outbox.c.contact_id == person.contact.id,
        outbox.c.address_id == person.address_id,
        outbox.c.state == fixed("queued"),
    )
    conn.execute(update(outbox).where(*waits).values(state="held", reason=ABSENT))


def held(conn: Connection, person: Person) -> Sequence[int]:
    """List what was kept back until they are known to be there, in its order."""
    kept = (outbox.c.contact_id == person.contact.id, outbox.c.state == fixed("held"))
    return conn.scalars(
        select(outbox.c.id).where(*kept, outbox.c.reason == ABSENT).order_by(outbox.c.seq)
    ).all()
