"""The options that many commands share, each written once.

Never a command.
"""

from pathlib import Path
from typing import Annotated

import typer

from bot.core.contact import Language

Config = Annotated[Path, typer.Option("--config", metavar="FILE", help="The settings file.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")]
As = Annotated[str, typer.Option("--as", metavar="STAFF", help="The member of staff who does it.")]
Data = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="Keep store and key in this folder.")
]
In = Annotated[Language, typer.Option("--language", help="Read questions and buttons in it.")]

BOT_TOML = Path("bot.toml")
MOST = 999_999_999  # of what the store numbers: larger than any it gives, smaller than any it can not hold
