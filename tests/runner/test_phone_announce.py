"""An announcement from a phone: chosen by taps, written, looked at, tried, approved by a second person."""

from datetime import timedelta

import pytest

from storage import audit
from storage.staff import Grant
from tests.runner.announcer import WORDS, WRITER, drafts, payloads, people, the
from tests.runner.house import CASEWORKER, CHIEF, DARA, PURSAT, VANNA, House
from tests.runner.phone import Phone, a_fair

APPROVER = Grant("approver", PURSAT)


@pytest.fixture
async def dara(house: House) -> Phone:
    await house.joins("dara", DARA, WRITER)
    return Phone(house, DARA)


async def test_women_of_the_centre_are_chosen_written_to_and_get_it_once(house: House, dara: Phone) -> None:
    await people(house, ("81", "82"), "woman")
    await people(house, ("83",), "man")
    await drafts(dara)
    preview = await dara.reads()
    assert house.says("phone.an-people", people="២") in preview
    assert house.says("phone.an-missing.en") in preview
    assert any(WORDS in one and "Telegram" in one for one in await dara.told())
    await dara.taps("សាកមើល")
    assert WORDS in (await dara.told())[-2]
    assert [await house.heard(who) for who in ("81", "82", "83")] == [[], [], []]
    numbers = await house.office.ask("SELECT contact_id, seq FROM outbox")
    assert len(set(numbers)) == len(numbers), "the copy and the reply have numbers of their own"
    await dara.taps("មើលម្តងទៀត")
    await dara.taps("ផ្ញើ")
    assert (await the(house)).state == "draft"
    await dara.taps("មែន ផ្ញើ")
    assert (await the(house)).state == "approved"
    for _ in range(3):
        await house.office.agenda.tick(house.office.clock.at)
    got = [
        sum(WORDS in one.part.text for one in await house.office.outbox(who)) for who in ("81", "82", "83")
    ]
    assert got == [1, 1, 0]
    await dara.taps("ផ្ញើដល់ណា")
    assert "បានផ្ញើ ០ · រង់ចាំ ២ · មិនបានដល់ ០" in await dara.reads()
    lines = await house.office.database.read(lambda conn: audit.latest(conn, 2))
    assert [(one.by, one.action) for one in lines] == [
        ("dara", "broadcast.approve"),
        ("dara", "broadcast.draft"),
    ]


async def test_above_the_limit_a_second_person_is_asked_and_says_yes(
    house: House, dara: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.runner.broadcasting.PHONE", 1)
    monkeypatch.setattr("bot.runner.phone.sending.PHONE", 1)
    await house.joins("vanna", VANNA, APPROVER)
    await house.joins("chief", CHIEF, Grant("approver", "preah-vihear"))
    vanna, before = Phone(house, VANNA), await house.heard(VANNA)
    await people(house, ("81", "82"), "woman")
    await drafts(dara)
    assert house.says("phone.an-second", most="១") in await dara.reads()
    await dara.taps("ផ្ញើ")
    await dara.taps("សុំអ្នកទីពីរ")
    assert (await the(house)).state == "waiting"
    assert "បានសួរ ១ នាក់" in await dara.reads()
    assert await house.heard(VANNA) == before, "no step of one holds the chat of another"
    await house.office.agenda.tick(house.office.clock.at)
    asked = await vanna.reads()
    assert WORDS in asked
    assert "dara" in asked
    assert WORDS not in str(await Phone(house, CHIEF).told())
    await dara.presses((await payloads(house, VANNA))[0])  # its author says yes to themself
    assert (await the(house)).state == "waiting"
    await vanna.taps("យល់ព្រម ផ្ញើបាន")
    sent = await the(house)
    assert (sent.state, sent.approved_by != sent.staff_id) == ("approved", True)
    await house.office.agenda.tick(house.office.clock.at)
    assert (await dara.reads()) == house.says("phone.ap-yes-told", name="vanna")
    await vanna.taps("យល់ព្រម ផ្ញើបាន")
    assert await vanna.reads() == house.says("phone.an-refused.state")


async def test_a_second_person_refuses_and_a_yes_to_other_words_counts_for_nothing(
    house: House, dara: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.runner.broadcasting.PHONE", 0)
    monkeypatch.setattr("bot.runner.phone.sending.PHONE", 0)
    await house.joins("vanna", VANNA, APPROVER)
    vanna = Phone(house, VANNA)
    await people(house, ("81",), "woman")
    await drafts(dara)
    await dara.taps("ផ្ញើ")
    await dara.taps("សុំអ្នកទីពីរ")
    await house.office.agenda.tick(house.office.clock.at)
    await dara.presses("s:an:1:km")
    await dara.types("ពាក្យផ្សេង")
    await vanna.taps("យល់ព្រម ផ្ញើបាន")
    assert await vanna.reads() == house.says("phone.an-refused.changed")
    await dara.taps("គ្មានអង់គ្លេស")
    await dara.taps("ផ្ញើ")
    house.office.clock.wait(minutes=1)
    await dara.taps("សុំអ្នកទីពីរ")
    await house.office.agenda.tick(house.office.clock.at)
    house.office.clock.wait(minutes=1)
    await vanna.taps("មិនយល់ព្រម")
    assert (await the(house)).state == "draft"
    await house.office.agenda.tick(house.office.clock.at)
    assert await dara.reads() == house.says("phone.ap-no-told", name="vanna")
    assert await house.heard("81") == []


async def test_with_nobody_to_ask_the_way_at_the_computer_is_told(
    house: House, dara: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.runner.broadcasting.PHONE", 0)
    monkeypatch.setattr("bot.runner.phone.sending.PHONE", 0)
    await people(house, ("81",), "woman")
    await drafts(dara)
    await dara.taps("ផ្ញើ")
    await dara.taps("សុំអ្នកទីពីរ")
    assert "spean broadcast approve 1" in await dara.reads()


async def test_it_is_paused_goes_on_and_is_stopped(house: House, dara: Phone) -> None:
    await people(house, ("81", "82"), "woman")
    await drafts(dara)
    await dara.taps("ផ្ញើ")
    await dara.taps("មែន ផ្ញើ")
    await dara.taps("ផ្អាក")
    await house.office.agenda.tick(house.office.clock.at)
    assert await house.heard("81") == []
    await dara.taps("បន្តផ្ញើ")
    await dara.taps("ឈប់ផ្ញើ")
    await house.office.agenda.tick(house.office.clock.at + timedelta(minutes=1))
    assert (await the(house)).state == "stopped"
    assert await house.heard("81") == []


async def test_words_of_danger_are_an_announcement_and_open_no_case(house: House, dara: Phone) -> None:
    await dara.command("announce")
    await dara.taps("ព័ត៌មានទូទៅ")
    await dara.taps("បន្ត")
    await dara.types("ជួយផង មេវាយខ្ញុំ ហើយដកលិខិតឆ្លងដែន")
    assert house.says("phone.danger") in await dara.told() or any(
        one.startswith(house.says("phone.danger")) for one in await dara.told()
    )
    assert await house.office.many("casefile") == 0
    assert await house.office.many("inbox WHERE body IS NOT NULL") == 0


async def test_stop_is_still_stop_in_the_middle_of_it(house: House, dara: Phone) -> None:
    await dara.command("announce")
    await dara.taps("ព័ត៌មានទូទៅ")
    await dara.taps("បន្ត")
    await dara.types("STOP")
    assert await house.office.many("broadcast") == 0
    assert await house.office.many("contact WHERE stopped") == 1
    await dara.types(WORDS)
    assert await house.office.many("broadcast") == 0


async def test_words_too_long_are_asked_for_again(house: House, dara: Phone) -> None:
    await dara.command("announce")
    await dara.taps("ព័ត៌មានទូទៅ")
    await dara.taps("បន្ត")
    await dara.types("ក" * 3000)
    assert await dara.reads() == house.says("phone.an-fault.too-long")
    await dara.types(WORDS)
    assert (await the(house)).announcement.words.km == WORDS


async def test_a_button_leads_to_a_fair_of_the_centre(house: House, dara: Phone) -> None:
    fair = await a_fair(house)
    await people(house, ("81",), "woman")
    await drafts(dara)
    await dara.taps("ប៊ូតុងទៅពិព័រណ៍")
    await dara.taps("ពិព័រណ៍ការងារបាកាន")
    assert [one.to for one in (await the(house)).announcement.buttons] == [f"a:{fair.id}"]
    await dara.taps("មើលមុនផ្ញើ")
    assert any("[មើលពិព័រណ៍]" in one for one in await dara.told())


async def test_everything_to_choose_from_has_words_and_only_what_is_offered_is_taken(
    house: House, dara: Phone
) -> None:
    await a_fair(house)
    await dara.command("announce")
    await dara.taps("ពិព័រណ៍ការងារ")
    for part in ("places", "sexes", "ages", "worked", "wants", "training", "activity"):
        await dara.presses(f"s:an:0:part:{part}")
        first = (await payloads(house, DARA))[0]
        await dara.presses(first)
        assert (await dara.buttons())[0].startswith("✓ ")
    for wrong in ("places:2201", "needs:owed", "cases:open", "ages:15-17", "activity:99", "x:y"):
        await dara.presses(f"s:an:0:tick:{wrong}")
        assert await dara.reads() == house.says("phone.begin-again")
    await dara.command("announce")
    assert await house.office.many("broadcast") == 0


async def test_another_centres_people_are_out_of_reach(house: House, dara: Phone) -> None:
    await people(house, ("81",), "woman")
    await drafts(dara)
    await house.joins("vanna", VANNA, Grant("broadcaster", "preah-vihear"), CASEWORKER)
    vanna = Phone(house, VANNA)
    for deed in (
        "preview",
        "who",
        "km",
        "copy",
        "how",
        "pause",
        "stop",
        "link",
        "drop",
        "send:0",
        "really:0",
    ):
        await vanna.presses(f"s:an:1:{deed}")
    for deed in ("yes:0", "no"):
        await vanna.presses(f"s:ap:1:{deed}")
    await vanna.presses("s:an:new:pursat:news")
    assert (await vanna.reads()).startswith(house.says("phone.no-right"))
    assert WORDS not in str(await vanna.told())
    assert (await the(house)).state == "draft"
