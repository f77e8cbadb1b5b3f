"""The list at the door of an activity: who is registered, by the name they gave, and who of them came.

Never opens anything but that name, and never holds whoever said that they cannot come.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, exists, select

from bot.core.answers import Words, load
from storage import people, submissions
from storage.faults import DamagedCell
from storage.schema import contact_lookup, registration
from storage.seal import Vault

AT_ONCE = 40  # names are opened one by one


@dataclass(frozen=True, slots=True)
class Party:
    """Whoever is registered. `name`: what to call them, empty when not told. `came`: how many of them."""

    contact_id: int
    name: str
    size: int
    seat: str
    came: int | None


def page(conn: Connection, vault: Vault, activity_id: int, *, skip: int = 0, limit: int = 8) -> list[Party]:
    """List them in the order in which they registered."""
    return _parties(conn, vault, _here(activity_id), skip=skip, limit=limit)


def named(conn: Connection, vault: Vault, activity_id: int, words: Iterable[str]) -> list[Party]:
    """Find those whose name has all of these folded words."""
    wanted = [_has(vault, "name", word) for word in words]
    return _parties(conn, vault, [*_here(activity_id), *wanted]) if wanted else []


def phoned(conn: Connection, vault: Vault, activity_id: int, digits: str) -> list[Party]:
    """Find those whose number ends with these six digits."""
    return _parties(conn, vault, [*_here(activity_id), _has(vault, "phone6", digits)])


def of_contact(conn: Connection, vault: Vault, activity_id: int, contact_id: int) -> Party | None:
    """Find one of them."""
    its = [*_here(activity_id), registration.c.contact_id == contact_id]
    return next(iter(_parties(conn, vault, its)), None)


def _here(activity_id: int) -> list[ColumnElement[bool]]:
    return [registration.c.activity_id == activity_id, registration.c.answer != "cannot"]


def _has(vault: Vault, kind: str, text: str) -> ColumnElement[bool]:
    one = contact_lookup.c
    known = (
        one.contact_id == registration.c.contact_id,
        one.kind == kind,
        one.blind == vault.blind(kind, text),
    )
    return exists().where(*known)


def _parties(
    conn: Connection,
    vault: Vault,
    which: Sequence[ColumnElement[bool]],
    *,
    skip: int = 0,
    limit: int = AT_ONCE,
) -> list[Party]:
    one = registration.c
    size = one.adults + one.children
    wanted = select(one.contact_id, size.label("size"), one.seat, one.came)
    order = wanted.where(*which).order_by(one.created_at, one.contact_id).offset(skip).limit(limit)
    return [_party(conn, vault, row) for row in conn.execute(order).all()]


def _party(conn: Connection, vault: Vault, row: Any) -> Party:  # noqa: ANN401 - a row of _parties
    return Party(row.contact_id, name(conn, vault, row.contact_id), row.size, row.seat, row.came)


def name(conn: Connection, vault: Vault, contact_id: int) -> str:
    """What they gave last; empty when they did not say, or when it does not open."""
    try:
        given = submissions.latest(conn, people.key_of(conn, vault, contact_id), contact_id, "name")
    except DamagedCell:
        return ""
    value = load(orjson.loads(given)) if given else None
    return value.text if isinstance(value, Words) else ""
