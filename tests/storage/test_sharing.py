"""One address, several people: who else writes there, whose it becomes, and what waits for the absent."""

from datetime import datetime

import orjson
import pytest
from sqlalchemy import Connection, func, select

from bot.core.answers import Words, dump
from bot.core.contact import Companion
from storage import moving, outbox, people, sharing, submissions
from storage.database import Database
from storage.outbox import Draft, Lane
from storage.people import Person
from storage.schema import address, contact_address, session
from storage.schema import outbox as parts
from storage.seal import Vault
from tests.storage.conftest import Greet


class Phone:
    """One address and whoever has it."""

    def __init__(self, database: Database, vault: Vault, now: datetime, owner: Person) -> None:
        self.database, self.vault, self.now, self.where = database, vault, now, owner.where

    def holder(self) -> Person:
        found = self.database.run_now(lambda conn: people.find(conn, self.vault, self.where, "u"))
        assert found is not None
        return found

    def person(self, contact_id: int) -> Person:
        found = self.database.run_now(lambda conn: people.by_id(conn, self.vault, contact_id))
        assert found is not None
        return found

    def goes_to(self, contact_id: int | None) -> Person:
        def work(conn: Connection) -> None:
            person = people.find(conn, self.vault, self.where, "u")
            assert person is not None
            sharing.hand_over(conn, self.vault, person, contact_id, "en", self.now)

        self.database.run_now(work)
        return self.holder()

    def say(self, contact_id: int, *texts: bytes) -> None:
        def work(conn: Connection) -> None:
            person = people.by_id(conn, self.vault, contact_id)
            assert person is not None
            first = people.take_seq(conn, contact_id, len(texts))
            drafts = [Draft(f"t:{one.decode()}", Lane.STAFF, one) for one in texts]
            outbox.add(conn, person, drafts, first_seq=first, now=self.now)

        self.database.run_now(work)

    def parts(self) -> list[tuple[str, str, int]]:
        rows = select(parts.c.cause, parts.c.state, parts.c.seq).order_by(parts.c.seq)
        return [tuple(row) for row in self.database.read_now(lambda conn: conn.execute(rows).all())]


@pytest.fixture
def phone(database: Database, vault: Vault, now: datetime, sophea: Person) -> Phone:
    return Phone(database, vault, now, sophea)


def test_a_new_person_at_an_address_that_exists(phone: Phone, sophea: Person) -> None:
    second = phone.goes_to(None)
    assert second.contact.id != sophea.contact.id
    assert second.address_id == sophea.address_id
    assert (second.contact.language, second.session, second.contact.shared) == ("en", b"", True)
    assert not phone.person(sophea.contact.id).contact.present
    count = select(func.count()).select_from(address)
    assert phone.database.read_now(lambda conn: conn.scalar(count)) == 1


def test_an_address_is_one_persons_at_a_time(phone: Phone, sophea: Person) -> None:
    for to in (None, sophea.contact.id, None, sophea.contact.id):
        phone.goes_to(to)
        current = select(func.count()).select_from(contact_address).where(contact_address.c.current)
        assert phone.database.read_now(lambda conn, one=current: conn.scalar(one)) == 1
    assert phone.holder().contact.id == sophea.contact.id


def test_to_go_over_to_somebody_erased_since_is_to_begin_anew(phone: Phone, sophea: Person) -> None:
    assert phone.goes_to(987_654).contact.id not in {987_654, sophea.contact.id}


def test_who_shares_with_nobody_is_said_to(phone: Phone, greet: Greet) -> None:
    greet("another phone")
    assert not phone.holder().contact.shared


def test_companions_have_the_name_that_they_gave_last(phone: Phone, now: datetime, sophea: Person) -> None:
    def tell(conn: Connection) -> None:
        for no, name in ((1, "ភា"), (2, "សុភា")):
            submissions.open_(conn, sophea, no, "intake", "r1", now)
            value = orjson.dumps(dump(Words(name)))
            submissions.save_answer(
                conn,
                sophea,
                no,
                "name",
                0,
                value,
                sensitivity="S1",
                coarse=None,
                node="n",
                now=now,
                how="given",
            )

    phone.database.run_now(tell)
    second = phone.goes_to(None)
    phone.goes_to(None)
    found = phone.database.read_now(lambda conn: sharing.companions(conn, phone.vault, phone.holder()))
    assert found == (Companion(sophea.contact.id, "សុភា"), Companion(second.contact.id, ""))


def test_who_is_being_erased_is_no_companion(phone: Phone, now: datetime, sophea: Person) -> None:
    phone.goes_to(None)
    phone.database.run_now(lambda conn: people.set_erasing(conn, sophea.contact.id, now))
    assert phone.database.read_now(lambda conn: sharing.companions(conn, phone.vault, phone.holder())) == ()


def test_parts_of_the_absent_are_held_and_go_after_all_that_was_said_since(
    phone: Phone, sophea: Person
) -> None:
    phone.say(sophea.contact.id, b"before")
    second = phone.goes_to(None)
    assert phone.parts() == [("t:before", "held", 1)]
    phone.say(sophea.contact.id, b"while")
    phone.say(second.contact.id, b"own")
    assert ("t:while", "held", 2) in phone.parts()
    assert ("t:own", "queued", 2) in phone.parts()
    back = phone.goes_to(sophea.contact.id)
    assert back.seq == 2

    def let_go(conn: Connection) -> None:
        for seq, part in enumerate(moving.opened(conn, back, sharing.held(conn, back)), 3):
            moving.go(conn, back, part, (), seq)

    phone.database.run_now(let_go)
    assert [one for one in phone.parts() if one[0] != "t:own"] == [
        ("t:before", "queued", 3),
        ("t:while", "queued", 4),
    ]


def test_nothing_up_to_the_hand_over_is_for_the_page_of_who_takes_over(phone: Phone, sophea: Person) -> None:
    phone.say(sophea.contact.id, b"one", b"two")
    second = phone.goes_to(None)
    number, until, seen_at = phone.database.read_now(lambda conn: sharing.shown(conn, second.contact.id))
    assert (number, seen_at) == (2, None)
    assert until is not None
    assert until < phone.now
    assert second.seq == 2


def test_a_part_of_the_absent_is_never_claimed(phone: Phone, sophea: Person, now: datetime) -> None:
    phone.goes_to(None)
    phone.say(sophea.contact.id, b"secret")

    def claim(conn: Connection) -> list[outbox.OutRow]:
        return outbox.claim(conn, phone.vault, phone.where.account, "w1", now, now, 9)

    assert phone.database.run_now(claim) == []


def test_when_somebody_last_wrote_stays_where_a_save_says_nothing(phone: Phone, now: datetime) -> None:
    def work(conn: Connection) -> datetime | None:
        person = people.find(conn, phone.vault, phone.where, "u")
        assert person is not None
        people.save(conn, person, b"{}", 0, None, seen_at=now, now=now)
        people.save(conn, person, b"{}", 0, None, now=now)
        return conn.scalar(select(session.c.seen_at).where(session.c.contact_id == person.contact.id))

    assert phone.database.run_now(work) == now
