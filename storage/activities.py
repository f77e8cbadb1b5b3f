"""Activities of the centres: what each says in which revision, where it stands, and who was told.

Never knows who comes (`registrations` does), and never says anything to anybody.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, Select, and_, bindparam, insert, select, update

from bot.core.activity import Activity, Kind, Sheet, State
from bot.core.activity_form import dump, load
from storage import seats
from storage.schema import activity, activity_sheet, activity_told
from storage.statement import Statement, fixed, given, inserting, made

SHOWN: tuple[State, ...] = ("published", "moved", "cancelled")  # what people see of what is not over


@dataclass(frozen=True, slots=True)
class Kept:
    """An activity with what staff want to know of it. `staff_id` None: the installation made it."""

    activity: Activity
    staff_id: int | None
    created_at: datetime
    changed_at: datetime
    published_at: datetime | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Revision:
    """What an activity said, and where it stood, from `at` on."""

    number: int
    sheet: Sheet
    state: State
    at: datetime


_NEW = Statement(
    insert(activity)
    .values(
        given("kind", "centre", "state", "place", "starts_at", "ends_at", "staff_id", "created_at", "source")
        | {"revision": fixed(1), "changed_at": bindparam("created_at")}
    )
    .returning(activity.c.id)
)
_SHEET = Statement(insert(activity_sheet).values(given("activity_id", "revision", "sheet", "state", "at")))
_THIS = select(activity.c.id).where(activity.c.id == bindparam("id"))
# Not FOR UPDATE: what names the activity (who was told of it) holds its key until both are done.
_LOCK = Statement(_THIS.with_for_update(key_share=True))
# For what it says: whoever is being told of it finishes first, or else finds what it says then (`behind`).
_LOCK_ALONE = Statement(_THIS.with_for_update())
_TELL = inserting(
    activity_told,
    lambda insert: insert.values(
        given("activity_id", "contact_id", "revision", "cause", "at")
    ).on_conflict_do_update(
        index_elements=["activity_id", "contact_id", "revision", "cause"], set_={"at": insert.excluded.at}
    ),
)


def _kept() -> Select[Any]:
    its = and_(
        activity_sheet.c.activity_id == activity.c.id, activity_sheet.c.revision == activity.c.revision
    )
    return select(activity, activity_sheet.c.sheet).join(activity_sheet, its)


_GET = _kept()


def make(  # noqa: PLR0913 - one per column
    conn: Connection,
    kind: Kind,
    centre: str,
    sheet: Sheet,
    now: datetime,
    *,
    staff_id: int | None = None,
    source: str | None = None,
) -> Activity:
    """Keep a new activity as a draft. `source`: of an import, to find it again; no two have the same."""
    cells = {"kind": kind, "centre": centre, "state": "draft", "staff_id": staff_id, "source": source}
    number = made(conn, _NEW, created_at=now, **cells, **_when(sheet))
    return _written(conn, Activity(number, kind, centre, "draft", 1, sheet), now)


def change(
    conn: Connection,
    activity_id: int,
    now: datetime,
    *,
    sheet: Sheet | None = None,
    state: State | None = None,
) -> Activity | None:
    """Make a new revision of it, unless nothing changes; None when there is no such activity.

    Its lock is held until the transaction ends. Nobody is told here; the agenda looks at its seats again.
    """
    before = lock(conn, activity_id, alone=True)
    if before is None:
        return None
    after = Activity(
        before.id,
        before.kind,
        before.centre,
        state or before.state,
        before.revision + 1,
        before.sheet if sheet is None else sheet,
    )
    if (after.sheet, after.state) == (before.sheet, before.state):
        return before
    cells: dict[str, Any] = {"state": after.state, "revision": after.revision, "changed_at": now}
    row = update(activity).where(activity.c.id == activity_id)
    conn.execute(row.values(cells | _when(after.sheet)))
    if after.sheet != before.sheet:
        seats.serve(conn, after, now)
        seats.look_again(conn, activity_id, now)
    if after.state == "published":
        conn.execute(row.where(activity.c.published_at.is_(None)).values(published_at=now))
    return _written(conn, after, now)


def hand_to(conn: Connection, activity_id: int, kind: Kind, centre: str, now: datetime) -> None:
    """Change what sort of activity it is and who organises it, without another revision."""
    if lock(conn, activity_id, alone=True) is None:
        return
    row = update(activity).where(activity.c.id == activity_id)
    last = conn.scalar(select(activity.c.changed_at).where(activity.c.id == activity_id)) or now
    seen = max(now, last + timedelta(microseconds=1))  # nobody takes what they kept of it for what it is
    conn.execute(row.values(kind=kind, centre=centre, changed_at=seen))


def know_by(conn: Connection, activity_id: int, source: str) -> None:
    """Let a later import find it by this key, which no other one may have."""
    conn.execute(update(activity).where(activity.c.id == activity_id).values(source=source))


def lock(conn: Connection, activity_id: int, *, alone: bool = False) -> Activity | None:
    """Hold an activity until this transaction ends, and read it as it stands then.

    `alone`: to change what it says; whoever is being told of it finishes first. Locks are taken in this
    order: person, activity, agenda and outbox.
    """
    how = _LOCK_ALONE if alone else _LOCK
    if conn.dialect.name != "sqlite" and how.one(conn, {"id": activity_id}) is None:
        return None
    return get(conn, activity_id)


def get(conn: Connection, activity_id: int) -> Activity | None:
    """Read one as it stands."""
    found = kept(conn, activity_id)
    return None if found is None else found.activity


def kept(conn: Connection, activity_id: int) -> Kept | None:
    """Read one with what staff want to know of it."""
    row = conn.execute(_GET.where(activity.c.id == activity_id)).first()
    return None if row is None else _row(row)


def by_source(conn: Connection, source: str) -> Activity | None:
    """Find the activity that an import made."""
    row = conn.execute(_GET.where(activity.c.source == source)).first()
    return None if row is None else _row(row).activity


def find(  # noqa: PLR0913 - one per thing to look for
    conn: Connection,
    *,
    kinds: Collection[Kind] = (),
    states: Collection[State] = (),
    centres: Collection[str] | None = None,
    place: str = "",
    ends_after: datetime | None = None,
    starts_before: datetime | None = None,
) -> list[Kept]:
    """List those that fit everything given, the earliest first.

    `place`: gazetteer code that they lie in. `centres` None: of all; empty: of none.
    """
    one = activity.c
    wanted = _GET.order_by(one.starts_at, one.id)
    if kinds:
        wanted = wanted.where(one.kind.in_(kinds))
    if states:
        wanted = wanted.where(one.state.in_(states))
    if centres is not None:
        wanted = wanted.where(one.centre.in_(centres))
    if place:
        wanted = wanted.where(one.place.startswith(place, autoescape=True))
    if ends_after is not None:
        wanted = wanted.where(one.ends_at > ends_after)
    if starts_before is not None:
        wanted = wanted.where(one.starts_at < starts_before)
    return [_row(row) for row in conn.execute(wanted)]


def shown(conn: Connection, now: datetime) -> list[Activity]:
    """List what people are shown: published and not over, cancelled ones too; the earliest first."""
    seen = _GET.where(activity.c.state.in_(SHOWN), activity.c.published_at.is_not(None))
    not_over = seen.where(activity.c.ends_at > now).order_by(activity.c.starts_at, activity.c.id)
    return [_row(row).activity for row in conn.execute(not_over)]


def revisions(conn: Connection, activity_id: int) -> list[Revision]:
    """List what it ever said, the first first."""
    wanted = select(activity_sheet).where(activity_sheet.c.activity_id == activity_id)
    rows = conn.execute(wanted.order_by(activity_sheet.c.revision))
    return [Revision(row.revision, load(orjson.loads(row.sheet)), row.state, row.at) for row in rows]


def tell(
    conn: Connection, contact_id: int, told: Iterable[tuple[int, int]], now: datetime, cause: str = ""
) -> None:
    """Remember that somebody was told these revisions: (id, revision).

    `cause`: of the outbox, whose state says whether it arrived; empty: they were shown it in a reply.
    """
    cells = {"contact_id": contact_id, "cause": cause, "at": now}
    for activity_id, revision in told:
        _TELL.run(conn, cells | {"activity_id": activity_id, "revision": revision})


def tell_all(conn: Connection, told: Iterable[tuple[int, int, int, str]], now: datetime) -> None:
    """Remember the same of many people in one call: (contact, id, revision, cause)."""
    names = ("contact_id", "activity_id", "revision", "cause")
    _TELL.many(conn, [dict(zip(names, one, strict=True)) | {"at": now} for one in told])


def behind(conn: Connection, told: Mapping[int, int]) -> list[int]:
    """List those of which a newer revision stands by now than these: id → revision."""
    if not told:
        return []
    found = conn.execute(select(activity.c.id, activity.c.revision).where(activity.c.id.in_(told)))
    return sorted(row.id for row in found if row.revision > told[row.id])


def _when(sheet: Sheet) -> dict[str, Any]:
    return {"place": sheet.place, "starts_at": sheet.starts_at, "ends_at": sheet.ends_at}


def _written(conn: Connection, now_is: Activity, at: datetime) -> Activity:
    cells = {"activity_id": now_is.id, "revision": now_is.revision, "state": now_is.state, "at": at}
    _SHEET.run(conn, cells | {"sheet": orjson.dumps(dump(now_is.sheet)).decode()})
    return now_is


def _row(row: Any) -> Kept:  # noqa: ANN401 - a row of _kept
    sheet = load(orjson.loads(row.sheet))
    found = Activity(row.id, row.kind, row.centre, row.state, row.revision, sheet)
    return Kept(found, row.staff_id, row.created_at, row.changed_at, row.published_at, row.source)
