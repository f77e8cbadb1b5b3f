"""Purging of what is over: closed cases, faults, exports; once a day, whoever asks, leaving no trace."""

import threading
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot.core.contact import Address
from storage import (
    agenda,
    audit,
    case_notes,
    cases,
    erasure,
    inbox,
    media,
    people,
    purge,
)
from storage.database import Database
from storage.people import Person
from storage.purge import Report
from storage.schema import answer, casefile, contact
from storage.schema import inbox as came
from storage.schema import media as files
from storage.schema import submission as runs
from storage.seal import Vault
from storage.staff import Scope
from tests.storage.conftest import Greet, Open
from tests.storage.purging import DAY, HOUR, POLICY, House, begun, purge_all


def test_a_case_closed_for_a_year_becomes_a_count_and_the_person_goes(
    house: House, sophea: Person, opened: Open, dara: Scope
) -> None:
    house.agree(sophea, "help")
    begun(house, sophea)
    case = opened(sophea, no=1)
    house.do(case_notes.note, house.vault, dara, case.id, b"note", house.now)
    house.do(cases.close, dara, case.id, "answered", house.now)
    assert house.purge(364 * DAY).people == 0
    assert house.purge(365 * DAY) == Report(people=1, closed_cases=1)
    kept = house.database.read_now(lambda conn: conn.execute(select(casefile)).one())
    assert (kept.number, kept.centre, kept.state, kept.outcome, kept.coarse) == (
        "OM-2026-00001", "oddar-meanchey", "closed", "answered", '{"name": "c"}',
    )  # fmt: skip
    assert (kept.contact_id, kept.submission_id) == (None, None)


def test_of_somebody_still_with_us_only_the_old_case_goes(
    house: House, sophea: Person, opened: Open, dara: Scope
) -> None:
    house.agree(sophea, "help")
    begun(house, sophea)
    case = opened(sophea, no=1)
    house.do(cases.close, dara, case.id, "answered", house.now)
    house.say(sophea, house.now + 364 * DAY)
    assert house.purge(365 * DAY) == Report(closed_cases=1)
    assert house.rows(runs) == 0
    assert house.bodies(sophea) == (1, 1)


def test_who_asked_for_messages_and_who_works_here_are_with_us(house: House, greet: Greet) -> None:
    wants, works, gone = greet("1"), greet("2"), greet("3")
    house.agree(wants, "messages")
    house.do(people.set_flag, works.contact.id, "staff", on=True, now=house.now)
    assert house.purge(800 * DAY) == Report(people=1)
    assert house.do(people.by_id, house.vault, gone.contact.id) is None


def test_events_that_met_a_fault_lose_their_words_after_a_week(house: House, sophea: Person) -> None:
    house.agree(sophea, "help")
    parked = {"person": sophea, "event_id": "u1", "raw": b"{}", "reason": "KeyError", "now": house.now}
    house.do(inbox.park, house.vault, **parked)
    assert house.purge(6 * DAY) == Report()
    assert house.purge(7 * DAY) == Report(raw_updates=1)
    assert house.bodies(sophea) == (0, 0)


def test_done_agenda_rows_keep_only_their_keys(house: House, sophea: Person) -> None:
    house.do(agenda.add, "x", sophea.contact.id, "k", house.now, b"ids", house.now)
    assert house.purge(91 * DAY).agenda == 0
    (row,) = house.do(agenda.due, house.now, 9)
    house.do(agenda.done, row.id, house.now)
    assert house.purge(91 * DAY).agenda == 1
    assert not house.do(agenda.add, "x", sophea.contact.id, "k", house.now, b"ids", house.now)


def test_our_own_export_files_go_after_a_week(house: House, sophea: Person) -> None:
    house.agree(sophea, "help")
    house.do(media.store, sophea, name="my-data.json", mime="application/json", data=b"{}", now=house.now)
    assert house.purge(7 * DAY) == Report(files=1)


def test_once_a_day_whoever_asks_and_the_report_is_remembered(house: House, greet: Greet) -> None:
    for external in range(250):
        house.say(greet(str(external)), house.now)

    def step(at: datetime) -> bool:
        return bool(house.do(purge.daily, house.vault, POLICY, at))

    later = house.now + 2 * DAY
    assert [step(later) for _ in range(4)] == [True, True, False, False]
    ran = house.database.read_now(purge.last)
    assert ran is not None
    assert (ran.at, ran.report) == (later, Report(unconsented_words=500))
    assert not step(later + 23 * HOUR)
    assert house.database.read_now(lambda conn: audit.count(conn, "purge")) == 1
    assert step(later + 24 * HOUR)


def test_two_processes_do_no_batch_twice(house: House, sophea: Person) -> None:
    house.say(sophea, house.now)
    later = house.now + 2 * DAY

    def beside(conn: Connection) -> None:
        found = purge.settings.get(conn, purge.STATE)
        purge.daily(conn, house.vault, POLICY, later)
        with pytest.raises(purge.Raced):
            purge._swap(conn, found or "{}", {"due": "x"})  # noqa: SLF001 - the other process's turn

    house.do(beside)


def test_what_was_asked_for_stays_though_nobody_agreed(house: House, sophea: Person) -> None:
    wanted = {"ref": "r", "kind": "voice", "mime": "audio/ogg", "size": 1, "now": house.now}
    house.do(media.want, sophea, **wanted, field="recording:km:intake.urgent:0")
    house.do(media.want, sophea, **wanted)
    assert house.purge(2 * DAY) == Report(files=1)
    assert house.rows(files) == 1


def test_erased_and_purged_bytes_lie_in_no_file_of_the_store(
    sqlite_url: str, vault: Vault, tmp_path: Path, now: datetime
) -> None:
    database = Database.open(sqlite_url, serve=True)
    house = House(database, vault, now)
    stays, goes = (
        house.do(people.greet, vault, Address("telegram:7001", external), "km", now) for external in "12"
    )
    for person in (stays, goes):
        begun(house, person)
        house.say(person, now)
    planted = database.read_now(
        lambda conn: [
            *conn.scalars(select(contact.c.data_key).where(contact.c.id == goes.contact.id)),
            *conn.scalars(select(came.c.body)),
            *conn.scalars(select(answer.c.value)),
        ]
    )

    def lying() -> int:
        held = b"".join(path.read_bytes() for path in tmp_path.glob("spean.db*"))
        return sum(one in held for one in planted)

    assert lying() == len(planted) == 5
    house.do(erasure.erase, goes.contact.id, now)
    assert purge_all(database, vault, now + DAY).total == 3
    reading = threading.Event()

    def hold(conn: Connection) -> None:
        conn.scalar(select(contact.c.id))
        reading.wait()

    reader = threading.Thread(target=database.read_now, args=(hold,))
    reader.start()
    database.sweep_now()
    swept = database.unswept
    reading.set()
    reader.join()
    database.sweep_now()
    assert (swept, database.unswept, lying()) in {(True, False, 0), (False, False, 0)}
    database.close_now()
