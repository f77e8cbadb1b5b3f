"""Who came: by ticket, by name, and as numbers."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.core.activity import Bilingual, Party, Sheet
from storage import activities, attendance, registrations
from storage.database import Database
from storage.people import Person

DAY = date(2026, 11, 29)


@pytest.fixture
def fair(database: Database, sophea: Person, now: datetime) -> int:
    """One to which Sophea comes with her two children, by the ticket K7M2Q9XR."""
    begins = now + timedelta(days=7)

    def work(conn: Connection) -> int:
        sheet = Sheet(Bilingual("ពិព័រណ៍"), "150101", begins, begins + timedelta(hours=8))
        made = activities.make(conn, "fair", "pursat", sheet, now)
        activities.change(conn, made.id, now, state="published")
        whose = conn, sophea.key, sophea.contact.id, made.id, "come", Party(1, 2)
        registrations.register(*whose, remind="app", ticket="K7M2Q9XR", now=now)  # type: ignore[arg-type]
        return made.id

    return database.run_now(work)


def test_a_ticket_finds_its_party(database: Database, sophea: Person, fair: int) -> None:
    found = database.read_now(lambda conn: attendance.by_ticket(conn, "K7M2Q9XR"))
    assert found == attendance.Party(fair, sophea.contact.id, 3, "held", None)
    assert database.read_now(lambda conn: attendance.by_ticket(conn, "ELSE")) is None


def test_a_party_came_whole_or_in_part_and_a_mistake_is_undone(
    database: Database, sophea: Person, fair: int, now: datetime
) -> None:
    who = sophea.contact.id

    def came(people: int | None = None) -> bool:
        return database.run_now(lambda conn: attendance.came(conn, fair, who, now, people))

    def there() -> tuple[int | None, tuple[int, int]]:
        party = database.read_now(lambda conn: attendance.of_contact(conn, fair, who))
        assert party is not None
        return party.came, database.read_now(lambda conn: attendance.arrived(conn, fair))

    assert there() == (None, (0, 0))
    assert came()
    assert there() == (3, (1, 3))
    assert came(2)
    assert there() == (2, (1, 2))
    assert database.run_now(lambda conn: attendance.undo(conn, fair, who))
    assert there() == (None, (0, 0))
    assert not database.run_now(lambda conn: attendance.undo(conn, fair, who))
    assert not database.run_now(lambda conn: attendance.came(conn, fair, who + 1, now))


def test_whoever_did_not_register_is_counted(database: Database, fair: int) -> None:
    def count(people: int, sex: attendance.Sex = "woman", age: str = "25-34") -> bool:
        return database.run_now(lambda conn: attendance.count(conn, fair, DAY, sex, age, people))

    def counted() -> list[tuple[str, str, int]]:
        found = database.read_now(lambda conn: attendance.walk_ins(conn, fair))
        return [(one.sex, one.age, one.count) for one in found]

    assert count(2)
    assert count(1)
    assert count(1, "man", "unknown")
    assert counted() == [("man", "unknown", 1), ("woman", "25-34", 3)]
    assert count(-1, "man", "unknown")
    assert not count(-1, "man", "unknown"), "nobody is left to take back"
    assert not count(-4)
    assert counted() == [("woman", "25-34", 3)]
