"""A town on Telegram: one fake Bot API, one `spean run` behind its webhook, and people who come to it.

Never lets two tests meet in one chat.
"""

import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest
import pytest_asyncio

from bot.core.contact import Address
from tests.fakes.telegram.api import FakeTelegram
from tests.intake.house import House
from tests.intake.stored import Stored, stored
from tests.intake.ways import OnTelegram

_people = itertools.count(5_560_001)


@dataclass
class Town:
    fake: FakeTelegram
    house: House

    def knows(self, person: OnTelegram) -> Stored:
        """What the store holds about somebody."""
        kept = stored(self.house.folder, self.address(person))
        assert kept is not None, "nobody is known there"
        return kept

    def address(self, person: OnTelegram) -> Address:
        return Address(f"telegram:{self.fake.world.bot['id']}", str(person.user.id))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    fake = await FakeTelegram().start()
    house = House(tmp_path_factory.mktemp("town")).on_telegram(fake, "webhook")
    try:
        await house.open()
        yield Town(fake, house)
    finally:
        status = await house.close()
        await fake.stop()
    assert status == 0
    fake.assert_clean()


@pytest.fixture
def newcomer(town: Town) -> Callable[[], OnTelegram]:
    """Somebody who has not written yet."""
    return lambda: OnTelegram(town.fake, town.fake.user(next(_people)))


@pytest_asyncio.fixture(loop_scope="module")
async def person(newcomer: Callable[[], OnTelegram]) -> OnTelegram:
    """Somebody who has opened the chat."""
    came = newcomer()
    came.start()
    return came
