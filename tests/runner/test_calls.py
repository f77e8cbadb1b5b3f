"""Staff answer somebody to whom the platform lets nobody write: they are asked to call, by a time, once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.channel import Shut
from bot.core.events import Text
from bot.runner import desk
from bot.runner.desk import Told
from bot.runner.notice import desk_of
from storage.case_rows import CaseRow
from storage.database import Database
from storage.seal import Vault
from storage.staff import Scope
from tests.runner.house import CASEWORKER, DARA, VANNA, House
from tests.runner.office import WHO
from tests.runner.page import Page, opened


@pytest.fixture
async def page(database: Database, vault: Vault, tmp_path: Path) -> AsyncIterator[Page]:
    there = await opened(database, vault, tmp_path)
    yield there
    await there.office.close()


@pytest.fixture
async def staffed(page: Page) -> House:
    return House(page.office)


async def taken(page: Page, house: House) -> tuple[Scope, CaseRow]:
    """A case that Dara, who is on duty by chat, has taken; its person has been silent for two days."""
    dara = await house.joins("Dara", DARA, CASEWORKER)
    case = await house.asks(who=WHO)
    tools, now = desk_of(page.office.kit), page.clock.at
    await page.office.database.run(lambda conn: desk.take(conn, tools, dara, case.id, now))
    await page.settled()
    page.clock.wait(days=2)
    await house.happen(Text("នៅទីនេះ"), DARA)  # their own window is open
    return dara, await house.case(case.id)


async def test_an_answer_that_waits_becomes_a_call_with_its_time(page: Page, staffed: House) -> None:
    dara, case = await taken(page, staffed)
    assert await page.replies(dara, "ខ្ញុំដារ៉ា", case) is Told.WAITS
    case = await staffed.case(case.id)
    assert case.call_by is not None
    assert case.call_by > page.clock.at
    await page.replies(dara, "សូមទាក់ទងមក", case)
    held = [
        one for one in await staffed.heard(DARA) if one == staffed.says("bot.reply-held", number="", by="")
    ]
    assert len(held) == 1, "one task, told once"
    assert len(await page.calls()) == 1


async def test_the_task_is_over_when_the_person_writes(page: Page, staffed: House) -> None:
    dara, case = await taken(page, staffed)
    await page.replies(dara, "ខ្ញុំដារ៉ា", case)
    page.clock.wait(minutes=5)
    await page.writes("ខ្ញុំនៅទីនេះ")
    assert "ខ្ញុំដារ៉ា" in page.heard()
    assert (await staffed.case(case.id)).call_by is None
    assert staffed.says("bot.reply-went", number="") in await staffed.heard(DARA)


async def test_whoever_wrote_hears_that_it_went_though_nobody_took_the_case(
    page: Page, staffed: House
) -> None:
    """Vanna has the chat, for she answered; the case still waits for somebody."""
    vanna = await staffed.joins("Vanna", VANNA, CASEWORKER)
    await staffed.joins("Dara", DARA, CASEWORKER)
    case = await staffed.asks(who=WHO)
    await page.settled()
    page.clock.wait(days=2)
    for who in (VANNA, DARA):
        await staffed.happen(Text("នៅទីនេះ"), who)
    assert await page.replies(vanna, "ខ្ញុំវណ្ណា", case) is Told.WAITS
    assert (await staffed.case(case.id)).taken_by is None
    went = staffed.says("bot.reply-went", number="")
    assert went not in await staffed.heard(VANNA)
    page.clock.wait(minutes=5)
    for words in ("ខ្ញុំនៅទីនេះ", "អរគុណ"):
        await page.writes(words)
    assert page.heard().count("ខ្ញុំវណ្ណា") == 1
    assert (await staffed.heard(VANNA)).count(went) == 1
    assert went not in await staffed.heard(DARA), "who wrote nothing is told nothing"


async def test_who_did_not_call_in_time_is_told_once(page: Page, staffed: House) -> None:
    dara, case = await taken(page, staffed)
    await page.replies(dara, "ខ្ញុំដារ៉ា", case)
    by = (await staffed.case(case.id)).call_by
    assert by is not None
    due = staffed.says("bot.call-due", number="")
    page.clock.at = by - timedelta(hours=1)
    await page.replies(dara, "ខ្ញុំនៅរង់ចាំ", case)  # so that the chat is still theirs
    await page.office.agenda.tick(page.clock.at)
    assert due not in await staffed.heard(DARA)
    for _ in range(2):
        page.clock.at = by
        await page.office.agenda.tick(page.clock.at)
    assert (await staffed.heard(DARA)).count(due) == 1


async def test_after_a_call_that_nobody_made_new_words_make_a_new_task(page: Page, staffed: House) -> None:
    dara, case = await taken(page, staffed)
    await page.replies(dara, "ខ្ញុំដារ៉ា", case)
    by = (await staffed.case(case.id)).call_by
    assert by is not None
    page.clock.at = by
    await page.office.agenda.tick(page.clock.at)
    assert (await staffed.case(case.id)).call_by is None
    await page.replies(dara, "ខ្ញុំនៅរង់ចាំ", await staffed.case(case.id))
    again = (await staffed.case(case.id)).call_by
    assert again is not None
    assert again > by
    assert await page.calls() == [again]


async def test_the_platform_says_no_to_words_of_staff(page: Page, staffed: House) -> None:
    """Our clock said that they may be sent; nobody is left believing that they were."""
    dara, case = await taken(page, staffed)
    await page.writes()
    page.clock.wait(hours=1)
    page.stage.outcomes.append(Shut())
    assert await page.replies(dara, "ខ្ញុំដារ៉ា", case) is Told.QUEUED
    assert (await staffed.case(case.id)).call_by is not None
    assert staffed.says("bot.reply-held", number="", by="") in await staffed.heard(DARA)


async def test_somebody_without_a_case_gets_one_to_be_called_by(page: Page) -> None:
    dara = await page.hires()
    page.clock.wait(days=2)
    assert await page.replies(dara, "ខ្ញុំដារ៉ា") is Told.WAITS
    assert await page.office.ask("SELECT kind, state, restricted FROM casefile") in (
        [("person", "open", False)],
        [("person", "open", 0)],
    )
    (by,) = await page.calls()
    assert by is not None


async def test_what_we_send_by_ourselves_asks_nobody_to_call(page: Page) -> None:
    page.clock.wait(days=2)
    await page.unasked("ពិព័រណ៍")
    assert await page.calls() == []


async def test_words_for_who_hid_the_chat_ask_nobody_to_call(page: Page) -> None:
    """A call could betray them: it waits as it always did."""
    dara = await page.hires()
    await page.writes("លាក់")
    page.clock.wait(days=2)
    assert await page.replies(dara, "ខ្ញុំដារ៉ា") is Told.HELD
    assert await page.calls() == []
