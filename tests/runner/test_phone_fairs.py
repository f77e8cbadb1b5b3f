"""Fairs from a phone: told in a few questions, published, moved, cancelled; of their own centre alone."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.core.activity import Activity, Party
from storage import activities, audit
from storage.staff import Grant
from tests.runner.house import CASEWORKER, DARA, MONDAY, PURSAT, VANNA, House
from tests.runner.phone import FAIR_DAY, Phone, a_fair, a_sheet, comes

WRITER = Grant("broadcaster", PURSAT)
ANSWERS = ("ពិព័រណ៍ការងារបាកាន", "Bakan job fair", "ឃុំបឹងខ្នារ ស្រុកបាកាន", "សាលាស្រុក", "១៥/១២/២០២៦", "៨ ដល់ ១២", "១០០")


@pytest.fixture
async def dara(house: House) -> Phone:
    """On duty in Pursat, and may write to its people."""
    await house.joins("dara", DARA, WRITER)
    return Phone(house, DARA)


async def the(house: House, number: int = 1) -> Activity:
    found = await house.office.database.read(lambda conn: activities.get(conn, number))
    assert found is not None
    return found


async def tells(dara: Phone, *answers: str) -> None:
    await dara.command("fair")
    await dara.taps("បង្កើតពិព័រណ៍")
    for one in answers:
        await dara.types(one)


async def test_a_fair_is_told_in_a_few_questions_and_published(house: House, dara: Phone) -> None:
    await tells(dara, *ANSWERS, "ផ្សារបាកាន", "20", "7:00")
    assert "ផ្សារបាកាន" in await dara.reads()
    await dara.taps("រក្សាទុក")
    made = await the(house)
    sheet = made.sheet
    assert (made.kind, made.centre, made.state) == ("fair", PURSAT, "draft")
    assert (sheet.title.km, sheet.title.en, sheet.venue.km) == (ANSWERS[0], "Bakan job fair", "សាលាស្រុក")
    assert (sheet.place, sheet.capacity) == ("150102", 100)
    assert (sheet.starts_at, sheet.ends_at) == (FAIR_DAY, FAIR_DAY + timedelta(hours=4))
    assert [(one.seats, one.leaves_at) for one in sheet.stops] == [(20, FAIR_DAY - timedelta(hours=1))]
    await dara.taps("ប្រកាស")
    assert (await the(house)).state == "published"
    assert (await dara.reads()).startswith(house.says("phone.fair-published", reminders="៣"))
    lines = await house.office.database.read(lambda conn: audit.latest(conn, 2))
    assert [(one.by, one.action) for one in lines] == [
        ("dara", "activity.publish"),
        ("dara", "activity.make"),
    ]


async def test_what_is_not_understood_is_asked_again_and_the_rest_can_be_left_out(
    house: House, dara: Phone
) -> None:
    await tells(dara, "x" * 200)
    assert (await dara.reads()).startswith(house.says("phone.fair-long", most="១២០"))
    await dara.types(ANSWERS[0])
    await dara.taps("មិនមានឈ្មោះ")
    await dara.types("ទីនេះមិនមានទេ ហ្គហ្គហ្គ")
    assert await dara.reads() == house.says("phone.fair-place-again")
    await dara.types("ស្រុកបាកាន")
    assert (await dara.reads()).startswith(house.says("phone.fair-place-which"))
    await dara.taps("បឹងខ្នារ")
    await dara.taps("មិនទាន់ដឹងកន្លែង")
    for wrong in ("ថ្ងៃណាក៏បាន", "១៥/១២/២០២៥", "31/2/2027"):
        await dara.types(wrong)
        assert await dara.reads() == house.says("phone.fair-day-again")
    await dara.types("15/12/2026")
    await dara.types("12-8 ព្រឹក")
    assert await dara.reads() == house.says("phone.fair-hours-again")
    await dara.taps("08:00 – 16:00")
    await dara.types("ច្រើន")
    assert await dara.reads() == house.says("phone.fair-number-again")
    await dara.taps("មិនកំណត់")
    await dara.types("ផ្សារបាកាន")
    await dara.types("៤០")
    await dara.types("9:00")
    assert await dara.reads() == house.says("phone.fair-leaves-again")
    await dara.types("6:30")
    await dara.taps("រក្សាទុក")
    sheet = (await the(house)).sheet
    assert (sheet.title.en, sheet.venue.km, sheet.capacity, sheet.stops[0].seats) == ("", "", None, 40)


async def test_what_was_begun_can_be_left_and_an_old_button_makes_nothing(house: House, dara: Phone) -> None:
    await tells(dara, *ANSWERS)
    await dara.taps("គ្មានរថយន្ត")
    await dara.taps("បោះបង់")
    assert await dara.reads() == house.says("phone.fair-dropped")
    await dara.taps("រក្សាទុក")
    assert await dara.reads() == house.says("phone.begin-again")
    assert await house.office.many("activity") == 0


async def test_the_list_shows_who_comes_and_moving_it_corrects_who_knows(house: House, dara: Phone) -> None:
    fair = await a_fair(house)
    await comes(house, "81", fair, party=Party(2, 1), coming="come")
    await comes(house, "82", fair, party=Party(1, 0, "s1"), coming="bus")
    await comes(house, "83", fair, coming="maybe")
    await house.office.database.run(
        lambda conn: activities.tell(conn, 2, [(fair.id, fair.revision)], house.office.clock.at)
    )
    await dara.command("fair")
    assert "មក ៤ នាក់ · រង់ចាំ ០ · ជិះរថយន្ត ១ · ប្រហែល ១" in await dara.reads()
    await dara.taps("ពិព័រណ៍ការងារបាកាន")
    assert "១ ក្នុង ២០" in await dara.reads()
    await dara.taps("ប្តូរពេល")
    await dara.types("16/12/2026")
    await dara.taps("13:30 – 17:00")
    await dara.types("វត្តបាកាន")
    assert (await the(house)).state == "published"
    await dara.taps("ប្តូរ")
    moved = await the(house)
    assert (moved.state, moved.revision) == ("moved", fair.revision + 1)
    assert moved.sheet.starts_at == datetime(2026, 12, 16, 6, 30, tzinfo=UTC)
    assert moved.sheet.stops[0].leaves_at == moved.sheet.starts_at - timedelta(hours=1)
    assert moved.sheet.venue.km == "វត្តបាកាន"
    assert (await dara.reads()).startswith(house.says("phone.fair-moved", told="១"))


async def test_it_is_cancelled_only_after_a_second_yes(house: House, dara: Phone) -> None:
    fair = await a_fair(house)
    await dara.presses(f"s:fa:{fair.id}")
    await dara.taps("លើកលែង")
    assert (await the(house)).state == "published"
    await dara.taps("មែន លើកលែង")
    assert (await the(house)).state == "cancelled"
    await dara.presses(f"s:fa:{fair.id}:publish")
    assert await dara.reads() == house.says("phone.fair-not-now")


async def test_nobody_touches_another_centres_fair_or_any_without_the_right(
    house: House, dara: Phone
) -> None:
    far = await a_fair(house, centre="preah-vihear")
    near = await a_fair(house)
    await house.joins("vanna", VANNA, CASEWORKER)
    vanna = Phone(house, VANNA)
    await dara.command("fair")
    assert (await dara.reads()).count("ពិព័រណ៍") == 1
    unknown = house.says("phone.fair-unknown")
    for deed in ("", ":publish", ":move", ":cancel", ":really", ":other"):
        await dara.presses(f"s:fa:{far.id}{deed}")
        assert await dara.reads() == unknown
    await vanna.command("fair")
    assert "បង្កើតពិព័រណ៍ការងារថ្មី" not in await vanna.buttons()
    await vanna.presses(f"s:fa:{near.id}")
    assert await vanna.buttons() == ["នៅមាត់ទ្វារ៖ អ្នកណាមក", "កម្មវិធីទាំងអស់"]
    for deed in ("fa:new", "fa:new:pursat", f"fa:{near.id}:really", f"fa:{near.id}:move", "fa:keep"):
        await vanna.presses(f"s:{deed}")
    await dara.presses("s:fa:new:preah-vihear")
    assert (await dara.reads()).startswith(house.says("phone.no-right"))
    assert [(await the(house, one.id)).state for one in (far, near)] == ["published", "published"]
    assert await house.office.many("activity") == 2


async def test_who_works_for_several_centres_says_for_which(house: House) -> None:
    await house.joins("vanna", VANNA, Grant("admin"))
    vanna = Phone(house, VANNA)
    await vanna.command("fair")
    await vanna.taps("បង្កើតពិព័រណ៍")
    await vanna.presses("s:fa:new:preah-vihear")
    for one in ("ពិព័រណ៍", "-", "រវៀង", "-", "15/12/2026", "8-12", "-", "-"):
        await vanna.types(one)
        if one == "រវៀង":
            await vanna.presses("s:fa:ask:place:130501")
    await vanna.taps("រក្សាទុក")
    assert (await the(house)).centre == "preah-vihear"


async def test_a_fair_outside_the_centres_province_is_not_announced_by_phone(
    house: House, dara: Phone
) -> None:
    def make(conn: Connection) -> Activity:
        return activities.make(conn, "fair", PURSAT, a_sheet(place="130501"), house.office.clock.at)

    far = await house.office.database.run(make)
    await dara.presses(f"s:fa:{far.id}:publish")
    assert (await dara.reads()).startswith(house.says("phone.fair-elsewhere"))
    assert (await the(house)).state == "draft"


async def test_words_of_danger_are_noticed_whatever_they_are_written_for(house: House, dara: Phone) -> None:
    await tells(dara, "ជួយផង មេវាយខ្ញុំ ហើយដកលិខិតឆ្លងដែន")
    assert house.says("phone.danger") in "\n".join(await dara.told())
    assert await house.office.many("casefile") == 0


async def test_garbage_in_a_payload_is_answered_and_does_nothing(house: House, dara: Phone) -> None:
    await a_fair(house)
    for payload in (
        "s:",
        "s:fa",
        "s:fa:",
        "s:fa:list:x",
        "s:fa:99999999999999999999",
        "s:fa:ask",
        "s:fa:ask:day:x",
    ):
        await dara.presses(payload)
    for payload in (
        "s:zz:1",
        "s:an:x:y",
        "s:ap:1:yes",
        "s:to:",
        "s:an:0:words",
        "s:an:new:x:y",
        "s:fa:1:a:b",
    ):
        await dara.presses(payload)
    assert await house.office.many("activity WHERE state = 'published'") == 1
    assert await house.office.many("broadcast") == 0
    assert house.office.clock.at == MONDAY
