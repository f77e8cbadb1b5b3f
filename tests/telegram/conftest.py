"""One fake Telegram and our channel to it. Never shared between tests."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram.channel import TelegramChannel
from tests.fakes.telegram.api import FakeTelegram
from tests.fakes.telegram.user import FakeUser


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    fake = await FakeTelegram(speed=100).start()
    yield fake
    await fake.stop()


@pytest.fixture
async def channel(fake: FakeTelegram) -> AsyncIterator[TelegramChannel]:
    channel = TelegramChannel(fake.token, fake.base)
    yield channel
    await channel.close()


@pytest.fixture
def user(fake: FakeTelegram) -> FakeUser:
    return fake.user(77)
