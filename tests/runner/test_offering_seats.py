"""A seat that became free is offered down the waiting list: once to each, with a time to answer."""

from datetime import timedelta

import pytest

from storage import people
from storage.people import Flag
from tests.runner.fair import TITLE, Fair
from tests.runner.office import Office

FIRST, SECOND, THIRD = "93007001", "93007002", "93007003"
DAY = timedelta(hours=24)


@pytest.fixture
async def fair(office: Office) -> Fair:
    """Full; two more parties of ten wait."""
    held = Fair(office)
    for who in (FIRST, SECOND, THIRD):
        await held.answers("come", 10, who=who)
    return held


async def test_whoever_waits_longest_is_asked_and_may_take_it(fair: Fair) -> None:
    await fair.answers("cannot", who=FIRST)
    now = await fair.ticks()
    (letter,) = await fair.letters(SECOND)
    assert TITLE in letter.part.text
    assert letter.part.text.partition("\n")[0] == await fair.office.words("activity.offer")
    assert [one.payload for one in letter.part.buttons] == [
        f"a:{fair.held.id}:take",
        f"a:{fair.held.id}:leave",
    ]
    assert await fair.letters(THIRD) == []
    cause, expires = (await fair.office.ask("SELECT cause, expires FROM outbox WHERE lane > 0"))[0]
    assert cause == f"activity:{fair.held.id}:offer1:{fair.people[SECOND]}"
    assert str(expires).startswith(str((now + DAY).replace(tzinfo=None)))
    said = await fair.decides(taken=True, who=SECOND)
    assert await fair.office.words("activity.held") in said
    assert await fair.seats(SECOND, THIRD) == ["held", "waiting"]
    await fair.ticks(hours=25)
    assert await fair.seats(SECOND, THIRD) == ["held", "waiting"]


async def test_a_seat_that_is_left_or_not_answered_goes_to_the_next(fair: Fair) -> None:
    await fair.answers("cannot", who=FIRST)
    await fair.ticks()
    await fair.ticks(hours=24)
    assert await fair.seats(SECOND, THIRD) == ["none", "offered"]
    assert len(await fair.letters(THIRD)) == 1
    late = await fair.decides(taken=True, who=SECOND)
    assert "បញ្ជីរង់ចាំ" in late
    assert await fair.office.words("activity.cannot") in await fair.decides(taken=False, who=THIRD)
    assert await fair.seats(SECOND, THIRD) == ["offered", "none"]
    await fair.ticks()
    causes = await fair.office.ask("SELECT cause FROM outbox WHERE cause LIKE '%offer%' ORDER BY id")
    numbers = [fair.people[SECOND], fair.people[THIRD], fair.people[SECOND]]
    assert [row[0] for row in causes] == [
        f"activity:{fair.held.id}:offer{nth}:{who}" for nth, who in zip((1, 1, 2), numbers, strict=True)
    ]


async def test_nobody_is_woken_for_a_seat_and_has_a_day_from_the_morning(fair: Fair) -> None:
    fair.office.clock.wait(hours=10)  # 22:00
    await fair.answers("cannot", who=FIRST)
    now = await fair.ticks()
    (letter,) = await fair.letters(SECOND)
    morning = fair.office.kit.quiet_hours.after(now)
    assert letter.not_before == morning
    assert (await fair.mine(SECOND)).offered_until == morning + DAY


@pytest.mark.parametrize("flag", ["stopped", "hidden"])
async def test_whoever_cannot_be_told_leaves_it_to_the_next(fair: Fair, flag: Flag) -> None:
    number, now = fair.people[SECOND], fair.office.clock.at
    await fair.office.database.run(lambda conn: people.set_flag(conn, number, flag, on=True, now=now))
    await fair.answers("cannot", who=FIRST)
    await fair.ticks()
    assert await fair.letters(SECOND) == []
    assert await fair.seats(SECOND, THIRD) == ["none", "offered"]
    assert len(await fair.letters(THIRD)) == 1


async def test_whoever_asked_for_discretion_reads_nothing_of_it(fair: Fair) -> None:
    number, now = fair.people[SECOND], fair.office.clock.at
    await fair.office.database.run(lambda conn: people.set_flag(conn, number, "discreet", on=True, now=now))
    await fair.answers("cannot", who=FIRST)
    await fair.ticks()
    (letter,) = await fair.letters(SECOND)
    assert TITLE not in letter.part.text
    assert [one.payload for one in letter.part.buttons] == [f"a:{fair.held.id}"]


async def test_more_room_is_offered_when_the_agenda_looks(fair: Fair) -> None:
    await fair.becomes(capacity=20)
    assert await fair.seats(SECOND, THIRD) == ["waiting", "waiting"]
    await fair.ticks()
    assert await fair.seats(SECOND, THIRD) == ["offered", "waiting"]
    assert len(await fair.letters(SECOND)) == 1
