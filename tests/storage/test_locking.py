"""Two processes and one person: who waited for the lock reads what stands after the wait."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from bot.core.contact import Address
from storage import consents, outbox, people, sharing
from storage.database import Database
from storage.outbox import Draft
from storage.people import Person
from storage.seal import Vault
from tests.storage.desk import ACCOUNT

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
PATIENCE = 10.0  # seconds


@pytest.fixture
def two(postgres_store_url: str) -> Iterator[tuple[Database, Database]]:
    one, other = Database.open(postgres_store_url), Database.open(postgres_store_url)
    yield one, other
    other.close_now()
    one.close_now()


def _until_somebody_waits(conn: Connection) -> None:
    tick, deadline = threading.Event(), datetime.now().astimezone() + timedelta(seconds=PATIENCE)
    while not conn.scalar(WAITING):
        assert datetime.now().astimezone() < deadline, "nobody waited for the lock"
        tick.wait(0.01)


@pytest.mark.parametrize("door", ["find", "by_id"])
def test_who_waited_for_a_person_finds_them_as_they_are_now(
    two: tuple[Database, Database], vault: Vault, now: datetime, door: str
) -> None:
    one, other = two
    where = Address(ACCOUNT, "93007001")
    who = one.run_now(lambda conn: people.greet(conn, vault, where, "km", now)).contact.id
    doors: dict[str, Callable[[Connection], Person | None]] = {
        "find": lambda conn: people.find(conn, vault, where, "u1"),
        "by_id": lambda conn: people.by_id(conn, vault, who),
    }
    found: list[Person | None] = []
    second = threading.Thread(target=lambda: found.append(other.run_now(doors[door])))

    def first(conn: Connection) -> None:
        person = people.find(conn, vault, where, "u0")
        assert person is not None
        assert not person.unsent
        second.start()
        _until_somebody_waits(conn)
        lease = ("w1", now + timedelta(minutes=1))
        outbox.add(conn, person, [Draft("a", 0, b"hello")], first_seq=1, now=now, lease=lease)
        consents.record(conn, who, "help", True, "t", "r1", "km", "telegram", now)  # noqa: FBT003
        people.set_flag(conn, who, "stopped", on=True, now=now)
        people.set_language(conn, who, "en", now)
        people.set_erasing(conn, who, now)
        people.save(conn, person, b"{}", 1, None, now=now)

    one.run_now(first)
    second.join(PATIENCE)
    (person,) = found
    assert person is not None
    assert (person.unsent, person.erasing, person.seq, person.session) == (True, True, 1, b"{}")
    assert (person.contact.language, person.contact.stopped, person.contact.consents) == (
        "en",
        True,
        frozenset({"help"}),
    )


def test_who_waited_while_the_address_was_handed_over_finds_and_locks_the_new_person(
    two: tuple[Database, Database], vault: Vault, now: datetime
) -> None:
    one, other = two
    where = Address(ACCOUNT, "93007001")
    one.run_now(lambda conn: people.greet(conn, vault, where, "km", now))
    found: list[Person | None] = []

    def find(conn: Connection) -> Person | None:
        return people.find(conn, vault, where, "u1")

    second = threading.Thread(target=lambda: found.append(other.run_now(find)))

    def first(conn: Connection) -> None:
        person = people.find(conn, vault, where, "u0")
        assert person is not None
        second.start()
        _until_somebody_waits(conn)
        sharing.hand_over(conn, vault, person, None, "km", now)

    one.run_now(first)
    second.join(PATIENCE)
    (person,) = found
    assert person is not None
    assert person.contact.id == one.read_now(lambda conn: people.contact_at(conn, vault, where))
    assert person.contact.shared
