"""Who is on duty: one-time codes, a chat of their own, a month at a time; and who is alerted next."""

from datetime import datetime, timedelta

import pytest

from storage import agenda, alerts, duty, erasure, people, staff
from storage.database import Database
from storage.duty import Member
from storage.people import Person
from storage.schema import agenda as entries
from storage.seal import Vault
from storage.staff import Grant
from tests.storage.conftest import DAY, OM, PU, Greet, Hire, Open

CODE = "ABCDEFGH23"


class Office:
    """Codes given and used."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database, self.vault = database, vault

    def code(self, name: str, code: str, now: datetime) -> bool:
        return self.database.run_now(lambda conn: duty.set_code(conn, self.vault, name, code, now))

    def join(self, person: Person, code: str, now: datetime) -> Member | None:
        return self.database.run_now(lambda conn: duty.join(conn, self.vault, person.contact.id, code, now))

    def on_duty(self, now: datetime) -> list[str]:
        return [one.name for one in self.database.read_now(lambda conn: duty.members(conn, now))]

    def is_staff(self, person: Person) -> bool:
        found = self.database.read_now(lambda conn: people.contact_of(conn, person.contact.id))
        return found is not None and found.staff


@pytest.fixture
def office(database: Database, vault: Vault) -> Office:
    return Office(database, vault)


def test_a_code_joins_once_and_within_a_day(office: Office, greet: Greet, hire: Hire, now: datetime) -> None:
    dara, phone, other = hire("dara", Grant("caseworker", OM[0])), greet("1"), greet("2")
    assert not office.code("nobody", CODE, now)
    assert office.code("dara", CODE, now)
    assert office.join(phone, "WRONGCODE2", now) is None
    assert office.join(phone, CODE, now + DAY) is None
    joined = office.join(phone, " abcde-fgh23 ", now + timedelta(hours=23))
    assert joined is not None
    assert (joined.staff_id, joined.grants, joined.until) == (
        dara.staff_id,
        dara.grants,
        now + timedelta(hours=23) + duty.DUTY_LASTS,
    )
    assert office.is_staff(phone)
    assert office.join(other, CODE, now + timedelta(hours=23)) is None
    assert office.on_duty(now + 30 * DAY) == ["dara"]
    assert office.on_duty(now + 31 * DAY) == []


def test_an_account_is_in_one_chat_and_a_chat_of_one_account(
    office: Office, greet: Greet, hire: Hire, now: datetime
) -> None:
    hire("dara"), hire("vanna")
    old, new = greet("1"), greet("2")
    for name, phone in (("dara", old), ("dara", new), ("vanna", new)):
        office.code(name, CODE, now)
        assert office.join(phone, CODE, now) is not None
    assert office.on_duty(now) == ["vanna"]
    assert (office.is_staff(old), office.is_staff(new)) == (False, True)


def test_duty_ends_with_the_account_and_with_the_chat(
    database: Database, office: Office, greet: Greet, hire: Hire, now: datetime
) -> None:
    dara = hire("dara")
    hire("vanna")
    phones = greet("1"), greet("2")
    for name, phone in zip(("dara", "vanna"), phones, strict=True):
        office.code(name, CODE, now)
        office.join(phone, CODE, now)
    database.run_now(lambda conn: staff.disable(conn, "dara"))
    database.run_now(lambda conn: duty.leave(conn, dara.staff_id))
    assert (office.on_duty(now), office.is_staff(phones[0])) == (["vanna"], False)
    assert not office.code("dara", CODE, now)
    database.run_now(lambda conn: erasure.erase(conn, phones[1].contact.id, now))
    assert office.on_duty(now) == []


def test_whoever_was_alerted_longest_ago_is_next_and_only_who_may_see_it(
    database: Database, office: Office, greet: Greet, opened: Open, hire: Hire, now: datetime
) -> None:
    grants = {
        "om": Grant("caseworker", OM[0]),
        "pu": Grant("caseworker", PU[0]),
        "all": Grant("caseworker"),
        "trusted": Grant("safeguarding", OM[0]),
        "officer": Grant("safeguarding"),
        "viewer": Grant("viewer"),
    }
    for number, (name, given) in enumerate(grants.items()):
        hire(name, given)
        office.code(name, CODE, now)
        office.join(greet(f"s{number}"), CODE, now)
    plain, danger = opened(greet("1")), opened(greet("2"), "danger")
    complaint = opened(greet("3"), "complaint", centre=(None, None))

    def able(of: object) -> list[str]:
        return [one.name for one in database.read_now(lambda conn: alerts.able(conn, of, now))]  # type: ignore[arg-type]

    assert able(plain) == ["om", "all", "trusted", "officer"]
    assert able(danger) == ["trusted", "officer"]
    assert able(complaint) == ["officer"]
    first = database.read_now(lambda conn: alerts.able(conn, plain, now))[0].staff_id
    database.run_now(lambda conn: alerts.note(conn, plain.id, first, now))
    database.run_now(lambda conn: alerts.note(conn, plain.id, first, now + DAY))
    assert able(plain) == ["all", "trusted", "officer", "om"]
    assert database.read_now(lambda conn: alerts.heard(conn, plain.id)) == {first}


def test_an_entry_is_armed_again_without_a_second_one(
    database: Database, sophea: Person, now: datetime
) -> None:
    who = sophea.contact.id

    def arm(due: datetime) -> None:
        database.run_now(lambda conn: agenda.arm(conn, "chat.silence", f"contact:{who}", who, due, now))

    def keys() -> list[tuple[str, datetime]]:
        rows = database.read_now(lambda conn: conn.execute(entries.select().order_by(entries.c.id)).all())
        return [(row.key, row.due) for row in rows]

    arm(now + DAY)
    arm(now + 2 * DAY)
    assert keys() == [(f"contact:{who}:1", now + 2 * DAY)]
    assert not database.read_now(lambda conn: agenda.waits(conn, now + DAY))
    (row,) = database.run_now(lambda conn: agenda.due(conn, now + 2 * DAY, 1))
    database.run_now(lambda conn: agenda.done(conn, row.id, now))
    arm(now + 3 * DAY)
    assert keys()[1:] == [(f"contact:{who}:2", now + 3 * DAY)]
    database.run_now(lambda conn: agenda.postpone(conn, row.id + 1, now + 4 * DAY))
    assert keys()[1:] == [(f"contact:{who}:2", now + 4 * DAY)]
