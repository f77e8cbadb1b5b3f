"""A person in a store, and staff of three kinds, for the storage tests."""

from collections.abc import Callable
from datetime import datetime

import pytest

from bot.core.contact import Address
from bot.core.events import Event, Text
from storage import people, staff
from storage.database import Database
from storage.people import Person
from storage.seal import Vault
from storage.staff import Grant, Scope

ACCOUNT = "telegram:7001"
Greet = Callable[[str], Person]


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
def hire(database: Database, now: datetime) -> Callable[..., Scope]:
    def someone(name: str, *grants: Grant) -> Scope:
        database.run_now(lambda conn: staff.add(conn, name, grants, now))
        scope = database.read_now(lambda conn: staff.scope(conn, name))
        assert scope is not None
        return scope

    return someone


def said(person: Person, event_id: str, now: datetime, words: str = "ជំរាបសួរ") -> Event:
    return Event(event_id, Address(person.account, person.external), now, Text(words))
