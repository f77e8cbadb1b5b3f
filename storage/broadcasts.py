"""Announcements as the store keeps them: drafted, approved, under way, and whom they were meant for.

Never decides who may do what with one, and never sends.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from orjson import dumps, loads
from sqlalchemy import Connection, Row, bindparam, func, insert, literal, select, update

from bot.core import segment as segments
from bot.core.activity import Bilingual
from bot.core.announcement import Announcement, State, dump_links, load_links
from storage.parts import Lane
from storage.schema import account, broadcast, broadcast_recipient, broadcast_tap, outbox
from storage.statement import fixed, given, inserting


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One announcement as it stands. `staff_id` None: the installation itself drafted it.

    `edited_by`: whose words it has by now, likewise. `phone`: some of them were written by phone, or whoever
    wrote them let it go by phone. `approved`: digest of what was approved. `cursor`: the last contact that it
    was queued for. `people`: how many would have got it when it was approved. `reason`: why it was paused,
    when nobody paused it.
    """

    id: int
    state: State
    announcement: Announcement
    staff_id: int | None
    edited_by: int | None
    phone: bool
    approved_by: int | None
    approved: str | None
    created_at: datetime
    approved_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    cursor: int
    people: int | None
    reason: str

    @property
    def alone(self) -> bool:
        """Whether nobody but who wrote it approved it."""
        return self.approved is not None and self.written_by(self.approved_by or 0)

    def written_by(self, staff_id: int) -> bool:
        """Whether they are its author or changed it last; 0: the installation itself."""
        return staff_id in {self.staff_id or 0, self.edited_by or 0}


_MEANT = inserting(
    broadcast_recipient,
    lambda insert: insert.values(given("broadcast_id", "contact_id", "why", "at")).on_conflict_do_nothing(
        index_elements=["broadcast_id", "contact_id"]
    ),
)
_TAP = inserting(
    broadcast_tap,
    lambda insert: insert.from_select(
        ["broadcast_id", "contact_id", "payload", "at"],
        select(
            broadcast_recipient.c.broadcast_id,
            broadcast_recipient.c.contact_id,
            bindparam("tapped", type_=broadcast_tap.c.payload.type),
            bindparam("now", type_=broadcast_tap.c.at.type),
        ).where(
            broadcast_recipient.c.broadcast_id == bindparam("broadcast"),
            broadcast_recipient.c.contact_id == bindparam("contact"),
        ),
    ).on_conflict_do_nothing(index_elements=["broadcast_id", "contact_id", "payload"]),
)
_WAITING = (
    outbox.c.account_id.in_(select(account.c.id)),  # so that the index of what waits is taken
    outbox.c.state == fixed("queued"),
    outbox.c.lane == fixed(int(Lane.BROADCAST)),
)


def cause(broadcast_id: int, contact_id: int) -> str:
    """Of the outbox, for ever."""
    return f"broadcast:{broadcast_id}:{contact_id}"


def make(
    conn: Connection,
    announcement: Announcement,
    staff_id: int | None,
    now: datetime,
    *,
    phone: bool = False,
) -> int:
    """Keep a draft; its id. `phone`: it was written by phone."""
    cells = _cells(announcement) | {"staff_id": staff_id, "edited_by": staff_id, "phone": phone}
    cells |= {"created_at": now, "changed_at": now}
    made = insert(broadcast).values(state="draft", repeats=announcement.repeats, **cells)
    return cast("int", conn.scalar(made.returning(broadcast.c.id)))


def change(
    conn: Connection,
    broadcast_id: int,
    announcement: Announcement,
    staff_id: int | None,
    now: datetime,
    *,
    phone: bool = False,
) -> None:
    """Keep it in other words; whatever was approved is so no more. `phone`: they were written by phone."""
    void = {"state": "draft", "approved": None, "approved_by": None, "approved_at": None, "people": None}
    by = {"edited_by": staff_id} | ({"phone": True} if phone else {})
    _set(conn, broadcast_id, **_cells(announcement), **void, **by, changed_at=now)


def find(conn: Connection, broadcast_id: int, *, lock: bool = False) -> Broadcast | None:
    """One of them. `lock`: for work that changes it."""
    wanted = select(broadcast).where(broadcast.c.id == broadcast_id)
    row = conn.execute(wanted.with_for_update(key_share=True) if lock else wanted).first()
    return None if row is None else _broadcast(row)


def list_(conn: Connection, centres: Iterable[str] | None, *, limit: int = 100) -> list[Broadcast]:
    """List those of these centres (None: all of them), the newest first."""
    wanted = select(broadcast).order_by(broadcast.c.id.desc()).limit(limit)
    if centres is not None:
        wanted = wanted.where(broadcast.c.centre.in_(list(centres)))
    return [_broadcast(row) for row in conn.execute(wanted)]


def set_state(conn: Connection, broadcast_id: int, state: State, **cells: Any) -> None:  # noqa: ANN401 - cells
    """Let it stand so; `cells`: other columns that change with it."""
    _set(conn, broadcast_id, state=state, **cells)


def by_phone(conn: Connection, broadcast_id: int) -> None:
    """Remember that it passed a phone."""
    _set(conn, broadcast_id, phone=True)


def move_on(conn: Connection, broadcast_id: int, cursor: int) -> None:
    """Remember the last contact that was looked at."""
    _set(conn, broadcast_id, cursor=cursor)


def meant_for(conn: Connection, broadcast_id: int, whom: Mapping[int, str], now: datetime) -> None:
    """Remember whom it was meant for, and why it could not go to them ("" when it was queued)."""
    _MEANT.many(
        conn,
        [
            {"broadcast_id": broadcast_id, "contact_id": one, "why": why, "at": now}
            for one, why in whom.items()
        ],
    )


def tapped(conn: Connection, broadcast_id: int, contact_id: int, payload: str, now: datetime) -> None:
    """Remember that somebody pressed one of its buttons; nothing when it was not meant for them."""
    cells = {"broadcast": broadcast_id, "contact": contact_id, "tapped": payload, "now": now}
    _TAP.run(conn, cells)


def waiting(conn: Connection, now: datetime, most: int) -> int:
    """Count parts of announcements that may leave now and wait, up to `most`."""
    some = select(outbox.c.id).where(*_WAITING, outbox.c.not_before <= now).limit(most).subquery()
    return conn.scalar(select(func.count()).select_from(some)) or 0


def taken(conn: Connection, broadcast_id: int) -> int:
    """Count whom it was queued for."""
    its = (broadcast_recipient.c.broadcast_id == broadcast_id, broadcast_recipient.c.why == literal(""))
    return conn.scalar(select(func.count()).select_from(broadcast_recipient).where(*its)) or 0


def _set(conn: Connection, broadcast_id: int, **cells: Any) -> None:  # noqa: ANN401 - any cells
    conn.execute(update(broadcast).where(broadcast.c.id == broadcast_id).values(**cells))


def _cells(announcement: Announcement) -> dict[str, Any]:
    return {
        "name": announcement.name,
        "purpose": announcement.purpose,
        "centre": announcement.centre or None,
        "segment": dumps(segments.dump(announcement.segment)).decode(),
        "words_km": announcement.words.km,
        "words_en": announcement.words.en,
        "picture": announcement.picture or None,
        "voice": announcement.voice or None,
        "buttons": dumps(dump_links(announcement.buttons)).decode(),
        "neutral": announcement.segment.neutral,
        "send_at": announcement.send_at,
        "expires": announcement.expires,
    }


def _broadcast(row: Row[tuple[Any, ...]]) -> Broadcast:
    return Broadcast(
        id=row.id,
        state=row.state,
        announcement=Announcement(
            name=row.name,
            segment=segments.load(loads(row.segment)),
            words=Bilingual(row.words_km, row.words_en),
            purpose=row.purpose,
            centre=row.centre or "",
            picture=row.picture or "",
            voice=row.voice or "",
            buttons=load_links(loads(row.buttons)),
            send_at=row.send_at,
            expires=row.expires,
            repeats=row.repeats,
        ),
        staff_id=row.staff_id,
        edited_by=row.edited_by,
        phone=row.phone,
        approved_by=row.approved_by,
        approved=row.approved,
        created_at=row.created_at,
        approved_at=row.approved_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        cursor=row.cursor,
        people=row.people,
        reason=row.reason,
    )
