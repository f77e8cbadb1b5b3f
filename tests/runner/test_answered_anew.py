"""What is said otherwise, by them or by staff, while a letter waits, is in hand, or is on the wire."""

from datetime import timedelta
from types import ModuleType

import pytest
from sqlalchemy import Connection, update

from bot.runner import planning, reminding
from storage import outbox
from storage.outbox import OutRow, Result
from storage.schema import outbox as parts
from storage.taken_back import Taken, take_back
from tests.runner.fair import Fair
from tests.runner.office import NOON, WHO, Office
from tests.runner.planned import Planned

LEASE = timedelta(minutes=1)
FIRST = ("-7d", "11-28 08:00")
BUS = "ផ្សារបាកាន"
ELSE = "93007002"


@pytest.fixture
async def planned(office: Office) -> Planned:
    """Somebody comes alone; their first reminder may leave now."""
    found = Planned(office)
    await found.publish()
    await found.fair.answers("come")
    await found.until("11-28 07:30")
    office.clock.at = found.office.clock.at + timedelta(minutes=30)
    return found


async def claimed(office: Office) -> OutRow:
    """A sender has their letter in hand, behind the replies, which have left."""
    now = office.clock.at

    def claim(conn: Connection) -> OutRow:
        conn.execute(update(parts).where(parts.c.lane == 0).values(state="sent"))
        (row,) = outbox.claim(conn, office.vault, office.stage.account, "s", now, now + LEASE, 9)
        return row

    return await office.database.run(claim)


async def begins(office: Office, row: OutRow) -> bool:
    """From now on it may arrive; False when it is no more theirs to send."""
    return await office.database.run(lambda conn: outbox.begun(conn, row, office.clock.at))


async def ends(office: Office, row: OutRow, state: str) -> None:
    """The platform has answered."""
    result = Result(row, state, "429" if state == "queued" else "")  # type: ignore[arg-type]
    await office.database.run(lambda conn: outbox.finish(conn, [result], office.clock.at))


def comes_back(monkeypatch: pytest.MonkeyPatch, where: ModuleType, row: OutRow) -> None:
    """The platform answers 429 right behind the last statement that takes back what waits."""

    def and_then(conn: Connection, prefix: str, contact_id: int | None = None) -> list[Taken]:
        taken = take_back(conn, prefix, contact_id=contact_id)
        if prefix.endswith((":new:", ":offer")):
            outbox.finish(conn, [Result(row, "queued", "429")], NOON)
        return taken

    monkeypatch.setattr(where, "take_back", and_then)


async def wants_the_bus_after_all(planned: Planned) -> None:
    await planned.fair.answers("cannot")
    await planned.fair.answers("bus", stop="bakan")
    await planned.ticks(2)


async def test_what_is_only_in_hand_does_not_leave_and_the_new_one_says_the_bus(planned: Planned) -> None:
    row = await claimed(planned.office)
    await wants_the_bus_after_all(planned)
    assert not await begins(planned.office, row), "it is taken back"
    assert await planned.letters() == [FIRST]
    assert BUS in (await planned.said())[-1].part.text


async def test_what_is_on_the_wire_arrives_and_nothing_says_it_again(planned: Planned) -> None:
    row = await claimed(planned.office)
    assert await begins(planned.office, row)
    await wants_the_bus_after_all(planned)
    assert await planned.letters() == [FIRST]
    await ends(planned.office, row, "sent")
    await planned.until("11-28 12:00")
    assert await planned.letters() == [FIRST]
    await planned.until("12-05 08:00")
    assert [kind for kind, _ in await planned.letters()] == ["-7d", "-1d 17:00", "-3h"]
    assert BUS in (await planned.said())[-1].part.text, "the next one knows"


async def test_what_came_back_from_the_wire_leaves_once_with_what_they_say_now(planned: Planned) -> None:
    row = await claimed(planned.office)
    assert await begins(planned.office, row)
    await wants_the_bus_after_all(planned)
    await ends(planned.office, row, "queued")
    planned.office.clock.wait(seconds=1)
    await planned.ticks(2)
    assert [kind for kind, _ in await planned.letters()] == ["-7d"]
    assert BUS in (await planned.said())[-1].part.text
    await planned.until("11-28 12:00")
    assert [kind for kind, _ in await planned.letters()] == ["-7d"]


async def test_what_came_back_from_the_wire_reminds_nobody_who_can_not_come(planned: Planned) -> None:
    row = await claimed(planned.office)
    assert await begins(planned.office, row)
    await planned.fair.answers("cannot")
    await ends(planned.office, row, "queued")
    planned.office.clock.wait(seconds=1)
    await planned.ticks()
    assert await planned.letters() == []


async def test_what_came_back_while_they_answered_reminds_nobody_who_can_not_come(
    planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await claimed(planned.office)
    assert await begins(planned.office, row)
    with monkeypatch.context() as meanwhile:
        comes_back(meanwhile, reminding, row)
        await planned.fair.answers("cannot")
    await planned.ticks()
    assert await planned.letters() == []


async def test_what_came_back_while_it_was_looked_for_reminds_nobody_who_can_not_come(
    planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await claimed(planned.office)
    assert await begins(planned.office, row)
    await planned.fair.answers("cannot")
    with monkeypatch.context() as meanwhile:
        comes_back(meanwhile, reminding, row)
        await planned.ticks()
    assert await planned.letters() == [FIRST]
    planned.office.clock.wait(seconds=1)
    await planned.ticks()
    assert await planned.letters() == []


async def test_what_came_back_while_it_was_called_off_reminds_nobody(
    planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await claimed(planned.office)
    assert await begins(planned.office, row)
    with monkeypatch.context() as meanwhile:
        comes_back(meanwhile, planning, row)
        await planned.cancel()
    planned.office.clock.wait(seconds=1)
    await planned.ticks(2)
    assert "-7d" not in dict(await planned.letters())


async def test_nobody_knows_whether_it_arrived_so_that_nothing_says_it_again(planned: Planned) -> None:
    row = await claimed(planned.office)
    assert await begins(planned.office, row)
    await wants_the_bus_after_all(planned)
    planned.office.clock.wait(minutes=2)
    await planned.ticks(2)
    await planned.until("11-28 12:00")
    assert await planned.letters() == [FIRST]
    assert await planned.letters(WHO, "unknown") == [FIRST]


# --- a seat that was offered ---


@pytest.fixture
async def full(office: Office) -> Fair:
    """Full; somebody stays away at night, so that the seat is offered to who waits in the morning."""
    fair = Fair(office)
    await fair.answers("come", 10, who=ELSE)
    await fair.answers("come")
    office.clock.wait(hours=10)  # 22:00
    await fair.answers("cannot", who=ELSE)
    await fair.ticks()
    assert len(await fair.letters()) == 1
    return fair


@pytest.mark.parametrize("taken", [True, False])
async def test_who_has_answered_an_offer_on_the_page_is_not_asked_in_the_morning(
    full: Fair, *, taken: bool
) -> None:
    await full.decides(taken=taken)
    await full.ticks(hours=10)
    assert await full.office.ask("SELECT state FROM outbox WHERE cause LIKE '%offer%'") == [("cancelled",)]


async def test_who_asks_for_more_seats_than_there_are_is_still_told_of_theirs(full: Fair) -> None:
    await full.answers("come", 5, who="93007003")
    assert "មិនគ្រប់ ១០ នាក់" in await full.answers("come", 10)
    assert await full.seats(WHO) == ["offered"]
    assert await full.office.ask("SELECT state FROM outbox WHERE cause LIKE '%offer%'") == [("queued",)]
