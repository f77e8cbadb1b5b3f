"""Reach: what staff may read and do, and what a person reads of their own."""

from datetime import datetime

from sqlalchemy import Connection, text

from storage import audit, case_notes, case_rows, cases, chats, conversation, inbox, outbox, staff
from storage.cases import Refusal
from storage.database import Database
from storage.outbox import Draft, Lane
from storage.people import Person
from storage.seal import Vault
from storage.staff import ALLOWED, Grant, Scope, may
from tests.storage.conftest import DAY, OM, PU, Greet, Hire, Open
from tests.storage.desk import said


def test_staff_see_the_cases_in_their_reach_and_no_others(
    database: Database, vault: Vault, greet: Greet, opened: Open, hire: Hire, now: datetime
) -> None:
    om, pu, none = opened(greet("1")), opened(greet("2"), centre=PU), opened(greet("3"), centre=(None, None))
    danger = opened(greet("4"), "danger")
    seen = {
        "om": (hire("om", Grant("caseworker", OM[0])), {om.id, none.id}),
        "viewer": (hire("viewer", Grant("viewer", PU[0])), {pu.id, none.id}),
        "trusted": (
            hire("trusted", Grant("safeguarding", OM[0])),
            {om.id, none.id, danger.id},
        ),
        "far": (hire("far", Grant("safeguarding", PU[0])), {pu.id, none.id}),
        "chief": (hire("chief", Grant("admin")), {om.id, pu.id, none.id}),
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
        database.run_now(lambda conn: case_notes.note(conn, vault, viewer, pu.id, b"x", now))
        == Refusal.FORBIDDEN
    )
    number = danger.number or ""
    assert database.read_now(lambda conn: cases.find(conn, trusted, number.lower())) == danger


def test_notes_are_read_by_who_may_work_on_the_case(
    database: Database, vault: Vault, told: Person, opened: Open, hire: Hire, now: datetime
) -> None:
    case = opened(told)
    dara, viewer = hire("dara", Grant("caseworker")), hire("viewer", Grant("viewer"))
    database.run_now(lambda conn: case_notes.note(conn, vault, dara, case.id, "ទូរសព្ទល្ងាច".encode(), now))
    notes = database.read_now(lambda conn: case_notes.notes(conn, vault, dara, case.id))
    assert [(note.by, note.at, note.words.decode()) for note in notes] == [("dara", now, "ទូរសព្ទល្ងាច")]
    assert database.read_now(lambda conn: case_notes.notes(conn, vault, viewer, case.id)) == []


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
    assert [reads(scope) for scope in (om, pu, viewer, chief)] == [True, False, False, True]
    assert database.read_now(lambda conn: conversation.read(conn, vault, None, 999, 5)) is None


def test_a_caseworker_keeps_her_case_and_whoever_has_only_a_danger_case_exists_for_few(
    database: Database, greet: Greet, told: Person, opened: Open, hire: Hire
) -> None:
    everyone = {
        "plain": hire("plain", Grant("caseworker", OM[0])),
        "trusted": hire("trusted", Grant("safeguarding", OM[0])),
        "elsewhere": hire("elsewhere", Grant("safeguarding", PU[0])),
        "officer": hire("officer", Grant("safeguarding")),
        "viewer": hire("viewer", Grant("viewer")),
        "chief": hire("chief", Grant("admin")),
    }

    def readers(person: Person) -> set[str]:
        def may_read(conn: Connection, scope: Scope) -> bool:
            return conversation.may_read_person(conn, scope, person.contact.id)

        return {
            name
            for name, scope in everyone.items()
            if database.read_now(lambda conn, scope=scope: may_read(conn, scope))
        }

    assert readers(told) == {"chief"}
    opened(told, "intake", 1)
    assert readers(told) == {"chief", "plain", "trusted", "officer"}
    opened(told, "danger")
    assert readers(told) == {"chief", "plain", "trusted", "officer"}
    hidden, complaining = greet("5"), greet("6")
    opened(hidden, "danger")
    assert readers(hidden) == {"trusted", "officer"}
    opened(complaining, "complaint", centre=(None, None))
    assert readers(complaining) == {"officer"}


def test_a_complaint_is_invisible_to_every_centre(
    database: Database, told: Person, opened: Open, hire: Hire
) -> None:
    complaint = opened(told, "complaint", 2, centre=(None, None))
    there, officer = hire("there", Grant("safeguarding", OM[0])), hire("officer", Grant("safeguarding"))
    for scope, expected in ((there, []), (hire("chief", Grant("admin")), []), (officer, [complaint.id])):
        listed = database.read_now(lambda conn, scope=scope: cases.list_(conn, scope))
        assert [row.id for row in listed] == expected
        hidden = database.read_now(
            lambda conn, scope=scope: case_rows.hidden_answers(conn, scope, told.contact.id)
        )
        assert hidden == (frozenset() if expected else {2})


def test_restricted_messages_are_for_the_safeguarding_role_alone(
    database: Database, vault: Vault, told: Person, opened: Open, hire: Hire, now: datetime
) -> None:
    """What the bot says in private dialogs is shown to none of the staff; the person's own page has all."""

    def talk(conn: Connection) -> None:
        def came(name: str, body: bytes | None, reason: str = "", *, restricted: bool = True) -> None:
            event = said(told, name, now)
            cells = {"body": body, "now": now, "reason": reason, "restricted": restricted}
            inbox.add(conn, vault, person=told, event=event, **cells)  # type: ignore[arg-type]

        came("u1", b"hello", restricted=False)
        came("u2", None, "safety")
        came("u3", None)
        came("u4", b"please call")
        outbox.add(conn, told, [Draft("a", 0, b"lines")], first_seq=1, now=now, restricted=True)
        outbox.add(conn, told, [Draft("b", Lane.STAFF, b"I am here")], first_seq=2, now=now, restricted=True)

    database.run_now(talk)
    opened(told, "intake", 1)
    opened(told, "danger")

    def reads(scope: Scope | None) -> list[bytes]:
        found = database.read_now(lambda conn: conversation.read(conn, vault, scope, told.contact.id, 50))
        return sorted(line.body for line in found or [])

    plain, chief = hire("plain", Grant("caseworker")), hire("chief", Grant("admin"))
    there, officer = hire("there", Grant("safeguarding", OM[0])), hire("officer", Grant("safeguarding"))
    assert reads(plain) == reads(chief) == [b"hello"]
    private = [b"", b"I am here", b"hello", b"please call"]
    assert reads(there) == reads(officer) == private
    assert len(reads(None)) == 6
    opened(told, "complaint", centre=(None, None))
    assert reads(there) == [b"hello"]  # what was said about a complaint could be among it
    assert reads(officer) == private
    database.run_now(lambda conn: chats.give(conn, told.contact.id, there.staff_id, now, private=True))
    assert reads(there) == private  # what was said since she has the chat was said to her


def test_a_person_is_told_their_cases_but_no_danger(told: Person, opened: Open, database: Database) -> None:
    first, _, second = opened(told, "intake", 1), opened(told, "danger"), opened(told, "intake", 2)
    assert database.read_now(lambda conn: cases.of_person(conn, told.contact.id)) == [first, second]


def test_a_page_reads_only_what_follows_and_opens_nothing_when_idle(
    database: Database, vault: Vault, told: Person, now: datetime
) -> None:
    def talk(conn: Connection) -> None:
        inbox.add(conn, vault, person=told, event=said(told, "u1", now), body=b"hello", now=now)
        drafts = [Draft("a", 0, b"age?"), Draft("b", Lane.STAFF, b"I am here"), Draft("c", 0, b"name?")]
        outbox.add(conn, told, drafts, first_seq=1, now=now)

    def after(seq: int, limit: int = 10) -> list[tuple[int, str, bytes, str]]:
        found = database.read_now(lambda conn: outbox.told(conn, vault, told.contact.id, seq, limit))
        return [(line.seq, line.who, line.body, line.state) for line in found]

    database.run_now(talk)
    assert after(0, 2) == [(1, "bot", b"age?", "queued"), (2, "staff", b"I am here", "queued")]
    assert after(2) == [(3, "bot", b"name?", "queued")]
    junk = text("UPDATE outbox SET body = :junk WHERE seq < 3")
    database.run_now(lambda conn: conn.execute(junk, {"junk": b"junk"}).rowcount)
    assert after(1) == [(2, "staff", b"", "damaged"), (3, "bot", b"name?", "queued")]
    whole = database.read_now(lambda conn: conversation.read(conn, vault, None, told.contact.id, 1_000_000))
    assert whole is not None
    assert [(line.body, line.state) for line in whole] == [
        (b"hello", "done"),
        (b"", "damaged"),
        (b"", "damaged"),
        (b"name?", "queued"),
    ]
    key = text("UPDATE contact SET data_key = :junk")
    database.run_now(lambda conn: conn.execute(key, {"junk": b"junk"}).rowcount)
    assert after(3) == []  # not even the key was opened


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
    dara = hire("dara", Grant("safeguarding", OM[0]), Grant("editor"))
    assert dara.grants == {Grant("safeguarding", OM[0]), Grant("editor")}
    assert database.run_now(lambda conn: staff.add(conn, "dara", [], now)) is None
    assert not database.run_now(lambda conn: staff.grant(conn, "nobody", Grant("viewer")))
    for _ in range(2):
        assert database.run_now(lambda conn: staff.grant(conn, "dara", Grant("viewer", PU[0])))
    scope = database.read_now(lambda conn: staff.scope(conn, "dara"))
    assert scope is not None
    assert scope.grants == dara.grants | {Grant("viewer", PU[0])}
    assert database.run_now(lambda conn: staff.disable(conn, "dara")) == dara.staff_id
    assert database.run_now(lambda conn: staff.disable(conn, "nobody")) is None
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
