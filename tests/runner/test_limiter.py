"""Whose turn it is, on a clock that moves only when everybody waits."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.runner.limiter import AT_ONCE, BULK_AT_ONCE, LATE, STOPPING, NotNow
from storage.database import Database
from tests.runner.line import ACCOUNT, BROADCAST, NOON, REMINDER, REPLY, STAFF, Line, settle

Make = Callable[..., Awaitable[Line]]


@pytest.fixture
async def opened(sqlite_url: str) -> AsyncIterator[Make]:
    lines: list[Line] = []
    database = Database.open(sqlite_url)

    async def make(**limits: Any) -> Line:  # noqa: ANN401 - of Limits
        line = Line(database, **limits)
        await line.limiter.paced(ACCOUNT).open()
        lines.append(line)
        return line

    yield make
    for line in lines:
        await line.limiter.close()
        for task in line.tasks:
            task.cancel()
        await asyncio.gather(*line.tasks, return_exceptions=True)
    database.close_now()


async def test_a_reply_overtakes_any_number_of_announcements(opened: Make) -> None:
    line = await opened(rate=25.0)
    for chat in range(500):
        line.send(BROADCAST, chat)
    await line.time.pass_by(1.0)
    for chat, lane in ((901, REMINDER), (902, STAFF), (903, REPLY)):
        line.send(lane, chat)
    await line.time.pass_by(1.2)
    assert line.times(903)[0] <= 1.05
    assert line.chats()[-5:].index(903) < line.chats()[-5:].index(902) < line.chats()[-5:].index(901)


async def test_announcements_leave_in_order_at_the_rate_and_without_a_gap(opened: Make) -> None:
    line = await opened(rate=25.0)
    for chat in range(1000):
        line.send(BROADCAST, chat)
    await line.time.pass_by(20.0)
    at = [one for one, _, _ in line.turns]
    assert line.chats() == list(range(len(at)))
    assert 500 <= len(at) <= 27 * 20
    assert max(sum(one <= other < one + 1 for other in at) for one in at) <= 29


async def test_more_than_three_to_one_chat_leave_a_second_apart_and_hold_up_nobody(opened: Make) -> None:
    line = await opened(rate=25.0, chat=1.0)

    async def answer() -> None:
        for _ in range(6):
            await line._send(REPLY, 7, None, media=False)  # noqa: SLF001 - one after the other, as a chain does

    line.tasks.append(asyncio.create_task(answer()))
    await line.time.pass_by(0.5)
    line.send(REPLY, 8)
    await line.time.pass_by(10.0)
    at_once, rest = line.times(7)[:3], line.times(7)[3:]
    assert max(at_once) < 0.2
    assert [round(at) for at in rest] == [1, 2, 3]
    assert line.times(8)[0] < 0.6


async def test_media_keep_a_rate_of_their_own(opened: Make) -> None:
    line = await opened(rate=40.0, media=10.0)
    for chat in range(20):
        line.send(REPLY, chat, media=True)
    for chat in range(20, 40):
        line.send(REPLY, chat)
    await line.time.pass_by(1.0)
    assert len([chat for chat in line.chats() if chat < 20]) in range(9, 12)
    assert len([chat for chat in line.chats() if chat >= 20]) == 20


async def test_a_pause_sends_everybody_back_with_its_end(opened: Make) -> None:
    line = await opened(rate=25.0)
    for chat in range(10):
        line.send(BROADCAST, chat)
    await line.time.pass_by(0.1)
    await line.limiter.paced(ACCOUNT).throttled(35)
    line.send(REPLY, 99)
    await line.time.pass_by(0.2)
    ends = {one.until for one in line.back}
    assert len(line.turns) + len(line.back) == 11
    assert {one.reason for one in line.back} == {"account paused"}
    assert all(abs(end - NOON - timedelta(seconds=35.1)) < timedelta(milliseconds=2) for end in ends if end)
    await line.time.pass_by(35.2)
    line.send(REPLY, 100)
    await line.time.pass_by(35.3)
    assert line.times(100)


async def test_a_stop_names_no_time_and_lets_one_probe_through(opened: Make) -> None:
    line = await opened(rate=25.0)
    await line.limiter.paced(ACCOUNT).stopped("bad-token", lambda _conn: None)
    line.send(REPLY, 1)
    await line.time.pass_by(1)
    assert line.back == [NotNow("account stopped")]
    await line.time.pass_by(1801)
    for chat in (2, 3):
        line.send(REPLY, chat)
    await line.time.pass_by(1802)
    assert line.chats() == [2]
    await line.limiter.paced(ACCOUNT).went()
    await line.time.pass_by(1803)
    line.send(REPLY, 4)
    await line.time.pass_by(1804)
    assert line.chats() == [2, 4]


async def test_whoever_waits_too_long_goes_back_in_time(opened: Make) -> None:
    line = await opened(rate=1.0)
    for chat in range(40):
        line.send(BROADCAST, chat, line.time.now() + timedelta(seconds=10))
    await line.time.pass_by(13.0)
    assert set(line.back) == {LATE}
    assert len(line.turns) + len(line.back) == 40
    assert all(at <= 12.0 for at, _, _ in line.turns)


async def test_a_cancelled_waiter_takes_no_turn_and_no_place(opened: Make) -> None:
    line = await opened(rate=25.0)
    for chat in range(4):
        line.send(BROADCAST, chat)
    await settle()
    line.tasks[1].cancel()
    await line.time.pass_by(1.0)
    assert line.chats() == [0, 2, 3]


async def test_a_turn_that_comes_to_somebody_cancelled_is_given_back(opened: Make) -> None:
    """As many as may be out at once are given a turn that they never use; the next still gets one."""
    line = await opened()
    line.hold = asyncio.Event()
    for chat in range(AT_ONCE):
        line.send(REPLY, chat)
    await settle()
    line.send(REPLY, 900)
    await settle()
    road = line.limiter._road(ACCOUNT)  # noqa: SLF001 - the two must fall together
    road.waiters[0].answer.set_result(None)
    road.busy += 1
    line.tasks[-1].cancel()
    line.hold.set()
    await settle()
    assert road.busy == 0


async def test_announcements_that_hang_leave_room_for_replies(opened: Make) -> None:
    line = await opened()
    line.hold = asyncio.Event()
    for chat in range(100):
        line.send(BROADCAST, chat)
    await settle()
    assert len(line.turns) == BULK_AT_ONCE
    for chat in range(200, 300):
        line.send(REPLY, chat)
    await settle()
    assert len(line.turns) == AT_ONCE
    assert len(line.chats(REPLY)) == AT_ONCE - BULK_AT_ONCE
    line.hold.set()
    await line.time.pass_by(1.0)
    assert len(line.turns) == 200


async def test_what_is_held_for_somebody_who_writes_leaves_like_a_reply(opened: Make) -> None:
    line = await opened(rate=25.0)
    for chat in range(200):
        line.send(BROADCAST, chat)
    await line.time.pass_by(0.5)
    assert 150 in line.limiter.waiting
    line.limiter.hurry(150)
    await line.time.pass_by(0.6)
    assert 150 in line.chats()
    assert 150 not in line.limiter.waiting


async def test_closing_sends_everybody_back_untried(opened: Make) -> None:
    line = await opened(rate=1.0)
    for chat in range(5):
        line.send(REPLY, chat)
    await settle()
    await line.limiter.close()
    line.send(REPLY, 6)
    await asyncio.gather(*line.tasks)
    assert line.chats() == [0]
    assert line.back == [STOPPING] * 5


async def test_nobody_is_asked_for_while_nobody_waits(opened: Make) -> None:
    """No loop turns behind an idle limiter."""
    line = await opened(rate=25.0)
    line.send(REPLY, 1)
    await line.time.pass_by(1.0)
    slept = line.time.count
    await line.time.pass_by(1000.0)
    assert (line.time.count, line.time.sleepers) == (slept, [])


async def test_what_a_part_sent_beyond_its_turn_is_made_up_for(opened: Make) -> None:
    line = await opened(rate=25.0)
    line.send(REPLY, 1)
    await line.time.pass_by(0.0)
    await line.limiter.paced(ACCOUNT).went(26)
    line.send(REPLY, 2)
    await line.time.pass_by(2.0)
    assert line.times(2)[0] == pytest.approx(26 / 25, abs=0.01)


async def test_trouble_with_what_is_owed_does_not_lose_the_result(
    opened: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = await opened(rate=25.0)
    paced = line.limiter.paced(ACCOUNT)
    paced.shared, tried = True, []

    def broken(*_: object, **__: object) -> None:
        tried.append(1)
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(paced, "_change", broken)
    await paced.went(3)
    assert tried


async def test_on_postgresql_two_processes_make_up_for_it_together(postgres_store_url: str) -> None:
    database = Database.open(postgres_store_url)
    one, two = (Line(database, rate=25.0) for _ in range(2))
    try:
        assert await one.limiter.turn(ACCOUNT, REPLY, 1) is None
        await one.limiter.paced(ACCOUNT).went(26)
        await two.limiter.paced(ACCOUNT).open()
        taken = await two.limiter.paced(ACCOUNT).take(bulk=False)
        assert taken.wait == pytest.approx(26 / 25)
    finally:
        await one.limiter.close()
        await two.limiter.close()
        database.close_now()


async def test_on_postgresql_two_processes_share_one_pace_and_a_pause(postgres_store_url: str) -> None:
    database = Database.open(postgres_store_url)
    one, two = (Line(database, rate=25.0) for _ in range(2))
    try:
        assert await one.limiter.turn(ACCOUNT, REPLY, 1) is None
        late = asyncio.create_task(two.limiter.turn(ACCOUNT, REPLY, 2))
        while not two.time.sleepers:  # noqa: ASYNC110 - until the store has told it to wait
            await asyncio.sleep(0)
        await one.limiter.paced(ACCOUNT).throttled(60)
        two.time.sleepers[0][2].set_result(None)
        told = await late
        assert told is not None
        assert told.reason == "account paused"
        assert told.until == two.time.now() + timedelta(seconds=60)
    finally:
        await one.limiter.close()
        await two.limiter.close()
        database.close_now()
