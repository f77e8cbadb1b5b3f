"""The board: the activities that people are shown, and what one person said to them; read in every step.

Never reads the activities again while none of them has changed.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, bindparam, func, null, select, union_all

from bot.core.activity import NO_BOARD, Activity, Board, Follow, Registration
from bot.core.hours import ANY
from storage import activities
from storage.registration_rows import COLUMNS, opened
from storage.schema import activity, registration, safe_hours, subscription
from storage.seal import DataKey
from storage.statement import Statement, fixed


class _Posted(NamedTuple):
    """What people were shown, as long as this tells of it."""

    stamp: tuple[Any, ...]
    activities: Mapping[int, Activity]


_KEPT: WeakKeyDictionary[Engine, _Posted] = WeakKeyDictionary()
_one = activity.c
_STAMP = Statement(  # another whenever anything that people are shown has changed
    select(
        func.count(),
        func.sum(_one.id),
        func.sum(_one.revision),
        func.sum(_one.id * _one.revision),
        func.max(_one.changed_at),
    ).where(
        _one.state.in_([fixed(state) for state in activities.SHOWN]),
        _one.published_at.is_not(None),
        _one.ends_at > bindparam("now"),
    )
)


def _filled(tag: str, **cells: Any) -> list[Any]:  # noqa: ANN401 - columns
    return [fixed(tag), *(cells.get(column.name, null()) for column in COLUMNS)]


_SAID = Statement(
    union_all(
        select(fixed("said").label("tag"), *COLUMNS).where(registration.c.contact_id == bindparam("whose")),
        select(
            *_filled(
                "follows",
                answer=subscription.c.purpose,
                seat=subscription.c.place,
                stop=subscription.c.sector,
            )
        ).where(subscription.c.contact_id == bindparam("whose")),
        select(*_filled("hours", answer=safe_hours.c.hours)).where(
            safe_hours.c.contact_id == bindparam("whose")
        ),
    )
)


def board(conn: Connection, contact_id: int, now: datetime, key: DataKey | None = None) -> Board:
    """Read it, by two small statements while no activity changes. Without `key` needs stay shut."""
    posted = _posted(conn, now)
    mine: dict[int, Registration] = {}
    follows: set[Follow] = set()
    hours = ANY
    for tag, *cells in _SAID.all(conn, {"whose": contact_id}):
        match tag:
            case "said":
                mine[cells[0]] = opened(key, contact_id, cells)
            case "follows":
                found = dict(zip(COLUMNS, cells, strict=True))
                names = (registration.c.answer, registration.c.seat, registration.c.stop)
                purpose, place, sector = (found[name] for name in names)
                follows.add(Follow(purpose, place, sector))
            case _:
                hours = cells[1]
    if not (posted or mine or follows or hours != ANY):
        return NO_BOARD
    return Board(posted, MappingProxyType(mine), frozenset(follows), hours)


def _posted(conn: Connection, now: datetime) -> Mapping[int, Activity]:
    stamp = _STAMP.one(conn, {"now": now})
    if stamp is None or not stamp[0]:
        return NO_BOARD.activities
    kept = _KEPT.get(conn.engine)
    if kept is None or kept.stamp != stamp:
        shown = {one.id: one for one in activities.shown(conn, now)}
        kept = _KEPT[conn.engine] = _Posted(stamp, MappingProxyType(shown))
    return kept.activities
