"""The one row that a part becomes when it is queued, for one person or for a hundred at a time.

Never decides who is told what.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from storage.parts import ABSENT, BODY, Draft, Lane
from storage.people import Person
from storage.schema import outbox, session
from storage.statement import Inserting, Statement, given, inserting

_CELLS = given(
    "cause",
    "contact_id",
    "address_id",
    "account_id",
    "lane",
    "seq",
    "body",
    "state",
    "reason",
    "created_at",
    "not_before",
    "expires",
    "lasts",
    "tries",
    "lease_by",
    "lease_until",
    "restricted",
)


def _new(insert: Inserting) -> Inserting:
    return insert.values(_CELLS).on_conflict_do_nothing(index_elements=["cause"])


ADD = inserting(outbox, lambda insert: _new(insert).returning(outbox.c.id))
"""Queues a part and gives its id; nothing where its cause is there already."""

_ADD_MANY = inserting(outbox, _new)
_SEQ = Statement(
    update(session).where(session.c.contact_id == bindparam("contact")).values(seq=bindparam("last"))
)


class Queued(NamedTuple):
    """Parts of one person in their order. `shut`: nobody knows who is writing at the address."""

    person: Person
    drafts: Sequence[Draft]
    shut: bool


def cells(
    person: Person, draft: Draft, seq: int, now: datetime, *, held: bool, restricted: bool = False
) -> dict[str, object]:
    """The row of a part that nobody has claimed. `held`: see `withheld`."""
    return {
        "cause": draft.cause,
        "contact_id": person.contact.id,
        "address_id": person.address_id,
        "account_id": person.account_id,
        "lane": draft.lane,
        "seq": seq,
        "body": person.key.seal(BODY, draft.cause, draft.body),
        "state": "held" if held else "queued",
        "reason": ABSENT if held else "",
        "created_at": now,
        "not_before": draft.not_before or now,
        "expires": (draft.lasts or draft.expires) if held else draft.expires,
        "lasts": draft.lasts,
        "tries": 0,
        "lease_by": None,
        "lease_until": None,
        "restricted": restricted,
    }


def withheld(person: Person, drafts: Sequence[Draft], *, shut: bool) -> bool:
    """Tell whether parts wait until their person is surely there; a reply goes to whoever just wrote."""
    unasked = all(draft.lane > Lane.REPLY for draft in drafts)
    return not person.contact.present or (unasked and (person.contact.hidden or shut))


def there(conn: Connection, causes: Sequence[str]) -> frozenset[str]:
    """Tell which of these causes were queued before, whatever became of them."""
    return frozenset(conn.scalars(select(outbox.c.cause).where(outbox.c.cause.in_(causes))))


def many(conn: Connection, queued: Sequence[Queued], now: datetime) -> None:
    """Queue parts of many people, each behind what was queued for them before, with two statements.

    `Person.seq` must be as it stands: their sessions are locked since they were read (`recipients.load`).
    A person may come several times.
    """
    last: dict[int, int] = {}
    rows = []
    for person, drafts, shut in queued:
        number = person.contact.id
        held = withheld(person, drafts, shut=shut)
        first = last.get(number, person.seq) + 1
        rows += [cells(person, one, seq, now, held=held) for seq, one in enumerate(drafts, first)]
        last[number] = first + len(drafts) - 1
    _ADD_MANY.many(conn, rows)
    _SEQ.many(conn, [{"contact": number, "last": seq} for number, seq in sorted(last.items())])
