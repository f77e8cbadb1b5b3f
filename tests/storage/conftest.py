"""A person in a store, and staff of three kinds, for the storage tests."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.core.contact import Address
from storage import cases, people, staff, submissions
from storage.cases import CaseRow
from storage.database import Database
from storage.people import Person
from storage.seal import Vault
from storage.staff import Grant, Scope
from tests.storage.desk import ACCOUNT, Desk
from tests.storage.purging import House

DAY = timedelta(days=1)
OM, PU = ("oddar-meanchey", "OM"), ("pursat", "PU")
Greet = Callable[[str], Person]
Hire = Callable[..., Scope]
Open = Callable[..., CaseRow]


@pytest.fixture
def greet(database: Database, vault: Vault, now: datetime) -> Greet:
    def someone(external: str) -> Person:
        where = Address(ACCOUNT, external)
        return database.run_now(lambda conn: people.greet(conn, vault, where, "km", now))

    return someone


@pytest.fixture
def sophea(greet: Greet) -> Person:
    return greet("93007001")


@pytest.fixture
def desk(database: Database, vault: Vault, now: datetime) -> Desk:
    return Desk(database, vault, now)


@pytest.fixture
def hire(database: Database, now: datetime) -> Hire:
    def someone(name: str, *grants: Grant) -> Scope:
        database.run_now(lambda conn: staff.add(conn, name, grants, now))
        scope = database.read_now(lambda conn: staff.scope(conn, name))
        assert scope is not None
        return scope

    return someone


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
        restricted = kind in {"danger", "complaint"}
        return database.run_now(
            lambda conn: cases.open_(
                conn,
                person,
                kind,  # type: ignore[arg-type]
                no,
                *centre,
                restricted,
                answer_by,
                at,
                urgent=kind in {"danger", "need"},
            )
        )

    return open_case


@pytest.fixture
def told(database: Database, now: datetime, sophea: Person) -> Person:
    def begin(conn: Connection) -> None:
        for no in (1, 2):
            submissions.open_(conn, sophea, no, "intake", "r1", now)

    database.run_now(begin)
    return sophea


@pytest.fixture
def house(database: Database, vault: Vault, now: datetime) -> House:
    return House(database, vault, now)


@pytest.fixture
def dara(hire: Hire) -> Scope:
    return hire("dara", Grant("caseworker"))
