"""Who came: parties by their ticket or name, and those without a registration as numbers.

Never names anybody who came without a registration.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from sqlalchemy import ColumnElement, Connection, bindparam, func, literal, select, update

from bot.core.ages import Band
from storage.schema import UtcDateTime, registration, walk_in
from storage.statement import Statement, given, inserting

Sex = Literal["woman", "man", "other"]
Age = Literal[Band, "unknown"]  # unknown: nobody asked
SEXES: tuple[Sex, ...] = get_args(Sex)
AGES: tuple[Age, ...] = get_args(Age)


@dataclass(frozen=True, slots=True)
class Party:
    """A party at the door. `came`: how many were noted so far; None: nobody."""

    activity_id: int
    contact_id: int
    size: int
    seat: str
    came: int | None


@dataclass(frozen=True, slots=True)
class WalkIns:
    """People of one sex and age band who came without a registration. `day`: in Phnom Penh."""

    day: date
    sex: Sex
    age: str
    count: int


_COUNT = inserting(
    walk_in,
    lambda insert: (
        insert.values(given("activity_id", "day", "sex", "age", "count"))
        .on_conflict_do_update(
            index_elements=["activity_id", "day", "sex", "age"],
            set_={"count": walk_in.c["count"] + insert.excluded["count"]},
        )
        .returning(walk_in.c["count"])
    ),
)
_LESS = Statement(
    update(walk_in)
    .where(
        walk_in.c.activity_id == bindparam("of"),
        walk_in.c.day == bindparam("on"),
        walk_in.c.sex == bindparam("who"),
        walk_in.c.age == bindparam("band"),
        walk_in.c["count"] >= bindparam("fewer"),
    )
    .values({"count": walk_in.c["count"] - bindparam("fewer")})
)


def by_ticket(conn: Connection, ticket: str) -> Party | None:
    """Find the party of a ticket, of whatever activity."""
    return _party(conn, registration.c.ticket == ticket)


def of_contact(conn: Connection, activity_id: int, contact_id: int) -> Party | None:
    """Find the party of a contact."""
    its = (registration.c.activity_id == activity_id, registration.c.contact_id == contact_id)
    return _party(conn, *its)


def came(
    conn: Connection, activity_id: int, contact_id: int, now: datetime, people: int | None = None
) -> bool:
    """Note that a party came; the first time counts. `people`: how many of them; None: all.

    False: they are not registered.
    """
    its = (registration.c.activity_id == activity_id, registration.c.contact_id == contact_id)
    size = registration.c.adults + registration.c.children
    cells = {
        "came_at": func.coalesce(registration.c.came_at, literal(now, UtcDateTime())),
        "came": size if people is None else people,
    }
    return conn.execute(update(registration).where(*its).values(cells)).rowcount == 1


def undo(conn: Connection, activity_id: int, contact_id: int) -> bool:
    """It was a mistake: they did not come. False: nobody had noted that they did."""
    its = (registration.c.activity_id == activity_id, registration.c.contact_id == contact_id)
    noted = update(registration).where(*its, registration.c.came_at.is_not(None))
    return conn.execute(noted.values(came_at=None, came=None)).rowcount == 1


def count(conn: Connection, activity_id: int, day: date, sex: Sex, age: str, people: int = 1) -> bool:
    """Count people who came without a registration; fewer than none takes back what was counted too much.

    False: there are not so many to take back.
    """
    if people < 0:
        its = {"of": activity_id, "on": day, "who": sex, "band": age}
        return _LESS.run(conn, its | {"fewer": -people}) == 1
    cells = {"activity_id": activity_id, "day": day, "sex": sex, "age": age, "count": people}
    return _COUNT.one(conn, cells) is not None


def walk_ins(conn: Connection, activity_id: int) -> Sequence[WalkIns]:
    """List who came without a registration, by day, sex and age."""
    one = walk_in.c
    wanted = select(one.day, one.sex, one.age, one["count"]).where(one.activity_id == activity_id)
    rows = conn.execute(wanted.where(one["count"] > 0).order_by(one.day, one.sex, one.age))
    return [WalkIns(*row) for row in rows]


def arrived(conn: Connection, activity_id: int) -> tuple[int, int]:
    """Count the registered parties who came, and their people."""
    one = registration.c
    those = select(func.count(), func.coalesce(func.sum(one.came), 0))
    row = conn.execute(those.where(one.activity_id == activity_id, one.came_at.is_not(None))).one()
    return int(row[0]), int(row[1])


def _party(conn: Connection, *which: ColumnElement[bool]) -> Party | None:
    one = registration.c
    size = one.adults + one.children
    wanted = select(one.activity_id, one.contact_id, size, one.seat, one.came)
    row = conn.execute(wanted.where(*which)).first()
    return None if row is None else Party(*row)
