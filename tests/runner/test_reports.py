"""What a platform tells of our own sends: nothing is repeated that arrived, whatever became of the answer."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.channel import Echoed, Receipt, Report, TemplateRuled, Uncertain
from bot.core.contact import Address
from storage import grants, people, standing
from storage.database import Database
from storage.faults import StoreFault
from storage.outbox import Lane
from storage.seal import Vault
from tests.runner.office import NOON
from tests.runner.page import ACCOUNT, HERE, Page, opened


@pytest.fixture
async def page(database: Database, vault: Vault, tmp_path: Path) -> AsyncIterator[Page]:
    there = await opened(database, vault, tmp_path)
    yield there
    await there.office.close()


async def tells(page: Page, report: Report) -> None:
    await page.office.inbound.take(ACCOUNT, {"report": report})


async def last(page: Page) -> tuple[str, int]:
    """The state of the last part, and how often it was tried."""
    said = (await page.office.outbox())[-1]
    return said.state, said.tries


async def test_an_echo_settles_an_announcement_that_may_have_arrived(page: Page) -> None:
    page.stage.outcomes.append(Uncertain("timeout"))
    await page.unasked("ពិព័រណ៍", lane=Lane.BROADCAST)
    assert (await last(page))[0] == "unknown"
    for _ in range(2):
        await tells(page, Echoed(HERE, page.stage.names[-1], "m_1"))
        assert (await last(page))[0] == "sent"


async def test_a_reply_whose_answer_was_lost_is_not_said_twice(page: Page) -> None:
    page.stage.outcomes.append(Uncertain("timeout"))
    before = len(page.stage.tried)
    await page.office.type("សួស្តី")
    await page.office.until_states(["sent", "queued"])
    await tells(page, Echoed(HERE, page.stage.names[before], "m_1"))
    tried = len(page.stage.tried)
    page.clock.wait(hours=1)
    await page.settled()
    assert len(page.stage.tried) == tried
    assert (await page.office.states()).count("sent") == len(await page.office.states())


async def test_a_name_that_is_not_ours_for_that_person_settles_nothing(page: Page) -> None:
    page.stage.outcomes.append(Uncertain("timeout"))
    await page.unasked("ពិព័រណ៍", lane=Lane.BROADCAST)
    ours = page.stage.names[-1]
    stranger = Address(ACCOUNT, "5")
    elsewhere = Address("messenger:105", HERE.external)
    for report in (
        Echoed(stranger, ours, "m_1"),
        Echoed(elsewhere, ours, "m_1"),
        *(Echoed(HERE, name, "m_1") for name in ("", "o", "o0", "o99999", "x1", f"{ours} ", "o" + "9" * 40)),
    ):
        await tells(page, report)
    assert (await last(page))[0] == "unknown"


async def test_receipts_and_rulings_are_written_down(page: Page) -> None:
    later = NOON + timedelta(hours=1)
    page.clock.at = later
    await tells(page, Receipt(HERE, NOON, read=True))
    await tells(page, Receipt(HERE, later + timedelta(days=9)))
    await tells(page, Receipt(HERE, NOON))
    place = await page.office.database.run(lambda conn: people.find(conn, page.office.vault, HERE, ""))
    assert place is not None
    marks = await page.office.database.read(lambda conn: standing.receipts(conn, place.address_id))
    assert marks == (later, NOON), "what lies in the future is only now"
    await page.may("fair/km")
    await tells(page, TemplateRuled(ACCOUNT, "fair/km", approved=False))
    await tells(page, TemplateRuled(ACCOUNT, "course/km", approved=True))
    known = await page.office.database.read(lambda conn: grants.known(conn, ACCOUNT))
    assert known.templates == {"course/km"}


async def test_a_report_that_breaks_is_not_asked_for_for_ever(
    page: Page, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise faults[-1]

    faults: list[Exception] = [StoreFault("away"), ValueError("words of a person")]
    monkeypatch.setattr("bot.runner.reports.grants.ruled", broken)
    await tells(page, TemplateRuled(ACCOUNT, "fair/km", approved=True))
    assert "words of a person" not in caplog.text
    faults.pop()
    with pytest.raises(StoreFault):
        await tells(page, TemplateRuled(ACCOUNT, "fair/km", approved=True))


async def test_reports_are_no_word_of_the_person(page: Page) -> None:
    before = len(await page.office.ask("SELECT id FROM inbox"))
    page.clock.wait(hours=1)
    await tells(page, Receipt(HERE, page.clock.at, read=True))
    await tells(page, Echoed(HERE, "o1", "m_1"))
    assert len(await page.office.ask("SELECT id FROM inbox")) == before
    assert (await page.standing()).acted_at == NOON
