"""`spean listen`: voice notes that wait for somebody to listen, and writing down what they say.

Never shows more than `--as` may hear, and never writes over a file.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from bot.cli.options import BOT_TOML, MOST, As, Config, In, Json
from bot.cli.output import say, table
from bot.cli.people import checked
from bot.cli.readable import local, voice
from bot.cli.refused import Refused
from bot.cli.store import Store, opened
from bot.core.contact import Language
from bot.core.speech import kilobytes, seconds
from bot.core.transcript import Filled, Superseded, Unread
from bot.runner.library import Library
from bot.runner.transcripts import write_out
from storage import audit, listening, media
from storage.faults import DamagedCell
from storage.listening import NoteRow
from storage.staff import Scope

commands = typer.Typer(no_args_is_help=True, help="Voice notes that wait for somebody to listen.")

Number = Annotated[
    int, typer.Argument(min=0, max=MOST, metavar="ID", help="The note's id (spean listen list).")
]
COLUMNS = ("id", "case", "person", "centre", "field", "seconds", "kb", "came_at", "hours", "restricted")


@commands.command("list")
def list_(
    *,
    centre: Annotated[str, typer.Option(help="Only this centre's.")] = "",
    who: As = "",
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """List the voice notes that nobody has heard, the oldest first."""
    with opened(config) as store:
        scope = store.scope(who)
        found = store.read(lambda conn: listening.waiting(conn, scope, centre or None))
        rows = [_shown(store, one) for one in found]
    table(COLUMNS, rows, as_json=as_json)


def _shown(store: Store, note: NoteRow) -> tuple[object, ...]:
    hours = int((store.now - note.at).total_seconds() // 3600)
    came = local(note.at, store.settings.bot.timezone)
    about = (note.id, note.case, note.contact_id, note.centre, note.field)
    return (*about, _length(store, note), kilobytes(note.size), came, hours, note.restricted)


def _length(store: Store, note: NoteRow) -> int | None:
    """How long it sounds, where its form tells."""
    with suppress(DamagedCell):
        found = store.read(lambda conn: media.read(conn, store.vault, note.id, note.contact_id))
        return (round(seconds(found[1])) if found else 0) or None
    return None


@commands.command()
def play(
    number: Number,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="A new file to write the sound to.")],
    *,
    who: As = "",
    config: Config = BOT_TOML,
) -> None:
    """Write a note's sound into a new file that only you can read; it counts as heard."""
    with opened(config) as store:
        scope = store.scope(who)
        note = store.read(lambda conn: _note(conn, scope, number))
        found = store.read(lambda conn: media.read(conn, store.vault, note.id, note.contact_id))
        if found is None:
            raise _unknown(number)
        if out.exists():
            raise Refused(str(out), "something is there already", "name a new file")

        def hear(conn: Connection) -> None:
            listening.mark(conn, note.id, scope.staff_id or None, store.now)
            audit.record(conn, scope.staff_id or None, "media.play", f"media {note.id}", store.now)

        store.run(hear)
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(found[1])
    say(f"{out}: delete it when you have listened; then spean listen transcribe {number} TEXT")


@commands.command()
def transcribe(
    number: Number,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What the person says, in their words.")],
    *,
    words_only: Annotated[
        bool, typer.Option("--words-only", help="Keep the words; leave the answer a voice note.")
    ] = False,
    language: In = "km",
    who: As = "",
    config: Config = BOT_TOML,
) -> None:
    """Write down what a note says; the question that it answered is filled as if the person had typed it."""
    with opened(config) as store:
        scope, words = store.scope(who), checked(text)

        def write(conn: Connection) -> Filled | None:
            note = _note(conn, scope, number)
            fill = note.field is not None and not words_only
            done = write_out(conn, store.vault, Library(), scope, note, words, store.now, fill=fill)
            if isinstance(done, Unread | Superseded):
                raise _not_filled(conn, note, done, language)
            return done

        filled = store.run(write)
    if filled is None:
        say(f"the words of note {number} are kept")
    else:
        say(f"the words of note {number} are kept, and {filled.saved.field} is answered")


def _note(conn: Connection, scope: Scope, number: int) -> NoteRow:
    found = listening.find(conn, scope, number)
    if found is None:
        raise _unknown(number)
    return found


def _unknown(number: int) -> Refused:
    return Refused(
        f"note {number}", "there is no such voice note within reach", "spean listen list shows some"
    )


def _not_filled(conn: Connection, note: NoteRow, why: Unread | Superseded, language: Language) -> Refused:
    where = f"note {note.id}, {note.field}"
    only = "write --words-only to keep just the words"
    if isinstance(why, Superseded):
        return Refused(where, "the person has answered it otherwise since", only)
    said = voice(conn, language)
    wanted = " · ".join(said.say(one).replace("\n", " ") for one in why.wanted)
    return Refused(where, "these words do not answer the question", f"one of: {wanted}; or {only}")
