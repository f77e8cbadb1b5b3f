"""Whom a segment finds: always exactly those whom a slow look at each person finds, on both databases."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, update

from bot.core.segment import Segment
from storage import people, segments
from storage.database import Database
from storage.schema import account, address, contact_address
from storage.seal import Vault
from storage.segments import Audience, Page
from tests.storage.conftest import Greet
from tests.storage.town import PROVINCES, Town

HOUR = timedelta(hours=1)
BOTH = frozenset({"telegram", "messenger"})
Found = Callable[..., list[int]]


@pytest.fixture
def town(database: Database, vault: Vault, now: datetime) -> Town:
    return database.run_now(lambda conn: Town(conn, vault, now))


@pytest.fixture
def found(database: Database, now: datetime) -> Found:
    def everybody(segment: Segment, centre: str = "", limit: int = 7) -> list[int]:
        pages = partial(segments.page, audience=Audience(segment, centre, PROVINCES), limit=limit, now=now)
        page, ids = Page((), 0, last=False), list[int]()
        while not page.last:
            page = database.read_now(partial(pages, after=page.cursor))
            ids += page.ids
        return ids

    return everybody


def test_a_segment_finds_exactly_whom_it_says(town: Town, found: Found) -> None:
    sizes = set()
    for _ in range(60):
        segment = town.some_segment()
        assert found(segment) == town.finds(segment), segment
        sizes.add(len(found(segment)))
    assert len(sizes) > 5, "the town is too dull to tell anything"


def test_nobody_of_another_centre_is_found(town: Town, found: Found) -> None:
    everybody = Segment()
    for centre in PROVINCES:
        assert found(everybody, centre) == town.finds(everybody, centre)
        assert 0 < len(found(everybody, centre)) < len(found(everybody))
    for _ in range(20):
        segment = town.some_segment()
        assert found(segment, "pursat") == town.finds(segment, "pursat"), segment


def test_pages_join_without_a_gap_however_few_are_looked_at(
    town: Town, found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = found(Segment(sexes=("woman",)))
    monkeypatch.setattr(segments, "SPAN", 3)
    for limit in (1, 2, 100):
        assert found(Segment(sexes=("woman",)), limit=limit) == whole == town.finds(Segment(sexes=("woman",)))


def test_who_counts_once_counts_where_they_are_reached_best(
    database: Database, greet: Greet, now: datetime
) -> None:
    """Two apps of one person: Messenger's window is shut, so Telegram counts."""
    dara, sok = greet("1"), greet("2")

    def link(conn: Connection) -> list[segments.Group]:
        there = account.insert().values(name="messenger:9", created_at=now)
        messenger = conn.scalar(there.returning(account.c.id))
        where = conn.scalar(
            address.insert()
            .values(account_id=messenger, blind=b"x", created_at=now, acted_at=now - 48 * HOUR)
            .returning(address.c.id)
        )
        conn.execute(
            contact_address.insert().values(
                contact_id=dara.contact.id, address_id=where, external=b"x", used_at=now + HOUR
            )
        )
        people.set_flag(conn, sok.contact.id, "stopped", on=True, now=now)
        audience = Audience(Segment(), "", PROVINCES)
        return segments.groups(conn, audience, BOTH, now - 23 * HOUR, now)

    groups = database.run_now(link)
    assert sorted((one.contact.channel, one.contact.stopped, one.number) for one in groups) == [
        ("telegram", False, 1),
        ("telegram", True, 1),
    ]


def test_who_is_leaving_or_staff_or_nowhere_is_in_no_segment(
    database: Database, greet: Greet, now: datetime, found: Found
) -> None:
    stays, leaves, works, gone = (greet(str(nth)).contact.id for nth in range(4))

    def change(conn: Connection) -> None:
        people.set_erasing(conn, leaves, now)
        people.set_flag(conn, works, "staff", on=True, now=now)
        lost = contact_address.c.contact_id == gone
        conn.execute(update(contact_address).where(lost).values(current=False))

    database.run_now(change)
    assert found(Segment()) == [stays]


def test_groups_add_up_to_the_people(town: Town, database: Database, now: datetime) -> None:
    for segment in (Segment(), Segment(sexes=("woman",)), Segment(channels=("messenger",))):
        audience = Audience(segment, "", PROVINCES)
        counted = database.read_now(
            partial(segments.groups, audience=audience, channels=BOTH, acted_since=now, now=now)
        )
        assert sum(one.number for one in counted) == len(town.finds(segment))
    audience = Audience(Segment(), "", PROVINCES)
    alone = database.read_now(lambda conn: segments.groups(conn, audience, {"telegram"}, now, now))
    assert {one.contact.channel for one in alone} == {"telegram", ""}, (
        "where we are no more, nobody is reached"
    )
