"""Claiming: a sender takes the earliest waiting part of each person, lane by lane, under a lease.

Never claims two parts of one person at once, and never takes what another sender holds.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, null, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from storage.faults import DamagedCell
from storage.parts import BODY, OutRow
from storage.people import EXTERNAL
from storage.schema import account, address, contact, contact_address, outbox
from storage.seal import Vault
from storage.statement import Statement, fixed
from storage.withheld import THEIRS

_STAFF = fixed(1)  # lanes up to this one keep a person's order whatever happens
_OWN = select(account.c.id).where(account.c.name == bindparam("account")).scalar_subquery()
_now = bindparam("now", type_=outbox.c.not_before.type)
_earlier = outbox.alias("earlier")


def _alive(table: Any) -> ColumnElement[bool]:  # noqa: ANN401 - the outbox or its alias
    return or_(table.c.expires.is_(None), table.c.expires > _now)


_goes_first = or_(
    _earlier.c.state == fixed("sending"),
    and_(
        _earlier.c.lane <= _STAFF,
        or_(outbox.c.lane > _STAFF, _earlier.c.seq < outbox.c.seq),
        _alive(_earlier),
    ),
    and_(
        _earlier.c.lane > _STAFF,
        _earlier.c.not_before <= _now,
        or_(
            _earlier.c.lane < outbox.c.lane,
            and_(_earlier.c.lane == outbox.c.lane, _earlier.c.seq < outbox.c.seq),
        ),
        _alive(_earlier),
    ),
)
_held_up = exists().where(
    _earlier.c.contact_id == outbox.c.contact_id,
    _earlier.c.account_id == outbox.c.account_id,  # what one app does not take holds up nothing in another
    _earlier.c.state.in_([fixed("queued"), fixed("sending")]),
    _goes_first,
)


def _claiming(*only: ColumnElement[bool]) -> ReturningUpdate[Any]:
    chosen = (
        select(outbox.c.id)
        .where(
            outbox.c.account_id == _OWN,
            outbox.c.state == fixed("queued"),
            outbox.c.not_before <= _now,
            _alive(outbox),
            THEIRS,
            ~_held_up,
            *only,
        )
        .order_by(outbox.c.lane, outbox.c.not_before, outbox.c.id)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True, of=outbox)
        .cte("chosen")
    )
    return (
        update(outbox)
        .where(outbox.c.id.in_(select(chosen.c.id)))
        .values(
            state=fixed("sending"),
            tries=outbox.c.tries + fixed(1),
            lease_by=bindparam("worker"),
            lease_until=bindparam("until"),
        )
        .returning(outbox.c.id)
    )


_DAMAGED = Statement(
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(state=fixed("failed"), reason=fixed("damaged"), lease_by=null(), lease_until=null())
)
_CLAIM = Statement(_claiming())
_CLAIM_PROMPT = Statement(_claiming(outbox.c.lane <= _STAFF))
_CLAIM_OF = Statement(_claiming(outbox.c.contact_id == bindparam("contact")))


def claim(  # noqa: PLR0913, PLR0917 - who claims what until when
    conn: Connection,
    vault: Vault,
    account_name: str,
    worker: str,
    now: datetime,
    until: datetime,
    limit: int,
    *,
    contact_id: int | None = None,
    prompt: bool = False,
) -> list[OutRow]:
    """Take up to `limit` parts, replies first, one per person.

    `contact_id`: only theirs (web chat). `prompt`: only replies and words of staff.
    A part that does not open fails alone, as `damaged`; what stands behind it is taken instead.
    """
    wanted = {"account": account_name, "worker": worker, "now": now, "until": until, "limit": limit}
    if contact_id is not None:
        wanted["contact"] = contact_id
    claiming = (_CLAIM_PROMPT if prompt else _CLAIM) if contact_id is None else _CLAIM_OF
    while claimed := claiming.all(conn, wanted):
        if rows := _rows(conn, vault, account_name, [row[0] for row in claimed]):
            return rows
    return []


def _rows(conn: Connection, vault: Vault, account_name: str, ids: Sequence[int]) -> list[OutRow]:
    """Open claimed parts; those that are damaged fail here, once for all."""
    link = and_(
        contact_address.c.contact_id == outbox.c.contact_id,
        contact_address.c.address_id == outbox.c.address_id,
    )
    wanted = (
        select(outbox, contact.c.data_key, address.c.blind, contact_address.c.external)
        .join(contact, contact.c.id == outbox.c.contact_id)
        .join(address, address.c.id == outbox.c.address_id)
        .join(contact_address, link)
        .where(outbox.c.id.in_(ids))
        .order_by(outbox.c.lane, outbox.c.not_before, outbox.c.id)
    )
    rows = []
    for row in conn.execute(wanted).all():
        try:
            rows.append(_opened(vault, account_name, row))
        except DamagedCell:
            _DAMAGED.run(conn, {"row": row.id})
    return rows


def _opened(vault: Vault, account_name: str, row: Any) -> OutRow:  # noqa: ANN401 - a row of _rows
    key = vault.unwrap(row.data_key)
    return OutRow(
        id=row.id,
        contact_id=row.contact_id,
        account=account_name,
        external=key.open(EXTERNAL, row.blind.hex(), row.external).decode(),
        seq=row.seq,
        lane=row.lane,
        body=key.open(BODY, row.cause, row.body),
        tries=row.tries,
        cause=row.cause,
        key=key,
        worker=row.lease_by,
        troubles=row.troubles,
        expires=row.expires,
    )
