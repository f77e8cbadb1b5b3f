"""Erasing: nothing of the person stays, counts and numbers do, and a restored backup forgets too."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select, text

from bot.core.contact import Address
from storage import (
    agenda,
    cases,
    consents,
    erasure,
    inbox,
    lookup,
    media,
    outbox,
    people,
    staff,
    submissions,
)
from storage.database import Database
from storage.erasure import Entry, ErasureLog
from storage.outbox import Draft
from storage.people import Person
from storage.schema import metadata
from storage.seal import Vault
from storage.staff import Grant, Scope
from tests.storage.conftest import Greet, said

HOUR = timedelta(hours=1)
OF_NOBODY = {"account", "setting", "staff", "staff_centre", "case_counter"}


def live(conn: Connection, vault: Vault, person: Person, scope: Scope, now: datetime) -> None:
    """Leave a row in every table that can hold one of a person."""
    who = person.contact.id
    submissions.open_(conn, person, 1, "intake", "r1", now)
    answers = {"age": "15-17", "story": None}
    for field, coarse in answers.items():
        submissions.save_answer(
            conn, person, 1, field, 0, b"x", sensitivity="S1", coarse=coarse, node="intake.x", now=now
        )
    inbox.add(
        conn, vault, person=person, event=said(person, f"u{who}", now), body=b"{}", now=now, node_after="n"
    )
    outbox.add(conn, person, [Draft(f"c{who}", 0, b"{}")], first_seq=1, now=now)
    people.save(conn, person, b"{}", 1, now, now=now)
    lookup.index(conn, vault, who, "phone", ["+85512345678"])
    consents.record(conn, who, "help", bool(who), "t", "r1", "km", "telegram", now)
    agenda.add(conn, "expiry", who, str(who), now, b"{}", now)
    media.store(conn, person, name="a", mime="b", data=b"c", now=now)
    case = cases.open_(conn, person, "intake", 1, "pursat", "PU", not who, now, now)
    cases.note(conn, vault, scope, case.id, b"note", now)


def rows(conn: Connection) -> dict[str, int]:
    counted = {
        name: conn.scalar(select(func.count()).select_from(table)) or 0
        for name, table in metadata.tables.items()
        if name not in OF_NOBODY
    }
    return {name: number for name, number in counted.items() if number}


def hired(database: Database, now: datetime) -> Scope:
    database.run_now(lambda conn: staff.add(conn, "dara", [Grant("caseworker")], now))
    scope = database.read_now(lambda conn: staff.scope(conn, "dara"))
    assert scope is not None
    return scope


def test_nothing_of_the_person_stays(database: Database, vault: Vault, now: datetime, greet: Greet) -> None:
    scope = hired(database, now)
    stays = greet("1")
    database.run_now(lambda conn: live(conn, vault, stays, scope, now))
    before = database.read_now(rows)
    goes = greet("2")
    database.run_now(lambda conn: live(conn, vault, goes, scope, now))
    database.run_now(lambda conn: erasure.erase(conn, goes.contact.id, now))
    after = database.read_now(rows)
    assert {
        name: number - before.get(name, 0) for name, number in after.items() if number != before.get(name)
    } == {
        "casefile": 1,
        "inbox": 1,
    }
    kept = database.read_now(
        lambda conn: conn.execute(
            text(
                "SELECT number, kind, centre, state, outcome, coarse, contact_id, submission_id "
                "FROM casefile WHERE erased_at IS NOT NULL"
            )
        ).one()
    )
    assert tuple(kept) == (
        "PU-2026-00002",
        "intake",
        "pursat",
        "erased",
        "erased by the person",
        '{"age": "15-17"}',
        None,
        None,
    )
    event = database.read_now(
        lambda conn: conn.execute(
            text("SELECT contact_id, body, release, node_after FROM inbox WHERE state = 'erased'")
        ).one()
    )
    assert tuple(event) == (None, None, None, "")
    assert database.read_now(lambda conn: cases.list_(conn, scope))[0].number == "PU-2026-00001"


def test_an_erased_event_that_is_delivered_again_is_known(
    database: Database, vault: Vault, now: datetime, sophea: Person
) -> None:
    scope = hired(database, now)
    database.run_now(lambda conn: live(conn, vault, sophea, scope, now))
    database.run_now(lambda conn: erasure.erase(conn, sophea.contact.id, now))
    where = Address(sophea.account, sophea.external)
    event = f"u{sophea.contact.id}"
    assert database.run_now(lambda conn: people.find(conn, vault, where, event)) is None
    assert database.run_now(lambda conn: inbox.seen(conn, vault, sophea.account, event))
    assert not database.run_now(lambda conn: inbox.seen(conn, vault, sophea.account, "new"))


def test_a_closed_case_stays_closed(database: Database, vault: Vault, now: datetime, sophea: Person) -> None:
    scope = hired(database, now)
    database.run_now(lambda conn: live(conn, vault, sophea, scope, now))
    case = database.read_now(lambda conn: cases.list_(conn, scope))[0]
    database.run_now(lambda conn: cases.close(conn, scope, case.id, "called", now))
    database.run_now(lambda conn: erasure.erase(conn, sophea.contact.id, now + HOUR))
    found = database.read_now(lambda conn: cases.find(conn, scope, str(case.id)))
    assert found is not None
    assert (found.state, found.outcome, found.erased_at, found.contact_id) == (
        "closed",
        "called",
        now + HOUR,
        None,
    )


def test_who_comes_back_is_somebody_new(database: Database, now: datetime, greet: Greet) -> None:
    first = greet("1")
    database.run_now(lambda conn: erasure.erase(conn, first.contact.id, now))
    assert greet("1").contact.id > first.contact.id


def test_a_restored_backup_forgets_who_was_erased_and_keeps_who_came_back(
    database: Database, vault: Vault, now: datetime, greet: Greet, tmp_path: Path
) -> None:
    gone, other = greet("1"), greet("2")
    log = ErasureLog(tmp_path / "erasures.log")
    assert log.entries() == []
    log.append(database.read_now(lambda conn: erasure.blinds(conn, gone.contact.id)), now + HOUR)
    came_later = Entry(log.entries()[0].blinds, now - HOUR)
    assert database.run_now(lambda conn: erasure.reapply(conn, [came_later], now)) == 0
    assert database.run_now(lambda conn: erasure.reapply(conn, log.entries(), now)) == 1
    assert database.run_now(lambda conn: erasure.reapply(conn, log.entries(), now)) == 0
    left = database.read_now(lambda conn: people.by_id(conn, vault, other.contact.id, lock=False))
    assert left is not None


def test_the_log_survives_a_line_cut_by_a_power_loss(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "erasures.log"
    log = ErasureLog(path)
    log.append([b"\x01" * 16], now)
    with path.open("a") as file:
        file.write("2026-11-22T03:00:00+00:00 01010")
    assert log.entries() == [Entry((b"\x01" * 16,), now)]
    log.append([b"\x02" * 16, b"\x03" * 16], now)
    assert log.entries() == [Entry((b"\x01" * 16,), now), Entry((b"\x02" * 16, b"\x03" * 16), now)]
    assert path.stat().st_mode & 0o077 == 0
