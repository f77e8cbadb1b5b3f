"""A token or the app's secret ends while the process serves: noticed, and told to whoever can be reached."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.typing import EventDict

from bot.app import Spean
from bot.channels.telegram.account import BadToken
from bot.clock import SystemClock
from storage import duty, pace, staff
from storage.staff import Grant
from tests.fakes.graph.api import FakeGraph
from tests.fakes.telegram.api import FakeTelegram
from tests.fakes.telegram.user import FakeUser
from tests.process.test_both_platforms import ROOT, begin, graph, settings_of, telegram
from tests.process.test_one_not_ready import stops

__all__ = ("graph", "telegram")

CODE = "ABCD2345"
PATIENCE = 20.0


@pytest.fixture
async def spean(telegram: FakeTelegram, graph: FakeGraph, tmp_path: Path) -> AsyncIterator[Spean]:
    made = Spean(settings_of(telegram, graph, tmp_path), ROOT, SystemClock())
    await begin(made, graph)
    yield made
    await made.stop()


async def administrator(spean: Spean, telegram: FakeTelegram) -> FakeUser:
    """On duty, with a chat on Telegram."""
    now = spean.clock.now()
    await spean.database.run(lambda conn: staff.add(conn, "sok", [Grant("admin")], now))
    assert await spean.database.run(lambda conn: duty.set_code(conn, spean.vault, "sok", CODE, now))
    chief = telegram.user(88)
    chief.text(f"/staff {CODE}")
    async with asyncio.timeout(PATIENCE):
        while not await spean.database.read(lambda conn: duty.members(conn, now)):  # noqa: ASYNC110 - the store tells nobody
            await asyncio.sleep(0.01)
    return chief


async def stopped(spean: Spean, account: str) -> str:
    """Wait until it is; why."""
    async with asyncio.timeout(PATIENCE):
        while account not in (found := await stops(spean)):  # noqa: ASYNC110 - the store tells nobody
            await asyncio.sleep(0.01)
    return found[account]


@pytest.mark.parametrize("ended", ["token", "secret"])
async def test_a_page_that_is_refused_while_serving_is_stopped_and_told(
    spean: Spean, telegram: FakeTelegram, graph: FakeGraph, journal: list[EventDict], ended: str
) -> None:
    page, chief = f"messenger:{graph.page_id}", await administrator(spean, telegram)
    person = graph.person("7001")
    await person.start()
    await person.heard()
    await graph.settled()
    secret = graph.app_secret
    if ended == "token":
        graph.world.token_error = "expired"
    else:
        graph.app_secret = "f" * 32
    await person.say("សួស្តី")
    assert (await stopped(spean, page)).startswith("bad-token 190" if ended == "token" else "bad-proof 100")
    told = (await spean.words()).say("bot.account-stopped", "km", {"account": page}).partition("\n")[0]
    async with asyncio.timeout(PATIENCE):
        while not any(told in str(one.get("text")) for one in chief.messages):  # noqa: ASYNC110 - of many
            await asyncio.sleep(0.01)
    assert [line["account"] for line in journal if line["event"] == "account refused"] == [page]
    graph.app_secret = secret
    graph.violations.clear()


async def test_a_token_of_telegram_that_was_revoked_ends_the_process_by_its_name(
    spean: Spean, telegram: FakeTelegram
) -> None:
    user = telegram.user(77)
    user.start()
    await user.heard()
    token, telegram.token = telegram.token, "7001:another"
    with pytest.raises(BadToken):
        await asyncio.wait_for(spean.failed(), PATIENCE)
    telegram.token = token


async def test_what_telegram_refuses_while_it_is_polled_is_stopped(
    spean: Spean, telegram: FakeTelegram, journal: list[EventDict]
) -> None:
    user = telegram.user(77)
    user.start()
    await user.heard()
    telegram.fault(method="sendMessage", status=401, times=9)
    user.text("សួស្តី")
    account = f"telegram:{telegram.token.partition(':')[0]}"
    assert await stopped(spean, account) == "bad-token"
    known = await spean.database.read(pace.all_)
    assert known[account].stops >= 1
    assert account in [line["account"] for line in journal if line["event"] == "account refused"]
