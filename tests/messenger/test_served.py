"""A whole Spean on a Page: webhook to reply, each event kept once, and nothing of anybody in a log."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.app import Spean
from bot.clock import SystemClock
from bot.config.settings import MessengerSection, Settings, WebSection
from storage.schema import inbox, outbox
from tests.fakes.graph.api import FakeGraph
from tests.fakes.graph.hooks import encode, sign

ROOT = Path(__file__).parents[2]
PSID = "8881234588812345"


@pytest.fixture
async def spean(fake: FakeGraph, tmp_path: Path) -> AsyncIterator[Spean]:
    page = MessengerSection(
        enabled=True,
        page_id=fake.page_id,
        page_token=SecretStr(fake.page_token),
        app_secret=SecretStr(fake.app_secret),
        verify_token=SecretStr(fake.verify_token),
        graph_base=fake.base,
    )
    config = Settings(messenger=page, web=WebSection(port=0, internal_port=0)).kept_in(tmp_path)
    spean = Spean(config, ROOT, SystemClock())
    await spean.start()
    fake.webhook = spean.chat_url().removesuffix("/chat") + "/webhook/messenger"
    yield spean
    await fake.settled()
    await spean.stop()


async def kept(spean: Spean) -> int:
    found = await spean.database.read(lambda conn: conn.scalar(select(func.count()).select_from(inbox)))
    return found or 0


async def test_a_first_chat_from_get_started_to_a_question(
    fake: FakeGraph, spean: Spean, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await fake.verify()
    person = fake.person(PSID)
    await person.start("fair_12")
    (hello,) = await person.heard()
    await person.press(hello.buttons[0])
    (question,) = await person.heard()
    assert question.buttons
    await fake.settled()  # echoes and receipts of ours are taken too, and are no events of the person
    assert await kept(spean) == 2
    states = await spean.database.read(lambda conn: set(conn.scalars(select(outbox.c.state))))
    assert states == {"sent"}
    fake.assert_clean()
    told = capsys.readouterr()
    for secret in (fake.page_token, fake.app_secret, fake.verify_token, PSID, hello.mid):
        assert secret not in told.out + told.err


async def test_a_body_that_comes_again_and_again_is_kept_and_answered_once(
    fake: FakeGraph, spean: Spean
) -> None:
    person = fake.person(PSID)
    raw = encode(await person.say("សួស្តី"))
    await person.heard()
    header = {"X-Hub-Signature-256": sign(fake.app_secret, raw), "Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session:
        for _ in range(3):
            async with session.post(fake.webhook, data=raw, headers=header) as answer:
                assert answer.status == 200
    await fake.settled()
    assert (await kept(spean), len(person.messages)) == (1, 1)


async def test_three_people_in_one_body_each_have_their_answer(fake: FakeGraph, spean: Spean) -> None:
    people = [fake.person(f"{PSID}{nth}") for nth in range(3)]
    async with fake.batch():
        for person in people:
            await person.say("សួស្តី")
    for person in people:
        await person.heard()
    await fake.settled()
    assert await kept(spean) == 3
