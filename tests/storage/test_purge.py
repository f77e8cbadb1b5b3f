"""Purging: each rule forgets what is due and leaves what is not; dry or wet, it counts the same."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, func, select, update

from bot.core import session as sessions
from bot.core.answers import Words
from bot.core.contact import Address
from bot.core.events import Text
from bot.core.session import Frame, Session, Submission
from storage import (
    agenda,
    audit,
    case_notes,
    cases,
    consents,
    erasure,
    inbox,
    lookup,
    media,
    outbox,
    people,
    purge,
    submissions,
)
from storage.database import Database
from storage.outbox import Draft
from storage.people import Person
from storage.purge import Policy, Report
from storage.schema import answer, casefile, contact, contact_lookup, session
from storage.schema import inbox as came
from storage.schema import media as files
from storage.schema import outbox as went
from storage.schema import submission as runs
from storage.seal import Vault
from storage.staff import Grant, Scope
from tests.storage.conftest import Greet, Hire, Open, said

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
POLICY = Policy(7 * DAY, 30 * DAY, DAY, 30 * DAY, 365 * DAY)


class House:
    """A store in which people live, purged at a time of the test's choosing."""

    def __init__(self, database: Database, vault: Vault, now: datetime) -> None:
        self.database, self.vault, self.now = database, vault, now
        self.count = 0

    def agree(self, person: Person, *purposes: str) -> None:
        for purpose in purposes:
            said = {"granted": True, "text": "t", "release": "r1", "language": "km", "channel": "telegram"}
            self.do(consents.record, person.contact.id, purpose, **said, now=self.now)

    def do(self, work: Callable[..., Any], *args: object, **named: object) -> Any:  # noqa: ANN401
        return self.database.run_now(lambda conn: work(conn, *args, **named))

    def say(self, person: Person, at: datetime) -> None:
        """A message of theirs and one of ours, each with the platform's id."""
        self.count += 1
        event = said(person, f"u{self.count}", at)
        event = replace(event, body=Text("words", message="platform-7"))

        def speak(conn: Connection) -> None:
            inbox.add(conn, self.vault, person=person, event=event, body=b"{}", now=at, release="r1")
            outbox.add(conn, person, [Draft(f"c{self.count}", 0, b"{}")], first_seq=self.count, now=at)
            conn.execute(update(went).where(went.c.cause == f"c{self.count}").values(state="sent"))
            conn.execute(update(session).where(session.c.contact_id == person.contact.id).values(seen_at=at))

        self.database.run_now(speak)

    def stand(self, person: Person, place: Session) -> None:
        self.do(
            people.save,
            person,
            orjson.dumps(sessions.dump(place)),
            0,
            place.wake_at,
            releases=sessions.releases(place),
            now=self.now,
        )

    def place(self, person: Person) -> Session:
        found = self.do(people.by_id, self.vault, person.contact.id)
        return sessions.load(orjson.loads(found.session))

    def purge(self, after: timedelta) -> Report:
        """Run it dry, then for good; both count the same, and a third finds nothing."""
        later = self.now + after
        dry = purge_all(self.database, self.vault, later, dry=True)
        wet = purge_all(self.database, self.vault, later)
        assert dry == wet
        assert purge_all(self.database, self.vault, later) == Report()
        return wet

    def bodies(self, person: Person) -> tuple[int, int]:
        def count(conn: Connection) -> tuple[int, int]:
            return tuple(  # type: ignore[return-value]
                conn.scalar(select(func.count(table.c.body)).where(table.c.contact_id == person.contact.id))
                for table in (came, went)
            )

        return self.database.read_now(count)

    def rows(self, table: Any) -> int:  # noqa: ANN401 - a table
        return self.database.read_now(lambda conn: conn.scalar(select(func.count()).select_from(table)) or 0)


def purge_all(database: Database, vault: Vault, now: datetime, *, dry: bool = False) -> Report:
    return purge.whole(database, vault, POLICY, now, dry=dry)


@pytest.fixture
def house(database: Database, vault: Vault, now: datetime) -> House:
    return House(database, vault, now)


@pytest.fixture
def dara(hire: Hire) -> Scope:
    return hire("dara", Grant("caseworker"))


def begun(house: House, person: Person, no: int = 1) -> None:
    house.do(submissions.open_, person, no, "intake", "r1", house.now)
    house.do(
        submissions.save_answer,
        person,
        no,
        "name",
        0,
        b"x",
        sensitivity="S1",
        coarse="c",
        node="intake.name",
        now=house.now,
    )


def test_words_go_a_month_after_the_last_message(house: House, sophea: Person) -> None:
    house.agree(sophea, "help")
    house.say(sophea, house.now)
    house.say(sophea, house.now + 10 * DAY)
    assert house.purge(39 * DAY) == Report()
    assert house.purge(40 * DAY) == Report(words=4)
    assert house.bodies(sophea) == (0, 0)
    keys = house.database.read_now(
        lambda conn: conn.execute(select(came.c.key, came.c.message, came.c.release)).all()
    )
    assert [(len(row.key), row.message, row.release) for row in keys] == [(16, None, None)] * 2


def test_words_stay_while_somebody_works_for_the_person_and_a_month_longer(
    house: House, sophea: Person, opened: Open, dara: Scope
) -> None:
    house.agree(sophea, "help")
    house.say(sophea, house.now)
    case = opened(sophea)
    assert house.purge(300 * DAY) == Report()
    house.do(cases.close, dara, case.id, "answered", house.now + 100 * DAY)
    assert house.purge(129 * DAY) == Report()
    house.say(sophea, house.now + 120 * DAY)
    assert house.purge(130 * DAY) == Report(words=2)
    assert house.bodies(sophea) == (1, 1)
    assert house.purge(150 * DAY) == Report(words=2)


def test_what_waits_to_be_sent_for_so_long_has_expired(house: House, sophea: Person) -> None:
    house.agree(sophea, "help")
    drafts = [Draft("soon", 0, b"{}"), Draft("later", 2, b"{}", not_before=house.now + 60 * DAY)]
    house.do(outbox.add, sophea, drafts, first_seq=1, now=house.now)
    house.do(lambda conn: conn.execute(update(session).values(seen_at=house.now)))
    assert house.purge(31 * DAY) == Report(words=1)
    states = house.database.read_now(
        lambda conn: conn.execute(select(went.c.state, went.c.body.is_(None)).order_by(went.c.id)).all()
    )
    assert [tuple(row) for row in states] == [("expired", True), ("queued", False)]


def test_who_never_agreed_leaves_nothing_after_a_day(house: House, sophea: Person) -> None:
    house.say(sophea, house.now)
    begun(house, sophea)
    house.do(lookup.index, house.vault, sophea.contact.id, "name", ["sophea"])
    house.do(media.want, sophea, ref="r", kind="voice", mime="audio/ogg", size=1, now=house.now)
    frame = Frame("r1", "intake", "name", submission=1, asked=True)
    told = Submission(1, "intake", opened=True, answers=MappingProxyType({("name", 0): Words("Sophea")}))
    frames = (Frame("r1", "menu", "menu"), frame)
    house.stand(sophea, Session(frames, submissions=(told,), turn=7, held=Text("secret")))
    house.do(lambda conn: conn.execute(update(session).values(seen_at=house.now)))
    assert house.purge(23 * HOUR) == Report()
    assert house.purge(DAY) == Report(unconsented_words=2, files=1, unfinished=1)
    assert (house.rows(runs), house.rows(files), house.rows(contact_lookup)) == (0, 0, 0)
    place = house.place(sophea)
    assert place == Session((Frame("r1", "menu", "menu"),), turn=8)
    message = house.database.read_now(lambda conn: conn.scalar(select(came.c.message)))
    assert message is not None, "hide can still delete it on the platform"


def test_ids_of_messages_without_words_go_when_hide_can_delete_them_no_more(
    house: House, sophea: Person
) -> None:
    house.agree(sophea, "help")
    told = (("8", house.now - HOUR), ("9", house.now))
    house.stand(sophea, Session((Frame("r1", "menu", "menu"),), unkept=told, turn=7))
    house.do(lambda conn: conn.execute(update(session).values(seen_at=house.now)))
    house.purge(47 * HOUR)
    assert house.place(sophea).unkept == told
    house.purge(48 * HOUR)
    assert house.place(sophea) == Session((Frame("r1", "menu", "menu"),), turn=7)


def test_an_unfinished_run_goes_after_a_month_and_what_stands_on_it_too(house: House, sophea: Person) -> None:
    house.agree(sophea, "help")
    begun(house, sophea)
    house.do(submissions.close, sophea, 1, house.now)
    begun(house, sophea, 2)
    frame = Frame("r1", "intake", "name", submission=2, asked=True)
    told = tuple(Submission(no, "intake", opened=True) for no in (1, 2))
    house.stand(sophea, Session((frame,), (frame,), told, turn=3, wake_at=house.now + 90 * DAY))
    assert house.purge(29 * DAY) == Report()
    assert house.purge(30 * DAY) == Report(unfinished=1)
    place = house.place(sophea)
    assert (place.frames, place.suspended, [one.no for one in place.submissions]) == ((), (), [1])
    assert house.database.read_now(lambda conn: conn.scalar(select(session.c.wake_at))) is None


def test_an_unfinished_run_of_an_open_case_stays(house: House, sophea: Person, opened: Open) -> None:
    house.agree(sophea, "help")
    begun(house, sophea)
    opened(sophea, "person", 1)
    assert house.purge(200 * DAY) == Report()


def test_a_case_that_silence_opened_goes_with_its_run_and_keeps_no_words(
    house: House, sophea: Person, opened: Open
) -> None:
    house.agree(sophea, "help")
    house.say(sophea, house.now)
    begun(house, sophea)
    opened(sophea, "unfinished", 1)
    assert house.purge(29 * DAY) == Report()
    assert house.purge(30 * DAY) == Report(unfinished=1, words=2)
    kept = house.database.read_now(lambda conn: conn.execute(select(casefile)).one())
    assert (kept.state, kept.outcome, kept.coarse, kept.contact_id) == (
        "closed", "unfinished", '{"name": "c"}', None,
    )  # fmt: skip


def test_a_case_that_silence_opened_stays_while_somebody_works_on_it(
    house: House, sophea: Person, opened: Open, dara: Scope
) -> None:
    house.agree(sophea, "help")
    house.say(sophea, house.now)
    begun(house, sophea)
    case = opened(sophea, "unfinished", 1)
    house.do(cases.take, dara, case.id, house.now)
    assert house.purge(200 * DAY) == Report()


def test_a_fault_of_ours_keeps_no_words_and_takes_nothing_from_a_promise(
    house: House, greet: Greet, opened: Open
) -> None:
    never_agreed, waits = greet("1"), greet("2")
    for one in (never_agreed, waits):
        house.say(one, house.now)
    opened(never_agreed, "failure")
    assert opened(waits).id == opened(waits, "failure").id
    assert house.purge(DAY) == Report(unconsented_words=2)
    assert house.purge(200 * DAY).words == 1, "the id of what was said goes after a month"
    assert house.bodies(waits) == (1, 1)


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
