"""How an address stands with its platform: the person's last action, a shut window, and receipts.

Never decides whether something may be sent (`bot.core.window` does), and no mark ever goes back in time.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, bindparam, or_, select, update
from sqlalchemy.sql.dml import Update

from bot.core.contact import Address
from bot.core.window import Standing
from storage import chats, withheld
from storage.parts import ABSENT, Result
from storage.people import address_blind
from storage.schema import address, outbox
from storage.seal import Vault
from storage.statement import Statement


def _later(column: Column[Any], *which: Any) -> Update:  # noqa: ANN401 - conditions
    at = bindparam("mark", type_=column.type)
    return update(address).where(*which, or_(column.is_(None), column < at)).values({column.name: at})


_its = address.c.id == bindparam("which")
_blind = address.c.blind == bindparam("blind")
_ACTED = Statement(_later(address.c.acted_at, _its))
_SHUT = Statement(_later(address.c.shut_at, _its))
_DELIVERED = Statement(_later(address.c.delivered_at, _blind))
_READ = Statement(_later(address.c.read_at, _blind))
_OF = Statement(select(address.c.acted_at, address.c.shut_at).where(_its))
_OF_PART = Statement(
    select(address.c.id, address.c.acted_at, address.c.shut_at)
    .join(outbox, outbox.c.address_id == address.c.id)
    .where(outbox.c.id == bindparam("part"))
)


def acted(conn: Connection, address_id: int, at: datetime) -> None:
    """Note that the person did something at `at`, the platform's time."""
    _ACTED.run(conn, {"which": address_id, "mark": at})


def shut(conn: Connection, address_id: int, at: datetime) -> None:
    """Note that the platform said that the window is shut: only an action later than `at` opens it.

    `at`: the last action that was known then, by the platform's clock; ours where none was.
    """
    _SHUT.run(conn, {"which": address_id, "mark": at})


def of(conn: Connection, address_id: int) -> Standing:
    """Read how an address stands."""
    return _standing(_OF.one(conn, {"which": address_id}))


def of_part(conn: Connection, part_id: int) -> tuple[int, Standing]:
    """Read to which address a part goes, and how that stands; (0, nothing known) when the part is gone."""
    row = _OF_PART.one(conn, {"part": part_id})
    return (0, Standing()) if row is None else (int(row[0]), _standing(row[1:]))


def received(conn: Connection, vault: Vault, where: Address, until: datetime, *, read: bool) -> None:
    """Note that all we sent up to `until` arrived there; `read`: and was seen."""
    mark = {"blind": address_blind(vault, where), "mark": until}
    _DELIVERED.run(conn, mark)
    if read:
        _READ.run(conn, mark)


def receipts(conn: Connection, address_id: int) -> tuple[datetime | None, datetime | None]:
    """Read up to when what we sent there has arrived, and was seen."""
    row = conn.execute(select(address.c.delivered_at, address.c.read_at).where(address.c.id == address_id))
    delivered, read = row.one()
    return delivered, read


def weighed(conn: Connection, results: Sequence[Result]) -> list[Result]:
    """Let a part go again whose person acted while it met a shut window; but none that must wait for them.

    Locks the sessions: whoever acts at this moment finds the part held, or we find what they did.
    """
    unsure = {one.row.contact_id for one in results if one.standing is not None or one.state == "queued"}
    for contact_id in sorted(unsure):
        chats.hold(conn, contact_id)
    return [_weighed(conn, one) for one in results]


def _weighed(conn: Connection, result: Result) -> Result:
    if result.standing is not None:
        _, now = of_part(conn, result.row.id)
        if now.acted_at == result.standing.acted_at:
            return result
        result = replace(result, state="queued", reason="they wrote meanwhile", tried=False)
    if result.state == "queued" and withheld.part(conn, result.row.id):
        return replace(result, state="held", reason=ABSENT, standing=None)
    return result


def _standing(row: Sequence[Any] | None) -> Standing:
    return Standing() if row is None else Standing(*row)
