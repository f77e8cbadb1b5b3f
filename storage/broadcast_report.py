"""What became of an announcement: people by state, and each person with what they did then.

Never reads a word of anybody's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
)

from storage.schema import broadcast_recipient, broadcast_tap, inbox, outbox
from storage.segments import PARTS

# Of several parts of one person the last of these counts.
STATES = ("sent", "sending", "queued", "held", "cancelled", "expired", "unknown", "failed")
GONE = "gone"  # nothing is left of its parts
REPLY_WITHIN = timedelta(days=3)  # whoever writes later hardly answers it
_RANK = case({state: rank for rank, state in enumerate(STATES)}, value=outbox.c.state)
_HERE = broadcast_recipient.c


@dataclass(frozen=True, slots=True)
class Progress:
    """People by how their parts stand (`STATES`, `gone`), and those whom it could not go to, by reason."""

    states: Mapping[str, int]
    skipped: Mapping[str, int]

    @property
    def people(self) -> int:
        """Whom it was queued for."""
        return sum(self.states.values())

    @property
    def ended(self) -> int:
        """Of these, of whom nothing waits to leave."""
        return self.people - sum(self.states.get(one, 0) for one in ("queued", "sending"))


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of it for one person. `why`: of one whom it could not go to, or why it failed.

    `replied_at`: the first time that they wrote within REPLY_WITHIN. `taps`: payloads of its buttons.
    """

    contact_id: int
    state: str
    why: str
    sent_at: datetime | None
    replied_at: datetime | None
    taps: tuple[str, ...]


def progress(conn: Connection, broadcast_id: int) -> Progress:
    """How far it has come: one query, counted anew each time."""
    ranked = _ranked(broadcast_id, _RANK).subquery()
    counted = select(ranked.c.rank, func.count()).group_by(ranked.c.rank)
    states = {GONE if rank is None else STATES[rank]: number for rank, number in conn.execute(counted)}
    lost = select(_HERE.why, func.count().label("number")).where(
        _HERE.broadcast_id == broadcast_id, _HERE.why != ""
    )
    skipped = {row.why: row.number for row in conn.execute(lost.group_by(_HERE.why))}
    return Progress({one: states[one] for one in (*STATES, GONE) if one in states}, skipped)


def fates(conn: Connection, broadcast_id: int, after: int, limit: int) -> list[Fate]:
    """The next people it was meant for, in the order of their ids after that of a contact."""
    meant = (
        select(_HERE.contact_id, _HERE.why)
        .where(_HERE.broadcast_id == broadcast_id, _HERE.contact_id > after)
        .order_by(_HERE.contact_id)
        .limit(limit)
    )
    people = conn.execute(meant).all()
    if not people:
        return []
    within = _HERE.contact_id.between(people[0].contact_id, people[-1].contact_id)
    parts = conn.execute(_each(broadcast_id).where(within))
    ended: dict[int, list[Any]] = {}
    for row in parts:
        ended.setdefault(row.contact_id, []).append(row)
    taps = _taps(conn, broadcast_id, within)
    replies = _replies(conn, broadcast_id, within)
    return [_fate(one.contact_id, one.why, ended.get(one.contact_id, []), taps, replies) for one in people]


def _fate(
    contact_id: int,
    why: str,
    parts: list[Any],
    taps: Mapping[int, tuple[str, ...]],
    replies: Mapping[int, datetime],
) -> Fate:
    pressed, replied = taps.get(contact_id, ()), replies.get(contact_id)
    if why:
        return Fate(contact_id, "skipped", why, None, None, pressed)
    if not parts:
        return Fate(contact_id, GONE, "", None, replied, pressed)
    worst = max(parts, key=lambda row: STATES.index(row.state))
    sent = [row.sent_at for row in parts if row.state == "sent" and row.sent_at is not None]
    return Fate(contact_id, worst.state, worst.reason, max(sent, default=None), replied, pressed)


def _ranked(broadcast_id: int, rank: ColumnElement[int]) -> Select[Any]:
    """Of each person the state of their parts that counts."""
    its = and_(_HERE.broadcast_id == broadcast_id, _HERE.why == "")
    joined = broadcast_recipient.outerjoin(outbox, _its_parts(broadcast_id))
    return (
        select(_HERE.contact_id, func.max(rank).label("rank"))
        .select_from(joined)
        .where(its)
        .group_by(_HERE.contact_id)
    )


def _each(broadcast_id: int) -> Select[Any]:
    return (
        select(_HERE.contact_id, outbox.c.state, outbox.c.reason, outbox.c.sent_at)
        .select_from(broadcast_recipient.join(outbox, _its_parts(broadcast_id)))
        .where(_HERE.broadcast_id == broadcast_id, _HERE.why == "")
    )


def _its_parts(broadcast_id: int) -> ColumnElement[bool]:
    """By their causes, each of which is found by the unique index."""
    first = literal(f"broadcast:{broadcast_id}:").concat(cast(_HERE.contact_id, String))
    return outbox.c.cause.in_([first, *(first.concat(f":{nth}") for nth in range(1, PARTS))])


def _taps(conn: Connection, broadcast_id: int, within: ColumnElement[bool]) -> dict[int, tuple[str, ...]]:
    pressed = (
        select(broadcast_tap.c.contact_id, broadcast_tap.c.payload)
        .join(
            broadcast_recipient,
            and_(
                _HERE.broadcast_id == broadcast_tap.c.broadcast_id,
                _HERE.contact_id == broadcast_tap.c.contact_id,
            ),
        )
        .where(broadcast_tap.c.broadcast_id == broadcast_id, within)
        .order_by(broadcast_tap.c.contact_id, broadcast_tap.c.at)
    )
    found: dict[int, tuple[str, ...]] = {}
    for contact_id, payload in conn.execute(pressed):
        found[contact_id] = (*found.get(contact_id, ()), payload)
    return found


def _replies(conn: Connection, broadcast_id: int, within: ColumnElement[bool]) -> dict[int, datetime]:
    """When people wrote after it left, but for its own buttons."""
    sent = (
        select(_HERE.contact_id, func.max(outbox.c.sent_at).label("sent_at"))
        .select_from(broadcast_recipient.join(outbox, _its_parts(broadcast_id)))
        .where(_HERE.broadcast_id == broadcast_id, within, outbox.c.sent_at.is_not(None))
        .group_by(_HERE.contact_id)
    )
    found = {}
    for contact_id, at in conn.execute(sent):
        pressed = select(broadcast_tap.c.at).where(
            broadcast_tap.c.broadcast_id == broadcast_id, broadcast_tap.c.contact_id == contact_id
        )
        wrote = select(func.min(inbox.c.now)).where(
            inbox.c.contact_id == contact_id,
            inbox.c.message.is_not(None),
            inbox.c.now > at,
            inbox.c.now <= at + REPLY_WITHIN,
            or_(not_(pressed.exists()), inbox.c.now.not_in(pressed)),
        )
        if (first := conn.scalar(wrote)) is not None:
            found[contact_id] = first
    return found
