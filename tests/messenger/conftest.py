"""One fake Graph API. Never shared between tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.messenger.channel import MessengerChannel
from tests.fakes.graph.api import FakeGraph
from tests.fakes.graph.person import FakePerson
from tests.messenger.house import House, MovedClock, served


@pytest.fixture
async def fake() -> AsyncIterator[FakeGraph]:
    fake = await FakeGraph(speed=100).start()
    yield fake
    await fake.stop()


@pytest.fixture
def person(fake: FakeGraph) -> FakePerson:
    """Somebody who has written to the Page a moment ago."""
    person = fake.person("7001")
    person.met()
    return person


@pytest.fixture
async def channel(fake: FakeGraph) -> AsyncIterator[MessengerChannel]:
    channel = MessengerChannel(fake.page_id, fake.page_token, fake.app_secret, fake.base)
    yield channel
    await channel.close()


@pytest.fixture
async def house(fake: FakeGraph, tmp_path: Path) -> AsyncIterator[House]:
    """A whole Spean on the fake's Page; both have one clock."""
    clock = MovedClock()
    fake.world.clock = clock.now
    async with served(tmp_path, fake, clock) as house:
        yield house
