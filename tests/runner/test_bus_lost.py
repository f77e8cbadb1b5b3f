"""A bus stop that an edit takes away: whoever was to board there hears it first, and can choose again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.activity import Bilingual, Stop
from bot.core.activity_words import details
from bot.runner import losing
from bot.runner.losing import Losing
from tests.runner.office import WHO, Office
from tests.runner.planned import START, STOP, Planned

ELSE = "93007002"
OTHER = Stop("kandieng", Bilingual("ផ្សារកណ្តៀង", "Kandieng market"), START - timedelta(hours=2), 40)


@pytest.fixture
async def planned(office: Office) -> Planned:
    """Published; a family of four takes the bus, and somebody comes alone."""
    found = Planned(office)
    await found.publish()
    await found.ticks()
    await found.knows(WHO)
    await found.knows(ELSE)
    await found.fair.answers("bus", 4, stop="bakan")
    await found.fair.answers("come", who=ELSE)
    return found


async def test_who_loses_their_bus_hears_that_first_and_can_choose_another(planned: Planned) -> None:
    await planned.change(stops=(OTHER,), cost=5000)
    await planned.ticks()
    theirs, others = (await planned.said())[-1].part, (await planned.said(ELSE))[-1].part
    lost = await planned.office.words("reminder.now-no-bus")
    first, second, *_ = theirs.text.split("\n")
    assert first == await planned.office.words("reminder.changed"), "nothing on a locked screen"
    assert second == lost
    choose = f"a:{planned.number}:bus"
    assert [one.payload for one in theirs.buttons] == [choose, f"a:{planned.number}"]
    assert lost not in others.text
    assert [one.payload for one in others.buttons] == [f"a:{planned.number}"]


async def test_without_any_bus_left_there_is_none_to_choose(planned: Planned) -> None:
    await planned.change(stops=())
    await planned.ticks()
    theirs = (await planned.said())[-1].part
    assert await planned.office.words("reminder.now-no-bus") in theirs.text
    assert [one.payload for one in theirs.buttons] == [f"a:{planned.number}"]


async def test_they_keep_their_seat_and_are_not_shown_on_a_bus(planned: Planned) -> None:
    await planned.change(stops=(OTHER,))
    mine, held = await planned.fair.mine(), await planned.held()
    assert (mine.coming, mine.seat) == ("come", "held")
    said = [getattr(one, "id", "") for one in details(held, mine, "km", planned.office.clock.at)]
    assert "activities.mine-no-bus" in said
    await planned.fair.answers("bus", 4, stop="kandieng")
    assert (await planned.fair.mine()).coming == "bus"


async def test_a_stop_that_is_back_is_theirs_again(planned: Planned) -> None:
    await planned.change(stops=())
    await planned.change(stops=(STOP,))
    assert (await planned.fair.mine()).coming == "bus"
    assert (await planned.fair.mine(ELSE)).coming == "come"


async def test_who_waits_for_a_bus_that_is_gone_waits_for_a_seat_alone(planned: Planned) -> None:
    await planned.change(stops=(replace(STOP, seats=4),))
    await planned.fair.answers("bus", 2, who="93007003", stop="bakan")
    assert await planned.fair.seats("93007003") == ["waiting"]
    await planned.change(stops=())
    await planned.ticks()
    assert await planned.fair.seats("93007003") == ["offered"]
    await planned.fair.decides(taken=True, who="93007003")
    assert await planned.fair.seats("93007003") == ["held"]


async def test_before_it_is_done_it_is_known_how_many_lose_by_it(planned: Planned) -> None:
    held = await planned.held()

    async def lose(**cells: object) -> Losing:
        sheet = replace(held.sheet, **cells)  # type: ignore[arg-type]
        return await planned.office.database.read(lambda conn: losing.losing(conn, held, sheet))

    assert await lose() == Losing()
    assert await lose(stops=(OTHER,)) == Losing(bus=4)
    assert await lose(stops=(replace(STOP, seats=3),)) == Losing(bus_seats=1)
    assert await lose(capacity=3) == Losing(seats=2)
