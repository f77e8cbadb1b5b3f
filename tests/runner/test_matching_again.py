"""A letter of what fits that has not left: corrected, written anew, or not written at all."""

import pytest
from sqlalchemy import Connection, select

from bot.core.answers import Key
from bot.runner import planning
from bot.runner.notice import desk_of
from storage import outbox
from storage.schema import outbox as parts
from tests.runner.fair import TITLE, Fair
from tests.runner.office import LEASE, WHO, Office
from tests.runner.test_matching import DAY, MASON, another, builder, sends, tells


@pytest.fixture
async def fair(office: Office) -> Fair:
    """In a fortnight, with an employer who builds; it is Tuesday, and the week's letter waits."""
    made = Fair(office)
    begins = office.clock.at + 14 * DAY
    await made.becomes(employers=(builder("construction"),), starts_at=begins, ends_at=begins + DAY / 3)
    await tells(made, MASON)
    await made.ticks(days=1)
    await made.ticks(days=1)
    assert await letters(made) == ["queued"]
    return made


async def letters(fair: Fair, kind: str = "match:") -> list[str]:
    """The states of those that were not taken back, the first first."""
    its = (parts.c.cause.startswith(kind), parts.c.cause.not_like("%/%"))
    wanted = select(parts.c.state).where(*its).order_by(parts.c.id)
    return await fair.office.database.read(lambda conn: list(conn.scalars(wanted)))


async def cancel(fair: Fair) -> None:
    def work(conn: Connection) -> None:
        planning.cancel(conn, desk_of(fair.office.kit), None, fair.held.id, fair.office.clock.at)

    await fair.office.database.run(work)


async def test_what_is_called_off_is_not_told_and_what_still_fits_is_the_same_week(fair: Fair) -> None:
    other = await another(fair, "fair", 20, employers=(builder("construction"),))
    await cancel(fair)
    assert await letters(fair) == []
    await fair.ticks(minutes=1)
    assert await letters(fair) == ["queued"]
    last = (await fair.letters())[-1]
    assert [one.payload for row in last.part.rows for one in row] == [f"a:{other}", "a:off:jobs"]


async def test_where_nothing_else_fits_there_is_none(fair: Fair) -> None:
    await cancel(fair)
    await fair.ticks(minutes=1)
    assert await letters(fair) == []
    await sends(fair)
    assert await letters(fair, "activity:") == [], "they were told nothing"


async def test_who_read_it_is_corrected(fair: Fair) -> None:
    await sends(fair)
    await cancel(fair)
    await fair.ticks(minutes=1)
    assert await letters(fair) == ["sent"]
    assert await letters(fair, "activity:1:r") == ["queued"]


async def test_what_a_sender_has_in_hand_is_waited_for_and_taken_back_when_it_returns(fair: Fair) -> None:
    """The platform says 429 after the fair was called off."""
    database, vault, now = fair.office.database, fair.office.vault, fair.office.clock.at
    account = fair.office.stage.account

    def begin(conn: Connection) -> outbox.OutRow:
        (row,) = outbox.claim(conn, vault, account, "w", now, now + LEASE, 9)
        assert outbox.begun(conn, row, now)
        return row

    row = await database.run(begin)
    await cancel(fair)
    await fair.ticks(seconds=2)
    assert await letters(fair) == ["sending"]
    assert await letters(fair, "activity:1:r") == [], "nobody knows yet whether they were told"
    back = outbox.Result(row, "queued", "429")
    await database.run(lambda conn: outbox.finish(conn, [back], now))
    await fair.ticks(seconds=2)
    assert await letters(fair) == []
    assert await letters(fair, "activity:1:r") == []


async def test_what_no_sender_took_by_the_evening_is_looked_at_again_the_next_day(fair: Fair) -> None:
    await fair.ticks(hours=10)  # 22:00
    assert await letters(fair) == ["expired"]
    await fair.ticks(hours=10)
    assert await letters(fair) == ["queued"]
    assert TITLE in (await fair.letters())[-1].part.text


@pytest.mark.parametrize("age", ["under-15", "15-17"])
async def test_whoever_said_last_that_they_are_a_child_gets_no_work_offered(office: Office, age: str) -> None:
    made = Fair(office)
    begins = office.clock.at + 14 * DAY
    await made.becomes(employers=(builder("construction"),), starts_at=begins, ends_at=begins + DAY / 3)
    await tells(made, MASON | {"age": Key(age)})
    await made.ticks(days=2)
    assert await letters(made) == []
    assert await made.letters(WHO) == []
