"""An announcement from a phone: nobody to reach, a time of its own, one drafted at the computer."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, update

from bot.core.activity import Bilingual
from bot.core.announcement import Announcement
from bot.core.segment import Segment
from bot.runner import broadcasting
from storage import staff
from storage.schema import contact
from storage.staff import Grant
from tests.runner.announcer import WORDS, WRITER, drafts, payloads, people, the
from tests.runner.house import DARA, MONDAY, PURSAT, VANNA, House
from tests.runner.phone import Phone

TOMORROW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # 08:00 in Phnom Penh


@pytest.fixture
async def dara(house: House) -> Phone:
    await house.joins("dara", DARA, WRITER)
    return Phone(house, DARA)


# --- nobody to reach ---


async def test_where_nobody_may_be_told_the_reasons_are_counted_and_others_can_be_chosen(
    house: House, dara: Phone
) -> None:
    ids = await people(house, ("81", "82", "83"), "woman")

    def stop(conn: Connection) -> None:
        conn.execute(update(contact).where(contact.c.id.in_(ids[:2])).values(stopped=True))
        conn.execute(update(contact).where(contact.c.id == ids[2]).values(consents="help"))

    await house.office.database.run(stop)
    await drafts(dara)
    preview = await dara.reads()
    for said, count in (("stopped", "២"), ("said-no", "១")):
        assert house.says("phone.an-not", why=house.says(f"phone.an-why.{said}"), people=count) in preview
    assert house.says("phone.an-nobody-gets") in preview
    buttons = await dara.buttons()
    assert buttons[0] == house.says("phone.an-do.who")
    assert house.says("phone.an-send") not in buttons
    await dara.taps("កែអ្នកទទួល")
    assert house.says("phone.an-who") in await dara.reads()


async def test_where_nobody_fits_that_is_said_and_others_are_found(house: House, dara: Phone) -> None:
    await people(house, ("81",), "man")
    await drafts(dara)
    preview = await dara.reads()
    assert house.says("phone.an-nobody-fits") in preview
    assert house.says("phone.an-nobody-gets") not in preview
    await dara.taps("កែអ្នកទទួល")
    await dara.taps("✓ ស្រី ឬប្រុស")
    await dara.taps("✓ ស្រី")
    await dara.taps("ប្រុស")
    await dara.taps("ថយក្រោយ")
    await dara.taps("បន្ត")
    assert house.says("phone.an-people", people="១") in await dara.reads()
    assert "ផ្ញើ" in await dara.buttons()


# --- a time of its own ---


async def test_it_leaves_tomorrow_morning_and_not_before(house: House, dara: Phone) -> None:
    await people(house, ("81",), "woman")
    await drafts(dara)
    await dara.taps("ផ្ញើពេលណា")
    assert (await dara.buttons())[:3] == ["ភ្លាមៗ ក្រោយមានការយល់ព្រម", "ល្ងាចនេះ ម៉ោង ៥", "ស្អែក ម៉ោង ៨ ព្រឹក"]
    await dara.taps("ស្អែក ម៉ោង ៨ ព្រឹក")
    assert (await the(house)).announcement.send_at == TOMORROW
    await dara.taps("មើលមុនផ្ញើ")
    at = "ផ្ញើនៅ៖ ថ្ងៃអង្គារ ទី២៤ ខែវិច្ឆិកា ឆ្នាំ២០២៦ ម៉ោង ៨ ព្រឹក"
    assert at in await dara.reads()
    await dara.taps("ផ្ញើ")
    await dara.taps("មែន ផ្ញើ")
    assert house.says("phone.an-sent-later") in await dara.told()
    assert at in await dara.reads()
    await house.wait(hours=23)
    assert await house.heard("81") == []
    await house.wait(hours=1, minutes=1)
    assert len(await house.heard("81")) == 1


async def test_no_hour_is_offered_that_is_past_or_quiet(
    house: House, dara: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await people(house, ("81",), "woman")
    await drafts(dara)
    evening, morning = house.says("phone.an-when.evening"), house.says("phone.an-when.morning")
    house.office.clock.at = MONDAY + timedelta(hours=9)  # 17:00
    await dara.taps("ផ្ញើពេលណា")
    assert evening not in await dara.buttons()
    assert morning in await dara.buttons()
    monkeypatch.setattr("bot.core.schedule.QuietHours.cover", lambda _, at: at == TOMORROW)
    await dara.presses("s:an:1:when")
    assert morning not in await dara.buttons()
    assert house.says("phone.an-when.next-evening") in await dara.buttons()


async def test_a_button_means_its_moment_whenever_it_is_pressed(house: House, dara: Phone) -> None:
    await people(house, ("81",), "woman")
    await drafts(dara)
    await dara.taps("ផ្ញើពេលណា")
    evening = (await payloads(house, DARA))[1]
    house.office.clock.at = MONDAY + timedelta(hours=10)  # 18:00
    await dara.presses(evening)
    assert (await dara.reads()).startswith(house.says("phone.an-too-late"))
    for wrong in ("202699999999", "x", "209912010800", "20261124"):
        await dara.presses(f"s:an:1:when:{wrong}")
        assert (await dara.reads()).startswith(house.says("phone.an-too-late"))
    assert (await the(house)).announcement.send_at is None
    await dara.taps("ស្អែក ម៉ោង ៨ ព្រឹក")
    assert (await the(house)).announcement.send_at == TOMORROW
    await dara.taps("ភ្លាមៗ")
    assert (await the(house)).announcement.send_at is None


async def test_another_time_takes_an_approval_back_and_the_second_person_is_told_of_it(
    house: House, dara: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.runner.broadcasting.PHONE", 0)
    await house.joins("vanna", VANNA, Grant("approver", PURSAT))
    await people(house, ("81",), "woman")
    await drafts(dara)
    await dara.taps("ផ្ញើ")
    await dara.taps("សុំអ្នកទីពីរ")
    await house.office.agenda.tick(house.office.clock.at)
    await dara.taps("ផ្ញើពេលណា")
    await dara.taps("ស្អែក ម៉ោង ៨ ព្រឹក")
    vanna = Phone(house, VANNA)
    await vanna.taps("យល់ព្រម ផ្ញើបាន")
    assert await vanna.reads() == house.says("phone.an-refused.changed")
    await dara.taps("មើលមុនផ្ញើ")
    await dara.taps("ផ្ញើ")
    house.office.clock.wait(minutes=1)
    await dara.taps("សុំអ្នកទីពីរ")
    await house.office.agenda.tick(house.office.clock.at)
    assert "ផ្ញើនៅ៖ ថ្ងៃអង្គារ ទី២៤" in await vanna.reads()


# --- drafted at the computer ---


async def test_what_was_drafted_at_the_computer_is_let_go_by_phone_under_the_rule_of_phones(
    house: House, dara: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.runner.broadcasting.PHONE", 1)
    await people(house, ("81", "82"), "woman")
    drafted = Announcement("ថ្ងៃសៅរ៍", Segment(), Bilingual(WORDS), centre=PURSAT)

    def draft(conn: Connection) -> None:
        whose = staff.scope(conn, "dara")
        assert whose is not None
        assert broadcasting.draft(conn, whose, drafted, house.office.clock.at) == 1

    await house.office.database.run(draft)
    await dara.presses("s:an:1:preview")
    assert "អ្នកទីពីរយល់ព្រម" in await dara.reads()
    await dara.taps("ផ្ញើ")
    await dara.taps("សុំអ្នកទីពីរ")
    assert ((await the(house)).state, (await the(house)).phone) == ("waiting", True)
