"""What a sender gives back while the gate is shut, the chat hidden or the phone another's: it waits."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import Connection, select

from bot.core.window import Standing
from storage import outbox, people, sharing, standing
from storage.letters import Fate
from storage.outbox import Lane, Result
from storage.parts import ABSENT, WINDOW
from storage.people import Person
from storage.schema import outbox as table
from storage.seal import Vault
from tests.storage.desk import MINUTE, Desk
from tests.storage.test_letters import failed, retry

Shutting = Callable[[Connection, Vault, Person, datetime], object]


def _gate(conn: Connection, _vault: Vault, person: Person, _now: datetime) -> None:
    sharing.shut(conn, person, on=True)


def _hidden(conn: Connection, _vault: Vault, person: Person, now: datetime) -> None:
    people.set_flag(conn, person.contact.id, "hidden", on=True, now=now)


def _handed(conn: Connection, vault: Vault, person: Person, now: datetime) -> None:
    sharing.hand_over(conn, vault, person, None, "km", now)


every_way = pytest.mark.parametrize("shutting", [_gate, _hidden, _handed])


def shuts(desk: Desk, person: Person, shutting: Shutting) -> None:
    desk.database.run_now(lambda conn: shutting(conn, desk.vault, person, desk.now))


def ends(desk: Desk, result: Result) -> list[tuple[str, str]]:
    def work(conn: Connection) -> None:
        outbox.finish(conn, standing.weighed(conn, [result]), desk.now)

    desk.database.run_now(work)
    return stand(desk)


def stand(desk: Desk) -> list[tuple[str, str]]:
    wanted = select(table.c.state, table.c.reason).order_by(table.c.id)
    return [tuple(row) for row in desk.database.read_now(lambda conn: conn.execute(wanted).all())]


@every_way
def test_what_met_a_shut_window_while_they_wrote_waits(
    desk: Desk, sophea: Person, shutting: Shutting
) -> None:
    desk.queue(sophea, "a", lane=Lane.STAFF)
    (row,) = desk.claim()
    desk.database.run_now(lambda conn: standing.acted(conn, sophea.address_id, desk.now))
    shuts(desk, sophea, shutting)
    assert ends(desk, Result(row, "held", WINDOW, standing=Standing())) == [("held", ABSENT)]


@every_way
def test_what_is_to_be_tried_again_waits(desk: Desk, sophea: Person, shutting: Shutting) -> None:
    desk.queue(sophea, "a", lane=Lane.STAFF)
    (row,) = desk.claim()
    shuts(desk, sophea, shutting)
    assert ends(desk, Result(row, "queued", "flood")) == [("held", ABSENT)]


@pytest.mark.parametrize(("shutting", "state"), [(_gate, "queued"), (_hidden, "queued"), (_handed, "held")])
def test_a_reply_is_of_what_was_said_and_waits_for_nobody_but_whose_phone_it_is(
    desk: Desk, sophea: Person, shutting: Shutting, state: str
) -> None:
    desk.queue(sophea, "a")
    (row,) = desk.claim()
    shuts(desk, sophea, shutting)
    assert ends(desk, Result(row, "queued", "flood"))[0][0] == state


@every_way
def test_what_a_dead_sender_or_one_that_stops_had_waits(
    desk: Desk, sophea: Person, shutting: Shutting
) -> None:
    desk.queue(sophea, "a", lane=Lane.STAFF)
    desk.claim()
    shuts(desk, sophea, shutting)
    tried = [one.id for one in desk.database.read_now(lambda conn: conn.execute(select(table.c.id)).all())]

    def give_back(conn: Connection, *how: int) -> list[tuple[str, str]]:
        point = conn.begin_nested()
        outbox.release(conn, "w1", how)
        found = [tuple(row) for row in conn.execute(select(table.c.state, table.c.reason)).all()]
        point.rollback()
        return found

    assert desk.database.run_now(give_back) == [("held", ABSENT)]
    assert desk.database.run_now(lambda conn: give_back(conn, *tried)) == [("held", ABSENT)]
    desk.now += 2 * MINUTE
    desk.database.run_now(lambda conn: outbox.rescue(conn, desk.now))
    assert stand(desk) == [("held", ABSENT)]


@every_way
def test_tried_again_by_staff_it_waits(desk: Desk, sophea: Person, shutting: Shutting) -> None:
    part = failed(desk, sophea, "a")
    change = table.update().values(lane=int(Lane.STAFF))
    desk.database.run_now(lambda conn: conn.execute(change))
    shuts(desk, sophea, shutting)
    assert retry(desk, part, dry=True) == Fate.HELD
    assert stand(desk) == [("failed", "too long")]
    assert retry(desk, part) == Fate.HELD
    assert stand(desk) == [("held", ABSENT)]


def test_nothing_is_claimed_for_a_phone_that_is_another_s(desk: Desk, sophea: Person) -> None:
    shuts(desk, sophea, _handed)
    desk.queue(sophea, "a")
    assert stand(desk) == [("queued", "")]
    assert desk.claim() == []


def test_of_what_was_tried_a_stopped_sender_repeats_replies_only(
    desk: Desk, sophea: Person, greet: Callable[[str], Person]
) -> None:
    desk.queue(sophea, "a")
    desk.queue(greet("93007002"), "b", lane=Lane.BROADCAST)
    rows = desk.claim()
    tried = [one.id for one in rows]
    desk.begin(rows[1])
    assert desk.database.run_now(lambda conn: outbox.release(conn, "w1", tried)) == 2
    assert [state for state, _ in stand(desk)] == ["queued", "unknown"]
    assert [one.tries for one in desk.claim()] == [2]
