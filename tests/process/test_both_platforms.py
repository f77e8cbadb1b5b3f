"""One process with both platforms: each is made ready once, written to on its own, and answered there."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import Spean
from bot.clock import SystemClock
from bot.config.settings import MessengerSection, Settings, TelegramSection, WebSection
from storage import grants
from tests.fakes.graph.api import FakeGraph
from tests.fakes.telegram.api import FakeTelegram

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    fake = await FakeTelegram().start()
    yield fake
    await fake.stop()
    fake.assert_clean()


@pytest.fixture
async def graph() -> AsyncIterator[FakeGraph]:
    fake = await FakeGraph(speed=100).start()
    fake.grant()
    yield fake
    await fake.stop()
    assert not fake.violations


def settings_of(telegram: FakeTelegram, graph: FakeGraph, folder: Path) -> Settings:
    page = MessengerSection.model_construct(
        enabled=True,
        page_id=graph.page_id,
        page_token=SecretStr(graph.page_token),
        app_secret=SecretStr(graph.app_secret),
        verify_token=SecretStr(graph.verify_token),
        graph_base=graph.base,
    )
    bot = TelegramSection(enabled=True, token=SecretStr(telegram.token), api_base=telegram.base)
    free = WebSection(port=0, internal_port=0)
    config = Settings().kept_in(folder)
    return config.model_copy(update={"messenger": page, "telegram": bot, "web": free})


async def begin(spean: Spean, graph: FakeGraph) -> None:
    await spean.start()
    graph.webhook = spean.chat_url().replace("/chat", "/webhook/messenger")


@pytest.fixture
async def spean(telegram: FakeTelegram, graph: FakeGraph, tmp_path: Path) -> AsyncIterator[Spean]:
    made = Spean(settings_of(telegram, graph, tmp_path), ROOT, SystemClock())
    try:
        await begin(made, graph)
        yield made
    finally:
        await made.stop()


async def test_each_platform_is_answered_where_it_was_asked(
    spean: Spean, telegram: FakeTelegram, graph: FakeGraph
) -> None:
    assert await graph.verify()
    may = await spean.database.read(lambda conn: grants.known(conn, f"messenger:{graph.page_id}"))
    assert may.probed_at is not None
    person, user = graph.person("7001"), telegram.user(77)
    await person.start()
    user.start()
    await user.heard()
    await person.heard()
    assert person.messages[0].text == user.messages[0]["text"]


async def test_health_tells_of_the_whole_process(spean: Spean) -> None:
    async with aiohttp.ClientSession() as session:
        for path, status in (("/healthz", 200), ("/readyz", 200), ("/metrics", 200)):
            async with session.get(f"{spean.internal_url()}{path}") as answer:
                assert answer.status == status, await answer.text()
