"""A registration as a row holds it: read for its person, and for staff.

Never writes one, never opens needs without their person's key, and never fails where they do not open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row

from bot.core.activity import Party, Registration
from storage.faults import DamagedCell
from storage.schema import registration
from storage.seal import DataKey

NEEDS = "registration|needs"
COLUMNS = (
    *(registration.c[name] for name in ("activity_id", "answer", "adults", "children", "stop", "needs")),
    *(registration.c[name] for name in ("seat", "remind", "ticket", "offered_until", "line")),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A registration as staff read it. `came`: how many of them."""

    contact_id: int
    registration: Registration
    line: int | None
    came_at: datetime | None
    came: int | None
    created_at: datetime


def opened(key: DataKey | None, contact_id: int, row: Sequence[Any]) -> Registration:
    """Make a registration of cells in the order of COLUMNS."""
    activity_id, answer, adults, children, stop, needs, seat, remind, ticket, until = row[:10]
    said = _needs(key, contact_id, activity_id, needs)
    party = Party(adults, children, stop, "childcare" in said, "mobility" in said)
    return Registration(activity_id, answer, party, seat, remind, ticket or "", until)


def listed(row: Row[Any], key: DataKey | None) -> Listed:
    """Make what staff read of a whole row."""
    cells = [getattr(row, column.name) for column in COLUMNS]
    found = opened(key, row.contact_id, cells)
    return Listed(row.contact_id, found, row.line, row.came_at, row.came, row.created_at)


def natural(contact_id: int, activity_id: int) -> str:
    """What names the row, for sealing."""
    return f"{contact_id}/{activity_id}"


def _needs(key: DataKey | None, contact_id: int, activity_id: int, sealed: bytes | None) -> Sequence[str]:
    if key is None or sealed is None:
        return ()
    try:
        found: Sequence[str] = orjson.loads(key.open(NEEDS, natural(contact_id, activity_id), sealed))
    except DamagedCell:  # read in every step: without these two words they can still do everything
        return ()
    return found
