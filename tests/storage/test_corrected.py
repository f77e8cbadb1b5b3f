"""Who was told that an answer was wrong: as the agenda and the outbox know it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, update

from storage import agenda, answers, corrected, outbox
from storage.agenda import AgendaRow
from storage.corrected import CAUSE, Wrong
from storage.outbox import Draft, Lane
from storage.people import Person
from storage.schema import outbox as parts
from tests.storage.conftest import Greet
from tests.storage.purging import House

PAY = Wrong("q01-wages-owed", "v1")
HOUR = timedelta(hours=1)


def says(house: House, person: Person, *states: str, number: int = 1, wrong: Wrong = PAY) -> None:
    """Its parts, and how each ended."""

    def work(conn: Connection) -> None:
        stem = f"{CAUSE}{wrong.stem(person.contact.id)}:{number}"
        for at, state in enumerate(states):
            cause = f"{stem}:{at}" if at else stem
            seq = number * 10 + at
            outbox.add(conn, person, [Draft(cause, Lane.REMINDER, b"{}")], first_seq=seq, now=house.now)
            conn.execute(update(parts).where(parts.c.cause == cause).values(state=state))

    house.database.run_now(work)


def due(house: House, at: datetime) -> list[AgendaRow]:
    def work(conn: Connection) -> list[AgendaRow]:
        rows = agenda.due(conn, at, 10)
        for row in rows:
            agenda.done(conn, row.id, at)
        return rows

    return house.database.run_now(work)


@pytest.mark.parametrize(
    ("states", "known"),
    [
        (("sent",), "told"),
        (("unknown",), "told"),
        (("queued",), "waits"),
        (("held",), "waits"),
        (("sent", "sending"), "waits"),
        (("sent", "failed"), None),
        (("cancelled",), None),
        (("failed",), None),
        (("expired",), None),
    ],
)
def test_the_outbox_knows_who_was_told(
    house: House, sophea: Person, states: tuple[str, ...], known: str | None
) -> None:
    number = sophea.contact.id
    house.do(answers.record, number, PAY.entry, PAY.version, "whole", house.now)
    says(house, sophea, *states)
    for whose in (None, number):
        assert house.do(corrected.states, PAY, whose) == ({number: known} if known else {})
    assert house.do(corrected.left, PAY) == ([] if known else [number])


def test_told_by_one_of_several_tries_is_told(house: House, sophea: Person) -> None:
    house.do(answers.record, sophea.contact.id, PAY.entry, PAY.version, "whole", house.now)
    for number, state in enumerate(("failed", "sent", "cancelled"), 1):
        says(house, sophea, state, number=number)
    assert house.do(corrected.states, PAY) == {sophea.contact.id: "told"}


def test_other_versions_and_other_people_are_others(house: House, greet: Greet) -> None:
    one, other = greet("1"), greet("2")
    for person in (one, other):
        house.do(answers.record, person.contact.id, PAY.entry, PAY.version, "whole", house.now)
    says(house, one, "sent", wrong=Wrong(PAY.entry, "v10"))
    says(house, other, "sent")
    assert house.do(corrected.states, PAY) == {other.contact.id: "told"}
    assert house.do(corrected.left, PAY) == [one.contact.id]


def test_it_waits_in_the_agenda_once(house: House, sophea: Person) -> None:
    number, later = sophea.contact.id, house.now + HOUR
    house.do(answers.record, number, PAY.entry, PAY.version, "whole", house.now)
    for _ in range(2):
        house.do(corrected.wait, PAY, number, later, house.now)
    assert house.do(corrected.states, PAY) == {number: "waits"}
    assert due(house, house.now) == []
    (row,) = due(house, later)
    assert (corrected.of(row), row.contact_id, row.data) == (PAY, number, b"")
    assert house.do(corrected.states, PAY) == {}
    house.do(corrected.wait, PAY, number, later, later)
    assert [one.key.rpartition(":")[2] for one in due(house, later)] == ["2"]
