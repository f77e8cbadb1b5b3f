"""The power goes out twenty times while people talk with us, and nobody loses or repeats a step.

Never looks into a sealed cell: what people see, and what the store counts, must agree.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench import bots, plans
from bench.bots import Bot, Recipe
from storage.people import event_blind
from storage.seal import Vault
from tests.crash.ledger import Ledger
from tests.crash.traffic import Traffic, questions

PEOPLE = 16
HOLD = 0.004  # seconds a send takes
UPDATES_BETWEEN = (0, 1, 3, 10, 30, 60)  # of two kills; none: killed again while it takes up what it had left


@dataclass
class Site:
    """One installation that survives its processes, and the people who use it."""

    recipe: Recipe
    folder: Path
    traffic: Traffic
    ledger: Ledger
    bot: Bot
    in_flight: int = 0

    async def crash(self) -> None:
        """SIGKILL, count what was in flight, start again on the same store."""
        self.traffic.down()
        self.bot.kill()
        self.in_flight += self.ledger.in_flight()
        self.bot = await Bot.start(self.recipe, self.folder, None)
        self.traffic.up(self.bot)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    traffic = Traffic(plans.SPEAN, PEOPLE, HOLD)
    await traffic.fake.server.start()
    try:
        recipe = bots.spean(traffic.fake.server.port, tmp_path)
        bot = await Bot.start(recipe, tmp_path, None)
        traffic.up(bot)
        made = Site(recipe, tmp_path, traffic, Ledger(tmp_path / "spean.db"), bot)
        yield made
        made.bot.kill()
    finally:
        await traffic.stop()


async def survive(site: Site, kills: int, within: float) -> None:
    try:
        async with asyncio.timeout(within):
            await live_through(site, kills)
    except TimeoutError:
        nothing_was_lost(site)  # says why somebody waits for ever, if that is why
        raise
    nothing_was_lost(site)
    nothing_was_applied_twice(site)
    everyone_came_to_the_end(site)


async def live_through(site: Site, kills: int) -> None:
    chance = random.Random(20261121)  # noqa: S311 (when to kill)
    traffic = site.traffic
    traffic.begin()
    for _ in range(kills):
        await traffic.acknowledge(chance.choice(UPDATES_BETWEEN))
        await site.crash()
    await traffic.finish()
    assert await asyncio.to_thread(site.bot.stop) == 0


def nothing_was_lost(site: Site) -> None:
    vault = Vault.open(site.folder / "master.key")
    kept = site.ledger.inbox_keys()
    promised = {event_blind(vault, "telegram:123456", f"u{number}") for number in site.traffic.acknowledged}
    assert promised <= set(kept), "acknowledged, and not in the store"
    assert len(kept) == len(promised) == len(site.traffic.acknowledged)
    states = dict(site.ledger.rows("SELECT state, count(*) FROM outbox GROUP BY state"))
    assert states.keys() == {"sent"}


def nothing_was_applied_twice(site: Site) -> None:
    walked = list(site.traffic.walked.values())
    assert all(questions(person) == questions(walked[0]) for person in walked)
    assert {len(sent) for sent in site.traffic.sent.values()} == {len(questions(walked[0]))}
    for steps in site.ledger.walks().values():
        assert [after for _, after in steps[:-1]] == [before for before, _ in steps[1:]]
    for numbers in site.ledger.sequences().values():
        assert numbers == list(range(1, len(numbers) + 1))
    assert sum(person.repeats for person in walked) <= site.in_flight


def everyone_came_to_the_end(site: Site) -> None:
    people = len(site.traffic.walked)
    assert site.ledger.one("SELECT count(*) FROM contact") == people
    assert site.ledger.one("SELECT count(*) FROM submission WHERE closed_at IS NOT NULL") == people
    numbers = [number for (number,) in site.ledger.rows("SELECT number FROM casefile ORDER BY number")]
    assert len(numbers) == people
    assert [int(number[-5:]) for number in numbers] == list(range(1, people + 1))
    everybodys = site.ledger.answers()
    assert len(everybodys) == people
    assert len({tuple(fields) for fields in everybodys.values()}) == 1


async def test_twenty_kills_during_traffic_lose_nothing_and_apply_nothing_twice(site: Site) -> None:
    await survive(site, 20, within=120)


@pytest.mark.long
async def test_two_hundred_kills_lose_nothing_and_apply_nothing_twice(site: Site) -> None:
    await survive(site, 200, within=1800)
