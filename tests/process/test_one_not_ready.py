"""One of two platforms is out of reach when the process starts: the other is served, and it follows later."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.typing import EventDict

from bot.app import Spean
from bot.channels.account import AccountError
from bot.clock import SystemClock
from storage import pace
from tests.fakes.graph.api import FakeGraph
from tests.fakes.telegram.api import FakeTelegram
from tests.process.test_both_platforms import ROOT, begin, graph, settings_of, telegram

__all__ = ("graph", "telegram")


@pytest.fixture
async def spean(telegram: FakeTelegram, graph: FakeGraph, tmp_path: Path) -> AsyncIterator[Spean]:
    made = Spean(settings_of(telegram, graph, tmp_path), ROOT, SystemClock())
    yield made
    await made.stop()


async def stops(spean: Spean) -> dict[str, str]:
    """Why accounts are stopped."""
    known = await spean.database.read(pace.all_)
    return {name: one.stopped for name, one in known.items() if one.stopped}


async def test_an_expired_token_of_the_page_keeps_telegram_from_nothing(
    spean: Spean, telegram: FakeTelegram, graph: FakeGraph, journal: list[EventDict]
) -> None:
    page = f"messenger:{graph.page_id}"
    graph.world.token_error = "expired"
    await begin(spean, graph)
    assert await stops(spean) == {page: "not ready: BadPageToken"}
    assert {"account": page, "error": "BadPageToken"}.items() <= next(
        line.items() for line in journal if line["event"] == "platform not ready"
    )
    user = telegram.user(77)
    user.start()
    await user.heard()
    await spean._beginning.again()  # noqa: SLF001 - the metronome's beat, minutes from now
    assert await stops(spean) == {page: "not ready: BadPageToken"}
    graph.world.token_error = ""
    await spean._beginning.again()  # noqa: SLF001
    assert await stops(spean) == {}
    person = graph.person("7001")
    await person.start()
    await person.heard()


async def test_telegram_is_polled_as_soon_as_it_is_ready(
    spean: Spean, telegram: FakeTelegram, graph: FakeGraph
) -> None:
    token, telegram.token = telegram.token, "7001:another"
    user = telegram.user(77)
    user.start()
    await begin(spean, graph)
    assert list((await stops(spean)).values()) == ["not ready: BadToken"]
    person = graph.person("7001")
    await person.start()
    await person.heard()
    telegram.token = token
    await spean._beginning.again()  # noqa: SLF001 - the metronome's beat, minutes from now
    await user.heard()
    assert await stops(spean) == {}


async def test_the_only_platform_refuses_to_start(graph: FakeGraph, tmp_path: Path) -> None:
    alone = settings_of(FakeTelegram(), graph, tmp_path)
    alone = alone.model_copy(update={"telegram": alone.telegram.model_copy(update={"enabled": False})})
    graph.world.token_error = "expired"
    spean = Spean(alone, ROOT, SystemClock())
    try:
        with pytest.raises(AccountError):
            await spean.start()
    finally:
        await spean.stop()
