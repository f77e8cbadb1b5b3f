"""Erasing: nothing of the person stays, counts and numbers do, and a restored backup forgets too."""

import re
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select, text, update

from bot.core.contact import Address
from storage import (
    agenda,
    case_notes,
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
from storage.schema import contact_address, metadata
from storage.seal import Vault
from storage.staff import Grant, Scope
from tests.storage.conftest import Greet
from tests.storage.desk import said

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
    case_notes.note(conn, vault, scope, case.id, b"note", now)


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
    log.append(database.read_now(lambda conn: erasure.entry(conn, gone.contact.id, now + HOUR)))
    (entry,) = log.entries()
    for known in (entry, Entry(entry.blinds, entry.at)):  # the older form names addresses only
        came_later = replace(known, at=now - HOUR)
        assert database.run_now(lambda conn, entry=came_later: erasure.reapply(conn, [entry], now)) == 0
    assert database.run_now(lambda conn: erasure.reapply(conn, log.entries(), now)) == 1
    assert database.run_now(lambda conn: erasure.reapply(conn, log.entries(), now)) == 0
    left = database.read_now(lambda conn: people.by_id(conn, vault, other.contact.id, lock=False))
    assert left is not None


def test_who_shares_the_address_is_not_erased_with_it(
    database: Database, now: datetime, greet: Greet, tmp_path: Path
) -> None:
    stays, goes = greet("1"), greet("2")
    log = ErasureLog(tmp_path / "erasures.log")

    def move_in(conn: Connection) -> None:
        links = update(contact_address)
        conn.execute(links.where(contact_address.c.contact_id == stays.contact.id).values(current=False))
        moved = {"address_id": stays.address_id}
        conn.execute(links.where(contact_address.c.contact_id == goes.contact.id).values(moved))

    database.run_now(move_in)
    log.append(database.read_now(lambda conn: erasure.entry(conn, goes.contact.id, now)))
    assert database.run_now(lambda conn: erasure.reapply(conn, log.entries(), now)) == 1
    left = database.read_now(lambda conn: conn.execute(select(contact_address)).all())
    assert [(row.contact_id, row.current) for row in left] == [(stays.contact.id, True)]


def test_the_cases_that_end_with_a_person_are_named(
    database: Database, vault: Vault, now: datetime, sophea: Person
) -> None:
    scope = hired(database, now)
    database.run_now(lambda conn: live(conn, vault, sophea, scope, now))
    case = database.read_now(lambda conn: cases.list_(conn, scope))[0]
    assert database.run_now(lambda conn: erasure.erase(conn, sophea.contact.id, now)) == [case.id]


def test_a_receipt_is_of_one_person_and_one_time(database: Database, now: datetime, greet: Greet) -> None:
    first, second = greet("1"), greet("2")

    def receipt(contact_id: int, at: datetime) -> str:
        return database.read_now(lambda conn: erasure.entry(conn, contact_id, at)).receipt

    told = receipt(first.contact.id, now)
    assert re.fullmatch(r"\d{4}-\d{4}", told)
    assert told == receipt(first.contact.id, now)
    assert len({told, receipt(first.contact.id, now + HOUR), receipt(second.contact.id, now)}) == 3


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from storage.erasure import Entry, ErasureLog
log, who = ErasureLog(Path(sys.argv[1])), int(sys.argv[2])
for number in range(200):
    log.append(Entry((bytes([who, number]),), datetime.now(UTC), number, "1234-5678"))
"""


def test_three_processes_lose_no_line_of_the_log(tmp_path: Path) -> None:
    path = tmp_path / "erasures.log"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, path, str(who)])  # noqa: S603 - ourselves
        for who in range(3)
    ]
    assert [one.wait() for one in writers] == [0, 0, 0]
    blinds = {one.blinds for one in ErasureLog(path).entries()}
    assert blinds == {(bytes([who, number]),) for who in range(3) for number in range(200)}


def test_the_log_survives_a_line_cut_by_a_power_loss(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "erasures.log"
    log = ErasureLog(path)
    old, new = Entry((b"\x01" * 16,), now), Entry((b"\x02" * 16, b"\x03" * 16), now, 7, "1234-5678")
    log.append(old)
    with path.open("a") as file:
        file.write("2026-11-22T03:00:00+00:00 01010")
    assert log.entries() == [old]
    log.append(new)
    assert log.entries() == [old, new]
    assert path.read_text().splitlines()[1].endswith(" @7 #1234-5678")
    assert path.stat().st_mode & 0o077 == 0
