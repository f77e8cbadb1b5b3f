"""People: greeted once, found in one statement, and remembered where they stand."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select, update

from bot.core.contact import Address
from storage import consents, inbox, lookup, people
from storage.database import Database
from storage.people import Person
from storage.schema import contact, contact_lookup, session
from storage.seal import Vault
from tests.storage.conftest import Greet
from tests.storage.desk import ACCOUNT, MINUTE, Desk, said


def test_a_stranger_is_nobody_until_greeted(database: Database, vault: Vault, greet: Greet) -> None:
    where = Address(ACCOUNT, "1")
    assert database.run_now(lambda conn: people.find(conn, vault, where, "u1")) is None
    greeted = greet("1")
    found = database.run_now(lambda conn: people.find(conn, vault, where, "u1"))
    assert found is not None
    assert (found.contact, found.session, found.seq, found.seen, found.unsent) == (
        greeted.contact,
        b"",
        0,
        False,
        False,
    )
    assert database.read_now(lambda conn: people.contact_at(conn, vault, where)) == greeted.contact.id
    assert database.read_now(lambda conn: people.contact_at(conn, vault, Address(ACCOUNT, "2"))) is None


def test_the_same_id_in_two_accounts_is_two_people(database: Database, vault: Vault, now: datetime) -> None:
    def both(conn: Connection) -> list[Person]:
        return [
            people.greet(conn, vault, Address(name, "1"), "km", now) for name in (ACCOUNT, "telegram:7002")
        ]

    one, other = database.run_now(both)
    assert one.contact.id != other.contact.id
    assert one.account_id != other.account_id


async def test_two_first_messages_at_once_make_one_person(
    database: Database, vault: Vault, now: datetime
) -> None:
    where = Address(ACCOUNT, "1")

    def first(conn: Connection) -> int:
        person = people.find(conn, vault, where, "u1") or people.greet(conn, vault, where, "km", now)
        return person.contact.id

    assert len(set(await asyncio.gather(*(database.run(first) for _ in range(6))))) == 1


async def test_one_event_delivered_six_times_at_once_is_taken_once(
    database: Database, vault: Vault, now: datetime, sophea: Person
) -> None:
    where = Address(sophea.account, sophea.external)

    def step(conn: Connection) -> bool:
        person = people.find(conn, vault, where, "u1")
        assert person is not None
        if person.seen:
            return False
        inbox.add(conn, vault, person=person, event=said(person, "u1", now), body=b"{}", now=now)
        people.save(conn, person, b"{}", person.seq + 1, None, now=now)
        return True

    assert sorted(await asyncio.gather(*(database.run(step) for _ in range(6)))) == [False] * 5 + [True]
    again = database.run_now(lambda conn: people.find(conn, vault, where, "u2"))
    assert again is not None
    assert again.seq == 1


async def test_steps_of_one_person_at_once_lose_nothing(
    database: Database, vault: Vault, now: datetime, sophea: Person
) -> None:
    where = Address(sophea.account, sophea.external)

    def step(conn: Connection, number: int) -> None:
        person = people.find(conn, vault, where, f"u{number}")
        assert person is not None
        people.save(conn, person, person.session + b".", person.seq + 1, None, now=now)

    await asyncio.gather(*(database.run(lambda conn, n=n: step(conn, n)) for n in range(40)))
    found = database.run_now(lambda conn: people.find(conn, vault, where, "x"))
    assert found is not None
    assert (found.session, found.seq) == (b"." * 40, 40)


def test_a_persons_marks_come_back(database: Database, vault: Vault, now: datetime, sophea: Person) -> None:
    who = sophea.contact.id

    def agree(
        conn: Connection, purpose: str, shown: str, release: str, language: str, *, granted: bool
    ) -> None:
        consents.record(conn, who, purpose, granted, shown, release, language, "telegram", now)

    def change(conn: Connection) -> None:
        people.set_language(conn, who, "en", now)
        people.set_flag(conn, who, "stopped", on=True, now=now)
        people.set_flag(conn, who, "reachable", on=False, now=now)
        people.set_erasing(conn, who, now)
        agree(conn, "help", "intake.consent", "r1", "km", granted=True)
        agree(conn, "call", "intake.call", "r1", "km", granted=True)
        agree(conn, "help", "intake.consent", "r2", "en", granted=False)

    database.run_now(change)
    found = database.read_now(lambda conn: people.by_id(conn, vault, who, lock=False))
    assert found is not None
    assert (found.contact.language, found.contact.language_chosen, found.contact.stopped) == (
        "en",
        True,
        True,
    )
    assert (found.external, found.account, found.erasing) == (sophea.external, ACCOUNT, True)
    assert found.contact.consents == frozenset({"call"})
    assert database.read_now(lambda conn: consents.of(conn, who)) == frozenset({"call"})
    told = database.read_now(lambda conn: consents.history(conn, who))
    assert [(row.purpose, row.granted, row.release, row.at) for row in told] == [
        ("help", True, "r1", now),
        ("call", True, "r1", now),
        ("help", False, "r2", now),
    ]
    assert database.read_now(lambda conn: people.ready_to_erase(conn, 10)) == [who]


def test_who_asked_for_erasure_waits_a_minute_at_most_for_the_last_reply(
    desk: Desk, sophea: Person, greet: Greet
) -> None:
    quiet = greet("2").contact.id
    desk.queue(sophea, "goodbye")  # of a page that was closed: nobody fetches it
    desk.database.run_now(lambda conn: people.set_erasing(conn, sophea.contact.id, desk.now))
    desk.database.run_now(lambda conn: people.set_erasing(conn, quiet, desk.now))

    def ready(now: datetime | None = None) -> list[int]:
        return desk.database.read_now(lambda conn: people.ready_to_erase(conn, 10, now))

    assert ready() == ready(desk.now + MINUTE / 2) == [quiet]
    assert set(ready(desk.now + MINUTE)) == {sophea.contact.id, quiet}


def test_who_somebody_is_can_be_read_without_opening_a_cell(
    database: Database, now: datetime, sophea: Person
) -> None:
    who = sophea.contact.id
    database.run_now(lambda conn: people.set_language(conn, who, "en", now))
    database.run_now(lambda conn: conn.execute(update(contact).values(data_key=b"junk")).rowcount)
    found = database.read_now(lambda conn: people.contact_of(conn, who))
    assert found is not None
    assert (found.id, found.language, found.language_chosen, found.handled_by_staff) == (
        who,
        "en",
        True,
        False,
    )
    assert database.read_now(lambda conn: people.contact_of(conn, who + 1)) is None


def test_a_damaged_session_is_said_and_hides_nobody(
    database: Database, vault: Vault, now: datetime, sophea: Person
) -> None:
    database.run_now(lambda conn: people.save(conn, sophea, b"{}", 4, None, now=now))
    database.run_now(lambda conn: conn.execute(update(session).values(body=b"junk")).rowcount)
    where = Address(sophea.account, sophea.external)
    found = database.run_now(lambda conn: people.find(conn, vault, where, "u"))
    assert found is not None
    assert (found.damaged, found.session, found.seq, found.contact) == (True, b"", 4, sophea.contact)


def test_questions_fall_due_in_order(database: Database, now: datetime, greet: Greet) -> None:
    persons = [greet(str(number)) for number in range(3)]
    waits = [now + timedelta(hours=2), now + timedelta(hours=1), None]

    def save(conn: Connection) -> None:
        for person, wake_at in zip(persons, waits, strict=True):
            people.save(conn, person, b"{}", 0, wake_at, now=now)

    database.run_now(save)
    ids = [person.contact.id for person in persons]
    assert database.read_now(lambda conn: people.due(conn, now, 10)) == []
    assert database.read_now(lambda conn: people.due(conn, now + timedelta(hours=3), 10)) == [ids[1], ids[0]]
    assert database.read_now(lambda conn: people.due(conn, now + timedelta(hours=3), 1)) == [ids[1]]


def test_outbox_numbers_are_taken_once(database: Database, sophea: Person) -> None:
    who = sophea.contact.id
    assert database.run_now(lambda conn: people.take_seq(conn, who)) == 1
    assert database.run_now(lambda conn: people.take_seq(conn, who, 3)) == 2
    assert database.run_now(lambda conn: people.take_seq(conn, who)) == 5
    with pytest.raises(LookupError):
        database.run_now(lambda conn: people.take_seq(conn, who + 1))


def test_a_naive_time_never_reaches_the_store(database: Database, sophea: Person) -> None:
    naive = datetime(2026, 11, 22)  # noqa: DTZ001 - that is the point
    with pytest.raises(ValueError, match="without zone"):
        database.run_now(lambda conn: people.save(conn, sophea, b"{}", 0, naive, now=naive))


def test_people_are_found_by_what_they_told_last(database: Database, vault: Vault, greet: Greet) -> None:
    one, other = greet("1").contact.id, greet("2").contact.id

    def index(conn: Connection) -> None:
        lookup.index(conn, vault, one, "name", ["សុភា", "ជា"])
        lookup.index(conn, vault, other, "name", ["សុភា"])
        lookup.index(conn, vault, one, "phone", ["+85512345678"])
        lookup.index(conn, vault, one, "name", ["សុភា", "លី"])

    database.run_now(index)

    def matches(kind: str, text: str) -> set[int]:
        there = contact_lookup.c.blind == vault.blind(kind, text), contact_lookup.c.kind == kind
        found = select(contact_lookup.c.contact_id).where(*there)
        return set(database.read_now(lambda conn: conn.scalars(found).all()))

    assert [matches("name", name) for name in ("សុភា", "ជា", "លី")] == [{one, other}, set(), {one}]
    assert matches("phone", "+85512345678") == {one}
    assert matches("name", "+85512345678") == set()


def test_a_failed_step_is_parked_and_its_event_counts_as_seen(
    database: Database, vault: Vault, now: datetime, sophea: Person
) -> None:
    def park(conn: Connection) -> int:
        return inbox.park(conn, vault, person=sophea, event_id="u1", raw=b"raw", reason="KeyError", now=now)

    parked = database.run_now(park)
    rows = database.read_now(lambda conn: inbox.parked(conn, 10))
    assert [(row.id, row.contact_id, row.account, row.reason, row.at) for row in rows] == [
        (parked, sophea.contact.id, ACCOUNT, "KeyError", now)
    ]
    where = Address(sophea.account, sophea.external)
    found = database.run_now(lambda conn: people.find(conn, vault, where, "u1"))
    assert found is not None
    assert found.seen
