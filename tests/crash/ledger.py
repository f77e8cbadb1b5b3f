"""What the store says after the crashes, read past the product: states, counts and order.

Never writes.
"""

from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, func, select, text

from storage.people import key_of
from storage.schema import agenda
from storage.seal import Vault

MESSAGE = "outbox|message"  # the one cell that is opened: what the platform called a message
PROMPT = "lane < 2"  # replies and words of staff


class Ledger:
    """One store, opened anew for each question so that nothing is held while the bot runs."""

    def __init__(self, url: str) -> None:
        file = url.removeprefix("sqlite:///")
        self._engine = create_engine(
            url if file == url else f"sqlite:///file:{Path(file)}?mode=ro&uri=true", poolclass=NullPool
        )

    def rows(self, query: str, **given: object) -> list[tuple[Any, ...]]:
        """Whatever the query finds."""
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query), given)]

    def one(self, query: str, **given: object) -> int:
        """The only number that the query finds."""
        ((value,),) = self.rows(query, **given)
        return int(value)

    def in_flight(self, worker: str = "%") -> list[int]:
        """Parts that were claimed and not finished: what a crash may send twice."""
        query = "SELECT id FROM outbox WHERE state = 'sending' AND lease_by LIKE :worker"
        return [row for (row,) in self.rows(query, worker=worker)]

    def waiting(self) -> int:
        """Parts in no end state."""
        return self.one("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')")

    def promised(self) -> int:
        """Entries of the agenda whose time has come."""
        due = select(func.count()).where(agenda.c.done_at.is_(None), agenda.c.due <= datetime.now(UTC))
        with self._engine.connect() as connection:
            return connection.scalar(due) or 0

    def states(self, lanes: str) -> Counter[str]:
        """How many parts ended how."""
        query = f"SELECT state, count(*) FROM outbox WHERE {lanes} GROUP BY state"  # noqa: S608 - our own words
        return Counter(dict(self.rows(query)))  # type: ignore[arg-type]

    def reminders(self) -> dict[str, str]:
        """How each reminder ended, by its cause."""
        return dict(self.rows("SELECT cause, state FROM outbox WHERE lane = 2"))  # type: ignore[arg-type]

    def inbox_keys(self) -> list[bytes]:
        """The blind key of every event that was remembered."""
        return [bytes(key) for (key,) in self.rows("SELECT key FROM inbox")]

    def besides(self, updates: set[bytes]) -> list[tuple[int, int, str, str]]:
        """(id, contact, node before, node after) of events that no update brought: signals of our own."""
        found = self.rows(
            "SELECT key, id, contact_id, node_before, node_after FROM inbox WHERE message IS NULL"
        )
        return [tuple(row) for key, *row in found if bytes(key) not in updates]  # type: ignore[misc]

    def parts_of(self, event: int) -> list[int]:
        """The parts that answer an event."""
        return [row for (row,) in self.rows("SELECT id FROM outbox WHERE cause LIKE :of", of=f"in:{event}:%")]

    def reminded(self) -> Counter[int]:
        """How many reminders surely reached each person."""
        found = self.rows("SELECT contact_id FROM outbox WHERE lane = 2 AND state = 'sent'")
        return Counter(contact for (contact,) in found)

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

    def shown(self, vault: Vault) -> dict[int, dict[int, list[int]]]:
        """What the platform called each person's replies, by row, in the order in which they were to leave.

        A part of two messages has both their names.
        """
        found: defaultdict[int, dict[int, list[int]]] = defaultdict(dict)
        rows = self.rows(
            f"SELECT contact_id, id, cause, message FROM outbox WHERE {PROMPT} AND message IS NOT NULL "  # noqa: S608
            "ORDER BY contact_id, seq"
        )
        with self._engine.connect() as connection:
            for contact, row, cause, message in rows:
                names = key_of(connection, vault, contact).open(MESSAGE, cause, bytes(message))
                found[contact][row] = [int(name) for name in names.split()]
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
