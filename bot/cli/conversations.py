"""`spean conversation`: what was said, and saying something.

Never shows more than `--as` may see.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

import typer
from sqlalchemy import Connection

from bot.cli.files import MediaFolder, make_folder, write_files
from bot.cli.options import BOT_TOML, As, Config, In, Json
from bot.cli.output import json_line, say
from bot.cli.people import checked, desk, person_of, queued, reached
from bot.cli.readable import conversation as readable
from bot.cli.readable import voice
from bot.cli.store import opened
from bot.runner import desk as at_desk
from storage import audit, conversation, listening
from storage.conversation import Message

EARLIER = 200  # messages before those shown, whose buttons may have been pressed since

commands = typer.Typer(no_args_is_help=True, help="What was said.")

Ref = Annotated[
    str,
    typer.Argument(metavar="ADDRESS", help="ACCOUNT/ID (telegram:7001/42), a contact's or a case's number."),
]


@commands.command()
def show(  # noqa: PLR0913 - one per option
    ref: Ref,
    *,
    last: Annotated[int, typer.Option(min=1, max=10_000, help="How many messages.")] = 100,
    language: In = "km",
    media: MediaFolder = None,
    who: As = "",
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Print a conversation in the order it happened; with --media also write what the person sent."""

    def read(conn: Connection) -> tuple[int, list[Message]]:
        number = reached(conn, store, scope, ref)
        for action in ("conversation.show", *(("conversation.media",) if media else ())):
            audit.record(conn, scope.staff_id or None, action, f"contact {number}", store.now)
        return number, conversation.read(conn, store.vault, scope, number, last + EARLIER) or []

    with opened(config) as store:
        scope = store.scope(who)
        number, told = store.run(read)
        files: Mapping[str, str] = {}
        if media is not None:
            make_folder(media)
            files = write_files(store, scope, number, media)
        files = _with_words(files, store.read(lambda conn: listening.words_of(conn, store.vault, number)))
        said = None if as_json else store.read(lambda conn: voice(conn, language))
        lines = list(readable(told, store.settings.bot.timezone, said, files))[-last:]
    for line in lines:
        if as_json:
            json_line(asdict(line))
        else:
            typer.echo(f"{line.at} {line.who}: {line.text}")


def _with_words(files: Mapping[str, str], written: Mapping[str, str]) -> Mapping[str, str]:
    """By its ref what a voice note's file is called, and what somebody wrote down of it."""
    return {**files, **{ref: f"{files.get(ref, '')} «{words}»".strip() for ref, words in written.items()}}


@commands.command()
def reply(
    ref: Ref,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Your words.")],
    *,
    who: As = "",
    config: Config = BOT_TOML,
) -> None:
    """Say something to a person, in the staff's name."""

    def answer(conn: Connection) -> str:
        person = person_of(conn, store, scope, ref)
        told = at_desk.reply(conn, tools, scope, person.contact.id, words, store.now)
        return queued(ref, told, "the person is erasing their data")

    with opened(config) as store:
        scope, tools = store.scope(who), desk(store)
        words = checked(text)
        said = store.run(answer)
    say(said)
