"""`spean activity came`, `walk-in` and `outcomes`: who came, and what became of it for them.

Never names anybody who came without a registration, and never shows who answered what.
"""

from dataclasses import asdict, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import typer
from sqlalchemy import Connection

from bot.cli.activity_known import Number, kept_of, need
from bot.cli.options import BOT_TOML, As, Config, Json
from bot.cli.output import json_line, say, table
from bot.cli.refused import Refused
from bot.cli.store import opened
from bot.core.schedule import PHNOM_PENH
from storage import attendance, audit
from storage import outcomes as answered
from storage.attendance import Party
from storage.outcomes import Counted
from storage.staff import Action

ATTEND: Action = "activity.attend"
DEEDS = {False: "activity.came", True: "activity.came-not"}  # of the audit; True: it was a mistake


class Sex(StrEnum):
    """Of somebody who came without a registration."""

    woman = "woman"
    man = "man"
    other = "other"


class Age(StrEnum):
    """The bands of the intake."""

    under_15 = "under-15"
    from_15 = "15-17"
    from_18 = "18-24"
    from_25 = "25-34"
    from_35 = "35-44"
    from_45 = "45-59"
    over_60 = "over-60"
    unknown = "unknown"


def came(  # noqa: PLR0913 - one per option
    ctx: typer.Context,
    number: Number,
    ticket: Annotated[str, typer.Argument(metavar="TICKET", help="What their code says.")] = "",
    *,
    contact: Annotated[int, typer.Option(help="Without a ticket: the contact's number.")] = 0,
    people: Annotated[int, typer.Option(min=0, max=100, help="How many of them; 0: all.")] = 0,
    undo: Annotated[bool, typer.Option("--undo", help="They did not come.")] = False,
    who: As = "",
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Note that a registered party came."""
    if bool(ticket) == bool(contact):
        raise Refused("TICKET", "one ticket, or one contact", "write TICKET or --contact N", status=2)

    def work(conn: Connection) -> Party | None:
        need(scope, ATTEND, kept_of(conn, ctx, number).activity.centre)
        plain = ticket.removeprefix("t-")
        party = attendance.by_ticket(conn, plain) if ticket else attendance.of_contact(conn, number, contact)
        if party is None or party.activity_id != number:
            what = "nobody is registered for this activity with it"
            raise Refused(ticket or f"contact {contact}", what, "count them: spean activity walk-in")
        if undo:
            attendance.undo(conn, number, party.contact_id)
        else:
            attendance.came(conn, number, party.contact_id, store.now, people or None)
        deed, what = DEEDS[undo], f"activity {number} contact {party.contact_id}"
        audit.record(conn, scope.staff_id or None, deed, what, store.now)
        return attendance.of_contact(conn, number, party.contact_id)

    with opened(config) as store:
        scope = store.scope(who)
        party = store.run(work)
    if party is None:
        raise AssertionError  # it was just written
    if as_json:
        json_line(asdict(party))
    else:
        say(f"contact {party.contact_id}: {party.came or 0} of {party.size} came")


def walk_in(  # noqa: PLR0913 - one per option
    ctx: typer.Context,
    number: Number,
    *,
    sex: Annotated[Sex, typer.Option(help="Of each of them.")],
    age: Annotated[Age, typer.Option(help="Of each of them.")] = Age.unknown,
    count: Annotated[int, typer.Option(min=-1000, max=1000, help="How many; fewer than 0 takes back.")] = 1,
    day: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Another day than today.")] = "",
    who: As = "",
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Count people who came without a registration."""

    def work(conn: Connection) -> list[attendance.WalkIns]:
        need(scope, ATTEND, kept_of(conn, ctx, number).activity.centre)
        if not attendance.count(conn, number, _day(day, store.now), sex.value, age.value, count):
            raise Refused("--count", "there are not so many to take back", "spean activity show counts them")
        what = f"activity {number} {sex.value} {age.value} {count:+}"
        audit.record(conn, scope.staff_id or None, "activity.walk-in", what, store.now)
        return list(attendance.walk_ins(conn, number))

    with opened(config) as store:
        scope = store.scope(who)
        found = store.run(work)
    table(
        ("day", "sex", "age", "count"),
        [(one.day, one.sex, one.age, one.count) for one in found],
        as_json=as_json,
    )


def outcomes(ctx: typer.Context, number: Number, *, config: Config = BOT_TOML, as_json: Json = False) -> None:
    """Count what became of it 1, 14 and 60 days after: asked, reached, answered, work, money wanted."""

    def read(conn: Connection) -> list[Counted]:
        kept_of(conn, ctx, number)
        return answered.counted(conn, number)

    with opened(config) as store:
        found = store.read(read)
    names = tuple(one.name for one in fields(Counted))
    table(names, [tuple(asdict(one).values()) for one in found], as_json=as_json)


def _day(text: str, now: datetime) -> date:
    """The day of the option, else today. Raises Refused."""
    if not text:
        return now.astimezone(PHNOM_PENH).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"--day {text}", "it is no day", "write it as 2026-08-15", status=2) from error
