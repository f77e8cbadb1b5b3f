"""The folder in which a command was started: scripts and what the settings name are looked for there.

Never reads a script, and never makes a folder.
"""

from pathlib import Path

from sqlalchemy import make_url

from bot.cli.refused import Complaint, Refused
from bot.config import Settings

DIALOGS = Path("dialogs")


def no_scripts(config: Path | None = None) -> Complaint:
    """There are no scripts here; `config`: the settings, which probably stand beside them."""
    beside = Path() if config is None else config.resolve().parent
    folder = str(beside) if (beside / DIALOGS).is_dir() else "the folder that holds dialogs/ and locales/"
    cure = f"cd {folder}" if folder == str(beside) else f"start Spean in {folder}"
    what = "there is no folder dialogs/ here, where Spean was started"
    return Complaint(str(Path.cwd()), what, f"{cure}: file names are meant from there")


def stand(config: Path, settings: Settings, *, anywhere: bool = False) -> None:
    """Refuse to begin an empty store by mistake: of a relative name, where nothing of Spean is.

    Raises Refused. `anywhere`: also one of a whole name; whoever serves a new store needs the scripts.
    """
    parts = make_url(settings.storage.url)
    store = Path(parts.database or "")
    if parts.drivername != "sqlite" or store.exists() or DIALOGS.is_dir():
        return
    if anywhere or not store.is_absolute():
        said = no_scripts(config)
        what = said.what if anywhere else f"{said.what}, and no store {store}"
        raise Refused(said.where, what, said.cure)
