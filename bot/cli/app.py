"""Puts the commands together and turns every expected error into words and an exit status.

Never holds a command itself.
"""

import io
import sys

import typer

from bot.cli import (
    about,
    cases,
    chat,
    complaint,
    contacts,
    conversations,
    doctor,
    migrations,
    releases,
    scripts,
    serving,
    staffing,
    understanding,
    words,
)

app = typer.Typer(
    name="spean",
    help="Spean: a chat bot for Cambodian workers who came back from Thailand.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(about.version)
app.command()(scripts.check)
app.command()(scripts.schema)
app.command()(understanding.understand)
app.command()(chat.chat)
app.command()(serving.run)
app.add_typer(staffing.commands, name="staff")
app.add_typer(cases.commands, name="case")
app.add_typer(conversations.commands, name="conversation")
app.add_typer(contacts.commands, name="contact")
app.add_typer(releases.commands, name="script")
app.add_typer(words.commands, name="words")
app.add_typer(migrations.commands, name="db")
app.command()(doctor.doctor)
app.add_typer(about.config_commands, name="config")


def main() -> None:
    """Run the command line. Exit status: 0 good, 1 findings or failure, 2 misuse."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    try:
        app()
    except complaint.EXPECTED as error:
        sys.exit(complaint.report(error))
