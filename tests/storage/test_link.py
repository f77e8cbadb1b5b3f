"""One-time links in rows: used once, for a day, by one; and the addresses that they join."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select

from bot.core.contact import Address
from bot.core.linking import MISSES_AT_MOST
from storage import link, outbox, people, sharing
from storage import schema as tables
from storage.database import Database
from storage.outbox import Draft, Lane
from storage.people import Person
from storage.seal import Vault

TOKEN = "t" * 43
PAGE = "messenger:900"


class Chats:
    """Sophea on Telegram, and somebody who is new on Messenger."""

    def __init__(self, database: Database, vault: Vault, now: datetime, sophea: Person) -> None:
        self.database, self.vault, self.now, self.sophea = database, vault, now, sophea
        self.newcomer = self.greet("5550001")

    def greet(self, external: str) -> Person:
        where = Address(PAGE, external)
        return self.database.run_now(lambda conn: people.greet(conn, self.vault, where, "km", self.now))

    def make(self, token: str = TOKEN, *, by_staff: bool = False) -> bool:
        def work(conn: Connection) -> bool:
            number = self.sophea.contact.id
            return link.make(conn, self.vault, number, token, self.now, by_staff=by_staff)

        return self.database.run_now(work)

    def opens(self, token: str = TOKEN, who: Person | None = None) -> link.Opened | None:
        blind = link.blind_of(self.vault, token)
        return self.database.run_now(lambda conn: link.opened(conn, blind, who or self.newcomer, self.now))

    def join(self) -> None:
        found = self.opens()
        assert found is not None

        def work(conn: Connection) -> None:
            link.use(conn, found, self.sophea, self.newcomer, self.now)
            sharing.hand_over(conn, self.vault, self.newcomer, self.sophea.contact.id, "km", self.now)

        self.database.run_now(work)

    def owner_of(self, person: Person) -> int | None:
        return self.database.read_now(lambda conn: people.contact_at(conn, self.vault, person.where))


@pytest.fixture
def chats(database: Database, vault: Vault, now: datetime, sophea: Person) -> Chats:
    return Chats(database, vault, now, sophea)


def test_a_link_is_found_by_its_token_alone_which_is_nowhere(chats: Chats) -> None:
    assert chats.make()
    found = chats.opens()
    assert found is not None
    assert (found.contact, found.by_staff, found.misses) == (chats.sophea.contact.id, False, 0)
    assert TOKEN.encode() not in found.blind
    assert chats.opens("u" * 43) is None


def test_it_lives_a_day_to_the_second(chats: Chats) -> None:
    chats.make()
    chats.now += link.LIVES - timedelta(seconds=1)
    assert chats.opens() is not None
    chats.now += timedelta(seconds=1)
    assert chats.opens() is None


def test_a_newer_link_ends_the_older(chats: Chats) -> None:
    chats.make()
    chats.now += timedelta(minutes=1)
    chats.make("u" * 43)
    assert chats.opens() is None
    assert chats.opens("u" * 43) is not None


def test_misses_end_it(chats: Chats) -> None:
    chats.make()
    found = chats.opens()
    assert found is not None
    for _ in range(MISSES_AT_MOST):
        assert chats.opens() is not None
        chats.database.run_now(lambda conn: link.missed(conn, found.blind))
    assert chats.opens() is None


def test_a_person_makes_a_few_a_day_and_staff_as_many_as_it_takes(chats: Chats) -> None:
    assert [chats.make(str(at) * 43) for at in range(link.AT_MOST + 1)] == [True] * link.AT_MOST + [False]
    assert chats.make(by_staff=True)
    chats.now += link.LIVES
    assert chats.make("u" * 43)


def test_joined_both_addresses_are_one_person_s(chats: Chats) -> None:
    chats.make()
    chats.join()
    first = chats.sophea.contact.id
    assert chats.owner_of(chats.newcomer) == chats.owner_of(chats.sophea) == first
    assert chats.opens() is None
    found = chats.database.read_now(lambda conn: people.by_id(conn, chats.vault, first, lock=False))
    assert found is not None
    assert found.contact.linked
    there = chats.database.read_now(
        lambda conn: [link.at(conn, found, one.address) for one in link.places(conn, first)]
    )
    assert {one.external for one in there} == {chats.sophea.external, "5550001"}


def test_who_is_in_that_app_already_joins_no_second_address_of_it(chats: Chats) -> None:
    chats.make()
    chats.join()
    chats.make("u" * 43)
    assert chats.opens("u" * 43, chats.greet("5550002")) is None


def test_of_somebody_who_erases_everything_no_link_opens(chats: Chats) -> None:
    chats.make()
    chats.database.run_now(lambda conn: people.set_erasing(conn, chats.sophea.contact.id, chats.now))
    assert chats.opens() is None


def test_taken_apart_what_waits_goes_to_the_other_and_the_address_is_somebody_new_s(chats: Chats) -> None:
    chats.make()
    chats.join()
    first = chats.sophea.contact.id

    def split(conn: Connection) -> None:
        there = people.find(conn, chats.vault, chats.newcomer.where, "x")
        assert there is not None
        outbox.add(conn, there, [Draft("waits", Lane.STAFF, b"x")], first_seq=there.seq + 1, now=chats.now)
        link.split(conn, chats.vault, there, None, "km", chats.now)

    chats.database.run_now(split)
    assert chats.owner_of(chats.newcomer) not in {None, first}
    assert chats.owner_of(chats.sophea) == first
    where = select(tables.outbox.c.address_id, tables.outbox.c.account_id, tables.outbox.c.state)
    rows = chats.database.read_now(lambda conn: [tuple(row) for row in conn.execute(where)])
    assert rows == [(chats.sophea.address_id, chats.sophea.account_id, "queued")]
    known = chats.database.read_now(lambda conn: people.contact_of(conn, first))
    assert known is not None
    assert not known.linked


def test_old_links_are_swept(chats: Chats) -> None:
    chats.make()
    count = select(func.count()).select_from(tables.link)
    for days, left in ((1, 1), (1, 1), (1, 0)):
        chats.now += timedelta(days=days)
        chats.database.run_now(lambda conn: link.sweep(conn, chats.now))
        assert chats.database.read_now(lambda conn: conn.scalar(count)) == left
