"""`spean activity came`, `walk-in` and `outcomes`: who came, and what became of it for them.

Never names anybody who came without a registration, and never shows who answered what.
"""

from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Annotated

import typer
from sqlalchemy import Connection

from bot.cli.activity_known import Number, seen
from bot.cli.options import BOT_TOML, MOST, As, Config, Json, Yes
from bot.cli.output import json_line, say, table
from bot.cli.refused import Refused
from bot.cli.store import opened
from bot.core.activity import Activity
from bot.core.on_duty import TICKET
from bot.core.schedule import PHNOM_PENH
from storage import attendance, audit
from storage import outcomes as answered
from storage.attendance import Age, Party, Sex
from storage.outcomes import Counted

FEW = 5
DEEDS = {False: "activity.came", True: "activity.came-not"}  # of the audit; True: it was a mistake


def came(  # noqa: PLR0913 - one per option
    ctx: typer.Context,
    number: Number,
    ticket: Annotated[str, typer.Argument(metavar="TICKET", help="What their code says.")] = "",
    *,
    contact: Annotated[
        int, typer.Option(min=0, max=MOST, help="Without a ticket: the contact's number.")
    ] = 0,
    people: Annotated[int, typer.Option(min=0, max=100, help="How many of them; 0: all.")] = 0,
    undo: Annotated[bool, typer.Option("--undo", help="They did not come.")] = False,
    yes: Yes = False,
    who: As = "",
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Note that a registered party came."""
    if bool(ticket) == bool(contact):
        raise Refused("TICKET", "one ticket, or one contact", "write TICKET or --contact N", status=2)

    def work(conn: Connection) -> Party | None:
        _begun(seen(conn, ctx, scope, number).activity, _day("", store.now), yes=yes or undo)
        party = _party(conn, number, ticket, contact)
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
    age: Annotated[Age, typer.Option(help="Of each of them.")] = "unknown",
    count: Annotated[int, typer.Option(min=-1000, max=1000, help="How many; fewer than 0 takes back.")] = 1,
    day: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Another day than today.")] = "",
    yes: Yes = False,
    who: As = "",
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Count people who came without a registration."""

    def work(conn: Connection) -> list[attendance.WalkIns]:
        on = _day(day, store.now)
        _begun(seen(conn, ctx, scope, number).activity, on, yes=yes or count < 0)
        if not attendance.count(conn, number, on, sex, age, count):
            raise Refused("--count", "there are not so many to take back", "spean activity show counts them")
        what = f"activity {number} {sex} {age} {count:+}"
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


def outcomes(
    ctx: typer.Context, number: Number, *, who: As = "", config: Config = BOT_TOML, as_json: Json = False
) -> None:
    """Count what became of it 1, 14 and 60 days after: asked, reached, answered, work, money wanted."""

    def read(conn: Connection) -> list[Counted]:
        seen(conn, ctx, scope, number)
        return answered.counted(conn, number)

    with opened(config) as store:
        scope = store.scope(who)
        found = store.read(read)
    names = tuple(one.name for one in fields(Counted))
    rows = [asdict(one) | {"money": _few(one.money)} for one in found]
    table(names, [tuple(row.values()) for row in rows], as_json=as_json)


def _party(conn: Connection, number: int, ticket: str, contact: int) -> Party:
    """Who is registered for it with that ticket or contact number. Raises Refused."""
    plain = ticket.removeprefix(TICKET)
    party = attendance.by_ticket(conn, plain) if ticket else attendance.of_contact(conn, number, contact)
    if party is None or party.activity_id != number:
        what = "nobody is registered for this activity with it"
        raise Refused(ticket or f"contact {contact}", what, "count them: spean activity walk-in")
    return party


def _begun(one: Activity, day: date, *, yes: bool) -> None:
    """Nobody comes before the day on which it begins, unless they say so. Raises Refused."""
    first = one.sheet.starts_at.astimezone(PHNOM_PENH).date()
    if day < first and not yes:
        what = f"it begins on {first}, and {day} is before that"
        raise Refused(f"activity {one.id}", what, "note who came on its day; --yes notes it all the same")


def _few(count: int) -> int | str:
    """A count of something sensitive: where it is small, who knows who came could guess whom it means."""
    return count if count >= FEW else f"fewer than {FEW}"


def _day(text: str, now: datetime) -> date:
    """The day of the option, else today. Raises Refused."""
    if not text:
        return now.astimezone(PHNOM_PENH).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"--day {text}", "it is no day", "write it as 2026-08-15", status=2) from error
