"""A store in which people live, and purging it at a chosen time.

Never waits: its time is given.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, func, select, update

from bot.core import session as sessions
from bot.core.events import Text
from bot.core.session import Session
from storage import (
    consents,
    inbox,
    outbox,
    people,
    purge,
    submissions,
)
from storage.database import Database
from storage.outbox import Draft
from storage.people import Person
from storage.purge import Policy, Report
from storage.schema import inbox as came
from storage.schema import outbox as went
from storage.schema import session
from storage.seal import Vault
from tests.storage.desk import said

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
POLICY = Policy(7 * DAY, 30 * DAY, DAY, 30 * DAY, 365 * DAY)


class House:
    """A store in which people live, purged at a time of the test's choosing."""

    def __init__(self, database: Database, vault: Vault, now: datetime) -> None:
        self.database, self.vault, self.now = database, vault, now
        self.count = 0

    def agree(self, person: Person, *purposes: str) -> None:
        for purpose in purposes:
            said = {"granted": True, "text": "t", "release": "r1", "language": "km", "channel": "telegram"}
            self.do(consents.record, person.contact.id, purpose, **said, now=self.now)

    def do(self, work: Callable[..., Any], *args: object, **named: object) -> Any:  # noqa: ANN401
        return self.database.run_now(lambda conn: work(conn, *args, **named))

    def say(self, person: Person, at: datetime) -> None:
        """A message of theirs and one of ours, each with the platform's id."""
        self.count += 1
        event = said(person, f"u{self.count}", at)
        event = replace(event, body=Text("words", message="platform-7"))

        def speak(conn: Connection) -> None:
            inbox.add(conn, self.vault, person=person, event=event, body=b"{}", now=at, release="r1")
            outbox.add(conn, person, [Draft(f"c{self.count}", 0, b"{}")], first_seq=self.count, now=at)
            conn.execute(update(went).where(went.c.cause == f"c{self.count}").values(state="sent"))
            conn.execute(update(session).where(session.c.contact_id == person.contact.id).values(seen_at=at))

        self.database.run_now(speak)

    def stand(self, person: Person, place: Session) -> None:
        self.do(
            people.save,
            person,
            orjson.dumps(sessions.dump(place)),
            0,
            place.wake_at,
            releases=sessions.releases(place),
            now=self.now,
        )

    def place(self, person: Person) -> Session:
        found = self.do(people.by_id, self.vault, person.contact.id)
        return sessions.load(orjson.loads(found.session))

    def purge(self, after: timedelta) -> Report:
        """Run it dry, then for good; both count the same, and a third finds nothing."""
        later = self.now + after
        dry = purge_all(self.database, self.vault, later, dry=True)
        wet = purge_all(self.database, self.vault, later)
        assert dry == wet
        assert purge_all(self.database, self.vault, later) == Report()
        return wet

    def bodies(self, person: Person) -> tuple[int, int]:
        def count(conn: Connection) -> tuple[int, int]:
            return tuple(  # type: ignore[return-value]
                conn.scalar(select(func.count(table.c.body)).where(table.c.contact_id == person.contact.id))
                for table in (came, went)
            )

        return self.database.read_now(count)

    def rows(self, table: Any) -> int:  # noqa: ANN401 - a table
        return self.database.read_now(lambda conn: conn.scalar(select(func.count()).select_from(table)) or 0)


def purge_all(database: Database, vault: Vault, now: datetime, *, dry: bool = False) -> Report:
    return purge.whole(database, vault, POLICY, now, dry=dry)


def begun(house: House, person: Person, no: int = 1) -> None:
    house.do(submissions.open_, person, no, "intake", "r1", house.now)
    house.do(
        submissions.save_answer,
        person,
        no,
        "name",
        0,
        b"x",
        sensitivity="S1",
        coarse="c",
        node="intake.name",
        now=house.now,
    )
