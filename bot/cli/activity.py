"""`spean activity` and `spean fair`: the same commands, for every kind of activity or for job fairs only.

Never holds a command itself.
"""

from collections.abc import Callable, Mapping

import typer

from bot.cli import activities
from bot.cli.activity_codes import qr
from bot.cli.activity_door import came, outcomes, walk_in
from bot.cli.activity_registered import registered
from bot.cli.activity_sheets import export, import_
from bot.cli.call_list import list_calls

LOOSE = {"ignore_unknown_options": True}  # --title-km X beside title_km=X
COMMANDS: Mapping[str, Callable[..., None]] = {
    "add": activities.add,
    "edit": activities.edit,
    "publish": activities.publish,
    "cancel": activities.cancel,
    "done": activities.done,
    "list": activities.list_,
    "show": activities.show,
    "import": import_,
    "export": export,
    "qr": qr,
    "registered": registered,
    "came": came,
    "walk-in": walk_in,
    "outcomes": outcomes,
    "call-list": list_calls,
}


def _family(about: str) -> typer.Typer:
    family = typer.Typer(no_args_is_help=True, help=about)
    for name, command in COMMANDS.items():
        family.command(name, context_settings=LOOSE if name in {"add", "edit"} else None)(command)
    return family


activity = _family("Job fairs, short courses, tests, office days and meetings.")
fair = _family("Job fairs: the same as spean activity, of --kind fair.")
