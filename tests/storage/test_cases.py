"""Cases: one open case for one need, numbers for the phone, and nobody sees what is not theirs to see."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from storage import audit, cases, conversation, inbox, outbox, people, staff, submissions
from storage.cases import CaseRow, Refusal
from storage.database import Database
from storage.outbox import Draft, Lane
from storage.people import Person
from storage.seal import Vault
from storage.staff import ALLOWED, Grant, Scope, may
from tests.storage.conftest import Greet, said

DAY = timedelta(days=1)
OM, PU = ("oddar-meanchey", "OM"), ("pursat", "PU")
Hire = Callable[..., Scope]
Open = Callable[..., CaseRow]


@pytest.fixture
def opened(database: Database, now: datetime) -> Open:
    def open_case(
        person: Person,
        kind: str = "intake",
        no: int | None = None,
        centre: tuple[str, str] | tuple[None, None] = OM,
        at: datetime = now,
        answer_by: datetime | None = None,
    ) -> CaseRow:
        danger = kind == "danger"
        return database.run_now(
            lambda conn: cases.open_(conn, person, kind, no, *centre, danger, answer_by, at)  # type: ignore[arg-type]
        )

    return open_case


@pytest.fixture
def told(database: Database, now: datetime, sophea: Person) -> Person:
    def begin(conn: Connection) -> None:
        for no in (1, 2):
            submissions.open_(conn, sophea, no, "intake", "r1", now)

    database.run_now(begin)
    return sophea


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


def test_an_administrator_may_give_back_what_somebody_left(
    database: Database, told: Person, opened: Open, hire: Hire, now: datetime
) -> None:
    case = opened(told)
    dara, chief = hire("dara", Grant("caseworker")), hire("chief", Grant("admin"))
    database.run_now(lambda conn: cases.take(conn, dara, case.id, now))
    assert isinstance(database.run_now(lambda conn: cases.release(conn, chief, case.id, now)), CaseRow)


def test_staff_see_the_cases_in_their_reach_and_no_others(
    database: Database, vault: Vault, greet: Greet, opened: Open, hire: Hire, now: datetime
) -> None:
    om, pu, none = opened(greet("1")), opened(greet("2"), centre=PU), opened(greet("3"), centre=(None, None))
    danger = opened(greet("4"), "danger")
    seen = {
        "om": (hire("om", Grant("caseworker", OM[0])), {om.id, none.id}),
        "viewer": (hire("viewer", Grant("viewer", PU[0])), {pu.id, none.id}),
        "trusted": (
            hire("trusted", Grant("caseworker", OM[0], restricted=True)),
            {om.id, none.id, danger.id},
        ),
        "far": (hire("far", Grant("caseworker", PU[0], restricted=True)), {pu.id, none.id}),
        "chief": (hire("chief", Grant("admin")), {om.id, pu.id, none.id, danger.id}),
        "editor": (hire("editor", Grant("editor")), set()),
        "nobody": (hire("nobody"), set()),
    }
    for scope, expected in seen.values():
        listed = database.read_now(lambda conn, scope=scope: cases.list_(conn, scope))
        assert {row.id for row in listed} == expected, scope.name
        for row in (om, pu, none, danger):
            found = database.read_now(lambda conn, s=scope, r=row: cases.find(conn, s, str(r.id)))
            assert (found is not None) == (row.id in expected), scope.name
    viewer, trusted = seen["viewer"][0], seen["trusted"][0]
    assert database.run_now(lambda conn: cases.take(conn, viewer, pu.id, now)) == Refusal.FORBIDDEN
    assert database.run_now(lambda conn: cases.take(conn, viewer, om.id, now)) == Refusal.UNKNOWN
    assert (
        database.run_now(lambda conn: cases.note(conn, vault, viewer, pu.id, b"x", now)) == Refusal.FORBIDDEN
    )
    number = danger.number or ""
    assert database.read_now(lambda conn: cases.find(conn, trusted, number.lower())) == danger


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


def test_notes_are_read_by_who_may_work_on_the_case(
    database: Database, vault: Vault, told: Person, opened: Open, hire: Hire, now: datetime
) -> None:
    case = opened(told)
    dara, viewer = hire("dara", Grant("caseworker")), hire("viewer", Grant("viewer"))
    database.run_now(lambda conn: cases.note(conn, vault, dara, case.id, "ទូរសព្ទល្ងាច".encode(), now))
    notes = database.read_now(lambda conn: cases.notes(conn, vault, dara, case.id))
    assert [(note.by, note.at, note.words.decode()) for note in notes] == [("dara", now, "ទូរសព្ទល្ងាច")]
    assert database.read_now(lambda conn: cases.notes(conn, vault, viewer, case.id)) == []


def test_a_conversation_is_inbox_and_outbox_in_order(
    database: Database, vault: Vault, told: Person, opened: Open, hire: Hire, now: datetime
) -> None:
    def talk(conn: Connection) -> None:
        first, second = now, now + DAY
        inbox.add(conn, vault, person=told, event=said(told, "u1", first), body=b"hello", now=first)
        outbox.add(conn, told, [Draft("a", 0, b"age?"), Draft("b", 0, b"name?")], first_seq=1, now=first)
        inbox.add(conn, vault, person=told, event=said(told, "u2", second), body=None, now=second)
        outbox.add(conn, told, [Draft("c", Lane.STAFF, b"I am here")], first_seq=3, now=second)

    database.run_now(talk)
    own = database.read_now(lambda conn: conversation.read(conn, vault, None, told.contact.id, 50))
    assert own is not None
    assert [(line.who, line.body, line.seq) for line in own] == [
        ("person", b"hello", 0),
        ("bot", b"age?", 1),
        ("bot", b"name?", 2),
        ("person", b"", 0),
        ("staff", b"I am here", 3),
    ]
    last = database.read_now(lambda conn: conversation.read(conn, vault, None, told.contact.id, 2))
    assert last == own[-2:]

    def reads(scope: Scope) -> bool:
        found = database.read_now(lambda conn: conversation.read(conn, vault, scope, told.contact.id, 50))
        return found is not None

    om, pu = hire("om", Grant("caseworker", OM[0])), hire("pu", Grant("caseworker", PU[0]))
    viewer, chief = hire("viewer", Grant("viewer")), hire("chief", Grant("admin"))
    assert [reads(scope) for scope in (om, pu, viewer, chief)] == [False, False, False, True]
    opened(told)
    assert [reads(scope) for scope in (om, pu, viewer, chief)] == [True, False, False, True]
    opened(told, "danger")
    assert [reads(scope) for scope in (om, pu, viewer, chief)] == [False, False, False, True]
    assert database.read_now(lambda conn: conversation.read(conn, vault, None, 999, 5)) is None


def test_roles_do_what_they_say_at_their_centre_only() -> None:
    everyone = Scope(1, "x", frozenset())
    assert not any(may(everyone, action, OM[0]) for actions in ALLOWED.values() for action in actions)
    for role, allowed in ALLOWED.items():
        there = Scope(1, "x", frozenset({Grant(role, OM[0])}))
        for action in {action for actions in ALLOWED.values() for action in actions}:
            assert may(there, action, OM[0]) == (action in allowed)
            assert not may(there, action, PU[0])
    local_chief = Scope(1, "x", frozenset({Grant("admin", OM[0])}))
    assert may(local_chief, "case.write", None)
    assert not may(local_chief, "staff.manage", None)
    assert may(Scope(1, "x", frozenset({Grant("admin")})), "staff.manage", None)


def test_who_is_disabled_has_no_scope(database: Database, hire: Hire, now: datetime) -> None:
    dara = hire("dara", Grant("caseworker", OM[0], restricted=True), Grant("editor"))
    assert dara.grants == {Grant("caseworker", OM[0], restricted=True), Grant("editor")}
    assert database.run_now(lambda conn: staff.add(conn, "dara", [], now)) is None
    assert database.run_now(lambda conn: staff.disable(conn, "dara"))
    assert not database.run_now(lambda conn: staff.disable(conn, "nobody"))
    assert database.read_now(lambda conn: staff.scope(conn, "dara")) is None
    assert [(row.name, row.disabled) for row in database.read_now(staff.list_)] == [("dara", True)]


def test_the_audit_names_who_did_what(database: Database, hire: Hire, now: datetime) -> None:
    dara = hire("dara", Grant("caseworker"))

    def act(conn: Connection) -> None:
        audit.record(conn, dara.staff_id, "case.take", "case 1", now)
        audit.record(conn, None, "purge", "releases 2", now)

    database.run_now(act)
    lines = database.read_now(lambda conn: audit.latest(conn, 10))
    assert [(line.by, line.action, line.what, line.at) for line in lines] == [
        (None, "purge", "releases 2", now),
        ("dara", "case.take", "case 1", now),
    ]
