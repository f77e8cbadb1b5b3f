"""Two processes and one person: who waited for the lock reads what stands after the wait."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.core.contact import Address
from storage import consents, link, outbox, people, sharing
from storage.database import Database
from storage.outbox import Draft
from storage.people import Person
from storage.seal import Vault
from tests.storage.desk import ACCOUNT
from tests.storage.racing import until_somebody_waits

PATIENCE = 10.0  # seconds


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
        until_somebody_waits(conn)
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
        until_somebody_waits(conn)
        sharing.hand_over(conn, vault, person, None, "km", now)

    one.run_now(first)
    second.join(PATIENCE)
    (person,) = found
    assert person is not None
    assert person.contact.id == one.read_now(lambda conn: people.contact_at(conn, vault, where))
    assert person.contact.shared


def test_two_events_of_one_person_from_two_addresses_follow_each_other(
    two: tuple[Database, Database], vault: Vault, now: datetime
) -> None:
    one, other = two
    here, there = Address(ACCOUNT, "93007001"), Address("messenger:900", "5550001")

    def join(conn: Connection) -> None:
        owner, newcomer = (people.greet(conn, vault, where, "km", now) for where in (here, there))
        link.make(conn, vault, owner.contact.id, "token", now)
        opened = link.opened(conn, link.blind_of(vault, "token"), newcomer, now)
        assert opened is not None
        link.use(conn, opened, owner, newcomer, now)
        sharing.hand_over(conn, vault, newcomer, owner.contact.id, "km", now)

    one.run_now(join)
    found: list[Person | None] = []
    second = threading.Thread(
        target=lambda: found.append(other.run_now(lambda conn: people.find(conn, vault, there, "u1")))
    )

    def first(conn: Connection) -> None:
        person = people.find(conn, vault, here, "u0")
        assert person is not None
        second.start()
        until_somebody_waits(conn)
        people.save(conn, person, b"{}", 7, None, now=now)

    one.run_now(first)
    second.join(PATIENCE)
    (person,) = found
    assert person is not None
    assert (person.external, person.seq, person.session) == ("5550001", 7, b"{}")


def test_of_two_who_open_one_link_at_once_one_finds_it(
    two: tuple[Database, Database], vault: Vault, now: datetime
) -> None:
    one, other = two

    def prepare(conn: Connection) -> list[Person]:
        owner = people.greet(conn, vault, Address(ACCOUNT, "93007001"), "km", now)
        link.make(conn, vault, owner.contact.id, "token", now, by_staff=True)
        return [people.greet(conn, vault, Address("messenger:900", who), "km", now) for who in ("1", "2")]

    newcomers, blind = one.run_now(prepare), link.blind_of(vault, "token")
    found: list[link.Opened | None] = []
    second = threading.Thread(
        target=lambda: found.append(other.run_now(lambda conn: link.opened(conn, blind, newcomers[1], now)))
    )

    def first(conn: Connection) -> None:
        opened = link.opened(conn, blind, newcomers[0], now)
        owner = people.find(conn, vault, Address(ACCOUNT, "93007001"), "u0")
        assert opened is not None
        assert owner is not None
        second.start()
        until_somebody_waits(conn)
        link.use(conn, opened, owner, newcomers[0], now)

    one.run_now(first)
    second.join(PATIENCE)
    assert found == [None]
