"""Cases: one open case for one need, numbers for the phone, and one at a time has the chat."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from storage import cases, people
from storage.cases import CaseRow, Refusal
from storage.database import Database
from storage.people import Person
from storage.schema import contact
from storage.seal import Vault
from storage.staff import Grant
from tests.storage.conftest import DAY, OM, PU, Greet, Hire, Open


def test_numbers_count_by_centre_and_year_of_phnom_penh(greet: Greet, opened: Open) -> None:
    new_year_there = datetime(2026, 12, 31, 18, 0, tzinfo=UTC)
    rows = [
        opened(greet("1")),
        opened(greet("2"), centre=PU),
        opened(greet("3")),
        opened(greet("4"), at=new_year_there),
    ]
    assert [row.number for row in rows] == [
        "OM-2026-00001",
        "PU-2026-00001",
        "OM-2026-00002",
        "OM-2027-00001",
    ]


async def test_no_number_is_given_twice(database: Database, greet: Greet, now: datetime) -> None:
    persons = [greet(str(number)) for number in range(24)]

    def open_case(conn: Connection, person: Person) -> str | None:
        return cases.open_(conn, person, "person", None, *OM, False, now, now).number  # noqa: FBT003

    given = await asyncio.gather(
        *(database.run(lambda conn, person=person: open_case(conn, person)) for person in persons)
    )
    assert sorted(given) == [f"OM-2026-{number:05d}" for number in range(1, 25)]


def test_a_number_comes_when_a_centre_is_known(told: Person, opened: Open) -> None:
    first = opened(told, "unfinished", 1, (None, None))
    assert (first.number, first.centre, first.state) == (None, None, "open")
    second = opened(told, "intake", 1, OM)
    assert (second.id, second.number, second.centre, second.kind) == (
        first.id,
        "OM-2026-00001",
        OM[0],
        "intake",
    )


def test_the_open_case_of_the_same_need_is_taken_up(told: Person, opened: Open, now: datetime) -> None:
    first = opened(told, "intake", 1, answer_by=now + 2 * DAY)
    person = opened(told, "person", None, answer_by=now + DAY)
    assert (person.id, person.kind, person.answer_by) == (first.id, "person", now + DAY)
    again = opened(told, "unfinished", 1, answer_by=now + 3 * DAY)
    assert (again.id, again.kind, again.answer_by) == (first.id, "person", now + DAY)
    assert opened(told, "intake", 2).id != first.id


def test_a_case_without_submission_gets_the_one_that_follows(told: Person, opened: Open) -> None:
    first = opened(told, "person", None, (None, None))
    second = opened(told, "intake", 1, PU)
    assert (second.id, second.submission_no, second.number) == (first.id, 1, "PU-2026-00001")


def test_a_person_who_chooses_another_centre_is_followed_until_somebody_took_the_case(
    database: Database, told: Person, opened: Open, hire: Hire, now: datetime
) -> None:
    first = opened(told, "intake", 1, OM)
    moved = opened(told, "intake", 1, PU)
    assert (moved.id, moved.centre, moved.number) == (first.id, PU[0], first.number)
    dara = hire("dara", Grant("caseworker"))
    database.run_now(lambda conn: cases.take(conn, dara, first.id, now))
    assert opened(told, "intake", 1, OM).centre == PU[0]


def test_danger_is_a_case_of_its_own(told: Person, opened: Open) -> None:
    plain, danger = opened(told, "person", None), opened(told, "danger", 1)
    assert plain.id != danger.id
    assert danger.restricted
    assert opened(told, "danger", None).id == danger.id
    assert opened(told, "person", None).id == plain.id


def test_danger_has_a_number_to_name_it_by_before_any_centre_is_known(told: Person, opened: Open) -> None:
    danger = opened(told, "danger", centre=(None, None))
    assert (danger.number, danger.centre) == ("SG-2026-00001", None)
    again = opened(told, "danger", centre=PU)
    assert (again.id, again.number, again.centre) == (danger.id, "SG-2026-00001", PU[0])


def test_who_takes_a_case_has_the_chat_until_it_is_given_back(
    database: Database, vault: Vault, told: Person, opened: Open, hire: Hire, now: datetime
) -> None:
    case = opened(told, "person", None)
    dara, vanna = hire("dara", Grant("caseworker", OM[0])), hire("vanna", Grant("caseworker", OM[0]))

    def handled() -> bool:
        found = database.read_now(lambda conn: people.by_id(conn, vault, told.contact.id, lock=False))
        assert found is not None
        return found.contact.handled_by_staff

    taken = database.run_now(lambda conn: cases.take(conn, dara, case.id, now))
    assert isinstance(taken, CaseRow)
    assert (taken.state, taken.taken_by, taken.taken_at, handled()) == ("taken", "dara", now, True)
    assert database.run_now(lambda conn: cases.take(conn, vanna, case.id, now)) == Refusal.TAKEN
    assert database.run_now(lambda conn: cases.release(conn, vanna, case.id, now)) == Refusal.TAKEN
    released = database.run_now(lambda conn: cases.release(conn, dara, case.id, now))
    assert isinstance(released, CaseRow)
    assert (released.state, released.taken_by, handled()) == ("open", None, False)
    database.run_now(lambda conn: cases.take(conn, vanna, case.id, now))
    closed = database.run_now(lambda conn: cases.close(conn, vanna, case.id, "called", now))
    assert isinstance(closed, CaseRow)
    assert (closed.state, closed.outcome, closed.closed_at, handled()) == ("closed", "called", now, False)
    assert database.run_now(lambda conn: cases.take(conn, dara, case.id, now)) == Refusal.CLOSED
    assert opened(told, "person", None).id != case.id


def test_a_colleague_with_another_case_gets_the_chat_back(
    database: Database, told: Person, opened: Open, hire: Hire, now: datetime
) -> None:
    plain, danger = opened(told, "person", 1), opened(told, "danger")
    dara, vanna = hire("dara", Grant("caseworker")), hire("vanna", Grant("safeguarding"))
    names = {dara.staff_id: "dara", vanna.staff_id: "vanna", None: "the bot"}

    def has_the_chat() -> str:
        holder = select(contact.c.handled_by).where(contact.c.id == told.contact.id)
        return names[database.read_now(lambda conn: conn.scalar(holder))]

    database.run_now(lambda conn: cases.take(conn, dara, plain.id, now))
    assert has_the_chat() == "dara"
    taken = database.run_now(lambda conn: cases.take(conn, vanna, danger.id, now))
    assert isinstance(taken, CaseRow)  # danger waits for nobody
    assert has_the_chat() == "vanna"
    database.run_now(lambda conn: cases.release(conn, vanna, danger.id, now))
    assert has_the_chat() == "dara"
    database.run_now(lambda conn: cases.take(conn, vanna, danger.id, now + DAY))
    database.run_now(lambda conn: cases.close(conn, dara, plain.id, "called", now + DAY))
    assert has_the_chat() == "vanna"
    database.run_now(lambda conn: cases.close(conn, vanna, danger.id, "called", now + DAY))
    assert has_the_chat() == "the bot"


def test_closing_a_case_that_nobody_took_leaves_the_chat_where_it_is(
    database: Database, told: Person, opened: Open, hire: Hire, now: datetime
) -> None:
    first, second = opened(told, "intake", 1), opened(told, "intake", 2)
    dara, vanna = hire("dara", Grant("caseworker")), hire("vanna", Grant("caseworker"))
    database.run_now(lambda conn: cases.take(conn, dara, first.id, now))
    database.run_now(lambda conn: cases.close(conn, vanna, second.id, "twice", now))
    holder = select(contact.c.handled_by).where(contact.c.id == told.contact.id)
    assert database.read_now(lambda conn: conn.scalar(holder)) == dara.staff_id


def test_an_administrator_may_give_back_what_somebody_left(
    database: Database, told: Person, opened: Open, hire: Hire, now: datetime
) -> None:
    case = opened(told)
    dara, chief = hire("dara", Grant("caseworker")), hire("chief", Grant("admin"))
    database.run_now(lambda conn: cases.take(conn, dara, case.id, now))
    assert isinstance(database.run_now(lambda conn: cases.release(conn, chief, case.id, now)), CaseRow)


def test_whoever_sees_a_danger_case_may_give_back_what_somebody_left(
    database: Database, told: Person, opened: Open, hire: Hire, now: datetime
) -> None:
    case = opened(told, "danger")
    dara, sophea = hire("dara", Grant("safeguarding")), hire("sophea", Grant("safeguarding", OM[0]))
    database.run_now(lambda conn: cases.take(conn, dara, case.id, now))
    assert isinstance(database.run_now(lambda conn: cases.release(conn, sophea, case.id, now)), CaseRow)


def test_a_complaint_is_always_a_case_of_its_own(told: Person, opened: Open) -> None:
    danger = opened(told, "danger")
    first, second = (opened(told, "complaint", centre=(None, None)) for _ in range(2))
    assert len({danger.id, first.id, second.id}) == 3
    assert [row.number for row in (first, second)] == ["SG-2026-00001", "SG-2026-00002"]
    assert opened(told, "danger").id == danger.id


def test_need_is_noted_on_the_case_that_is_open(told: Person, opened: Open) -> None:
    first = opened(told, "intake", 1)
    need = opened(told, "need", 1)
    assert (need.id, need.kind, need.urgent, need.restricted) == (first.id, "need", True, False)
    again = opened(told, "intake", 1)
    assert (again.id, again.kind, again.urgent) == (first.id, "need", True)


def test_danger_and_need_are_listed_first(
    database: Database, greet: Greet, opened: Open, hire: Hire, now: datetime
) -> None:
    soon = opened(greet("1"), answer_by=now + DAY)
    need = opened(greet("2"), "need", answer_by=now + 2 * DAY)
    danger = opened(greet("3"), "danger", answer_by=now + 3 * DAY)
    everything = hire("sophea", Grant("safeguarding"))
    listed = database.read_now(lambda conn: cases.list_(conn, everything))
    assert [row.id for row in listed] == [danger.id, need.id, soon.id]


def test_lists_begin_with_the_earliest_promise(
    database: Database, greet: Greet, opened: Open, hire: Hire, now: datetime
) -> None:
    late = opened(greet("1"), answer_by=now + 2 * DAY)
    none = opened(greet("2"))
    soon = opened(greet("3"), centre=PU, answer_by=now + DAY)
    chief = hire("chief", Grant("admin"))
    database.run_now(lambda conn: cases.close(conn, chief, none.id, "done", now))

    def ids(**only: str) -> list[int]:
        return [row.id for row in database.read_now(lambda conn: cases.list_(conn, chief, **only))]  # type: ignore[arg-type]

    assert ids() == [soon.id, late.id]
    assert ids(centre=OM[0]) == [late.id]
    assert ids(state="closed") == [none.id]
