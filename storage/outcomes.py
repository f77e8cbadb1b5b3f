"""What became of an activity for those who came: who was asked, whom it reached, and what they answered.

Never asks anybody, never holds a word of theirs, and never from whom somebody wanted money.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Select, bindparam, exists, func, or_, select, update

from bot.core.activity import Kind
from storage.schema import activity, activity_missed, money_wanted, outbox, outcome, registration
from storage.statement import Statement, fixed, given, inserting

ASKED = "after"  # of occasions: with the days it is
ASKED_OF: tuple[Kind, ...] = ("fair", "course", "rpl-test")  # of which work may come


@dataclass(frozen=True, slots=True)
class Outcome:
    """What somebody answered so many days after; None where they did not."""

    activity_id: int
    day: int
    asked_at: datetime
    answered_at: datetime | None
    work: str | None


@dataclass(frozen=True, slots=True)
class Counted:
    """People who were asked so many days after, whom it reached, who answered, and what.

    `work`: yes, `offer`: a promise of it, `none`: not yet. `money`: of how many somebody wanted some.
    `missed`: who could not be asked, and was not since.
    """

    day: int
    asked: int
    reached: int
    answered: int
    work: int
    offer: int
    none: int
    money: int = 0
    missed: int = 0


_ASK = inserting(
    outcome,
    lambda insert: insert.values(
        given("activity_id", "contact_id", "day", "asked_at", "cause")
    ).on_conflict_do_nothing(index_elements=["activity_id", "contact_id", "day"]),
)
_one = outcome.c
_THIS = (
    _one.activity_id == bindparam("activity"),
    _one.contact_id == bindparam("whose"),
    _one.day == bindparam("nth"),
)
_WORK = Statement(update(outcome).where(*_THIS).values(given("work", "answered_at")))
_ANSWERED = Statement(update(outcome).where(*_THIS).values(given("answered_at")))
_MONEY = inserting(
    money_wanted,
    lambda insert: insert.values(given("activity_id", "day", "count")).on_conflict_do_update(
        index_elements=["activity_id", "day"], set_={"count": money_wanted.c.count + fixed(1)}
    ),
)


def ended(conn: Connection, before: datetime, after: datetime) -> list[tuple[int, datetime]]:
    """List activities that people are asked about, that were not called off, and that end between the two."""
    its = (
        activity.c.kind.in_(ASKED_OF),
        activity.c.published_at.is_not(None),
        or_(*(activity.c.state == fixed(one) for one in ("published", "moved", "done"))),
        activity.c.ends_at <= before,
        activity.c.ends_at > after,
    )
    rows = conn.execute(select(activity.c.id, activity.c.ends_at).where(*its).order_by(activity.c.id))
    return [(row.id, row.ends_at) for row in rows]


def people(conn: Connection, activity_id: int, day: int, after: int, limit: int) -> list[int]:
    """List the next people to be asked, by contact from `after` on: who came, or had a seat and said so.

    Whoever was asked already that many days after is left out, unless no sender took it in its time.
    """
    who = registration.c
    late = exists().where(outbox.c.cause == _one.cause, outbox.c.state == fixed("expired"))
    asked = select(_one.contact_id).where(_one.activity_id == activity_id, _one.day == day, ~late)
    wanted: Select[tuple[int]] = select(who.contact_id).where(
        who.activity_id == activity_id,
        who.contact_id > after,
        or_(who.came_at.is_not(None), who.seat == "held"),
        who.contact_id.not_in(asked),
    )
    return list(conn.scalars(wanted.order_by(who.contact_id).limit(limit)))


def ask(
    conn: Connection, activity_id: int, day: int, asked: Collection[tuple[int, str]], now: datetime
) -> None:
    """Write down who is asked: contacts, each with the cause of the part that asks."""
    cells = {"activity_id": activity_id, "day": day, "asked_at": now}
    _ASK.many(conn, [cells | {"contact_id": contact_id, "cause": cause} for contact_id, cause in asked])


def work(conn: Connection, activity_id: int, contact_id: int, day: int, answer: str, now: datetime) -> bool:
    """Write down whether they got work: yes, offer, no. False: nobody asked them."""
    cells = {"activity": activity_id, "whose": contact_id, "nth": day, "work": answer, "answered_at": now}
    return _WORK.run(conn, cells) == 1


def answered(conn: Connection, activity_id: int, contact_id: int, day: int, now: datetime) -> bool:
    """Write down that they answered something, and not what. False: nobody asked them."""
    cells = {"activity": activity_id, "whose": contact_id, "nth": day, "answered_at": now}
    return _ANSWERED.run(conn, cells) == 1


def count_money(conn: Connection, activity_id: int, day: int) -> None:
    """Count one more of whom somebody wanted money. Whoever calls counts nobody twice."""
    _MONEY.run(conn, {"activity_id": activity_id, "day": day, "count": 1})


def of_person(conn: Connection, contact_id: int) -> list[Outcome]:
    """List what somebody was asked and answered, in that order."""
    cells = (_one.activity_id, _one.day, _one.asked_at, _one.answered_at, _one.work)
    theirs = select(*cells).where(_one.contact_id == contact_id).order_by(_one.asked_at, _one.activity_id)
    return [Outcome(*row) for row in conn.execute(theirs)]


def counted(conn: Connection, activity_id: int) -> list[Counted]:
    """Count what people answered, day by day."""
    reached = exists().where(outbox.c.cause == _one.cause, outbox.c.state == fixed("sent"))
    counts = (
        func.count(),
        func.count().filter(or_(reached, _one.answered_at.is_not(None))),
        func.count().filter(_one.answered_at.is_not(None)),
        *(func.count().filter(_one.work == answer) for answer in ("yes", "offer", "no")),
    )
    wanted = select(money_wanted.c.day, money_wanted.c.count).where(money_wanted.c.activity_id == activity_id)
    grouped = select(_one.day, *counts).where(_one.activity_id == activity_id).group_by(_one.day)
    found = {row.day: Counted(*row) for row in conn.execute(grouped)}
    for day, number in _missed(conn, activity_id).items():
        found[day] = replace(found.get(day, Counted(day, 0, 0, 0, 0, 0, 0)), missed=number)
    for day, number in conn.execute(wanted):
        found[day] = replace(found.get(day, Counted(day, 0, 0, 0, 0, 0, 0)), money=number)
    return [found[day] for day in sorted(found)]


def _missed(conn: Connection, activity_id: int) -> dict[int, int]:
    """How many could not be asked, by the day after."""
    its = activity_missed.c
    which = (its.activity_id == activity_id, its.occasion.startswith(ASKED))
    rows = conn.execute(select(its.occasion, func.count()).where(*which).group_by(its.occasion))
    return {int(occasion.removeprefix(ASKED)): number for occasion, number in rows}
