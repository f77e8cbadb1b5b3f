"""`spean activity qr`: links and codes that open the chat at an activity or near a place, to be printed.

Never makes a code for a draft, which people are not shown.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from bot import codes, scripts
from bot.cli.activity_known import kept_of
from bot.cli.linking import accounts
from bot.cli.options import BOT_TOML, MOST, Config, Json
from bot.cli.output import json_line, say
from bot.cli.refused import Refused
from bot.cli.store import Store, opened
from bot.core.activity import Activity
from bot.core.contact import LANGUAGES
from bot.runner import links
from bot.runner.library import Library
from bot.runner.render import Voice
from bot.web import poster
from storage import releases

Which = Annotated[int, typer.Argument(min=0, max=MOST, metavar="[ID]", help="An activity's number.")]
Place = Annotated[str, typer.Option(help="Instead of an activity: whatever is near this place (code).")]
Into = Annotated[
    Path | None, typer.Option("--into", metavar="DIR", help="Write the codes and a sheet to print here.")
]


def qr(
    ctx: typer.Context,
    number: Which = 0,
    place: Place = "",
    into: Into = None,
    *,
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Print the links that open the chat there; --into also draws codes (PNG, SVG) and a sheet (HTML)."""
    if bool(number) == bool(place):
        raise Refused("ID", "one activity, or one place", "write ID or --place CODE", status=2)
    with opened(config) as store:
        activity = store.read(lambda conn: _shown(conn, ctx, number)) if number else None
        voices = _voices(store)
        if place and voices["km"].book.places.by_code(place) is None:
            raise Refused(f"--place {place}", "no such place", "write a code of the gazetteer", status=2)
        payload = codes.of_activity(number) if number else codes.of_place(place)
        known = accounts(store)
        found = store.read(lambda conn: links.leading(conn, known, payload))
    if not found:
        raise Refused("the links", "no app is known", "start Spean once with a channel enabled")
    page = poster.of_activity(activity, voices, found) if activity else poster.of_place(place, voices, found)
    if into is not None:
        _written(into, payload, found, page)
    if as_json:
        json_line(found)
        return
    for link in found.values():
        typer.echo(link)


def _shown(conn: Connection, ctx: typer.Context, number: int) -> Activity:
    found = kept_of(conn, ctx, number)
    if found.published_at is None:
        raise Refused(f"activity {number}", "people are not shown it", f"spean activity publish {number}")
    return found.activity


def _voices(store: Store) -> Mapping[str, Voice]:
    if store.read(releases.live) is None:
        live = scripts.reopen_release(scripts.read_files(Path()))
    else:
        live = store.read(Library().live)
    return {one: Voice(live.words, live.words, live.book, one, {}) for one in LANGUAGES}


def _written(into: Path, name: str, found: Mapping[str, str], page: str) -> None:
    into.mkdir(parents=True, exist_ok=True)
    files = {f"{name}.html": page.encode()}
    for channel, link in found.items():
        files[f"{name}-{channel}.png"] = codes.png(link)
        files[f"{name}-{channel}.svg"] = codes.svg_file(link)
    for each, content in files.items():
        (into / each).write_bytes(content)
    say(f"written into {into}: {', '.join(files)}")
