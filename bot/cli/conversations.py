"""`spean conversation`: what was said, and saying something.

Never shows more than `--as` may see.
"""

from dataclasses import asdict
from typing import Annotated

import typer
from sqlalchemy import Connection

from bot.cli.options import BOT_TOML, As, Config, Json
from bot.cli.output import json_line
from bot.cli.people import Spoken, desk, person_of, spoken
from bot.cli.refused import Refused
from bot.cli.store import opened
from bot.runner import desk as at_desk
from storage import audit, conversation

commands = typer.Typer(no_args_is_help=True, help="What was said.")

Ref = Annotated[
    str,
    typer.Argument(metavar="ADDRESS", help="ACCOUNT/ID (telegram:7001/42), a contact's or a case's number."),
]


@commands.command()
def show(
    ref: Ref,
    *,
    last: Annotated[int, typer.Option(min=1, max=10_000, help="How many messages.")] = 100,
    who: As = "",
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Print a conversation in the order it happened."""

    def read(conn: Connection) -> list[Spoken]:
        person = person_of(conn, store, scope, ref)
        audit.record(
            conn, scope.staff_id or None, "conversation.show", f"contact {person.contact.id}", store.now
        )
        told = conversation.read(conn, store.vault, scope, person.contact.id, last) or []
        return [spoken(one, store.settings.bot.timezone) for one in told]

    with opened(config) as store:
        scope = store.scope(who)
        lines = store.run(read)
    for line in lines:
        if as_json:
            json_line(asdict(line))
        else:
            typer.echo(f"{line.at} {line.who}: {line.text}")


@commands.command()
def reply(
    ref: Ref,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Your words.")],
    *,
    who: As = "",
    config: Config = BOT_TOML,
) -> None:
    """Say something to a person, in the staff's name."""

    def answer(conn: Connection) -> None:
        person = person_of(conn, store, scope, ref)
        if not at_desk.reply(conn, tools, scope, person.contact.id, text, store.now):
            raise Refused(ref, "the person is erasing their data", "there is nobody to answer")

    with opened(config) as store:
        scope, tools = store.scope(who), desk(store)
        store.run(answer)
