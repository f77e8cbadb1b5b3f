"""The compiled Releases, cached by digest, and the Shelf that one step needs.

Never publishes: `storage.releases` holds which Release is live.
"""

from collections.abc import Iterable

from sqlalchemy import Connection

from bot.core.book import Shelf
from bot.scripts import Release, reopen_release
from storage import answers, releases

KEPT = 8  # compiled Releases in memory beside the live one


class NoRelease(LookupError):  # noqa: N818 - says the state
    """The store has no live Release: `spean run` imports one at start."""


class Library:
    """Releases by digest. A Release never changes, so a cached one is never stale."""

    def __init__(self) -> None:
        self._compiled: dict[str, Release] = {}

    def live(self, conn: Connection) -> Release:
        """The live Release, read in this transaction."""
        digest = releases.live(conn)
        found = self.get(conn, digest) if digest else None
        if found is None:
            raise NoRelease("no Release is live")
        return found

    def get(self, conn: Connection, digest: str) -> Release | None:
        """A Release; None when the store no longer has it. The longest unused leaves the cache first."""
        found = self._compiled.pop(digest, None)
        if found is None:
            files = releases.get(conn, digest)
            if not files:
                return None
            found = reopen_release(files)
        self._compiled[digest] = found
        while len(self._compiled) > KEPT + 1:
            self._compiled.pop(next(iter(self._compiled)), None)
        return found

    def shelf(self, conn: Connection, live: Release, pinned: Iterable[str], *, sample: bool = False) -> Shelf:
        """The live Book, those that a session began with, and which answers are taken back now."""
        books = {live.digest: live.book}
        for digest in pinned:
            if digest not in books and (found := self.get(conn, digest)) is not None:
                books[digest] = found.book
        return Shelf(live.book, books, withdrawn=answers.withdrawn(conn), sample=sample)
