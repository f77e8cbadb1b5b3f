"""`spean activity add`, `edit`, `publish`, `cancel`, `done`, `list` and `show`: one activity at a time.

Never tells people of anything by itself: `runner.planning` plans that.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any, get_args

import typer
from sqlalchemy import Connection

from bot.activity_cells import Cell, local, paired
from bot.activity_columns import COLUMNS
from bot.activity_parts import keep_keys
from bot.activity_rows import write
from bot.cli.activity_known import (
    EDIT,
    Centre,
    Coming,
    Fields,
    Number,
    OfKind,
    book_of,
    by,
    kept_of,
    known,
    listed,
    need,
    planned,
    seen,
    stops_of,
    told_row,
)
from bot.cli.activity_matching import beside
from bot.cli.activity_telling import lost, reminds, said_plan
from bot.cli.options import BOT_TOML, As, Config, DryRun, Json, Yes
from bot.cli.output import agreed, counted, json_line, say, table
from bot.cli.people import desk
from bot.cli.refused import Refused
from bot.cli.store import Store, opened
from bot.core.activity import OPEN, Activity, State
from bot.core.activity_changes import changes
from bot.core.reminding import reminders as promised
from bot.runner import planning
from bot.runner.notice import Desk
from bot.runner.planning import Plan
from storage import activities, attendance, audit, registrations, reminders
from storage.staff import Scope

LISTED = ("id", "kind", "state", "starts_at", "ends_at", "commune", "centre", "title")

FIXED = {  # columns that are not typed: what they are, and what to do instead
    "id": ("each has its number from the start", "spean activity list shows it"),
    "key": ("it belongs to an import, which knows the activity by it", "write it in its file"),
    "state": ("it is not written", "spean activity publish, cancel or done changes it"),
}

Step = Callable[[Connection, Desk, Scope | None, int], Plan | planning.Refused]


def list_(  # noqa: PLR0913 - one per option
    ctx: typer.Context,
    *,
    state: Annotated[str, typer.Option(help="draft, published, moved, cancelled or done.")] = "",
    centre: Centre = "",
    place: Annotated[str, typer.Option(help="Only in this place (code).")] = "",
    coming: Coming = False,
    kind: OfKind = None,
    who: As = "",
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """List them, the earliest first."""
    if state and state not in get_args(State):
        raise Refused(f"--state {state}", "no such state", f"one of {', '.join(get_args(State))}", status=2)
    states: Any = (state,) if state else ()
    with opened(config) as store:
        if place and book_of(store).places.by_code(place) is None:
            raise Refused(f"--place {place}", "no such place", "write a code of the gazetteer", status=2)
        scope = store.scope(who)
        found = listed(store, ctx, scope, centre, coming=coming, kind=kind, states=states, place=place)
    table(LISTED, [_row(one.activity) for one in found], as_json=as_json)


def show(
    ctx: typer.Context, number: Number, *, who: As = "", config: Config = BOT_TOML, as_json: Json = False
) -> None:
    """Show what one says, who comes, and when people are reminded."""

    def read(conn: Connection) -> dict[str, Any]:
        kept = seen(conn, ctx, scope, number)
        stops = stops_of(conn, number, paired)
        by_stop = registrations.counts(conn, number)
        counts = [asdict(one) | {"stop": stops.get(one.stop, one.stop)} for one in by_stop]
        parties, people = attendance.arrived(conn, number)
        walked = sum(one.count for one in attendance.walk_ins(conn, number))
        row = {name: cell for name, cell in write(kept.activity, kept.source).items() if cell != ""}
        letters = [asdict(one) for one in reminders.became(conn, number)]
        came = {"parties": parties, "people": people, "walk_in": walked}
        told = {"revision": kept.activity.revision, "registered": counts, "letters": letters, "came": came}
        sheet = kept.activity.sheet
        planned = reminds(store, promised(sheet.reminders, sheet.starts_at))
        return row | told | ({"reminded": planned} if kept.activity.state in OPEN else {})

    with opened(config) as store:
        scope = store.scope(who)
        found = store.read(read)
    if as_json:
        json_line(found)
        return
    for name, value in found.items():
        if isinstance(value, list):
            for one in value:
                typer.echo(
                    f"{name}: {' · '.join(f'{key} {cell}' for key, cell in one.items() if cell != '')}"
                )
        elif isinstance(value, dict):
            typer.echo(f"{name}: {' · '.join(f'{key} {cell}' for key, cell in value.items())}")
        else:
            typer.echo(f"{name}: {value}".replace("\n", "\n  "))


def add(
    ctx: typer.Context,
    fields: Fields,
    *,
    publish: Annotated[bool, typer.Option("--publish", help="Show it to people at once.")] = False,
    who: As = "",
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Make one: a draft, until it is published."""
    with opened(config) as store:
        scope, tools = store.scope(who), desk(store)
        draft, warnings = told_row(_fields(fields, ("id", "state")), known(store, ctx))
        need(scope, EDIT, draft.centre)
        near = beside(draft, store.read(activities.find), scope)

        def work(conn: Connection) -> Activity:
            if (there := activities.by_source(conn, draft.key)) is not None:
                what = f"it is there already, as activity {there.id}"
                raise Refused(draft.sheet.title.read_in("en"), what, f"spean activity edit {there.id}")
            by_staff = scope.staff_id or None
            made = activities.make(
                conn, draft.kind, draft.centre, draft.sheet, store.now, staff_id=by_staff, source=draft.key
            )
            audit.record(conn, by_staff, "activity.make", f"activity {made.id}", store.now)
            if not publish:
                return made
            return planned(made.id, planning.publish(conn, tools, by(scope), made.id, store.now)).activity

        made = store.run(work)
    warnings = (*filter(None, [near]), *warnings)
    for one in warnings:
        say(one)
    if as_json:
        json_line({"id": made.id, "state": made.state, "warnings": warnings})
        return
    typer.echo(made.id)
    say(f"activity {made.id} is {made.state}" + ("" if publish else f"; spean activity publish {made.id}"))


def edit(  # noqa: PLR0913 - one per option
    ctx: typer.Context,
    number: Number,
    fields: Fields,
    who: As = "",
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Change what one says; exactly those who were told the old facts are corrected, once."""
    with opened(config) as store:
        scope, tools = store.scope(who), desk(store)
        kept = store.read(lambda conn: kept_of(conn, ctx, number))
        given = _fields(fields, ("id", "key", "state"))
        draft, warnings = told_row(write(kept.activity, kept.source) | given, known(store, ctx))
        sheet = keep_keys(kept.activity.sheet, draft.sheet)
        need(scope, EDIT, draft.centre)
        facts = changes(kept.activity.sheet, Activity(number, draft.kind, draft.centre, "moved", 0, sheet))
        for one in (warned := lost(store, kept.activity, sheet)):
            say(one)
        if dry_run:
            say(f"people would be told anew: {', '.join(facts) or 'nothing'}")
            return
        correct = f"Correct those who know it ({', '.join(facts)})?" if facts and kept.published_at else ""
        if (asked := correct or ("Change it?" if warned else "")) and not agreed(asked, yes=yes):
            raise typer.Exit(1)

        def work(conn: Connection) -> Plan:
            if (draft.kind, draft.centre) != (kept.activity.kind, kept.activity.centre):
                need(scope, EDIT, kept.activity.centre)
                activities.hand_to(conn, number, draft.kind, draft.centre, store.now)
            became = planning.change(conn, tools, by(scope), number, sheet, store.now)
            return planned(number, became, kept.activity.state)

        plan = store.run(work)
    for one in warnings:
        say(one)
    said_plan(store, plan, as_json=as_json)


def publish(
    ctx: typer.Context, number: Number, who: As = "", *, config: Config = BOT_TOML, as_json: Json = False
) -> None:
    """Show one to people: those who follow its like are told, and reminders are planned."""
    with opened(config) as store:
        said_plan(store, _done(store, ctx, number, who, planning.publish), as_json=as_json)


def cancel(  # noqa: PLR0913 - one per option
    ctx: typer.Context,
    number: Number,
    who: As = "",
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Call one off: exactly those who were told of it hear that, first and once."""
    with opened(config) as store:
        kept = store.read(lambda conn: kept_of(conn, ctx, number))
        title = kept.activity.sheet.title.read_in("en")
        if dry_run:
            told = store.read(lambda conn: reminders.count_told(conn, number))
            say(f"activity {number} ({kept.activity.state}, {title}) would be called off")
            say(f"told that: at most {counted(told if kept.published_at else 0, 'person', 'people')}")
            return
        if not agreed(f"Call activity {number} off ({title})?", yes=yes):
            raise typer.Exit(1)
        said_plan(store, _done(store, ctx, number, who, planning.cancel), as_json=as_json)


def done(
    ctx: typer.Context, number: Number, who: As = "", *, config: Config = BOT_TOML, as_json: Json = False
) -> None:
    """End one that is over; people are still asked what became of it."""
    with opened(config) as store:
        said_plan(store, _done(store, ctx, number, who, planning.done), as_json=as_json)


def _done(store: Store, ctx: typer.Context, number: int, who: str, step: Callable[..., Any]) -> Plan:
    scope, tools = store.scope(who), desk(store)
    kept = store.read(lambda conn: kept_of(conn, ctx, number))
    work = partial(step, desk=tools, scope=by(scope), activity_id=number, now=store.now)
    outcome = store.run(work)
    if step is planning.done and outcome is planning.Refused.NOT_NOW and kept.activity.state in OPEN:
        cure = f"spean activity cancel {number} calls it off"
        raise Refused(f"activity {number}", "it has not begun", cure)
    return planned(number, outcome, kept.activity.state)


def _row(one: Activity) -> Sequence[object]:
    sheet = one.sheet
    when = (local(sheet.starts_at), local(sheet.ends_at))
    return (one.id, one.kind, one.state, *when, sheet.place, one.centre, sheet.title.read_in("km"))


def _fields(given: Sequence[str], fixed: Sequence[str]) -> dict[str, Cell]:
    """`column=value` and `--column value`. `fixed`: columns that are not given here. Raises Refused."""
    found: dict[str, Cell] = {}
    rest = list(given)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if name.startswith("--") and not equals and rest:
            value, equals = rest.pop(0), "="
        column = name.removeprefix("--").replace("-", "_").lower()
        if column in fixed:
            raise Refused(column, *FIXED[column], status=2)
        if not equals or column not in COLUMNS:
            taken = ", ".join(one for one in COLUMNS if one not in fixed)
            raise Refused(name, "it is no column with a value", f"columns: {taken}", status=2)
        found[column] = value.replace("\\n", "\n")
    return found
