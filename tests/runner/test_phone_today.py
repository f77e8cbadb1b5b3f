"""The door of a fair, from a phone: who came by list, name, number and ticket; everybody else as a number."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, insert, update

from bot.core.activity import Party
from bot.core.answers import Phone as Number
from bot.core.answers import Words
from storage import attendance, audit, schema
from storage.attendance import WalkIns
from storage.staff import Grant
from tests.runner.house import CASEWORKER, DARA, PURSAT, VANNA, House
from tests.runner.phone import FAIR_DAY, Phone, a_fair, a_sheet, answered, comes


@pytest.fixture
async def dara(house: House) -> Phone:
    """On duty in Pursat, on the morning of the fair."""
    house.office.clock.at = FAIR_DAY
    await house.joins("dara", DARA, CASEWORKER)
    return Phone(house, DARA)


async def came(house: House, activity_id: int) -> tuple[int, int]:
    return await house.office.database.read(lambda conn: attendance.arrived(conn, activity_id))


async def test_the_fair_of_today_opens_with_its_numbers(house: House, dara: Phone) -> None:
    await dara.command("today")
    assert (await dara.reads()).startswith(house.says("phone.today-none"))
    fair = await a_fair(house)
    await a_fair(
        house, sheet=a_sheet(starts_at=FAIR_DAY + timedelta(days=1), ends_at=FAIR_DAY + timedelta(days=2))
    )
    await comes(house, "81", fair, "សុខ សុភា", party=Party(adults=2, children=1))
    await dara.command("today")
    shown = await dara.reads()
    assert "ពិព័រណ៍ការងារបាកាន" in shown
    assert "០ នាក់ (០ ក្រុម) ក្នុងចំណោម ៣ នាក់" in shown


async def test_who_came_is_ticked_on_the_list_and_a_second_tap_takes_it_back(
    house: House, dara: Phone
) -> None:
    fair = await a_fair(house)
    await comes(house, "81", fair, "សុខ សុភា", party=Party(adults=2, children=1))
    await comes(house, "82", fair, "មករា", coming="cannot")
    await dara.command("today")
    await dara.taps("បញ្ជីឈ្មោះ")
    assert (await dara.buttons())[0] == "សុខ សុភា (៣)"
    assert not any("មករា" in one for one in await dara.buttons())  # they cannot come
    await dara.taps("សុខ សុភា")
    assert (await dara.buttons())[0] == "✓ សុខ សុភា (៣)"
    assert await came(house, fair.id) == (1, 3)
    await dara.taps("សុខ សុភា")
    assert await came(house, fair.id) == (0, 0)


async def test_a_name_a_number_and_a_ticket_are_typed_and_count_once(house: House, dara: Phone) -> None:
    fair = await a_fair(house)
    await comes(house, "81", fair, "សុខ សុភា")
    await comes(house, "82", fair, "សុខ វិបុល")
    third = await comes(house, "83", fair, ticket="K7RM2QXW")
    await answered(house, third, {"name": Words("ស្រីពៅ"), "phone": Number("+85512345678")})
    await dara.command("today")
    await dara.types("សុភា")
    assert await dara.reads() == "✓ សុខ សុភា — ១ នាក់ បានមក។"
    await dara.types("សុខ")
    assert await dara.buttons() == ["✓ សុខ សុភា (១)", "សុខ វិបុល (១)"]
    await dara.taps("វិបុល")
    await dara.types("k7rm 2qxw")
    assert "ស្រីពៅ" in await dara.reads()
    await dara.types("០១២ ៣៤៥ ៦៧៨")
    assert await dara.reads() == "ស្រីពៅ — បានកត់រួចហើយ (១ នាក់)។"
    assert await came(house, fair.id) == (3, 3)
    await dara.taps("ខុសហើយ")
    assert await came(house, fair.id) == (2, 2)
    await dara.types("ចាន់ថា")
    assert (await dara.reads()).startswith(house.says("phone.today-nobody"))


async def test_a_scanned_ticket_opens_the_chat_and_ticks_its_party(house: House, dara: Phone) -> None:
    fair = await a_fair(house)
    await comes(house, "81", fair, "សុភា", party=Party(adults=1, children=2), ticket="K7RM2QXW")
    await dara.scans("K7RM2QXW")
    assert await dara.reads() == "✓ សុភា — ៣ នាក់ បានមក។"
    assert await came(house, fair.id) == (1, 3)
    await dara.scans("NOSUCH22")
    assert await dara.reads() == house.says("phone.today-no-ticket")
    lines = await house.office.database.read(lambda conn: audit.latest(conn, 1))
    assert [(one.by, one.action) for one in lines] == [("dara", "activity.came")]


async def test_who_did_not_register_is_counted_with_a_tap_each(house: House, dara: Phone) -> None:
    fair = await a_fair(house)
    await dara.command("today")
    await dara.taps("រាប់អ្នក")
    await dara.taps("ស្រី")
    await dara.taps("២៥–៣៤")
    await dara.taps("២៥–៣៤")
    await dara.taps("មិនដឹង")
    assert "ស្រី ៣ · ប្រុស ០" in await dara.reads()
    await dara.taps("ដកវិញ")
    today = FAIR_DAY.date()
    counted = await house.office.database.read(lambda conn: attendance.walk_ins(conn, fair.id))
    assert counted == [WalkIns(today, "woman", "25-34", 2)]
    for payload in (
        f"s:to:{fair.id}:less:woman:over-60",
        f"s:to:{fair.id}:walk:woman:old",
        "s:to:x:walk:man:15-17",
    ):
        await dara.presses(payload)
    assert await house.office.database.read(lambda conn: attendance.walk_ins(conn, fair.id)) == counted


async def test_how_many_must_be_called_is_told_and_no_number_of_theirs(house: House, dara: Phone) -> None:
    fair = await a_fair(house)
    contact = await comes(house, "81", fair)
    await answered(house, contact, {"name": Words("សុភា"), "phone": Number("+85512345678")})
    await dara.command("today")
    await dara.taps("អ្នកត្រូវហៅទូរសព្ទ")
    assert await dara.reads() == house.says("phone.today-no-calls")

    def missed(conn: Connection) -> None:
        agreed = {"consents": "help messages call", "careful": False}
        conn.execute(update(schema.contact).where(schema.contact.c.id == contact).values(agreed))
        cells = {"activity_id": fair.id, "contact_id": contact, "occasion": "-3h", "why": "no channel"}
        conn.execute(insert(schema.activity_missed).values(**cells, at=FAIR_DAY))

    await house.office.database.run(missed)
    await dara.command("today")
    await dara.taps("អ្នកត្រូវហៅទូរសព្ទ")
    told = await dara.reads()
    assert house.says("phone.today-calls", count="១") in told
    assert f"spean activity call-list {fair.id} --as dara" in told
    assert "345678" not in told


async def test_nobody_sees_who_comes_to_another_centres_fair(house: House, dara: Phone) -> None:
    fair = await a_fair(house, centre="preah-vihear")
    contact = await comes(house, "81", fair, "សុភា", ticket="K7RM2QXW")
    await dara.command("today")
    assert (await dara.reads()).startswith(house.says("phone.today-none"))
    unknown = house.says("phone.fair-unknown")
    for deed in ("", ":calls", ":who:0", f":came:{contact}", f":tick:{contact}:0", ":walk:man:15-17"):
        await dara.presses(f"s:to:{fair.id}{deed}")
        assert await dara.reads() == unknown
    await dara.scans("K7RM2QXW")
    assert await dara.reads() == house.says("phone.today-no-ticket")
    assert await came(house, fair.id) == (0, 0)
    assert "សុភា" not in str(await dara.told())


async def test_without_the_right_nothing_is_told_and_a_stranger_learns_of_no_such_room(house: House) -> None:
    house.office.clock.at = FAIR_DAY
    fair = await a_fair(house)
    await comes(house, "81", fair, "សុភា", ticket="K7RM2QXW")
    await house.joins("vanna", VANNA, Grant("viewer", PURSAT))
    vanna = Phone(house, VANNA)
    for command in ("today", "fair", "announce"):
        await vanna.command(command)
        assert (await vanna.reads()).startswith(house.says("phone.no-right"))
    await vanna.scans("K7RM2QXW")
    assert await vanna.reads() == house.says("phone.today-no-ticket")
    stranger = Phone(house, "999")
    await stranger.command("start")
    for command in ("today", "announce"):
        await stranger.command(command)
    await stranger.scans("K7RM2QXW")
    await stranger.presses(f"s:to:{fair.id}:who:0")
    assert "ពិព័រណ៍ការងារបាកាន" not in str(await stranger.told())
    await stranger.command("fair")  # to them it is the list that everybody may see
    said = str(await stranger.told())
    assert "ពិព័រណ៍ការងារបាកាន" in said
    assert not any(
        house.says(one) in said for one in ("phone.no-right", "phone.fair-unknown", "phone.begin-again")
    )
    assert "សុភា" not in said
    assert await came(house, fair.id) == (0, 0)


async def test_what_was_asked_is_forgotten_after_half_an_hour(house: House, dara: Phone) -> None:
    fair = await a_fair(house)
    await comes(house, "81", fair, "សុភា")
    await dara.command("today")
    house.office.clock.wait(minutes=31)
    await dara.types("សុភា")
    assert await came(house, fair.id) == (0, 0)


async def test_whoever_leaves_for_the_menu_is_asked_no_more(house: House, dara: Phone) -> None:
    fair = await a_fair(house)
    await comes(house, "81", fair, "សុភា")
    await dara.command("today")
    await dara.command("menu")
    await dara.types("សុភា")
    assert await came(house, fair.id) == (0, 0)

    def doing(conn: Connection) -> int:
        return len(audit.latest(conn, 100))

    assert await house.office.database.read(doing) == 1  # that she joined
