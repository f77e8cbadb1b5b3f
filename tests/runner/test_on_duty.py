"""Staff join the duty by a code, are reminded to renew it, and leave; nobody takes what is not theirs."""

from bot.core.events import Command, Start
from storage import staff
from tests.runner.house import CASEWORKER, DARA, House


async def test_nobody_alerts_themself_and_a_stranger_takes_nothing(house: House) -> None:
    await house.joins("dara", DARA, CASEWORKER)
    own = await house.asks(who=DARA)
    assert house.says("bot.alert") not in await house.heard(DARA)
    await house.taps(DARA, own.id)
    assert (await house.heard(DARA))[-1] == house.says("bot.duty-unknown")
    case = await house.asks()
    await house.happen(Start(), "999")
    before = len(await house.office.outbox("999"))
    await house.taps("999", case.id)
    assert [(await house.case(one.id)).state for one in (own, case)] == ["open", "open"]
    assert len(await house.office.outbox("999")) >= before


async def test_duty_is_renewed_with_a_new_code_and_ends_without(house: House) -> None:
    await house.joins("dara", DARA, CASEWORKER)
    await house.wait(days=28)
    assert (await house.heard(DARA)).count(house.says("bot.duty-renew")) == 1
    await house.wait(days=3)
    await house.asks()
    assert house.says("bot.alert") not in await house.heard(DARA)
    await house.renews("dara", DARA)
    await house.asks(who="78")
    assert (await house.heard(DARA))[-1] == house.says("bot.alert")


async def test_a_wrong_code_is_refused_and_the_sixth_in_an_hour_not_even_tried(house: House) -> None:
    now = house.office.clock.at
    await house.office.database.run(lambda conn: staff.add(conn, "dara", [CASEWORKER], now))
    for _ in range(5):
        await house.happen(Command("staff", "WRONGCODE2"), DARA)
    await house.renews("dara", DARA)
    refused = house.says("bot.duty-refused")
    assert (await house.heard(DARA)).count(refused) == 6
    house.office.clock.wait(hours=2)
    await house.renews("dara", DARA)
    assert (await house.heard(DARA))[-1] == house.says("bot.duty-joined")
    kept = await house.office.ask("SELECT count(*) FROM inbox WHERE body IS NOT NULL")
    assert kept == [(0,)]


async def test_staff_leave_by_chat(house: House) -> None:
    await house.joins("dara", DARA, CASEWORKER)
    await house.happen(Command("staff"), DARA)
    assert (await house.heard(DARA))[-1] == house.says("bot.duty-joined")
    await house.happen(Command("staff", "off"), DARA)
    assert (await house.heard(DARA))[-1] == house.says("bot.duty-off")
    await house.asks()
    assert house.says("bot.alert") not in await house.heard(DARA)
