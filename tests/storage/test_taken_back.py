"""What waits to leave unasked is taken back by how its cause begins; what left, and replies, stay."""

from sqlalchemy import Connection, select

from storage import outbox as parts
from storage import taken_back
from storage.parts import Lane
from storage.people import Person
from storage.schema import outbox
from storage.taken_back import Taken, take_back
from tests.storage.conftest import Greet
from tests.storage.desk import Desk

CAUSES = ("activity:7:-7d:1", "activity:7:-1d 17:00:1", "activity:7:r3:1", "activity:70:-7d:1")


def waiting(desk: Desk, person: Person, *causes: str) -> None:
    for cause in causes:
        desk.queue(person, cause, lane=Lane.REMINDER)


def states(conn: Connection) -> dict[str, str]:
    return {row.cause: row.state for row in conn.execute(select(outbox.c.cause, outbox.c.state))}


def taken(desk: Desk, prefix: str, **only: int) -> list[Taken]:
    return desk.database.run_now(lambda conn: take_back(conn, prefix, **only))


def test_only_what_begins_so_is_taken_back_and_its_cause_is_free(desk: Desk, sophea: Person) -> None:
    waiting(desk, sophea, *CAUSES)
    assert len(taken(desk, "activity:7:-")) == 2
    found = desk.database.read_now(states)
    assert {cause for cause, state in found.items() if state == "queued"} == set(CAUSES[2:])
    gone = sorted(cause for cause, state in found.items() if state == "cancelled")
    assert [cause.rpartition("/")[0] for cause in gone] == sorted(CAUSES[:2])
    bodies = select(outbox.c.body).where(outbox.c.state == "cancelled")
    assert desk.database.read_now(lambda conn: conn.scalars(bodies).all()) == [None, None]
    waiting(desk, sophea, *CAUSES[:2])
    assert sum(state == "queued" for state in desk.database.read_now(states).values()) == 4


def test_of_one_person_or_some_at_a_time(desk: Desk, sophea: Person, greet: Greet) -> None:
    other = greet("93007002")
    waiting(desk, sophea, "activity:7:new:1", "activity:7:new:1:1")
    waiting(desk, other, "activity:7:new:2")
    assert taken(desk, "activity:7:new:", contact_id=other.contact.id) == [
        Taken(other.contact.id, "activity:7:new:2")
    ]
    assert [len(taken(desk, "activity:7:new:", limit=1)) for _ in range(3)] == [1, 1, 0]


def test_what_a_sender_has_begun_and_what_is_a_reply_stays(desk: Desk, sophea: Person, greet: Greet) -> None:
    waiting(desk, sophea, "activity:7:-7d:1")
    (row,) = desk.claim()
    assert desk.database.run_now(lambda conn: parts.begun(conn, row, desk.now))
    desk.queue(greet("93007002"), "activity:7:-7d:2", lane=Lane.REPLY)
    assert taken(desk, "activity:7:") == []
    assert sorted(desk.database.read_now(states).values()) == ["queued", "sending"]
    assert desk.database.read_now(lambda conn: taken_back.in_hand(conn, 7))
    assert not desk.database.read_now(lambda conn: taken_back.in_hand(conn, 70))


def test_what_a_sender_has_claimed_and_not_begun_is_no_more_theirs(desk: Desk, sophea: Person) -> None:
    waiting(desk, sophea, "activity:7:-7d:1")
    (row,) = desk.claim()
    assert [one.cause for one in taken(desk, "activity:7:")] == ["activity:7:-7d:1"]
    assert not desk.database.run_now(lambda conn: parts.begun(conn, row, desk.now)), "they send nothing"
    desk.database.run_now(lambda conn: parts.finish(conn, [parts.Result(row, "queued", "429")], desk.now))
    assert list(desk.database.read_now(states).values()) == ["cancelled"]


def test_what_no_sender_took_in_time_may_be_queued_anew_but_not_what_ended_otherwise(
    desk: Desk, sophea: Person
) -> None:
    waiting(desk, sophea, *CAUSES[:2])

    def ends(conn: Connection) -> None:
        conn.execute(outbox.update().values(state="expired"))
        late = outbox.update().where(outbox.c.cause == CAUSES[1])
        conn.execute(late.values(reason="newer ones waited too"))
        taken_back.free(conn, CAUSES)

    desk.database.run_now(ends)
    found = desk.database.read_now(states)
    assert sorted(found) == sorted([CAUSES[1], next(one for one in found if "/" in one)])
    assert not desk.database.read_now(lambda conn: taken_back.waits(conn, "activity:7:"))
    waiting(desk, sophea, CAUSES[0])
    assert desk.database.read_now(lambda conn: taken_back.waits(conn, "activity:7:"))
