"""The power goes out while people talk with the Page: what was not taken is told again, and nothing twice.

Never asks the product: each message that people got carries the name of its row; the store holds the rest.
"""

import asyncio
import itertools
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from bench import plans
from bench.people import choose
from storage.people import event_blind
from storage.seal import Vault
from tests.crash.ledger import Ledger
from tests.fakes.graph.api import FakeGraph
from tests.fakes.graph.person import FakePerson
from tests.fakes.graph.world import Got
from tests.intake.house import House

PEOPLE = 5
ACTS = 9  # of each of them
ACTS_BETWEEN = (0, 1, 3, 8, 16)  # of two kills
PATIENCE = 60.0  # seconds


@dataclass
class Talk:
    """People who come one after another, until it is `over`."""

    fake: FakeGraph
    house: House
    ledger: Ledger
    acts: int = 0
    in_flight: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)
    came: int = 0

    async def open(self) -> None:
        await self.house.open()
        self.fake.webhook = self.house.messenger

    async def crash(self) -> None:
        assert await self.house.close(signal.SIGKILL) == -signal.SIGKILL
        self.in_flight += len(self.ledger.in_flight())
        await self.open()

    async def keep_coming(self) -> None:
        while not self.over.is_set():
            self.came += 1
            await self._walk(self.fake.person(5_550_000 + self.came))

    async def _walk(self, person: FakePerson) -> None:
        for heard in range(ACTS):
            await self._act(person)
            self.acts += 1
            await self.fake.until(lambda now=heard: answered(person, now), PATIENCE, f"answer {heard}")

    async def _act(self, person: FakePerson) -> None:
        if not person.messages:
            await person.start()
        elif words := typed(person.last):
            await person.say(words)
        else:
            buttons = tuple((one.label, one.payload) for one in person.last.choices)
            await person.tap(choose(buttons, plans.SPEAN))


def typed(got: Got) -> str | None:
    return next((said for part, said in plans.SPEAN.typed if part in got.text), None)


def answered(person: FakePerson, before: int) -> bool:
    """More questions came than acts were answered before, a question that came twice counting once."""
    asked = {got.metadata for got in person.messages if got.choices or typed(got)}
    return len(asked) > before and bool(person.last.choices or typed(person.last))


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    fake = await FakeGraph(speed=20).start()
    house = House(tmp_path).on_messenger(fake)
    try:
        made = Talk(fake, house, Ledger(f"sqlite:///{house.store}"))
        await made.open()
        yield made
    finally:
        await house.close(signal.SIGKILL)
        await fake.stop()


async def survive(talk: Talk, kills: int) -> None:
    chance = random.Random(20261123)  # noqa: S311 - when to kill
    talking = [asyncio.create_task(talk.keep_coming()) for _ in range(PEOPLE)]
    for _ in range(kills):
        goal = talk.acts + chance.choice(ACTS_BETWEEN)
        await talk.fake.until(lambda goal=goal: talk.acts >= goal, PATIENCE, "some talk")
        await talk.crash()
    talk.over.set()
    await asyncio.gather(*talking)
    await talk.fake.settled(PATIENCE)
    async with asyncio.timeout(PATIENCE):
        while talk.ledger.waiting():  # noqa: ASYNC110 - another process tells nobody
            await asyncio.sleep(0.05)
    assert await talk.house.close() == 0
    talk.fake.assert_clean()
    everything_taken_was_applied_once(talk)
    twice = everything_left_in_order(talk)
    sys.stdout.write(f"{kills} kills, {talk.acts} acts, {twice} twice of {talk.in_flight} in flight\n")
    assert twice <= talk.in_flight


def everything_taken_was_applied_once(talk: Talk) -> None:
    assert {post.statuses[-1] for post in talk.fake.hooks.posts} == {200}
    told = [post.body["entry"][0]["messaging"][0] for post in talk.fake.hooks.posts]
    acts = [one.get("message") or one.get("postback") for one in told]
    mids = [act["mid"] for act in acts if act is not None and not act.get("is_echo")]
    assert len(mids) == talk.acts
    vault, account = Vault.open(talk.house.folder / "master.key"), f"messenger:{talk.fake.page_id}"
    assert sorted(talk.ledger.inbox_keys()) == sorted(event_blind(vault, account, mid) for mid in mids)
    for steps in talk.ledger.walks().values():
        assert all(before[1] == after[0] for before, after in pairwise(steps))


def everything_left_in_order(talk: Talk) -> int:
    """How many messages came a second time."""
    assert talk.ledger.states("lane >= 0").keys() == {"sent"}
    threads = [
        [int(got.metadata.removeprefix("spean:o")) for got in one.got]
        for one in talk.fake.world.threads.values()
    ]
    came = Counter(itertools.chain.from_iterable(threads))
    assert came.keys() == {row for (row,) in talk.ledger.rows("SELECT id FROM outbox")}
    for thread in threads:
        first = list(dict.fromkeys(thread))
        assert first == sorted(first)
    return sum(came.values()) - len(came)


async def test_kills_under_the_page_lose_nothing_and_apply_nothing_twice(talk: Talk) -> None:
    await survive(talk, 4)


@pytest.mark.long
async def test_a_hundred_kills_under_the_page_lose_nothing_and_apply_nothing_twice(talk: Talk) -> None:
    await survive(talk, 100)
