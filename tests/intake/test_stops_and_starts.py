"""The server is told to stop, is killed, or finds its store or scripts broken: nobody loses their place."""

import asyncio
import shutil
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.fakes.telegram.api import FakeTelegram
from tests.intake.house import ROOT, House
from tests.intake.plan import AGREE, SHORT_PART
from tests.intake.stored import stored
from tests.intake.ways import PERSON, OnTelegram, walk


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    made = await FakeTelegram().start()
    yield made
    await made.stop()
    made.assert_clean()


@pytest.fixture
def copy(tmp_path: Path) -> House:
    """An installation with scripts of its own, which may be broken."""
    at, kept = tmp_path / "at", tmp_path / "kept"
    kept.mkdir()
    for folder in ("dialogs", "locales"):
        shutil.copytree(ROOT / folder, at / folder)
    shutil.copy(ROOT / "bot.toml", at)
    return House(kept, at=at)


async def test_sigterm_ends_it_well_while_pages_and_polls_wait(tmp_path: Path, fake: FakeTelegram) -> None:
    house = await House(tmp_path).on_telegram(fake, "polling").open()
    api = f"{house.chat}/api"
    async with aiohttp.ClientSession() as browser:
        async with browser.post(f"{api}/session") as answer:
            headers = {"Authorization": f"Bearer {(await answer.json())['token']}"}
        waiting = asyncio.create_task(_body(browser, f"{api}/events?wait=25&after=0", headers))
        async with browser.get(f"{api}/history", headers=headers):
            assert not waiting.done()
        began = time.monotonic()
        assert await house.close() == 0
        assert time.monotonic() - began < 5
        (answered,) = await asyncio.gather(waiting, return_exceptions=True)
    if isinstance(answered, BaseException):  # the poll came when the door was already shut
        assert isinstance(answered, aiohttp.ClientConnectionError)
    else:
        assert answered["lines"] == []
    assert '"level": "error"' not in house.log.read_text("utf-8")


async def test_after_a_kill_it_goes_on_where_everybody_was(tmp_path: Path, fake: FakeTelegram) -> None:
    house = await House(tmp_path).on_telegram(fake, "polling").open()
    person = OnTelegram(fake, fake.user(PERSON))
    person.start()
    await walk(person, (*AGREE, *SHORT_PART[:2]))
    await person.sees(SHORT_PART[2].asked)
    assert await house.close(signal.SIGKILL) == -signal.SIGKILL
    await person.do(SHORT_PART[2])  # while nobody is there
    await house.open()
    await walk(person, SHORT_PART[3:6])
    await person.sees(SHORT_PART[6].asked)
    assert await house.close() == 0
    kept = stored(tmp_path)
    assert kept is not None
    assert kept.answers.keys() == {"phone_sharing[0]", "age[0]", "home[0]", "need[0]", "contact_way[0]"}
    assert [number for number, _, _ in kept.cases] == [f"PU-{kept.cases[0][0][3:7]}-00001"]


async def test_a_damaged_store_is_not_served_and_not_touched(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.store.write_bytes(b"this is no store" * 1000)
    ended = await house.spean("run")
    assert ended.status == 1
    assert "[storage] url · " in ended.err
    assert "is damaged or no Spean store" in ended.err
    assert "Traceback" not in ended.err
    assert house.store.read_bytes() == b"this is no store" * 1000


async def test_a_broken_script_stops_the_first_start_but_never_a_running_bot(copy: House) -> None:
    menu = copy.at / "dialogs" / "menu.toml"
    good = menu.read_bytes()
    menu.write_bytes(good.replace(b'next = "end"', b'next = "nowhere"', 1))
    ended = await copy.spean("run")
    assert ended.status == 1
    assert "dialogs/menu.toml" in ended.err
    assert "nowhere" in ended.err
    assert "Traceback" not in ended.err

    menu.write_bytes(good)
    await copy.open()
    assert await copy.close() == 0
    menu.write_bytes(good.replace(b'next = "end"', b'next = "nowhere"', 1))
    await copy.open()
    async with aiohttp.ClientSession() as browser, browser.get(copy.chat) as page:
        assert page.status == 200
    assert await copy.close() == 0
    told = copy.log.read_text("utf-8")
    assert "dialogs/menu.toml" in told
    assert "stays live" in told


async def _body(browser: aiohttp.ClientSession, address: str, headers: dict[str, str]) -> dict[str, object]:
    async with browser.get(address, headers=headers) as answer:
        body: dict[str, object] = await answer.json()
        return body
