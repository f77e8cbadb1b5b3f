"""Polling takes before it confirms, whatever happens in between."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from bot.channels.telegram.account import AnotherPoller, BadToken
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.polling import Pace, Raw, Take, poll
from bot.channels.telegram.setup import delete_webhook, set_webhook
from tests.fakes.telegram.api import FakeTelegram
from tests.fakes.telegram.user import FakeUser

QUICK = Pace(wait=20, pause=0.01, longest=0.02, conflicts=3)


class Inbox:
    """What was taken, like a store; `refuse` makes the next commits of an update fail."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.offsets: list[int] = []
        self.refuse: dict[int, int] = {}
        self.changed = asyncio.Event()

    async def take(self, raw: Raw) -> None:
        number = int(raw["update_id"])
        await asyncio.sleep(0)
        if self.refuse.get(number, 0):
            self.refuse[number] -= 1
            raise OSError("the disk is full")
        self.taken.append(number)

    async def confirm(self, offset: int) -> None:
        self.offsets.append(offset)
        self.changed.set()

    async def until(self, offset: int) -> None:
        while not self.offsets or self.offsets[-1] < offset:
            self.changed.clear()
            await asyncio.wait_for(self.changed.wait(), 10)


@asynccontextmanager
async def polling(
    channel: TelegramChannel, inbox: Inbox, take: Take | None = None
) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.ensure_future(poll(channel, take or inbox.take, 0, inbox.confirm, pace=QUICK))
    yield task
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_everything_is_taken_in_order_and_then_confirmed(
    fake: FakeTelegram, channel: TelegramChannel, user: FakeUser
) -> None:
    inbox = Inbox()
    async with polling(channel, inbox):
        sent = [user.text(f"{number}") for number in range(250)]
        await inbox.until(sent[-1] + 1)
    assert inbox.taken == sent
    assert inbox.offsets == sorted(inbox.offsets)
    fake.assert_clean()


async def test_an_update_is_confirmed_only_after_its_commit(
    fake: FakeTelegram, channel: TelegramChannel, user: FakeUser
) -> None:
    committing, may_commit = asyncio.Event(), asyncio.Event()

    async def take(raw: Raw) -> None:
        committing.set()
        await may_commit.wait()
        await inbox.take(raw)

    inbox = Inbox()
    sent = user.text("សួស្តី")
    async with polling(channel, inbox, take):
        await asyncio.wait_for(committing.wait(), 5)
        assert fake.updates.pending() == [sent]
        assert inbox.offsets == []
    # killed while committing: the update is still there for the next process
    assert fake.updates.pending() == [sent]
    may_commit.set()
    async with polling(channel, inbox, take):
        await inbox.until(sent + 1)
    assert inbox.taken == [sent]


async def test_an_update_that_could_not_be_kept_comes_again_and_nobody_waits_for_it(
    channel: TelegramChannel, fake: FakeTelegram, user: FakeUser
) -> None:
    inbox = Inbox()
    other = fake.user(78)
    first = user.text("១")
    second = user.text("២")
    theirs = other.text("ក")
    inbox.refuse[first] = 2
    async with polling(channel, inbox):
        await inbox.until(theirs + 1)
    assert inbox.taken[0] == theirs  # another person's update did not wait
    assert [number for number in inbox.taken if number != theirs] == [
        first,
        second,
    ]  # one's own order is kept
    assert inbox.offsets[-1] == theirs + 1


@pytest.mark.parametrize("kind", ["status", "cut", "shut", "nonsense"])
async def test_a_stormy_network_loses_nothing(
    fake: FakeTelegram, channel: TelegramChannel, user: FakeUser, kind: str
) -> None:
    fake.fault(kind, method="getUpdates", times=3, status=502)  # type: ignore[arg-type]
    inbox = Inbox()
    sent = [user.text("a"), user.text("b")]
    async with polling(channel, inbox):
        await inbox.until(sent[-1] + 1)
    assert inbox.taken == sent


async def test_throttled_polling_waits_as_told(
    fake: FakeTelegram, channel: TelegramChannel, user: FakeUser
) -> None:
    fake.fault(method="getUpdates", status=429, retry_after=0.01)
    inbox = Inbox()
    sent = user.text("a")
    async with polling(channel, inbox):
        await inbox.until(sent + 1)
    assert inbox.taken == [sent]


async def stopped_by(channel: TelegramChannel, error: type[Exception]) -> None:
    inbox = Inbox()
    with pytest.raises(error):
        await asyncio.wait_for(poll(channel, inbox.take, 0, inbox.confirm, pace=QUICK), 10)


async def test_a_second_poller_is_an_alarm(fake: FakeTelegram, channel: TelegramChannel) -> None:
    fake.fault(method="getUpdates", status=409, times=3)
    await stopped_by(channel, AnotherPoller)


async def test_one_conflict_at_a_restart_is_not(
    fake: FakeTelegram, channel: TelegramChannel, user: FakeUser
) -> None:
    fake.fault(method="getUpdates", status=409, times=2)
    inbox = Inbox()
    sent = user.text("a")
    async with polling(channel, inbox):
        await inbox.until(sent + 1)


async def test_a_webhook_left_behind_is_the_same_alarm(fake: FakeTelegram, channel: TelegramChannel) -> None:
    await set_webhook(channel, f"{fake.base}/nowhere", "secret")
    await stopped_by(channel, AnotherPoller)
    await delete_webhook(channel)


async def test_a_refused_token_ends_polling(fake: FakeTelegram, channel: TelegramChannel) -> None:
    fake.fault(method="getUpdates", status=401)
    await stopped_by(channel, BadToken)


async def test_two_real_pollers_end_each_other(fake: FakeTelegram, channel: TelegramChannel) -> None:
    old = asyncio.ensure_future(channel.updates(0, 20))
    await until(lambda: fake.requests == 1)
    new = asyncio.ensure_future(channel.updates(0, 20))
    with pytest.raises(Exception, match="terminated by other getUpdates"):
        await old
    fake.user(77).text("a")
    assert len(await new) == 1


async def until(ready: Callable[[], bool], pause: Callable[[], Awaitable[None]] | None = None) -> None:
    async with asyncio.timeout(5):
        while not ready():
            await (pause() if pause else asyncio.sleep(0))


async def test_polling_stops_at_once(fake: FakeTelegram, channel: TelegramChannel) -> None:
    inbox = Inbox()
    async with polling(channel, inbox) as task:
        await until(lambda: fake.requests == 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 1)


async def test_a_batch_that_holds_nonsense_is_not_a_wall(channel: TelegramChannel) -> None:
    inbox = Inbox()
    batches: list[list[object]] = [["x", 7, {"no": "id"}], [{"update_id": 5, "poll": {}}]]

    async def updates(_: int, __: float) -> list[object]:
        if batches:
            return batches.pop(0)
        return await asyncio.Future()

    channel.updates = updates  # type: ignore[method-assign, assignment]
    async with polling(channel, inbox):
        await inbox.until(6)
    assert inbox.taken == [5]
