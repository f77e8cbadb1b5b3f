"""An announcement to many at the platform's pace: paused, resumed, its processes killed, answered meanwhile.

Never asks the product what came: the platform counts, and the store must agree. `SPEED`: how much faster than
Telegram's the limits are, ours and its own alike.
"""

import asyncio
import random
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from bench import bots
from bench.bots import Recipe
from tests.crash.announced import Answered, Audience, Staff, awake
from tests.crash.house import Alone, Api, House, Many, shared
from tests.roles.server import serving
from tests.roles.site import Site

SEED = 20261122
SPEED = 4.0
RATE = 25 * SPEED  # ours, a second
WRITERS = 4
HOLD = 0.02  # seconds a send takes, so that kills find some in flight
IN_FLIGHT = 32  # sends of one process at most (facts: channel-rendering §4)
SOON = 2.0  # seconds in which a pause must hold
SETTLED = 4.0  # seconds after a start in which answers are not judged


@dataclass
class Day:
    """What happens on it. `disturbed`: from when to when something was down."""

    house: House
    audience: Audience
    staff: Staff
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 - whom to kill
    disturbed: list[tuple[float, float]] = field(default_factory=list)

    async def came(self, share: float) -> None:
        """Wait until the announcement has come to that share of the audience."""
        await until(lambda: len(self.audience.times) >= share * self.audience.size)

    async def killed(self) -> None:
        began = perf_counter()
        await self.house.crash(self.chance)
        self.disturbed.append((began, perf_counter() + SETTLED))

    async def paused(self) -> None:
        """Two seconds after it nothing more comes; who writes is answered all the same; then it goes on."""
        await asyncio.to_thread(self.staff.pause)
        await asyncio.sleep(SOON)
        came, wrote = len(self.audience.times), len(self.audience.answered)
        await asyncio.sleep(SOON)
        assert len(self.audience.times) == came
        assert len(self.audience.answered) > wrote
        found, stands = await asyncio.to_thread(self.staff.stands)
        assert found.state == "paused"
        assert came == stands.states["sent"] < self.audience.size
        await asyncio.to_thread(self.staff.resume)

    @property
    def undisturbed(self) -> list[Answered]:
        return [
            one
            for one in self.audience.answered
            if not any(one.wrote < end and one.heard > begin for begin, end in self.disturbed)
        ]


async def live_through(day: Day, kills: int) -> None:
    house, audience, staff = day.house, day.audience, day.staff
    await asyncio.to_thread(staff.gather, audience)
    audience.begin()
    await asyncio.to_thread(staff.announce, audience.size)
    await day.came(0.2)
    await day.paused()
    for nth in range(1, kills + 1):
        await day.came(0.2 + 0.7 * nth / (kills + 1))
        await day.killed()
    await until(lambda: staff.stands()[0].state == "done", every=0.25)
    await audience.finish()
    assert await house.stop() == {0}


def nobody_got_it_twice_and_nobody_was_missed(day: Day) -> None:
    ledger, audience = day.house.ledger, day.audience
    rows = ledger.rows(f"SELECT contact_id, state FROM outbox WHERE {stands_of(day)}")  # noqa: S608 - a number of ours
    assert len(rows) == len({contact for contact, _ in rows}) == audience.size
    ends = [state for _, state in rows]
    assert set(ends) <= {"sent", "unknown"}
    assert set(audience.had.values()) == {1}
    assert set(audience.had) <= set(audience.chats)
    missed = audience.size - len(audience.had)
    assert ends.count("sent") <= len(audience.had)
    assert missed <= ends.count("unknown") <= len(day.house.in_flight)
    assert ends.count("unknown") <= day.house.kills * IN_FLIGHT


def stands_of(day: Day) -> str:
    """What holds of its rows, but of those that a pause took back: they were made anew."""
    return f"cause LIKE 'broadcast:{day.staff.number}:%' AND cause NOT LIKE '%/%'"


def the_states_add_up(day: Day) -> None:
    found, stands = day.staff.stands()
    assert (found.state, found.people) == ("done", day.audience.size)
    assert stands.skipped == {}
    assert stands.people == stands.ended == day.audience.size
    counted = day.house.ledger.states(stands_of(day))
    assert {state: number for state, number in stands.states.items() if number} == dict(counted)


def nobody_waited_for_an_answer(day: Day) -> None:
    """While as much as may be was sent to others."""
    waited = sorted(one.seconds for one in day.undisturbed)
    assert len(waited) >= WRITERS
    assert waited[len(waited) // 2] < 1.0
    assert waited[-1] < 10.0


def show(day: Day, seconds: float) -> None:
    """What pytest prints with -rP."""
    audience = day.audience
    waited = sorted(one.seconds for one in day.undisturbed)
    _, stands = day.staff.stands()
    sys.stdout.write(
        f"{len(audience.times)} of {audience.size} in {seconds:.0f} s, {day.house.kills} kills,"
        f" {len(day.house.in_flight)} in flight, {dict(stands.states)},"
        f" {len(audience.limit.refused)} refused, {len(audience.answered)} answers,"
        f" median {waited[len(waited) // 2]:.2f} s, longest {waited[-1]:.2f} s\n"
    )


async def announced(day: Day, kills: int, within: float) -> None:
    began = perf_counter()
    async with asyncio.timeout(within):
        await live_through(day, kills)
    show(day, perf_counter() - began)
    nobody_got_it_twice_and_nobody_was_missed(day)
    the_states_add_up(day)
    nobody_waited_for_an_answer(day)
    assert not day.audience.limit.refused


async def until(true: Callable[[], bool], every: float = 0.01) -> None:
    """Wait for what another process does."""
    while not await asyncio.to_thread(true):  # noqa: ASYNC110 - other processes tell nobody
        await asyncio.sleep(every)


@pytest.fixture
async def audience(size: int) -> AsyncIterator[Audience]:
    made = Audience(size, WRITERS, SPEED, HOLD)
    await made.fake.server.start()
    try:
        yield made
    finally:
        await made.stop()


def recipe_of(audience: Audience, folder: Path) -> Recipe:
    recipe = bots.spean(audience.fake.server.port, folder)
    paced = {"SPEAN_TELEGRAM__RATE": str(RATE), "SPEAN_TELEGRAM__CHAT_RATE": str(SPEED)}
    hours = {"SPEAN_BOT__QUIET_HOURS": awake()}
    return replace(recipe, environment={**recipe.environment, **paced, **hours})


@pytest.fixture
async def on_a_file(audience: Audience, tmp_path: Path) -> AsyncIterator[Day]:
    recipe = recipe_of(audience, tmp_path)
    audience.port = recipe.port
    url = f"sqlite:///{tmp_path / 'spean.db'}"
    async for day in opened(Alone(traffic(audience), tmp_path, url, recipe=recipe), audience):
        yield day


@pytest.fixture
async def on_a_server(audience: Audience, tmp_path: Path) -> AsyncIterator[Day]:
    with serving() as server:
        recipe = recipe_of(audience, tmp_path)
        audience.port = recipe.port
        site = Site(tmp_path, server, Api(audience.fake.server.port), more=shared(recipe, hooked=True))
        house = Many(traffic(audience), tmp_path, server.url, site=site, hooked=True)
        async for day in opened(house, audience):
            yield day


def traffic(audience: Audience) -> Any:  # noqa: ANN401 - a house only tells it when it is up and down
    return audience


async def opened(house: House, audience: Audience) -> AsyncIterator[Day]:
    staff = None
    try:
        await house.start()
        staff = Staff(house.url, house.folder / "master.key")
        yield Day(house, audience, staff)
    finally:
        if staff is not None:
            staff.close()
        await house.leave()


@pytest.mark.parametrize("size", [300])
async def test_an_announcement_comes_once_to_all_whoever_dies(on_a_file: Day) -> None:
    await announced(on_a_file, kills=1, within=90)


@pytest.mark.long
@pytest.mark.parametrize("size", [20_000])
async def test_twenty_thousand_hear_it_once_from_one_process(on_a_file: Day) -> None:
    await announced(on_a_file, kills=8, within=1800)


@pytest.mark.long
@pytest.mark.parametrize("size", [20_000])
async def test_twenty_thousand_hear_it_once_from_six_processes(on_a_server: Day) -> None:
    await announced(on_a_server, kills=8, within=1800)
