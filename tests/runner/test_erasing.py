"""Erasing as the person meets it: asked twice where staff work for them, and a receipt to look up."""

import re

from tests.runner.office import Office, words_of

RECEIPT = re.compile(r"\d{4}-\d{4}")


async def receipt(office: Office) -> str:
    """The last thing said."""
    office.serve()
    await office.until_states(["sent"] * len(await office.outbox()))
    return words_of(office.stage)[-1]


async def erased(office: Office) -> None:
    await office.agenda.tick(office.clock.at)
    assert await office.contact() is None


async def test_the_receipt_is_found_in_the_log_and_names_the_day_of_the_last_backup(office: Office) -> None:
    await office.agree()
    await office.type("លុប")
    await office.tap("បាទ")
    said = await receipt(office)
    assert "ទី២៣ ខែធ្នូ ឆ្នាំ២០២៦" in said  # thirty days and the rest of the day after 22 November
    office.clock.wait(minutes=7)
    await erased(office)
    (entry,) = office.log.entries()
    (number,) = RECEIPT.findall(said.translate(str.maketrans("០១២៣៤៥៦៧៨៩", "0123456789")))
    assert entry.receipt == number
    assert f"#{number}" in (office.folder / "erasures.log").read_text()


async def test_with_an_open_case_it_is_asked_twice_and_the_case_tells_who_ended_it(office: Office) -> None:
    await office.begin()
    await office.type("ចង់និយាយជាមួយបុគ្គលិក")
    assert await office.many("casefile") == 1
    await office.type("លុប")
    await office.tap("បាទ")
    assert await office.said("erase.request") == 1
    assert await office.ask("SELECT count(*) FROM contact WHERE erasing_since IS NOT NULL") == [(0,)]
    await office.tap("បាទ")
    await receipt(office)
    await erased(office)
    kept = await office.ask("SELECT state, outcome, contact_id, closed_at IS NULL FROM casefile")
    assert [tuple(row[:3]) for row in kept] == [("erased", "erased by the person", None)]


async def test_no_to_the_second_question_erases_nothing(office: Office) -> None:
    await office.begin()
    await office.type("ចង់និយាយជាមួយបុគ្គលិក")
    await office.type("លុប")
    await office.tap("បាទ")
    await office.tap("ទេ")
    assert await office.said("erase.kept") == 1
    office.clock.wait(days=1)
    await office.agenda.tick(office.clock.at)
    assert await office.contact() is not None


async def test_who_shares_the_address_stays_and_has_it_back(office: Office) -> None:
    await office.begin()
    first = await office.contact()
    office.clock.wait(hours=9)
    await office.type("សួស្តី")
    await press(office, "new")
    second = await office.contact()
    assert second not in {None, first}
    await office.type("លុប")
    await office.tap("បាទ")
    await receipt(office)
    await office.agenda.tick(office.clock.at)
    assert await office.contact() == first
    assert await office.many("contact") == 1
    await office.type("សួស្តី")
    shown = [button.payload for row in (await office.outbox())[-1].part.rows for button in row]
    assert any(payload.endswith(":me") for payload in shown)  # nobody walks into what is theirs


async def press(office: Office, key: str) -> None:
    rows = (await office.outbox())[-1].part.rows
    payload = next(button.payload for row in rows for button in row if button.payload.endswith(f":{key}"))
    await office.happen("Tap", payload=payload, message="7", query="q")
