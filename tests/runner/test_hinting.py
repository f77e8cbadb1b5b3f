"""Hints: a step in one process wakes the page that waits at another, and whoever sends for the account."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import scripts
from bot.channels.webchat.capabilities import ACCOUNT as PAGES
from bot.channels.webchat.channel import WebChat
from bot.core.contact import Address
from bot.runner.hinting import Hinting, Outgoing
from bot.runner.hinting import Pages as Woken
from bot.runner.inbound import Inbound
from bot.runner.publishing import publish
from storage.database import Database
from storage.seal import Vault
from tests.runner.office import NOON, PATIENCE, Office
from tests.runner.stage import Stage
from tests.started import shipped

HERE = Address(PAGES, "page-1")


@dataclass
class Process:
    """An office that hears the others and is heard. `serves`: it sends, too."""

    office: Office
    hinting: Hinting
    inbound: Inbound


@pytest.fixture
async def two_processes(
    postgres_store_url: str, vault: Vault, tmp_path: Path
) -> AsyncIterator[tuple[Process, Process]]:
    made, stage = [], Stage()
    for name in ("ingest", "dispatch"):
        office = Office(Database.open(postgres_store_url), vault, tmp_path, stage=stage, worker=name)
        office.kit.channels[PAGES] = WebChat()  # type: ignore[index]
        hinting = Hinting(
            office.database, office.sender, office.chats, pushed={stage.account}, pulled={PAGES}
        )
        outgoing = Outgoing(office.sender, hinting, {stage.account} if name == "dispatch" else set())
        inbound = Inbound(
            office.database, office.kit, outgoing, Woken(office.chats, hinting), office.clock.now
        )
        made.append(Process(office, hinting, inbound))
    files = shipped()
    await made[0].office.database.run(lambda conn: publish(conn, scripts.digest(files), files, NOON))
    yield made[0], made[1]
    for one in made:
        await one.hinting.close()
        await one.office.close()
        await one.office.database.close()


async def test_a_page_at_another_process_is_woken(
    two_processes: tuple[Process, Process], postgres_store_url: str
) -> None:
    one, other = two_processes
    with (
        other.office.chats.waiter(*_where(HERE)) as mine,
        other.office.chats.waiter(PAGES, "page-2") as not_mine,
    ):
        other.hinting.listen(postgres_store_url)
        while not mine.is_set():  # until the other listens, hints are lost
            one.hinting.page(HERE)
            await asyncio.sleep(0.01)
        assert not not_mine.is_set()


async def test_parts_are_sent_at_once_by_the_process_that_sends(
    two_processes: tuple[Process, Process], postgres_store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two_processes
    monkeypatch.setattr("bot.runner.sender.POLL_SECONDS", 3600.0)  # nobody looks by themself
    heard = asyncio.Event()
    wake = other.office.sender.wake
    monkeypatch.setattr(other.office.sender, "wake", lambda account: (wake(account), heard.set()))
    other.office.serve()
    other.hinting.listen(postgres_store_url)
    async with asyncio.timeout(PATIENCE):
        await heard.wait()  # it listens
        await asyncio.sleep(0)
    raw = {"id": "u1", "from": "77", "event": "Start"}
    await one.inbound.take(one.office.stage.account, raw)
    async with asyncio.timeout(PATIENCE):
        while not other.office.stage.sent:  # noqa: ASYNC110 - the stage tells nobody
            await asyncio.sleep(0.01)
    assert one.office.sender.counts == {}


def _where(address: Address) -> tuple[str, str]:
    return address.account, address.external
