"""`spean broadcast`: announcements to many, from the draft to the report.

Never sends: a serving process does, once somebody approved.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import typer
from sqlalchemy import Connection

from bot.cli import broadcast_looking, broadcast_watch
from bot.cli.broadcast_form import Given, Number, allowed, filled, made, parts, sound, with_options
from bot.cli.broadcast_watch import LISTED, shown
from bot.cli.options import BOT_TOML, As, Config, DryRun, Json, Yes
from bot.cli.output import agreed, json_line, say, table
from bot.cli.store import opened
from bot.core.activity import Bilingual
from bot.core.announcement import Announcement
from bot.core.segment import Segment
from bot.runner import broadcasting
from bot.runner.broadcasting import Refusal
from storage.broadcasts import Broadcast
from storage.staff import Scope, reach

Act = Callable[[Connection, Scope, int, datetime], Broadcast | Refusal]

commands = typer.Typer(no_args_is_help=True, help="Announcements to many people.")
commands.command("status")(broadcast_watch.status)
commands.command("report")(broadcast_watch.report)
commands.command("preview")(broadcast_looking.preview)
commands.command("approve")(broadcast_looking.approve)
NOTHING = Announcement("", Segment(), Bilingual())


@commands.command("list")
def list_(*, who: As = "", config: Config = BOT_TOML, as_json: Json = False) -> None:
    """List announcements within reach, the newest first."""
    with opened(config) as store:
        scope = store.scope(who)
        found = store.read(lambda conn: broadcasting.all_mine(conn, scope))
        rows = [[row[name] for name in LISTED] for one in found if (row := shown(store, one))]
    table(LISTED, rows, as_json=as_json)


@commands.command("parts")
def parts_(*, as_json: Json = False) -> None:
    """List what people can be chosen by, and the values of each."""
    table(("part", "values"), parts(), as_json=as_json)


@commands.command()
@with_options
def draft(
    name: str = typer.Argument(metavar="NAME", help="What your colleagues know it by."),
    *,
    given: Given,
    who: As = "",
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Draft one, with words at least; nobody gets it before it is approved. Prints its number."""
    with opened(config) as store:
        scope = store.scope(who)
        where = name.strip() or "name"
        new = replace(NOTHING, name=name, centre=_home(scope))
        what = sound(store, where, filled(store, new, given))
        number = made(where, store.run(lambda conn: broadcasting.draft(conn, scope, what, store.now)))
    if as_json:
        json_line({"id": number})
        return
    typer.echo(str(number))
    say(f"look at it: spean broadcast preview {number}")


@commands.command()
@with_options
def edit(
    number: Number,
    *,
    name: str | None = typer.Option(None, "--name", help="Another name."),
    given: Given,
    who: As = "",
    config: Config = BOT_TOML,
) -> None:
    """Change what is given, of one that has not begun; it has to be approved again."""
    where = f"announcement {number}"
    with opened(config) as store:
        scope = store.scope(who)
        before = allowed(where, store.read(lambda conn: broadcasting.mine(conn, scope, number))).announcement
        named = before if name is None else replace(before, name=name)
        what = sound(store, where, filled(store, named, given))
        allowed(where, store.run(lambda conn: broadcasting.edit(conn, scope, number, what, store.now)))
    say(f"announcement {number} is changed; look at it: spean broadcast preview {number}")


@commands.command()
def refuse(number: Number, *, who: As = "", config: Config = BOT_TOML) -> None:
    """Send one that waits for you back to its author."""
    _done(number, who, config, broadcasting.refuse, "is a draft again")


@commands.command()
def pause(number: Number, *, who: As = "", config: Config = BOT_TOML) -> None:
    """Let nothing more of it leave until it is resumed."""
    _done(number, who, config, broadcasting.pause, "is paused")


@commands.command()
def resume(number: Number, *, who: As = "", config: Config = BOT_TOML) -> None:
    """Let it go on."""
    _done(number, who, config, broadcasting.resume, "goes on")


@commands.command()
def cancel(
    number: Number, *, who: As = "", yes: Yes = False, dry_run: DryRun = False, config: Config = BOT_TOML
) -> None:
    """End it for good; what has left stays where it is."""
    if dry_run:
        say(f"announcement {number} would be ended")
        return
    if not agreed(f"End announcement {number} for good?", yes=yes):
        raise typer.Exit(1)
    _done(number, who, config, broadcasting.stop, "is ended")


@commands.command()
def repeat(number: Number, *, who: As = "", config: Config = BOT_TOML, as_json: Json = False) -> None:
    """Draft the same for those alone whom one that is over failed to reach. Prints the new number."""
    with opened(config) as store:
        scope = store.scope(who)
        found = store.run(lambda conn: broadcasting.repeat(conn, scope, number, store.now))
    again = made(f"announcement {number}", found)
    if as_json:
        json_line({"id": again})
        return
    typer.echo(str(again))
    say(f"look at it: spean broadcast preview {again}")


def _done(number: int, who: str, config: Config, act: Act, told: str) -> None:
    with opened(config) as store:
        scope = store.scope(who)
        allowed(f"announcement {number}", store.run(lambda conn: act(conn, scope, number, store.now)))
    say(f"announcement {number} {told}")


def _home(scope: Scope) -> str:
    """The centre of who may draft at one alone."""
    within = reach(scope, "broadcast.draft", restricted=False)
    return next(iter(within)) if within is not None and len(within) == 1 else ""
