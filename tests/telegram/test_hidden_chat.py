"""Hiding as Telegram sees it: the real channel and runner, and an empty chat with one line in it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import scripts
from bot.channels.telegram.channel import TelegramChannel
from bot.runner.publishing import publish
from storage.database import Database
from storage.seal import Vault
from tests.fakes.telegram.api import FakeTelegram
from tests.fakes.telegram.user import FakeUser
from tests.runner.office import NOON, Office
from tests.started import shipped


@dataclass
class Line:
    """What the person does reaches the runner, as polling would bring it."""

    office: Office
    channel: TelegramChannel
    user: FakeUser
    offset: int = 0

    async def deliver(self) -> None:
        for raw in await self.channel.updates(self.offset, 0):
            self.offset = raw["update_id"] + 1
            await self.office.inbound.take(self.channel.account, raw)
        await self.office.until_states(["sent"] * len(await self.office.outbox("77")), "77")


@pytest.fixture
async def line(
    fake: FakeTelegram, channel: TelegramChannel, database: Database, vault: Vault, tmp_path: Path
) -> AsyncIterator[Line]:
    files = shipped()
    await database.run(lambda conn: publish(conn, scripts.digest(files), files, NOON))
    office = Office(database, vault, tmp_path, stage=channel)  # type: ignore[arg-type]
    office.serve()
    yield Line(office, channel, fake.user(77))
    await office.close()


async def test_both_sides_of_the_chat_are_gone(fake: FakeTelegram, line: Line) -> None:
    user = line.user
    user.start()
    await line.deliver()
    user.tap("ភាសាខ្មែរ")
    await line.deliver()
    user.location()
    await line.deliver()
    user.text("តើមានការងារទេ?")
    await line.deliver()
    assert len(user.chat.messages) > 5
    user.text("🙈")
    await line.deliver()
    (left,) = user.chat.messages.values()
    assert left["text"].startswith(await line.office.words("hide.telegram"))
    assert "reply_markup" not in left
    assert user.chat.keyboard == []
    fake.assert_clean()


async def test_a_picture_is_taken_back_from_the_chat(fake: FakeTelegram, line: Line) -> None:
    user = line.user
    user.start()
    await line.deliver()
    user.tap("ភាសាខ្មែរ")
    await line.deliver()
    user.photo()
    await line.deliver()
    assert any("photo" in message for message in user.chat.messages.values())
    user.tap("delete")
    await line.deliver()
    assert not any("photo" in message for message in user.chat.messages.values())
    assert fake.called("deleteMessages")
    fake.assert_clean()
