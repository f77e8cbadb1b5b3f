"""The statements that lock and find people, and what a row of them holds.

Never opens a cell.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select

from storage.schema import account, address, casefile, contact, contact_address, inbox, outbox, session
from storage.statement import Statement, fixed

_WAITING = (
    outbox.c.contact_id == contact.c.id,
    outbox.c.state.in_([fixed("queued"), fixed("sending")]),
    or_(outbox.c.lane <= fixed(1), outbox.c.state == fixed("sending")),
)
UNSENT = exists().where(*_WAITING)
# what the asking worker has in its own hands it keeps in order itself
UNSENT_ELSEWHERE = exists().where(
    *_WAITING, or_(outbox.c.state == fixed("queued"), outbox.c.lease_by != bindparam("worker"))
)

_OPEN_CASE = exists().where(
    casefile.c.contact_id == contact.c.id, casefile.c.state.in_([fixed("open"), fixed("taken")])
)

_fellow = contact_address.alias("fellow")
_SHARED = exists().where(_fellow.c.address_id == address.c.id, ~_fellow.c.current)

_place, _another = contact_address.alias("place"), contact_address.alias("another")
_LINKED = exists().where(
    _place.c.contact_id == contact.c.id,
    _place.c.current,
    _another.c.contact_id == contact.c.id,
    _another.c.current,
    _another.c.address_id > _place.c.address_id,
)

WHO = (  # in the order of Contact
    contact.c.id,
    contact.c.language,
    contact.c.language_chosen,
    contact.c.stopped,
    contact.c.reachable,
    contact.c.handled_by,
    contact.c.consents,
    contact.c.listens,
    contact.c.discreet,
    contact.c.hidden,
    contact.c.resting,
    contact.c.private_chat,
    contact.c.staff,
    _OPEN_CASE,
    contact.c.declined,
    contact.c.paused,
    _LINKED,
    contact.c.careful,
)


MORE = len(WHO) + 8  # what a statement adds to the columns of every person


def _people(unsent: ColumnElement[Any], *more: ColumnElement[Any]) -> Select[Any]:
    there = (
        address.join(contact_address, contact_address.c.address_id == address.c.id)
        .join(contact, contact.c.id == contact_address.c.contact_id)
        .join(session, session.c.contact_id == contact.c.id)
    )
    keys = (contact.c.data_key, contact.c.erasing_since, address.c.id, address.c.account_id)
    return select(*WHO, *keys, session.c.body, session.c.seq, unsent, _SHARED, *more).select_from(there)


FIND = Statement(
    _people(UNSENT_ELSEWHERE, exists().where(inbox.c.key == bindparam("event"))).where(
        address.c.blind == bindparam("blind"), contact_address.c.current
    )
)
BY_ID = Statement(
    _people(UNSENT, account.c.name, address.c.blind, contact_address.c.external, contact_address.c.current)
    .join(account, account.c.id == address.c.account_id)
    .where(contact.c.id == bindparam("contact"))
    .order_by(contact_address.c.current.desc(), contact_address.c.shut, contact_address.c.used_at.desc())
    .limit(fixed(1))
)
CONTACT = Statement(select(*WHO).where(contact.c.id == bindparam("contact")))
LOCK_AT = Statement(
    select(session.c.contact_id)
    .join(contact_address, contact_address.c.contact_id == session.c.contact_id)
    .join(address, address.c.id == contact_address.c.address_id)
    .where(address.c.blind == bindparam("blind"), contact_address.c.current)
    .with_for_update(of=session)
)
LOCK = Statement(
    select(session.c.contact_id).where(session.c.contact_id == bindparam("contact")).with_for_update()
)
AT = Statement(
    select(contact_address.c.contact_id)
    .join(address, and_(address.c.id == contact_address.c.address_id, contact_address.c.current))
    .where(address.c.blind == bindparam("blind"))
)
