"""What the store says after the crashes, read past the product: states, counts and order, no sealed cell.

Never writes.
"""

import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any


class Ledger:
    """One SQLite store, opened anew for each question so that nothing is held while the bot runs."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Whatever the query finds."""
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()

    def one(self, query: str) -> int:
        """The only number that the query finds."""
        ((value,),) = self.rows(query)
        return int(value)

    def in_flight(self) -> int:
        """Parts that were claimed and not finished: what a crash may send twice."""
        return self.one("SELECT count(*) FROM outbox WHERE state = 'sending'")

    def inbox_keys(self) -> list[bytes]:
        """The blind key of every event that was remembered."""
        return [key for (key,) in self.rows("SELECT key FROM inbox")]

    def walks(self) -> dict[int, list[tuple[str, str]]]:
        """Each person's (node before, node after), in the order of the commits."""
        found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
        for contact, before, after in self.rows(
            "SELECT contact_id, node_before, node_after FROM inbox ORDER BY id"
        ):
            found[contact].append((before, after))
        return found

    def sequences(self) -> dict[int, list[int]]:
        """Each person's outbox numbers, in order."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for contact, seq in self.rows("SELECT contact_id, seq FROM outbox ORDER BY contact_id, seq"):
            found[contact].append(seq)
        return found

    def answers(self) -> dict[int, list[tuple[str, int]]]:
        """Each person's answered (field, index)."""
        found: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
        for contact, field, index in self.rows(
            "SELECT contact_id, field, idx FROM answer JOIN submission ON submission.id = submission_id "
            "ORDER BY contact_id, field, idx"
        ):
            found[contact].append((field, index))
        return found
