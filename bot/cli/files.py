"""What people sent, written out of the sealed store so that staff can listen and look.

Never writes over anything, and never gives a file the name or type a stranger chose.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from bot.cli.output import say
from bot.cli.refused import Refused
from bot.cli.store import Store
from storage import conversation, media
from storage.faults import DamagedCell
from storage.media import MediaRow
from storage.staff import Scope

MediaFolder = Annotated[
    Path | None,
    typer.Option("--media", metavar="DIR", help="Write voice notes and pictures into this new folder."),
]

ENDINGS = {
    "audio/aac": ".aac",
    "audio/amr": ".amr",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "audio/wav": ".wav",
    "audio/webm": ".webm",
    "audio/x-m4a": ".m4a",
    "application/pdf": ".pdf",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "text/plain": ".txt",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
}  # anything else ends in .bin: a double click must not run it
UNREADABLE = {"wanted": "not fetched yet", "failed": "could not be fetched"}


def make_folder(folder: Path) -> None:
    """Make it, for its owner only. Raises Refused when it holds something."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(str(folder), "something is there already", "name a new or an empty folder")
    folder.mkdir(0o700, exist_ok=True)
    folder.chmod(0o700)


def write_files(store: Store, scope: Scope, contact_id: int, folder: Path) -> Mapping[str, str]:
    """Write what a person sent and staff may see; by its ref what a file is called, or why it is not."""

    def seen(conn: Connection) -> list[MediaRow]:
        everything = conversation.sight_of(conn, scope, contact_id).everything
        return media.of_person(conn, store.vault, contact_id, restricted=everything)

    rows = store.read(seen)
    called = {row.ref: _written(store, row, folder) for row in rows if row.ref}
    many = len(list(folder.iterdir()))
    say(f"files written into {folder}: {many}; delete them when you have listened")
    return called


def _written(store: Store, row: MediaRow, folder: Path) -> str:
    try:
        found = store.read(lambda conn: media.read(conn, store.vault, row.id, row.contact_id))
    except DamagedCell:
        return "damaged"
    if found is None:
        return UNREADABLE.get(row.state, "not kept")
    name = f"{row.id}{ENDINGS.get(row.mime.partition(';')[0].strip().lower(), '.bin')}"
    opened = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as file:
        file.write(found[1])
    return name
