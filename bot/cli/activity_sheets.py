"""`spean activity import` and `export`: many activities at once, from and to spreadsheets and calendars.

Never takes a file of which one row is wrong, and shows nothing to people before every row is kept.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from bot import spreadsheets
from bot.activity_calendar import calendar
from bot.activity_columns import COLUMNS
from bot.activity_rows import Report, write
from bot.cli.activity_known import book_of, by, kinds_of, known, planned
from bot.cli.activity_weighing import Taken, tells, weighed
from bot.cli.options import BOT_TOML, As, Config, DryRun, In, Json, Yes
from bot.cli.output import agreed, json_line, say
from bot.cli.people import desk
from bot.cli.refused import Refused
from bot.cli.store import Store, opened
from bot.core.activity import Activity
from bot.runner import planning
from bot.runner.notice import Desk
from storage import activities, audit
from storage.activities import Kept
from storage.staff import Scope

AT_ONCE = 40  # new ones in one transaction, which holds the store for less than 50 ms
File = Annotated[Path, typer.Argument(metavar="FILE", help="A spreadsheet: .csv or .xlsx.")]
Into = Annotated[Path, typer.Argument(metavar="FILE", help="A new file: .csv, .xlsx or .ics.")]
Publish = Annotated[bool, typer.Option("--publish", help="Show the new ones to people too.")]


@dataclass(frozen=True, slots=True)
class Hands:
    """What writing takes."""

    store: Store
    desk: Desk
    scope: Scope


def import_(  # noqa: PLR0913 - one per option
    ctx: typer.Context,
    file: File,
    who: As = "",
    *,
    publish: Publish = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Take in a spreadsheet, one activity a row: all rows or none. A row that came before changes its own.

    New ones are drafts unless the column `state` or --publish says otherwise.
    """
    table = spreadsheets.read(file.read_bytes())
    with opened(config) as store:
        hands = Hands(store, desk(store), store.scope(who))
        reports, taken = weighed(table, known(store, ctx), store, hands.scope, publish=publish)
        wrong = [one for one in reports if one.errors]
        if wrong or dry_run or not reports:
            _report(reports, taken, 0, as_json=as_json)
            say(f"{len(wrong)} rows are wrong; nothing was taken in" if wrong else "nothing was taken in")
            raise typer.Exit(1 if wrong or not reports else 0)
        known_to_people = sum(one.before is not None and tells(one.draft, one.before) for one in taken)
        if known_to_people and not agreed(f"Correct those who know {known_to_people} of them?", yes=yes):
            raise typer.Exit(1)
        ids = _written(hands, taken)
    _report(reports, taken, len(taken), as_json=as_json, ids=ids)


def export(
    ctx: typer.Context,
    into: Into,
    *,
    language: In = "km",
    centre: Annotated[str, typer.Option(help="Only this centre's.")] = "",
    coming: Annotated[bool, typer.Option("--coming", help="Only what is not over.")] = False,
    config: Config = BOT_TOML,
) -> None:
    """Write them into a file: rows that `import` reads, or entries of a calendar (drafts left out)."""
    with opened(config) as store:
        found = store.read(
            lambda conn: activities.find(
                conn,
                kinds=kinds_of(ctx),
                centres=(centre,) if centre else None,
                ends_after=store.now if coming else None,
            )
        )
        match into.suffix.lower():
            case ".csv":
                content = spreadsheets.as_csv(COLUMNS, _rows(found))
            case ".xlsx":
                content = spreadsheets.as_xlsx(COLUMNS, _rows(found), ("starts_at", "ends_at"))
            case ".ics":
                shown = [one.activity for one in found if one.activity.state != "draft"]
                content = calendar(shown, book_of(store).places, language, store.now)
            case _:
                raise Refused(str(into), "its ending is none of .csv, .xlsx, .ics", "name it so", status=2)
    write_new(into, content)
    say(f"{len(found)} activities: {into}")


def write_new(into: Path, content: bytes) -> None:
    """Write a file that is not there yet. Raises Refused."""
    try:
        with into.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise Refused(str(into), "it is there already", "name another file") from error


def _rows(found: Iterable[Kept]) -> list[dict[str, Any]]:
    return [write(one.activity, one.source) for one in found]


def _written(hands: Hands, taken: Sequence[Taken]) -> dict[int, int]:
    """Keep the new ones, then change those there were, then show; the number of each by its row."""
    store = hands.store
    new = [one for one in taken if one.before is None]
    ids = {one.row: one.before.id for one in taken if one.before is not None}
    for at in range(0, len(new), AT_ONCE):
        ids |= store.run(_making(hands, new[at : at + AT_ONCE]))
    for one in taken:
        if one.before is not None and one.outcome == "changed":
            store.run(_changing(hands, one, one.before))
    for one in taken:
        if one.shows:
            store.run(_showing(hands, ids[one.row]))
    what = f"{len(new)} new, {sum(one.outcome == 'changed' for one in taken)} changed"
    store.run(
        lambda conn: audit.record(conn, hands.scope.staff_id or None, "activity.import", what, store.now)
    )
    return ids


def _making(hands: Hands, some: Sequence[Taken]) -> Callable[[Connection], dict[int, int]]:
    now, staff_id = hands.store.now, hands.scope.staff_id or None

    def work(conn: Connection) -> dict[int, int]:
        made = {}
        for one in some:
            draft = one.draft
            there = activities.by_source(conn, draft.key)  # somebody imported the same beside us
            made[one.row] = (
                there
                or activities.make(
                    conn, draft.kind, draft.centre, draft.sheet, now, staff_id=staff_id, source=draft.key
                )
            ).id
        return made

    return work


def _changing(hands: Hands, one: Taken, before: Activity) -> Callable[[Connection], None]:
    now, draft = hands.store.now, one.draft

    def work(conn: Connection) -> None:
        if (draft.kind, draft.centre) != (before.kind, before.centre):
            activities.hand_to(conn, before.id, draft.kind, draft.centre, now)
        if draft.sheet != before.sheet:
            planned(
                before.id,
                planning.change(conn, hands.desk, by(hands.scope), before.id, draft.sheet, now),
            )

    return work


def _showing(hands: Hands, number: int) -> Callable[[Connection], None]:
    def work(conn: Connection) -> None:
        planned(number, planning.publish(conn, hands.desk, by(hands.scope), number, hands.store.now))

    return work


def _report(
    reports: Sequence[Report],
    taken: Sequence[Taken],
    imported: int,
    *,
    as_json: bool,
    ids: Mapping[int, int] | None = None,
) -> None:
    outcomes = {one.row: one.outcome for one in taken}
    rows = [_told(one, outcomes, ids or {}) for one in reports]
    if as_json:
        json_line({"imported": imported, "rows": rows})
        return
    for one in reports:
        said = "; ".join((*one.errors, *one.warnings)) or outcomes.get(one.row, "right")
        number = f", activity {ids[one.row]}" if ids else ""
        typer.echo(f"row {one.row}{number}: {'wrong: ' if one.errors else ''}{said}")
    say(f"{imported} of {len(rows)} rows were taken in")


def _told(one: Report, outcomes: Mapping[int, str], ids: Mapping[int, int]) -> dict[str, Any]:
    told: dict[str, Any] = {"row": one.row, "errors": one.errors, "warnings": one.warnings}
    if one.row in outcomes:
        told["outcome"] = outcomes[one.row]
    return told | ({"id": ids[one.row]} if one.row in ids else {})
