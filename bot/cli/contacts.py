"""`spean contact`: the people we talk with, and the rights over their data that they may ask staff for.

Never shows more than `--as` may see, and never erases without writing it down first.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from sqlalchemy import Connection

from bot.cli import linking
from bot.cli.conversations import Ref
from bot.cli.files import MediaFolder, make_folder, write_files
from bot.cli.options import BOT_TOML, MOST, As, Config, DryRun, Json, Yes
from bot.cli.output import agreed, counted, json_line, say, table
from bot.cli.people import desk, person_of
from bot.cli.readable import brief, local
from bot.cli.refused import Refused
from bot.cli.store import Store, opened
from bot.runner import duty, mydata
from storage import audit, conversation, erasure, link, roster
from storage.people import Person
from storage.staff import Scope, may

commands = typer.Typer(no_args_is_help=True, help="The people we talk with.")
commands.command("link")(linking.link_)
commands.command("unlink")(linking.unlink)

COLUMNS = ("id", "account", "language", "stopped", "with_staff", "cases", "created_at")


@commands.command("list")
def list_(
    *,
    after: Annotated[int, typer.Option(min=0, max=MOST, help="Begin behind this number.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to look at.")] = 100,
    who: As = "",
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """List people without a word of theirs."""

    def read(conn: Connection) -> list[roster.RosterRow]:
        listed = roster.list_(conn, after=after, limit=limit)
        return [one for one in listed if conversation.read(conn, store.vault, scope, one.id, 1) is not None]

    with opened(config) as store:
        scope, zone = store.scope(who), store.settings.bot.timezone
        found = store.read(read)
    rows = ([*(getattr(one, name) for name in COLUMNS[:-1]), local(one.created_at, zone)] for one in found)
    table(COLUMNS, rows, as_json=as_json)


@commands.command()
def show(ref: Ref, *, who: As = "", config: Config = BOT_TOML, as_json: Json = False) -> None:
    """Show what is held about a person, without the conversation."""
    with opened(config) as store:
        scope, zone = store.scope(who), store.settings.bot.timezone
        held = store.run(lambda conn: _held(conn, store, scope, ref, "contact.show"))
    del held["messages"]
    if as_json:
        json_line(held)
        return
    for name in ("contact", "account", "language", "stopped", "with_staff"):
        typer.echo(f"{name}: {held[name]}")
    for one in held["addresses"]:
        typer.echo(f"  address {one['id']}: {one['account']}")
    for one in {one["purpose"]: one for one in held["consents"]}.values():  # the one that holds
        at = local(datetime.fromisoformat(one["at"]), zone)
        typer.echo(f"  consent {one['purpose']}: {'yes' if one['granted'] else 'no'} ({at})")
    for one in held["answers"]:
        typer.echo(f"  {one['field']} = {brief(one['answer'])}")


@commands.command()
def export(
    ref: Ref,
    *,
    out: Annotated[Path | None, typer.Option(help="A new file; without it standard output.")] = None,
    media: MediaFolder = None,
    who: As = "",
    config: Config = BOT_TOML,
) -> None:
    """Write everything that is held about a person, as JSON; with --media also what they sent."""
    if out is not None and out.exists():
        raise Refused(str(out), "the file exists", "name a new file")
    with opened(config) as store:
        scope = store.scope(who)
        held = store.run(lambda conn: _held(conn, store, scope, ref, "contact.export"))
        if media is not None:
            make_folder(media)
            write_files(store, scope, int(held["contact"]), media)
    text = orjson.dumps(held, option=orjson.OPT_INDENT_2).decode()
    if out is None:
        typer.echo(text)
        return
    out.touch(0o600, exist_ok=False)
    out.write_text(f"{text}\n", "utf-8")


@commands.command()
def erase(
    ref: Ref, *, who: As = "", yes: Yes = False, dry_run: DryRun = False, config: Config = BOT_TOML
) -> None:
    """Erase a person: every row and their key; who worked for them is told. It cannot be undone."""
    with opened(config) as store:
        scope = store.scope(who)
        held = store.run(lambda conn: _held(conn, store, scope, ref, "contact.erase"))
        number = int(held["contact"])
        answers = counted(len(held["answers"]), "answer", "answers")
        what = f"contact {number}: {answers}, {counted(len(held['messages']), 'message', 'messages')}"
        if dry_run:
            say(f"{what} would be erased")
            return
        if not agreed(f"Erase {what}? It cannot be undone.", yes=yes):
            raise typer.Exit(1)
        entry = store.read(lambda conn: erasure.entry(conn, number, store.now))
        log = erasure.ErasureLog(store.settings.erasures_log)
        log.append(entry)
        store.run(lambda conn: _erased(conn, scope, number, store))
        store.database.sweep_now()
    say(f"erased contact {number}, receipt {entry.receipt}")


def _erased(conn: Connection, scope: Scope, number: int, store: Store) -> None:
    for case_id in erasure.erase(conn, number, store.now):
        duty.tell_case_erased(conn, desk(store), case_id, store.now)
    audit.record(conn, scope.staff_id or None, audit.ERASED, f"contact {number}", store.now)


def _held(conn: Connection, store: Store, scope: Scope, ref: str, action: str) -> dict[str, Any]:
    """Everything about a person, as they get it themselves. Raises Refused."""
    person = person_of(conn, store, scope, ref)
    _permit(scope, action, ref)
    audit.record(conn, scope.staff_id or None, action, f"contact {person.contact.id}", store.now)
    held: dict[str, Any] = orjson.loads(
        orjson.dumps(_about(conn, person) | mydata.export(conn, store.vault, person, scope=scope))
    )
    return held


def _about(conn: Connection, person: Person) -> dict[str, Any]:
    who = person.contact
    places = link.places(conn, who.id)
    return {
        "contact": who.id,
        "account": person.account,
        "addresses": [{"id": one.address, "account": one.account} for one in places],
        "language": who.language,
        "stopped": who.stopped,
        "with_staff": who.handled_by_staff,
    }


def _permit(scope: Scope, action: str, ref: str) -> None:
    """Erasing is an administrator's; whoever may read a conversation may show and export it."""
    if action == "contact.erase" and not may(scope, "contact.erase", None):
        raise Refused(ref, "you may not erase people", "ask an administrator")
