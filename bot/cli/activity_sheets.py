"""`spean activity import` and `export`: many activities at once, from and to spreadsheets and calendars.

Never takes a file of which one row is wrong, and says of every row what became of it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import activity_rows, spreadsheets
from bot.activity_calendar import calendar
from bot.activity_columns import COLUMNS
from bot.activity_rows import Report
from bot.cli.activity_known import Centre, Coming, OfKind, book_of, known, listed
from bot.cli.activity_weighing import Taken, question, weighed
from bot.cli.activity_writing import Hands, Written, begun, write
from bot.cli.options import BOT_TOML, As, Config, DryRun, In, Json, Yes
from bot.cli.output import agreed, counted, json_line, say
from bot.cli.people import desk
from bot.cli.refused import Refused
from bot.cli.store import opened
from storage.activities import Kept

File = Annotated[Path, typer.Argument(metavar="FILE", help="A spreadsheet: .csv or .xlsx.")]
Into = Annotated[Path, typer.Argument(metavar="FILE", help="A new file: .csv, .xlsx or .ics.")]
PUBLISHED = "published"  # what nobody saw, and nothing else of it is new
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
    table = spreadsheets.read(file.read_bytes(), file.suffix)
    with opened(config) as store:
        hands = Hands(store, desk(store), store.scope(who))
        reports, taken = weighed(table, known(store, ctx), store, hands.scope, publish=publish)
        wrong = any(one.errors for one in reports)
        for one in taken:
            for doubt in one.doubts:
                say(f"row {one.row}: {doubt}")
        if wrong or dry_run or not reports:
            _report(reports, taken, None, as_json=as_json)
            raise typer.Exit(1 if wrong or not reports else 0)
        if (asked := question(taken)) and not agreed(asked, yes=yes):
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
                found = [one for one in found if one.published_at is not None]
                content = calendar(
                    (one.activity for one in found), book_of(store).places, language, store.now
                )
            case _:
                raise Refused(str(into), "its ending is none of .csv, .xlsx, .ics", "name it so", status=2)
    write_new(into, content)
    say(f"{counted(len(found), 'activity', 'activities')}: {into}")


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
    outcomes: dict[int, str] = {one.row: one.outcome for one in taken}
    rows = [_told(one, outcomes, became) for one in reports]
    imported = 0 if became is None else len(rows) - len(became.left)
    if as_json:
        json_line({"imported": imported, "rows": rows})
    else:
        ids = (became or begun(taken)).ids
        outcomes |= {one.row: PUBLISHED for one in taken if one.only_shown}
        for one in reports:
            typer.echo(_line(one, outcomes, became, ids))
    say(_summed(reports, taken, became))


def _line(one: Report, outcomes: Mapping[int, str], became: Written | None, ids: Mapping[int, int]) -> str:
    """What became of a row, or would, and everything to know of it. `ids`: activities by row."""
    number = f", activity {ids[one.row]}" if one.row in ids else ""
    became_of = outcomes.get(one.row, "right")
    also = [f"also look at {each}" for each in one.warnings] if one.errors else one.warnings
    if one.errors:
        became_of = f"wrong: {'; '.join(one.errors)}"
    elif became is not None and one.row in became.left:
        became_of = f"not done ({became.left[one.row]}): {became_of}"
    return f"row {one.row}{number}: {'; '.join((became_of, *also))}"


def _summed(reports: Sequence[Report], taken: Sequence[Taken], became: Written | None) -> str:
    """How many rows each thing became of. `became` None: nothing was to be written."""
    if not reports:
        return "there is no row below the columns; nothing was taken in"
    if wrong := sum(bool(one.errors) for one in reports):
        return f"{wrong} wrong, {len(reports) - wrong} right; nothing was taken in"
    left = became.left if became else {}
    done = Counter(PUBLISHED if one.only_shown else one.outcome for one in taken if one.row not in left)
    counted = ("new", "changed", *((PUBLISHED,) if done[PUBLISHED] else ()), "unchanged")
    said = ", ".join(f"{done[outcome]} {outcome}" for outcome in counted)
    if became is None:
        return f"it would be {said}; nothing was taken in"
    return said + (f", {len(left)} not done" if left else "")


def _told(one: Report, outcomes: Mapping[int, str], became: Written | None) -> dict[str, Any]:
    told: dict[str, Any] = {"row": one.row, "errors": one.errors, "warnings": one.warnings}
    if one.row in outcomes:
        told["outcome"] = outcomes[one.row]
    if became is None:
        return told
    told["done"] = one.row not in became.left
    told |= {"why": became.left[one.row]} if one.row in became.left else {}
    return told | ({"id": became.ids[one.row]} if one.row in became.ids else {})
