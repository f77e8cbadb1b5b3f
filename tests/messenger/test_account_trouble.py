"""Trouble of one person is theirs, trouble of the Page is nobody's: a whole Spean against refusals."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core import pace as pacing
from storage import pace
from storage.schema import outbox as parts
from tests.fakes.graph.person import FakePerson
from tests.messenger.house import House

HER, HIM = "7001700170017001", "7001700170017002"
FAIR, JOB = "ស្អែកមានពិព័រណ៍ការងារ", "មានការងារថ្មីនៅពោធិ៍សាត់"
MINUTE = timedelta(minutes=1)


def heard(person: FakePerson, words: str) -> int:
    return [got.text for got in person.messages].count(words)


async def both(house: House) -> tuple[FakePerson, FakePerson]:
    return await house.comes(HER), await house.comes(HIM)


async def stopped(house: House) -> str:
    """Why the Page may send nothing; "" when it may."""
    row = await house.read(lambda conn: pace.of(conn, house.account))
    return row.stopped if row is not None else ""


async def stops(house: House, *people: FakePerson) -> None:
    """One part to each; the Page is stopped by the first that is tried."""
    before = len(house.fake.calls)
    for person in people:
        await house.unasked(person, FAIR)
    await house.until(lambda conn: (row := pace.of(conn, house.account)) and row.stopped, "the stop")
    await house.fake.settled()
    refused = [call for call in house.fake.calls[before:] if call.edge == "messages" and call.code]
    assert 1 <= len(refused) <= len(people)
    last = select(parts.c.state).order_by(parts.c.id.desc()).limit(len(people))
    await house.until(lambda conn: set(conn.scalars(last)) == {"queued"}, "all to be kept")
    assert [await house.flag(person, "reachable") for person in people] == [True] * len(people)


async def test_who_blocked_the_page_is_left_alone_until_they_come_back(house: House) -> None:
    her, him = await both(house)
    her.block()
    await house.unasked(her, FAIR)
    await house.unasked(him, FAIR)
    await house.calm()
    found = select(parts.c.state, parts.c.reason).order_by(parts.c.id.desc()).limit(2)
    rows = await house.read(lambda conn: [(one.state, one.reason) for one in conn.execute(found)])
    assert rows == [("sent", ""), ("failed", "person: unreachable")]
    assert [await house.flag(one, "reachable") for one in (her, him)] == [False, True]
    assert await stopped(house) == ""
    her.unblock()
    await her.say("អរគុណច្រើន")
    await house.calm()
    assert await house.flag(her, "reachable")
    await house.unasked(her, JOB)
    await house.calm()
    assert heard(her, JOB) == 1


@pytest.mark.parametrize("error", ["expired", "removed", "password", "token"])
async def test_a_token_that_is_no_good_stops_the_page_and_marks_nobody(house: House, error: str) -> None:
    people = await both(house)
    house.fake.world.token_error = error
    await stops(house, *people)
    assert (await stopped(house)).startswith("bad-token")
    calls = len(house.fake.calls)
    await people[0].say("អរគុណច្រើន")  # is taken; the answer waits with the rest
    await house.fake.settled()
    assert not [call for call in house.fake.calls[calls:] if call.edge == "messages" and not call.code]
    house.fake.world.token_error = ""
    house.clock.goes_on(31 * MINUTE)
    await house.calm()
    assert [heard(person, FAIR) for person in people] == [1, 1]
    assert set(await house.states()) == {"sent"}
    assert await stopped(house) == ""


@pytest.mark.parametrize("error", ["restricted", "policy", "permission"])
async def test_a_restricted_page_is_tried_again_after_half_an_hour(house: House, error: str) -> None:
    people = await both(house)
    fault = house.fake.fault(name=error, edge="messages", times=9)
    await stops(house, *people)
    tries = fault.times
    house.clock.goes_on(20 * MINUTE)
    await house.unasked(people[0], JOB)
    await house.fake.settled()
    assert fault.times == tries, "nothing is tried before its time"
    house.clock.goes_on(15 * MINUTE)
    await house.until(lambda _: fault.times == tries - 1, "one probe")
    fault.times = 0
    house.clock.goes_on(61 * MINUTE)
    await house.calm()
    assert [heard(people[0], FAIR), heard(people[0], JOB), heard(people[1], FAIR)] == [1, 1, 1]


async def test_who_mends_it_need_not_wait(house: House) -> None:
    people = await both(house)
    house.fake.world.token_error = "expired"
    await stops(house, *people)
    house.fake.world.token_error = ""
    now, row = house.clock.now(), await house.read(lambda conn: pace.of(conn, house.account))
    assert row is not None
    resumed = pacing.resumed(row, now)  # as `spean delivery resume` does
    await house.spean.database.run(lambda conn: pace.put(conn, house.account, resumed, now))
    house.clock.goes_on(timedelta(seconds=6))
    await house.calm()
    assert [heard(person, FAIR) for person in people] == [1, 1]


async def test_too_many_calls_make_everybody_wait_and_lose_nothing(house: House) -> None:
    people = await both(house)
    house.fake.fault(name="account", edge="messages")
    for person in people:
        await house.unasked(person, FAIR)
    await house.until(lambda conn: (row := pace.of(conn, house.account)) and row.paused_until, "the pause")
    await house.fake.settled()
    refused = [call for call in house.fake.calls if call.edge == "messages" and call.code]
    assert [call.code for call in refused] == [80006]
    house.clock.goes_on(2 * MINUTE)
    await house.calm()
    assert [heard(person, FAIR) for person in people] == [1, 1]
    assert await stopped(house) == ""


async def test_a_chat_that_another_app_holds_is_the_fault_of_nobody(house: House) -> None:
    her, him = await both(house)
    her.thread.owner = "999"
    await house.unasked(her, FAIR)
    await house.unasked(him, FAIR)
    await house.calm()
    assert (await stopped(house), heard(him, FAIR)) == ("", 1)
    assert await house.flag(her, "reachable")
