"""`spean audit`: who did what to what, and whether the trail holds.

Never changes the trail, except that looking at it as a member of staff adds a line.
"""

from typing import Annotated

import typer
from sqlalchemy import Connection

from bot.cli.options import BOT_TOML, As, Config, Json
from bot.cli.output import json_line, say, table
from bot.cli.readable import local
from bot.cli.refused import Refused
from bot.cli.store import opened
from storage import audit
from storage.audit import AuditRow
from storage.staff import may

commands = typer.Typer(no_args_is_help=True, help="Who saw, answered, exported, erased, changed.")

COLUMNS = ("at", "by", "action", "what")


@commands.command("list")
def list_(
    *,
    last: Annotated[int, typer.Option(min=1, max=100_000, help="How many lines.")] = 50,
    who: As = "",
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """List the last lines, the newest first; without a name it was the person or the installation itself."""

    def read(conn: Connection) -> list[AuditRow]:
        audit.record(conn, scope.staff_id or None, "audit.list", "", store.now)
        return audit.latest(conn, last + 1)[1:]

    with opened(config) as store:
        scope, zone = store.scope(who), store.settings.bot.timezone
        if not may(scope, "audit.read", None):
            raise Refused("the audit", "you may not read it", "ask an administrator")
        lines = store.run(read)
    table(COLUMNS, [(local(one.at, zone), one.by, one.action, one.what) for one in lines], as_json=as_json)


@commands.command()
def verify(*, config: Config = BOT_TOML, as_json: Json = False) -> None:
    """Follow the chain of all lines. Exit status 1 when one was changed or taken out."""
    with opened(config) as store:
        proof = store.read(audit.verify)
    if as_json:
        json_line({"lines": proof.lines, "head": proof.head.hex(), "broken": proof.broken})
    elif proof.broken is None:
        typer.echo(f"{proof.lines} lines hold; the last is {proof.head.hex()[:16] or 'none'}")
        say("note the last somewhere else: lines cut off at the end leave no trace in the store")
    else:
        typer.echo(f"line {proof.broken} does not follow from the one before it: {proof.lines} lines hold")
    if proof.broken is not None:
        raise typer.Exit(1)
