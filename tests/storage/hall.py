"""A fair of ten seats, with a bus of four; and people who ask for them.

Never decides anything of its own.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot.core.activity import Activity, Bilingual, Coming, Party, Sheet, Stop
from storage import activities, registrations, seats
from storage.database import Database
from storage.people import Person
from storage.registrations import Booked, Refused
from storage.schema import agenda as later

WEEK, HOUR = timedelta(days=7), timedelta(hours=1)


class Hall:
    """A fair of ten, with a bus of four; whoever asks is greeted first."""

    def __init__(self, database: Database, greet: Callable[[str], Person], now: datetime) -> None:
        self.database, self.greet, self.now = database, greet, now
        self.people: dict[str, Person] = {}
        begins = now + WEEK
        bus = Stop("bakan", Bilingual("បាកាន"), begins - 2 * HOUR, 4)
        self.sheet = Sheet(Bilingual("ពិព័រណ៍"), "150101", begins, begins + 8 * HOUR, capacity=10, stops=(bus,))
        self.fair = self.publish(self.sheet)

    def publish(self, sheet: Sheet) -> Activity:
        def work(conn: Connection) -> Activity:
            made = activities.make(conn, "fair", "pursat", sheet, self.now)
            found = activities.change(conn, made.id, self.now, state="published")
            assert found is not None
            return found

        return self.database.run_now(work)

    def who(self, name: str) -> Person:
        if name not in self.people:
            self.people[name] = self.greet(f"9300{name}")
        return self.people[name]

    def asks(
        self, name: str, people: int = 1, coming: Coming = "come", stop: str = "bakan"
    ) -> Booked | Refused:
        person = self.who(name)
        return self.database.run_now(
            lambda conn: registrations.register(
                conn,
                person.key,
                person.contact.id,
                self.fair.id,
                coming,
                Party(people, stop=stop),
                remind="app",
                ticket=f"T{name}",
                now=self.now,
            )
        )

    def answers(self, name: str, *, taken: bool) -> Booked | Refused | None:
        person, fair = self.who(name), self.fair.id
        return self.database.run_now(
            lambda conn: registrations.answer_offer(
                conn, person.key, person.contact.id, fair, taken=taken, ticket=f"T{name}", now=self.now
            )
        )

    def seat(self, name: str) -> str:
        person = self.who(name)
        found = self.database.read_now(
            lambda conn: registrations.of(conn, person.key, person.contact.id, self.fair.id)
        )
        assert found is not None
        return found.seat

    def seats(self, *names: str) -> list[str]:
        return [self.seat(name) for name in names]

    def settles(self) -> None:
        """As the agenda does."""

        def work(conn: Connection) -> None:
            held = activities.lock(conn, self.fair.id)
            assert held is not None
            seats.settle(conn, held, self.now)

        self.database.run_now(work)

    def says(self, sheet: Sheet) -> None:
        self.database.run_now(lambda conn: activities.change(conn, self.fair.id, self.now, sheet=sheet))
        self.settles()

    def due(self, kind: str) -> list[tuple[str, datetime]]:
        waiting = select(later.c.key, later.c.due).where(later.c.kind == kind, later.c.done_at.is_(None))
        rows = self.database.read_now(lambda conn: conn.execute(waiting.order_by(later.c.id)).all())
        return [(row[0], row[1]) for row in rows]
