"""`spean activity import` and `export`: many activities at once, from and to spreadsheets and calendars.

Never takes a file of which one row is wrong, and says of every row what became of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import activity_rows, spreadsheets
from bot.activity_calendar import calendar
from bot.activity_columns import COLUMNS
from bot.activity_rows import Report
from bot.cli.activity_known import Centre, Coming, OfKind, book_of, known, listed
from bot.cli.activity_weighing import Taken, tells, weighed
from bot.cli.activity_writing import Hands, Written, begun, write
from bot.cli.options import BOT_TOML, As, Config, DryRun, In, Json, Yes
from bot.cli.output import agreed, json_line, say
from bot.cli.people import desk
from bot.cli.refused import Refused
from bot.cli.store import opened
from storage.activities import Kept

File = Annotated[Path, typer.Argument(metavar="FILE", help="A spreadsheet: .csv or .xlsx.")]
Into = Annotated[Path, typer.Argument(metavar="FILE", help="A new file: .csv, .xlsx or .ics.")]
Publish = Annotated[bool, typer.Option("--publish", help="Show the new ones to people too.")]


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
            _report(reports, taken, None, as_json=as_json)
            say(f"{len(wrong)} rows are wrong; nothing was taken in" if wrong else "nothing was taken in")
            raise typer.Exit(1 if wrong or not reports else 0)
        known_to_people = sum(one.before is not None and tells(one.draft, one.before) for one in taken)
        if known_to_people and not agreed(f"Correct those who know {known_to_people} of them?", yes=yes):
            raise typer.Exit(1)
        became = begun(taken)
        try:
            write(hands, taken, became)
        finally:  # whatever broke: people may see what was done by then
            _report(reports, taken, became, as_json=as_json)
    if became.left:
        say("the same command again does what is left")
        raise typer.Exit(1)


def export(  # noqa: PLR0913 - one per option
    ctx: typer.Context,
    into: Into,
    *,
    language: In = "km",
    centre: Centre = "",
    coming: Coming = False,
    kind: OfKind = None,
    who: As = "",
    config: Config = BOT_TOML,
) -> None:
    """Write them into a file: rows that `import` reads, or entries of a calendar (drafts left out)."""
    with opened(config) as store:
        found = listed(store, ctx, store.scope(who), centre, coming=coming, kind=kind)
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
    return [activity_rows.write(one.activity, one.source) for one in found]


def _report(
    reports: Sequence[Report], taken: Sequence[Taken], became: Written | None, *, as_json: bool
) -> None:
    """One line for each row. `became` None: nothing was to be written."""
    outcomes = {one.row: one.outcome for one in taken}
    rows = [_told(one, outcomes, became) for one in reports]
    imported = 0 if became is None else len(rows) - len(became.left)
    if as_json:
        json_line({"imported": imported, "rows": rows})
        return
    for one in reports:
        said = "; ".join((*one.errors, *one.warnings)) or outcomes.get(one.row, "right")
        number = "" if became is None or one.row not in became.ids else f", activity {became.ids[one.row]}"
        wrong = "wrong: " if one.errors else ""
        if became is not None and one.row in became.left:
            wrong = f"not done ({became.left[one.row]}): "
        typer.echo(f"row {one.row}{number}: {wrong}{said}")
    say(f"{imported} of {len(rows)} rows were taken in")


def _told(one: Report, outcomes: Mapping[int, str], became: Written | None) -> dict[str, Any]:
    told: dict[str, Any] = {"row": one.row, "errors": one.errors, "warnings": one.warnings}
    if one.row in outcomes:
        told["outcome"] = outcomes[one.row]
    if became is None:
        return told
    told["done"] = one.row not in became.left
    told |= {"why": became.left[one.row]} if one.row in became.left else {}
    return told | ({"id": became.ids[one.row]} if one.row in became.ids else {})
