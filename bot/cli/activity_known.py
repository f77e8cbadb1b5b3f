"""What the commands about activities share: which are meant, what their rows are read against, who may.

Never a command.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from bot import scripts
from bot.activity_cells import Cell
from bot.activity_rows import Draft, Known, read_row
from bot.cli.options import MOST
from bot.cli.output import counted
from bot.cli.people import centres
from bot.cli.refused import Refused
from bot.cli.store import OPERATOR, Store
from bot.core.activity import KINDS, Bilingual, Kind, State
from bot.core.book import Book
from bot.runner import planning
from bot.runner.library import Library
from bot.runner.planning import Plan
from storage import activities, releases
from storage.activities import Kept
from storage.staff import Action, Scope, may

Number = Annotated[
    int, typer.Argument(min=0, max=MOST, metavar="ID", help="Its number (spean activity list).")
]
Fields = Annotated[
    list[str],
    typer.Argument(
        metavar="COLUMN=VALUE…",
        help="What it says, by the columns of an import: title_km, commune, starts_at, ends_at…",
    ),
]
Centre = Annotated[str, typer.Option(help="Only this centre's.")]
Coming = Annotated[bool, typer.Option("--coming", help="Only what is not over.")]
OfKind = Annotated[Kind | None, typer.Option("--kind", help="Only of this kind.")]
EDIT: Action = "broadcast.draft"
ATTEND: Action = "activity.attend"  # whoever may do anything about it may read it
CURES: Mapping[planning.Refused, str] = {
    planning.Refused.UNKNOWN: "spean activity list shows those there are",
    planning.Refused.NOT_YOURS: "ask that centre, or an administrator",
    planning.Refused.NOT_NOW: "spean activity show tells its state",
    planning.Refused.OVER: "a draft can have another time (edit); spean activity done ends others",
}


def kinds_of(ctx: typer.Context) -> tuple[Kind, ...]:
    """Those of the family that was asked: `spean fair` knows fairs, `spean activity` all."""
    return ("fair",) if ctx.parent is not None and ctx.parent.info_name == "fair" else KINDS


def book_of(store: Store) -> Book:
    """Of the live Release; of the files here while there is none. Raises BrokenScript."""
    if store.read(releases.live) is None:
        return scripts.reopen_release(scripts.read_files(Path())).book
    return store.read(Library().live).book


def known(store: Store, ctx: typer.Context) -> Known:
    """What rows are read against."""
    book = book_of(store)
    centres = {code: one.id for one in book.centres.values() for code in (one.province, *one.near)}
    return Known(book.places, centres, store.now, kinds_of(ctx))


def kept_of(conn: Connection, ctx: typer.Context, number: int) -> Kept:
    """The activity, of the family that was asked. Raises Refused."""
    found = activities.kept(conn, number)
    if found is None or found.activity.kind not in kinds_of(ctx):
        raise stopped(number, planning.Refused.UNKNOWN)
    return found


def seen(conn: Connection, ctx: typer.Context, scope: Scope, number: int) -> Kept:
    """The activity, for whoever may see at its centre what becomes of it. Raises Refused."""
    found = kept_of(conn, ctx, number)
    need(scope, ATTEND, found.activity.centre)
    return found


def stops_of(conn: Connection, number: int, said: Callable[[Bilingual], str]) -> dict[str, str]:
    """How each bus stop is called that it ever had, by key; one that it has no more is marked so."""
    ever = activities.revisions(conn, number)
    names = {stop.key: said(stop.name) for one in ever for stop in one.sheet.stops}
    served = {stop.key for stop in ever[-1].sheet.stops} if ever else set[str]()
    return {key: name if key in served else f"{name} (no more)" for key, name in names.items()}


def listed(  # noqa: PLR0913 - one per thing to look for
    store: Store,
    ctx: typer.Context,
    scope: Scope,
    centre: str,
    *,
    coming: bool,
    kind: Kind | None = None,
    states: tuple[State, ...] = (),
    place: str = "",
) -> list[Kept]:
    """Those of the family that was asked and of the centres within reach. Raises Refused."""
    if centre and centre not in {one.id for one in store.settings.centre}:
        known = ", ".join(one.id for one in store.settings.centre)
        raise Refused(f"--centre {centre}", "no such centre", f"write one of {known}", status=2)
    within = centres(scope, ATTEND, centre)
    kinds = kinds_of(ctx) if kind is None else (kind,)
    if not set(kinds) <= set(kinds_of(ctx)):
        raise Refused(f"--kind {kind}", "spean fair knows job fairs only", "spean activity list", status=2)
    return store.read(
        lambda conn: activities.find(
            conn,
            kinds=kinds,
            states=states,
            centres=(centre,) if centre else within,
            place=place,
            ends_after=store.now if coming else None,
        )
    )


def planned(number: int, outcome: Plan | planning.Refused, state: str = "") -> Plan:
    """What was planned. `state`: in which it was. Raises Refused."""
    if isinstance(outcome, planning.Refused):
        raise stopped(number, outcome, state)
    return outcome


def stopped(number: int, why: planning.Refused, state: str = "") -> Refused:
    """The refusal in words."""
    names_it = state and why is planning.Refused.NOT_NOW
    return Refused(f"activity {number}", f"{why.value}: {state}" if names_it else why.value, CURES[why])


def by(scope: Scope) -> Scope | None:
    """Who does it, as planning asks; None: the installation itself."""
    return None if scope is OPERATOR else scope


def need(scope: Scope, action: Action, centre: str) -> None:
    """Make sure that they may do this there. Raises Refused."""
    if not may(scope, action, centre):
        what = f"you may not do this at {centre}"
        raise Refused(f"--as {scope.name}", what, "ask an administrator for the role")


def told_row(row: Mapping[str, Cell], told: Known) -> tuple[Draft, tuple[str, ...]]:
    """One activity from the command line, and what should be looked at. Raises Refused for its faults."""
    report = read_row(1, row, told)
    if report.draft is None:
        cure = "docs/activities.md says what each column holds"
        where = counted(len(report.errors), "fault", "faults")
        raise Refused(where, "; ".join(report.errors), cure, status=2)
    return report.draft, report.warnings
