"""A sender's desk for the outbox tests.

Never sends.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from bot.core.contact import Address
from bot.core.events import Event, Text
from storage import outbox
from storage.database import Database
from storage.outbox import Draft, Lane, OutRow, Result
from storage.parts import Ended
from storage.people import Person
from storage.schema import outbox as table
from storage.seal import Vault

ACCOUNT = "telegram:7001"
MINUTE = timedelta(minutes=1)


class Desk:
    """A sender's desk in a test: queues, claims and finishes at a time of its choosing."""

    def __init__(self, database: Database, vault: Vault, now: datetime) -> None:
        self.database, self.vault, self.now = database, vault, now
        self.numbers: dict[int, int] = {}

    def queue(self, person: Person, *causes: str, lane: Lane = Lane.REPLY, **times: datetime) -> list[OutRow]:
        first = self.numbers.get(person.contact.id, 0) + 1
        self.numbers[person.contact.id] = first + len(causes) - 1
        drafts = [Draft(cause, lane, cause.encode(), **times) for cause in causes]
        return self.database.run_now(
            lambda conn: outbox.add(conn, person, drafts, first_seq=first, now=self.now)
        )

    def claim(self, worker: str = "w1", limit: int = 50, contact_id: int | None = None) -> list[OutRow]:
        until = self.now + MINUTE
        return self.database.run_now(
            lambda conn: outbox.claim(
                conn, self.vault, ACCOUNT, worker, self.now, until, limit, contact_id=contact_id
            )
        )

    def begin(self, *rows: OutRow) -> list[bool]:
        """These are about to be sent; whether they still may."""
        return [
            self.database.run_now(lambda conn, one=one: outbox.begun(conn, one, self.now)) for one in rows
        ]

    def end(self, row: OutRow, state: Ended = "sent", **how: object) -> None:
        result = Result(row, state, **how)  # type: ignore[arg-type]
        self.database.run_now(lambda conn: outbox.finish(conn, [result], self.now))

    def counts(self) -> dict[str, int]:
        counted = select(table.c.state, func.count().label("number")).group_by(table.c.state)
        return {
            row.state: row.number for row in self.database.read_now(lambda conn: conn.execute(counted).all())
        }

    def spoil(self, cause: str) -> None:
        """Change a byte of a sealed body, as a bad disk would."""
        its = table.c.cause == cause

        def change(conn: Connection) -> None:
            body = conn.scalar(select(table.c.body).where(its)) or b""
            conn.execute(update(table).where(its).values(body=body[:-1] + bytes([body[-1] ^ 1])))

        self.database.run_now(change)


def causes(rows: list[OutRow]) -> list[str]:
    return [row.cause for row in rows]


def said(person: Person, event_id: str, now: datetime, words: str = "ជំរាបសួរ") -> Event:
    return Event(event_id, Address(person.account, person.external), now, Text(words))
