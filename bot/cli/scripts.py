"""`spean check` and `spean schema`: proofs of dialogs and words, and the schema that editors use.

Never changes a file or the store.
"""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from bot import scripts
from bot.cli.findings import show, words_for
from bot.cli.options import BOT_TOML, Config, Json
from bot.cli.output import counted, say
from bot.cli.refused import Refused
from bot.clock import SystemClock
from bot.core.contact import Language
from bot.core.schedule import PHNOM_PENH

Folder = Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder that holds dialogs/ and locales/.")]
InLanguage = Annotated[Language, typer.Option("--language", help="The language of the findings.")]
HERE = Path()


def check(
    folder: Folder = HERE, *, language: InLanguage = "en", config: Config = BOT_TOML, as_json: Json = False
) -> None:
    """Prove dialogs and words. Exit status 1 when a finding is an error; warnings alone are 0."""
    del config  # every command takes it; scripts are proved without the installation's settings
    if not (folder / "dialogs").is_dir():
        cure = "name the folder that holds dialogs/ and locales/"
        raise Refused(str(folder), "there is no folder dialogs/ in it", cure)
    files = scripts.read_files(folder)
    findings = scripts.check(files, SystemClock().now().astimezone(PHNOM_PENH).date())
    show(findings, words_for(files), language, as_json=as_json)
    count = Counter(finding.severity for finding in findings)
    errors, warnings = (counted(count[one], one, f"{one}s") for one in ("error", "warning"))
    say(f"{len(files)} files: {errors}, {warnings}")
    if count["error"]:
        raise typer.Exit(1)


def schema(*, config: Config = BOT_TOML) -> None:
    """Print the JSON Schema of a dialog file."""
    del config  # every command takes it; the schema is the product's
    typer.echo(scripts.schema(), nl=False)
