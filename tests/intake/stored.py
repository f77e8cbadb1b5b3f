"""What a store holds about one person, opened with the store's own key, beside its server or after it.

Never writes.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, select

from bot.core.contact import Address
from storage import consents, conversation, media, people, submissions
from storage.database import Database
from storage.people import Person
from storage.schema import casefile, contact
from storage.schema import media as media_table
from storage.seal import Vault

T = TypeVar("T")
Reader = Callable[[Connection, Vault, Person], T]


@dataclass(frozen=True, slots=True)
class Stored:
    """`answers`: field[index] → [value, how, sensitivity, coarse, node]; `cases`: (number, kind, centre)."""

    submissions: set[tuple[int, str, str]]
    answers: dict[str, list[Any]]
    consents: list[tuple[str, bool, str]]
    cases: list[tuple[str, str, str]]
    said: list[list[Any]]  # what the person did, as events
    reachable: bool


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Database, Vault]]:
    """The store, for reading."""
    database = Database.open(f"sqlite:///{folder / 'spean.db'}")
    try:
        yield database, Vault.open(folder / "master.key")
    finally:
        database.close_now()


def stored(folder: Path, address: Address | None = None) -> Stored | None:
    """Everything about who is at the address (None: about the only person there is)."""
    return read(folder, address, _stored)


def read(folder: Path, address: Address | None, reader: Reader[T]) -> T | None:
    """What `reader` makes of a person; None when nobody is known there."""
    with opened(folder) as (database, vault):

        def work(conn: Connection) -> T | None:
            if address is None:
                (number,) = conn.scalars(select(contact.c.id)).all()
            else:
                number = people.contact_at(conn, vault, address)
            person = people.by_id(conn, vault, number, lock=False) if number else None
            return reader(conn, vault, person) if person else None

        return database.read_now(work)


def files(conn: Connection, vault: Vault, person: Person) -> list[bytes]:
    """The voice notes and pictures that are kept of them."""
    numbers = conn.scalars(select(media_table.c.id).where(media_table.c.contact_id == person.contact.id))
    kept = [media.read(conn, vault, number) for number in numbers]
    return [found[1] for found in kept if found is not None]


async def eventually(true: Callable[[], object], within: float = 15.0, what: str = "it") -> None:
    """Wait until something that only the store tells has come true."""
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, f"waited {within} s for {what}"
        await asyncio.sleep(0.05)


def _stored(conn: Connection, vault: Vault, person: Person) -> Stored:
    number = person.contact.id
    told = submissions.answers_of(conn, person.key, number)
    cases = select(casefile.c.number, casefile.c.kind, casefile.c.centre)
    talk = conversation.read(conn, vault, None, number, 1000) or []
    return Stored(
        submissions={(one.no, one.dialog, one.subject) for one in told},
        answers={
            f"{one.field}[{one.index}]": [
                orjson.loads(one.value),
                one.how,
                one.sensitivity,
                one.coarse,
                one.node,
            ]
            for one in told
        },
        consents=[(one.purpose, one.granted, one.language) for one in consents.history(conn, number)],
        cases=[tuple(row) for row in conn.execute(cases.where(casefile.c.contact_id == number))],
        said=[orjson.loads(one.body) for one in talk if one.who == "person" and one.body],
        reachable=bool(conn.scalar(select(contact.c.reachable).where(contact.c.id == number))),
    )
