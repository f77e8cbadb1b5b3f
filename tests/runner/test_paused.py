"""Staff write in the platform's own inbox: the bot is silent there, and danger is still heard."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import chats, people
from storage.database import Database
from storage.seal import Vault
from tests.runner.page import Page, opened

DANGER = "ជួយខ្ញុំផង គេវាយខ្ញុំ"


@pytest.fixture
async def page(database: Database, vault: Vault, tmp_path: Path) -> AsyncIterator[Page]:
    there = await opened(database, vault, tmp_path)
    yield there
    await there.office.close()


async def silent(page: Page, words: str = "សួស្តី") -> bool:
    """Whether the person writes and hears nothing."""
    before = len(await page.office.outbox())
    await page.writes(words)
    return len(await page.office.outbox()) == before


async def cases(page: Page) -> list[str]:
    return [row[0] for row in await page.office.ask("SELECT kind FROM casefile ORDER BY id")]


async def later(page: Page, **span: float) -> None:
    page.clock.wait(**span)
    await page.office.agenda.tick(page.clock.at)
    await page.settled()


async def test_the_bot_is_silent_until_a_day_after_the_last_word_of_staff(page: Page) -> None:
    await page.office.happen("WrittenElsewhere", message="m1")
    assert await silent(page, "ខ្ញុំចង់សួរ")
    assert await page.office.database.read(chats.paused) == 1
    await later(page, hours=20)
    await page.office.happen("WrittenElsewhere", message="m2")
    await later(page, hours=20)
    assert await silent(page)
    await later(page, hours=5)
    assert not await silent(page)
    kept = await page.office.ask("SELECT id FROM inbox WHERE body IS NOT NULL")
    assert len(kept) == 6, "what was said meanwhile is kept"


async def test_staff_give_the_chat_back(page: Page) -> None:
    await page.office.happen("WrittenElsewhere", message="m1")
    await page.office.happen("LeftToUs")
    assert not await silent(page)
    await page.office.happen("WrittenElsewhere", message="m2")
    assert await silent(page), "and take it again"


async def test_the_same_echo_twice_is_one(page: Page) -> None:
    await page.office.happen("WrittenElsewhere", name="e1", message="m1")
    await page.office.happen("LeftToUs")
    await page.office.happen("WrittenElsewhere", name="e1", message="m1")
    assert not await silent(page)


async def test_staff_may_write_first(page: Page) -> None:
    """To somebody who has never written to the bot."""
    await page.office.happen("WrittenElsewhere", who="94", message="m1")
    await page.office.type("សួស្តី", who="94")
    assert await page.office.outbox("94") == []


async def test_danger_is_heard_while_staff_have_the_chat(page: Page) -> None:
    await page.office.happen("WrittenElsewhere", message="m1")
    assert not await silent(page, DANGER), "as when staff have it with us: the numbers to call are said"
    assert await cases(page) == ["danger"]


async def test_looking_on_the_bot_keeps_what_is_said_and_says_nothing(page: Page) -> None:
    before = len(await page.office.outbox())
    kept = len(await page.office.ask("SELECT id FROM inbox WHERE body IS NOT NULL"))
    await page.office.happen("Text", standby=True, text="សួស្តី", message="m5")
    await page.office.happen("Text", standby=True, text="ឈប់", message="m6")
    await page.office.happen("Tap", standby=True, payload="1:km", message="m7", query="")
    await page.settled()
    assert len(await page.office.outbox()) == before
    assert len(await page.office.ask("SELECT id FROM inbox WHERE body IS NOT NULL")) == kept + 3
    assert not await silent(page), "the next, which is ours again, is answered"


async def test_danger_seen_while_looking_on_opens_its_case_without_a_word(page: Page) -> None:
    before = len(await page.office.outbox())
    await page.office.happen("Text", standby=True, text=DANGER, message="m5")
    await page.settled()
    assert await cases(page) == ["danger"]
    assert len(await page.office.outbox()) == before
    assert await page.office.ask("SELECT body, reason FROM inbox ORDER BY id DESC LIMIT 1") == [
        (None, "safety")
    ]
    contact_id = await page.number()
    who = await page.office.database.read(lambda conn: people.contact_of(conn, contact_id))
    assert who is not None
    assert who.resting
    assert not await silent(page, "សួស្តី"), "no danger dialog stands open that nobody has seen"


async def test_nothing_that_waited_goes_out_past_staff(page: Page) -> None:
    page.clock.wait(days=2)
    await page.unasked("ពិព័រណ៍")
    await page.office.happen("WrittenElsewhere", message="m1")
    await page.writes()
    assert "ពិព័រណ៍" not in page.heard()
    await page.office.happen("LeftToUs")
    await page.writes()
    assert page.heard().count("ពិព័រណ៍") == 1
