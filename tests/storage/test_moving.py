"""Parts that go to where their person is: in their order, each said once, whatever they become."""

from sqlalchemy import Connection, select, update

from storage import moving
from storage.parts import ABSENT, BODY
from storage.people import Person
from storage.schema import outbox as parts
from tests.storage.desk import Desk, causes

ALL = select(parts.c.cause, parts.c.state, parts.c.seq).order_by(parts.c.seq)


def rows(desk: Desk) -> list[tuple[object, ...]]:
    return [tuple(row) for row in desk.database.read_now(lambda conn: conn.execute(ALL).all())]


def hold(desk: Desk, *named: str) -> None:
    held = update(parts).where(parts.c.cause.in_(named)).values(state="held", reason=ABSENT)
    desk.database.run_now(lambda conn: conn.execute(held))


def test_one_part_becomes_several_behind_each_other_under_causes_of_their_own(
    desk: Desk, sophea: Person
) -> None:
    desk.queue(sophea, "a", "b")
    hold(desk, "a", "b")
    ids = desk.database.read_now(lambda conn: conn.scalars(select(parts.c.id).order_by(parts.c.seq)).all())

    def go(conn: Connection) -> None:
        first, second = moving.opened(conn, sophea, ids)
        assert first.body is not None
        moving.go(conn, sophea, first, [b"one", b"two", b"three"], 7)
        moving.go(conn, sophea, second, (), 10)

    desk.database.run_now(go)
    assert rows(desk) == [("a", "queued", 7), ("a/8", "queued", 8), ("a/9", "queued", 9), ("b", "queued", 10)]
    said = []
    while claimed := desk.claim():
        said += [row.body for row in claimed]
        desk.end(claimed[0])
    assert said[:3] == [b"one", b"two", b"three"]
    assert len(said) == 4


def test_what_a_sender_has_in_hand_and_what_has_ended_is_left_alone(desk: Desk, sophea: Person) -> None:
    desk.queue(sophea, "a", "b", "c")
    (first,) = desk.claim()
    desk.end(first)
    (second,) = desk.claim()
    assert causes([first, second]) == ["a", "b"]
    ids = [first.id, second.id, second.id + 1]
    opened = desk.database.run_now(lambda conn: moving.opened(conn, sophea, ids))
    assert [one.cause for one in opened] == ["c"]
    queued = desk.database.read_now(lambda conn: moving.queued(conn, sophea))
    assert queued == [opened[0].id]


def test_a_damaged_part_goes_as_it_is_and_fails_alone(desk: Desk, sophea: Person) -> None:
    desk.queue(sophea, "a", "b")
    hold(desk, "a", "b")
    desk.spoil("a")
    ids = desk.database.read_now(lambda conn: conn.scalars(select(parts.c.id).order_by(parts.c.seq)).all())

    def go(conn: Connection) -> None:
        for seq, part in enumerate(moving.opened(conn, sophea, ids), 5):
            assert (part.body is None) == (part.cause == "a")
            moving.go(conn, sophea, part, (), seq)

    desk.database.run_now(go)
    assert causes(desk.claim()) == ["b"]
    assert rows(desk)[0] == ("a", "failed", 5)


def test_what_cannot_go_ends_with_its_reason(desk: Desk, sophea: Person) -> None:
    desk.queue(sophea, "a")
    hold(desk, "a")

    def fail(conn: Connection) -> None:
        ids = conn.scalars(select(parts.c.id)).all()
        (part,) = moving.opened(conn, sophea, ids)
        assert part.body == sophea.key.open(BODY, "a", conn.scalar(select(parts.c.body)) or b"")
        moving.fail(conn, part, "this app cannot show it")

    desk.database.run_now(fail)
    assert desk.counts() == {"failed": 1}
