"""The files of parts on their way out: read from the store, or named as their platform holds them already.

Never sends, and never uploads what goes to many twice at the same time.
"""

from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection

from bot.channels.channel import Given, Outcome, Sent, Uploaded
from bot.core.channel import Document
from bot.runner.kit import Kit
from storage import enclosures, media, releases, uploads
from storage.database import Database
from storage.outbox import Lane, OutRow

MANY: Final = 1000  # files remembered at once; each is in the store too


class Busy(NamedTuple):
    """The same file is being uploaded for somebody else just now: nothing was sent, look again after that."""

    wait: timedelta = timedelta(seconds=2)


class Documents:
    """For one process. `_held`: what is sent to many, by account and content; "" while it is uploaded."""

    def __init__(self, database: Database, kit: Kit) -> None:
        self._database = database
        self._kit = kit
        self._held: dict[tuple[str, str], str] = {}

    async def of(self, row: OutRow, held: Document | None) -> Given | Busy:
        """What goes with a part; `ended` must be told what became of it. Raises StoreFault, DamagedCell."""
        if held is None:
            return None
        if not held.content:
            found = await self._database.read(
                lambda conn: media.read(conn, self._kit.vault, held.media, row.contact_id)
            )
            return found[1] if found else None
        if (this := _to_many(row, held)) is not None:
            if (ref := self._held.get(this)) is not None:
                return Uploaded(ref) if ref else Busy()
            self._held[this] = ""
        return await self._database.read(lambda conn: _ours(conn, row.account, held))

    def ended(self, row: OutRow, held: Document | None, given: Given | Busy, outcome: Outcome | None) -> None:
        """What became of the part; None: nothing that we know."""
        if isinstance(given, Busy) or held is None or (this := _to_many(row, held)) is None:
            return
        match given, outcome:
            case Uploaded(ref), Sent():
                self._held[this] = ref
            case _, Sent(file=file) if file:
                self._held[this] = file
            case _:
                self._held.pop(this, None)
        if len(self._held) > MANY:
            self._held.clear()


def _to_many(row: OutRow, held: Document) -> tuple[str, str] | None:
    """The key of a file that reminders and announcements carry; a reply waits for nobody's upload."""
    return (row.account, held.content) if held.content and row.lane > Lane.STAFF else None


def _ours(conn: Connection, account: str, held: Document) -> Given:
    """What the platform calls a recording or picture that it has been given, else its bytes."""
    ref = uploads.known(conn, account, held.content)
    if ref is not None:
        return Uploaded(ref)
    if held.release:
        return releases.file(conn, held.release, held.path)
    kept = enclosures.get(conn, held.content)
    return None if kept is None else kept.body
