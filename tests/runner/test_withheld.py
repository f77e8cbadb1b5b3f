"""A part in flight while the gate shuts, the store is away, or its person goes on in another app."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.channels.channel import Outcome, Refused, Retry, Shut
from bot.runner import ledger
from storage import letters, outbox
from storage.database import Database
from storage.faults import StoreDown
from storage.letters import Fate
from storage.outbox import Lane
from storage.parts import ABSENT, WINDOW
from storage.schema import account
from storage.schema import outbox as table
from storage.seal import Vault
from tests.runner.apps import HER_PSID, PAGE, TELEGRAM, Apps
from tests.runner.office import Office, until
from tests.runner.page import Page, opened
from tests.runner.test_linked import SECRET, staff_writes
from tests.runner.test_window import _tells
from tests.storage.test_letters import OPERATOR


@pytest.fixture
async def page(database: Database, vault: Vault, tmp_path: Path) -> AsyncIterator[Page]:
    there = await opened(database, vault, tmp_path)
    yield there
    await there.office.close()


@pytest.fixture
def apps(office: Office) -> Apps:
    return Apps(office)


@pytest.mark.parametrize("outcome", [Shut(), Retry("flood", after=0.0)])
async def test_what_is_in_flight_when_the_gate_shuts_waits_until_it_opens(
    page: Page, monkeypatch: pytest.MonkeyPatch, outcome: Outcome
) -> None:
    await _tells(page)
    page.clock.wait(hours=9)

    async def meanwhile(*_: object, **__: object) -> Outcome:
        monkeypatch.undo()
        page.clock.wait(seconds=1)
        await page.office.type("hello")
        return outcome

    monkeypatch.setattr(page.stage, "send", meanwhile)
    await page.unasked(SECRET, lane=Lane.STAFF)
    page.clock.wait(seconds=2)
    await page.settled()
    assert await page.office.ask("SELECT state, reason FROM outbox WHERE lane = 1") == [("held", ABSENT)]
    assert SECRET not in page.heard()
    await page.office.tap(await page.office.words("bot.who-me"))
    await page.settled()
    assert page.heard().count(SECRET) == 1


async def test_tried_again_by_staff_at_a_shut_gate_it_waits_until_it_opens(page: Page) -> None:
    office = page.office
    await _tells(page)
    page.stage.outcomes.append(Refused("x"))
    await page.unasked(SECRET, lane=Lane.STAFF)
    ((part,),) = await office.ask("SELECT id FROM outbox WHERE state = 'failed'")
    page.clock.wait(hours=9)
    await page.writes("hi")
    fate = await office.database.run(lambda conn: letters.retry(conn, OPERATOR, part, page.clock.at))
    await page.settled()
    assert (fate, SECRET in page.heard()) == (Fate.HELD, False)
    await office.tap(await office.words("bot.who-me"))
    await page.settled()
    assert page.heard().count(SECRET) == 1


async def test_a_broadcast_that_left_while_the_store_was_away_is_not_sent_again(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "PAUSES", ())
    finish = outbox.finish

    def away(*_: Any, **__: Any) -> Sequence[object]:  # noqa: ANN401 - of `finish`
        raise StoreDown("away")

    monkeypatch.setattr(outbox, "finish", away)
    async with asyncio.timeout(10):
        sending = asyncio.create_task(page.unasked("FAIR", lane=Lane.BROADCAST))
        await until(lambda: bool(page.office.sender._ledger.lost))  # noqa: SLF001 - it was given up
        monkeypatch.setattr(outbox, "finish", finish)
        for task in page.office.tasks:
            task.cancel()
        await page.office.sender.drain(1)
        await sending
    assert page.heard().count("FAIR") == 1
    assert await page.office.ask("SELECT state, tries FROM outbox WHERE lane = 3") == [("unknown", 1)]


async def _meets_a_shut_window(apps: Apps, person: int) -> None:
    """Words of staff wait on Messenger."""
    await staff_writes(apps, person)
    its = select(account.c.id).where(account.c.name == PAGE).scalar_subquery()
    held = update(table).where(table.c.contact_id == person, table.c.lane == 1, table.c.account_id == its)
    await apps.office.database.run(lambda conn: conn.execute(held.values(state="held", reason=WINDOW)))
    assert (await apps.went(person))[-1] == (PAGE, "held")


async def test_what_met_a_shut_window_goes_where_they_write_next(apps: Apps) -> None:
    first = await apps.joined()
    await _meets_a_shut_window(apps, first)
    office = apps.on_telegram()
    await office.type("hello")
    assert set(await apps.went(first)) == {(TELEGRAM, "queued")}
    said = [one.part.text for one in await office.outbox()]
    assert said.count(SECRET) == 1
    assert said.index(await office.words("bot.while-away")) < said.index(SECRET)


async def test_taken_apart_what_met_a_shut_window_goes_in_the_app_that_is_left(apps: Apps) -> None:
    first = await apps.joined()
    office = apps.on_messenger()
    await office.type("my answers", who=HER_PSID)
    await _meets_a_shut_window(apps, first)
    await apps.press(HER_PSID, "unlink", "here")
    assert set(await apps.went(first)) == {(TELEGRAM, "queued")}
