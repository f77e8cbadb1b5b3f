"""What activities say, from one revision to the next; who was told, and what a person sees of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from bot.core.activity import Activity, Bilingual, Follow, Party, Sheet
from storage import activities, registrations
from storage.board import board
from storage.database import Database
from storage.people import Person
from storage.schema import activity_told, safe_hours, subscription

BAKAN = "150101"
Fair = Callable[..., Activity]


@pytest.fixture
def sheet(now: datetime) -> Sheet:
    begins = now + timedelta(days=7)
    ends = begins + timedelta(hours=8)
    return Sheet(Bilingual("ពិព័រណ៍ការងារ", "Job fair"), BAKAN, begins, ends, capacity=100)


@pytest.fixture
def fair(database: Database, sheet: Sheet, now: datetime) -> Fair:
    """A published fair."""

    def held(what: Sheet = sheet) -> Activity:
        def make(conn: Connection) -> Activity:
            made = activities.make(conn, "fair", "pursat", what, now)
            published = activities.change(conn, made.id, now, state="published")
            assert published is not None
            return published

        return database.run_now(make)

    return held


# --- revisions ---


def test_a_new_one_is_a_draft_that_says_what_was_written(
    database: Database, sheet: Sheet, now: datetime
) -> None:
    made = database.run_now(lambda conn: activities.make(conn, "fair", "pursat", sheet, now, source="row 1"))
    assert (made.state, made.revision, made.sheet) == ("draft", 1, sheet)
    assert database.read_now(lambda conn: activities.get(conn, made.id)) == made
    assert database.read_now(lambda conn: activities.by_source(conn, "row 1")) == made
    assert database.read_now(lambda conn: activities.by_source(conn, "row 2")) is None
    database.run_now(lambda conn: activities.know_by(conn, made.id, "row 2"))
    assert database.read_now(lambda conn: activities.by_source(conn, "row 2")) == made
    assert database.read_now(lambda conn: activities.by_source(conn, "row 1")) is None


def test_every_change_is_a_revision_and_none_is_lost(
    database: Database, sheet: Sheet, fair: Fair, now: datetime
) -> None:
    there = fair()
    later = replace(sheet, starts_at=sheet.starts_at + timedelta(hours=1))
    moved = database.run_now(lambda conn: activities.change(conn, there.id, now, sheet=later, state="moved"))
    assert moved is not None
    assert (moved.revision, moved.state, moved.sheet) == (3, "moved", later)
    told = database.read_now(lambda conn: activities.revisions(conn, there.id))
    assert [(one.number, one.state) for one in told] == [(1, "draft"), (2, "published"), (3, "moved")]
    assert [one.sheet for one in told] == [sheet, sheet, later]


def test_what_changes_nothing_is_no_revision(
    database: Database, sheet: Sheet, fair: Fair, now: datetime
) -> None:
    there = fair()
    again = database.run_now(lambda conn: activities.change(conn, there.id, now, sheet=replace(sheet)))
    assert again == there


def test_nobody_changes_what_is_not_there(database: Database, sheet: Sheet, now: datetime) -> None:
    assert database.run_now(lambda conn: activities.change(conn, 99, now, sheet=sheet)) is None
    assert database.run_now(lambda conn: activities.lock(conn, 99)) is None


def test_it_is_found_by_place_state_centre_and_time(
    database: Database, sheet: Sheet, fair: Fair, now: datetime
) -> None:
    near, far = fair(), fair(replace(sheet, place="2201"))

    def found(**wanted: object) -> list[int]:
        kept = database.read_now(lambda conn: activities.find(conn, **wanted))  # type: ignore[arg-type]
        return [one.activity.id for one in kept]

    assert found() == [near.id, far.id]
    assert found(place="1501") == [near.id]
    assert found(place="22", kinds=["fair"]) == [far.id]
    assert found(kinds=["course"]) == []
    assert found(states=["draft"]) == []
    assert found(centres=[]) == []
    assert found(centres=["pursat"], ends_after=now, starts_before=sheet.ends_at) == [near.id, far.id]
    assert found(ends_after=sheet.ends_at) == []


# --- who was told ---


def test_every_way_by_which_somebody_was_told_is_kept_for_each_may_fail_alone(
    database: Database, fair: Fair, sophea: Person, now: datetime
) -> None:
    there, who = fair(), sophea.contact.id

    def causes() -> list[tuple[int, str]]:
        both = (activity_told.c.revision, activity_told.c.cause)
        rows = select(*both).order_by(*both)
        return [(row[0], row[1]) for row in database.read_now(lambda conn: conn.execute(rows).all())]

    def tell(*told: tuple[int, int], cause: str = "") -> None:
        database.run_now(lambda conn: activities.tell(conn, who, told, now, cause))

    tell((there.id, 1), cause="activity:1:new:1")
    assert causes() == [(1, "activity:1:new:1")]
    tell((there.id, 1), (there.id, 2))
    tell((there.id, 2), cause="activity:1:r2:1")
    tell((there.id, 2), cause="activity:1:r2:1")
    assert causes() == [(1, ""), (1, "activity:1:new:1"), (2, ""), (2, "activity:1:r2:1")]


# --- the board ---


def test_a_store_without_activities_has_an_empty_board(
    database: Database, sophea: Person, now: datetime
) -> None:
    empty = database.read_now(lambda conn: board(conn, sophea.contact.id, now))
    assert (dict(empty.activities), dict(empty.mine), empty.follows, empty.hours) == (
        {},
        {},
        frozenset(),
        "any",
    )


def test_the_board_shows_what_is_published_and_not_over(
    database: Database, sheet: Sheet, fair: Fair, sophea: Person, now: datetime
) -> None:
    def seen(at: datetime) -> list[tuple[int, str]]:
        shown = database.read_now(lambda conn: board(conn, sophea.contact.id, at))
        return [(one.id, one.state) for one in shown.activities.values()]

    there = fair()
    database.run_now(lambda conn: activities.make(conn, "fair", "pursat", sheet, now))  # a draft
    assert seen(now) == [(there.id, "published")]
    database.run_now(lambda conn: activities.change(conn, there.id, now, state="cancelled"))
    assert seen(now) == [(there.id, "cancelled")]
    assert seen(sheet.ends_at) == []
    assert seen(now) == [(there.id, "cancelled")], "a clock that goes back"
    database.run_now(lambda conn: activities.change(conn, there.id, now, state="done"))
    assert seen(now) == []


def test_the_board_shows_what_this_person_said(
    database: Database, fair: Fair, greet: Callable[[str], Person], sophea: Person, now: datetime
) -> None:
    there, who, other = fair(), sophea.contact.id, greet("93007002")
    party = Party(2, 1, childcare=True)

    def say(conn: Connection) -> None:
        registrations.register(
            conn, sophea.key, who, there.id, "come", party, remind="app", ticket="T1", now=now
        )
        born = {"contact_id": who, "created_at": now}
        conn.execute(subscription.insert().values(born | {"purpose": "fairs", "place": "15", "sector": ""}))
        conn.execute(subscription.insert().values(born | {"purpose": "jobs", "sector": "farm"}))
        conn.execute(safe_hours.insert().values(contact_id=who, hours="evening"))

    database.run_now(say)
    mine = database.read_now(lambda conn: board(conn, who, now, sophea.key))
    assert (mine.mine[there.id].party, mine.mine[there.id].ticket) == (party, "T1")
    assert mine.follows == {Follow("fairs", "15"), Follow("jobs", "", "farm")}
    assert mine.hours == "evening"
    shut = database.read_now(lambda conn: board(conn, who, now))
    assert not shut.mine[there.id].party.childcare
    theirs = database.read_now(lambda conn: board(conn, other.contact.id, now))
    assert (dict(theirs.mine), theirs.follows, theirs.hours) == ({}, frozenset(), "any")
