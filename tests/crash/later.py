"""What is put into a running store for later: reminders, and promises to people that are no longer kept.

Never makes the same entry twice.
"""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, select, update

from bot.core.channel import Part
from bot.runner.forms import dump_part
from bot.runner.promises import ANSWER
from storage import outbox, people
from storage.database import Database
from storage.parts import Draft, Lane
from storage.people import Person
from storage.schema import agenda, contact
from storage.seal import Vault
from tests.crash.traffic import REMINDER

REMINDED = 6  # people who get a reminder each time
PROMISES = 30  # whose time is up each time, at most

_NEWEST = select(contact.c.id).order_by(contact.c.id.desc()).limit(4 * REMINDED)  # many of them talk just now
_WAITS = (agenda.c.kind == ANSWER, agenda.c.done_at.is_(None))


class Later:
    """`hastened`: promises whose time was up, each once."""

    def __init__(self, url: str, key: Path) -> None:
        self._url = url
        self._key = key
        self._rounds = 0
        self.hastened = 0

    def put(self, chance: random.Random) -> None:
        """One more reminder for a few people, and nobody came for the cases that wait; blocking."""
        self._rounds += 1
        database = Database.open(self._url)
        try:
            database.run_now(lambda conn: self._remind(conn, chance.random()))
            self.hastened += database.run_now(_hasten)
        finally:
            database.close_now()

    def _remind(self, conn: Connection, seed: float) -> None:
        now, vault = datetime.now(UTC), Vault.open(self._key)
        known = list(conn.scalars(_NEWEST))
        for number in random.Random(seed).sample(known, min(REMINDED, len(known))):  # noqa: S311 - whom
            person = people.by_id(conn, vault, number)
            assert person is not None
            remind(conn, person, f"reminder:{self._rounds}:{number}", now)


def remind(conn: Connection, person: Person, cause: str, now: datetime) -> None:
    """Queue a reminder, whose words name its cause."""
    draft = Draft(cause, Lane.REMINDER, dump_part(Part(f"{REMINDER}{cause}")))
    outbox.add(conn, person, [draft], first_seq=people.take_seq(conn, person.contact.id), now=now)


def _hasten(conn: Connection) -> int:
    now = datetime.now(UTC)
    some = select(agenda.c.id).where(*_WAITS, agenda.c.due > now).order_by(agenda.c.id).limit(PROMISES)
    past = now - timedelta(seconds=1)
    return conn.execute(update(agenda).where(agenda.c.id.in_(some), *_WAITS).values(due=past)).rowcount
