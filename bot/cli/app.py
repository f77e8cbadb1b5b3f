"""Puts the commands together and turns every expected error into words and an exit status.

Never holds a command itself, and loads no more than the command that was asked for.
"""

import io
import sys
from collections.abc import Sequence
from importlib import import_module

import typer

# Each command or family of commands, and where it stands: in the order that --help shows.
COMMANDS = {
    "version": "about.version",
    "check": "scripts.check",
    "schema": "scripts.schema",
    "understand": "understanding.understand",
    "safety": "safety.commands",
    "chat": "chat.chat",
    "run": "serving.run",
    "serve": "serving.serve",
    "doctor": "doctor.doctor",
    "staff": "staffing.commands",
    "case": "cases.commands",
    "conversation": "conversations.commands",
    "contact": "contacts.commands",
    "listen": "listening.commands",
    "fair": "activity.fair",
    "activity": "activity.activity",
    "broadcast": "broadcasts.commands",
    "delivery": "delivery.commands",
    "script": "releases.commands",
    "voice": "voice.commands",
    "faq": "faq.commands",
    "words": "words.commands",
    "db": "migrations.commands",
    "backup": "backups.backup",
    "restore": "backups.restore",
    "keys": "keys.commands",
    "purge": "purging.purge",
    "audit": "auditing.commands",
    "config": "about.config_commands",
}


def main() -> None:
    """Run the command line. Exit status: 0 good, 1 findings or failure, 2 misuse."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a broken byte that somebody pipes in spoils its own letter only
            stream.reconfigure(encoding="utf-8", errors="replace" if stream is sys.stdin else None)
    try:
        _app(sys.argv[1:])()
    except Exception as error:
        from bot.cli import complaint  # noqa: PLC0415 - it knows the errors of every floor: slow to load

        if not isinstance(error, complaint.EXPECTED):
            raise
        sys.exit(complaint.report(error))


def _app(arguments: Sequence[str]) -> typer.Typer:
    """The command that the arguments begin with; every command when they begin otherwise (`--help`)."""
    app = typer.Typer(
        name="spean",
        help="Spean: a chat bot for Cambodian workers who came back from Thailand.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_nothing_before_a_command)
    wanted = [name for name in arguments[:1] if name in COMMANDS]
    for name in wanted or COMMANDS:
        module, _, attribute = COMMANDS[name].partition(".")
        found = getattr(import_module(f"bot.cli.{module}"), attribute)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name)(found)
    return app


def _nothing_before_a_command() -> None:
    """Keeps `spean` a family, even with one command loaded."""
