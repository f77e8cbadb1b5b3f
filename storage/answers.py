"""Answers known by heart: who was shown which words, whether they helped, and which are taken back.

Never holds a word of the chat: ids of entries and versions only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, case, delete, func, or_, select, update

from storage.schema import answer_shown, answer_withdrawn, staff
from storage.statement import Statement, fixed, given, inserting


@dataclass(frozen=True, slots=True)
class Shown:
    """That somebody was shown an entry. `saying`: the most of it. `helped` None: they did not say."""

    entry: str
    version: str
    saying: str
    at: datetime
    helped: bool | None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An entry that `by` took back. `version`: what was live then."""

    entry: str
    version: str | None
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Judged:
    """How an entry does: people who were shown it, and those whom it helped or not."""

    entry: str
    shown: int
    helped: int
    not_helped: int


ASSERTED = ("whole", "draft")  # the more first


def _more(now: ColumnElement[str], before: ColumnElement[str]) -> ColumnElement[str]:
    """The one that asserts more."""
    known = [(or_(now == fixed(one), before == fixed(one)), fixed(one)) for one in ASSERTED]
    return case(*known, else_=fixed("sure"))


_RECORD = inserting(
    answer_shown,
    lambda insert: insert.values(
        given("contact_id", "entry", "version", "saying", "shown_at")
    ).on_conflict_do_update(
        index_elements=["contact_id", "entry", "version"],
        set_={
            "saying": _more(insert.excluded.saying, answer_shown.c.saying),
            "shown_at": insert.excluded.shown_at,
        },
    ),
)
_theirs = (answer_shown.c.contact_id == bindparam("contact"), answer_shown.c.entry == bindparam("which"))
_JUDGE = Statement(
    update(answer_shown)
    .where(
        *_theirs,
        answer_shown.c.shown_at
        == select(func.max(answer_shown.c.shown_at)).where(*_theirs).scalar_subquery(),
    )
    .values(given("helped"))
)
_WITHDRAWN = Statement(select(answer_withdrawn.c.entry))
_WITHDRAW = inserting(
    answer_withdrawn,
    lambda insert: insert.values(
        given("entry", "version", "staff_id", "reason", "at")
    ).on_conflict_do_nothing(index_elements=["entry"]),
)


def record(conn: Connection, contact_id: int, entry: str, version: str, saying: str, now: datetime) -> None:
    """Remember that somebody was shown these words of an entry; shown again, when last and the most of it."""
    cells = {"contact_id": contact_id, "entry": entry, "version": version, "saying": saying}
    _RECORD.run(conn, cells | {"shown_at": now})


def judge(conn: Connection, contact_id: int, entry: str, *, helped: bool) -> bool:
    """Remember whether it helped, of the words shown last; False when none were."""
    return _JUDGE.run(conn, {"contact": contact_id, "which": entry, "helped": helped}) > 0


def seen_by(
    conn: Connection, entry: str, version: str | None = None, *, asserted: bool = False
) -> Sequence[int]:
    """List the contacts who were shown an entry (in that version), each once.

    `asserted`: without those who were shown only what is sure.
    """
    wanted = select(answer_shown.c.contact_id).where(answer_shown.c.entry == entry)
    if version is not None:
        wanted = wanted.where(answer_shown.c.version == version)
    if asserted:
        wanted = wanted.where(answer_shown.c.saying.in_(ASSERTED))
    return conn.scalars(wanted.distinct().order_by(answer_shown.c.contact_id)).all()


def versions(conn: Connection, entry: str) -> list[tuple[str, int, datetime]]:
    """List the versions of an entry that people were shown: how many, and when last; the latest first."""
    last = func.max(answer_shown.c.shown_at).label("last")
    found = select(answer_shown.c.version, func.count(), last).where(answer_shown.c.entry == entry)
    rows = conn.execute(found.group_by(answer_shown.c.version).order_by(last.desc(), answer_shown.c.version))
    return [(row[0], row[1], row[2]) for row in rows]


def of_person(conn: Connection, contact_id: int) -> list[Shown]:
    """List what somebody was shown, in that order."""
    one = answer_shown.c
    wanted = select(one.entry, one.version, one.saying, one.shown_at, one.helped)
    theirs = wanted.where(one.contact_id == contact_id).order_by(one.shown_at, one.entry, one.version)
    return [Shown(*row) for row in conn.execute(theirs)]


def judged(conn: Connection) -> list[Judged]:
    """Count, per entry, those who were shown it and those who said whether it helped."""
    one = answer_shown.c
    counts = (
        func.count(one.contact_id.distinct()),
        func.count(one.contact_id.distinct()).filter(one.helped.is_(True)),
        func.count(one.contact_id.distinct()).filter(one.helped.is_(False)),
    )
    return [Judged(*row) for row in conn.execute(select(one.entry, *counts).group_by(one.entry))]


def forget(conn: Connection, contact_id: int) -> None:
    """Delete what somebody was shown."""
    conn.execute(delete(answer_shown).where(answer_shown.c.contact_id == contact_id))


def forget_old(conn: Connection, before: datetime) -> int:
    """Delete what was shown last at `before` or earlier; how many."""
    return conn.execute(delete(answer_shown).where(answer_shown.c.shown_at <= before)).rowcount


# --- taken back ---


def withdraw(
    conn: Connection, entry: str, version: str | None, staff_id: int, reason: str, now: datetime
) -> bool:
    """Take an entry back, from this transaction on; False when it is already."""
    cells = {"entry": entry, "version": version, "staff_id": staff_id, "reason": reason, "at": now}
    return _WITHDRAW.run(conn, cells) == 1


def restore(conn: Connection, entry: str) -> bool:
    """Let an entry be said again; False when it was not taken back."""
    return conn.execute(delete(answer_withdrawn).where(answer_withdrawn.c.entry == entry)).rowcount == 1


def withdrawn(conn: Connection) -> frozenset[str]:
    """Name the entries that are taken back (one statement, read in every step)."""
    return frozenset(row[0] for row in _WITHDRAWN.all(conn, {}))


def withdrawals(conn: Connection) -> dict[str, Withdrawn]:
    """List what is taken back, by entry: by whom, when and why."""
    one = answer_withdrawn.c
    rows = conn.execute(
        select(one.entry, one.version, staff.c.name, one.at, one.reason).join(
            staff, staff.c.id == one.staff_id
        )
    )
    return {row.entry: Withdrawn(*row) for row in rows}
