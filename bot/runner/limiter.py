"""Who may send next: each account at its pace, replies before everything else, one chat not too fast.

Never sends, and never lets an announcement hold up a reply.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import heapify, heappop, heappush
from itertools import count

import structlog

from bot.core.pace import Limits
from bot.runner.pacing import Paced
from storage import pace
from storage.database import Database
from storage.faults import StoreFault
from storage.pace import Clock
from storage.parts import Lane

log = structlog.get_logger()

AT_ONCE = 64  # sends of one account at the same time
BULK_AT_ONCE = 48  # of them announcements and reminders: those that hang leave room for replies
SWEEP = 1.0  # seconds between looks for what has waited too long
STORE_AWAY = 1.0  # seconds before a store that did not answer is asked again
CHATS = 4096  # remembered before those that may send anyway are forgotten


@dataclass(frozen=True, slots=True)
class NotNow:
    """The part goes back untried. `until`: when its account may send again."""

    reason: str
    until: datetime | None = None


STOPPING = NotNow("stopping")
LATE = NotNow("waited too long for its turn")


class Waiter:
    """Somebody in line: by lane, then as they came. `until`: half of the lease is over then."""

    __slots__ = ("answer", "chat", "lane", "number", "until")

    def __init__(self, lane: int, number: int, chat: int, until: datetime | None) -> None:
        self.lane = lane
        self.number = number
        self.chat = chat
        self.until = until
        self.answer: asyncio.Future[NotNow | None] = asyncio.get_running_loop().create_future()

    def __lt__(self, other: "Waiter") -> bool:
        return (self.lane, self.number) < (other.lane, other.number)


class Spacing:
    """Sends that keep a distance, `burst` of which may follow each other at once."""

    def __init__(self, rate: float, burst: int) -> None:
        self._every = 1.0 / rate
        self._slack = (burst - 1) / rate
        self._next: dict[int, float] = {}

    def wait(self, key: int, now: float) -> float:
        """Seconds until the next of this key, which is counted."""
        due = max(self._next.get(key, 0.0), now)
        self._next[key] = due + self._every
        if len(self._next) > CHATS:
            self._next = {one: at for one, at in self._next.items() if at > now}
        return max(0.0, due - now - self._slack)


class Road:
    """One account: its pace, who waits for it, and how many sends are out."""

    def __init__(self, paced: Paced) -> None:
        limits = paced.limits
        self.paced = paced
        self.chats = Spacing(limits.chat, limits.burst) if limits.chat else None
        self.media = Spacing(limits.media, 1) if limits.media else None
        self.waiters: list[Waiter] = []
        self.busy = 0
        self.news = asyncio.Event()
        self.pump: asyncio.Task[None] | None = None
        self._swept = 0.0

    def own_wait(self, chat: int, now: float, *, media: bool) -> float:
        """Seconds that this chat, or a file, keeps its distance."""
        wait = self.chats.wait(chat, now) if self.chats is not None else 0.0
        return max(wait, self.media.wait(0, now)) if media and self.media is not None else wait

    def room(self, lane: int) -> bool:
        """Whether one more may be out."""
        return self.busy < (AT_ONCE if lane <= Lane.STAFF else BULK_AT_ONCE)

    def best(self, now: datetime, seconds: float) -> Waiter | None:
        """Who is next; whoever has waited too long is sent back."""
        if seconds - self._swept >= SWEEP:
            self._swept = seconds
            for one in self.waiters:
                if one.until is not None and now > one.until and not one.answer.done():
                    one.answer.set_result(LATE)
        while self.waiters and self.waiters[0].answer.done():
            heappop(self.waiters)
        return self.waiters[0] if self.waiters else None

    def send_back(self, why: NotNow) -> None:
        """Nobody's turn comes."""
        for one in self.waiters:
            if not one.answer.done():
                one.answer.set_result(why)
        self.waiters.clear()

    def hurry(self, chat: int) -> None:
        """What waits for this chat goes as a reply."""
        for one in self.waiters:
            if one.chat == chat:
                one.lane = min(one.lane, int(Lane.REPLY))
        heapify(self.waiters)
        self.news.set()


class Limiter:
    """One per process. Accounts without `limits` have no pace, but pause and stop like any other."""

    def __init__(
        self,
        database: Database,
        limits: Mapping[str, Limits],
        now: Callable[[], datetime],
        *,
        clock: Clock = pace.database_clock,
        seconds: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._limits = limits
        self._now = now
        self._clock = clock
        self._seconds = seconds
        self._sleep = sleep
        self._roads: dict[str, Road] = {}
        self._numbers = count()
        self._closed = False
        self.waiting: set[int] = set()  # chats whose announcement waits, read by other threads

    def paced(self, account: str) -> Paced:
        """How an account stands."""
        return self._road(account).paced

    def known(self) -> dict[str, Paced]:
        """Every account that was asked for, and how it stands."""
        return {account: road.paced for account, road in self._roads.items()}

    async def turn(
        self, account: str, lane: int, chat: int, until: datetime | None = None, *, media: bool = False
    ) -> NotNow | None:
        """Wait to send once. None: now, and `done` afterwards. Raises StoreFault before the first send.

        `until`: whoever still waits then goes back. A pause or stop sends everybody back at once.
        """
        road = self._road(account)
        if not road.paced.opened:
            await road.paced.open()
        own = road.own_wait(chat, self._seconds(), media=media)
        if (wait := max(own, await road.paced.others(chat))) > 0:
            await self._sleep(wait)
        if self._closed:
            return STOPPING
        if not (road.waiters or road.paced.shared) and road.room(lane):
            taken = road.paced.take_here(bulk=lane > Lane.STAFF)
            if taken.until is not None:
                return self._held(road)
            if taken.wait <= 0:
                road.busy += 1
                return None
        return await self._in_line(road, Waiter(lane, next(self._numbers), chat, until))

    def done(self, account: str) -> None:
        """A send is over, however it ended."""
        road = self._road(account)
        road.busy -= 1
        road.news.set()

    def hurry(self, chat: int) -> None:
        """This person has written: what we hold for them leaves like a reply, for the reply waits for it."""
        for road in self._roads.values():
            road.hurry(chat)

    async def close(self) -> None:
        """Send back whoever waits; no turn comes any more."""
        self._closed = True
        pumps = [road.pump for road in self._roads.values() if road.pump is not None]
        for road in self._roads.values():
            road.send_back(STOPPING)
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)

    def _road(self, account: str) -> Road:
        road = self._roads.get(account)
        if road is None:
            limits = self._limits.get(account)
            road = Road(Paced(self._database, account, limits, self._now, self._clock))
            self._roads[account] = road
        return road

    async def _in_line(self, road: Road, waiter: Waiter) -> NotNow | None:
        heappush(road.waiters, waiter)
        road.news.set()
        if road.pump is None:
            road.pump = asyncio.get_running_loop().create_task(self._pump(road))
        bulk = waiter.lane > Lane.STAFF
        if bulk:
            self.waiting.add(waiter.chat)
        try:
            return await waiter.answer
        except asyncio.CancelledError:
            if waiter.answer.done() and not waiter.answer.cancelled() and waiter.answer.result() is None:
                self.done(road.paced.account)  # the turn came, and nobody is there to use it
            raise
        finally:
            if bulk:
                self.waiting.discard(waiter.chat)

    async def _pump(self, road: Road) -> None:
        """Give turns as long as somebody waits."""
        try:
            while (best := road.best(self._now(), self._seconds())) is not None:
                await self._step(road, best.lane)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not hold parts for ever; ids only
            log.error("no turns", account=road.paced.account, error=type(error).__name__)  # noqa: TRY400
            road.send_back(NotNow("no turns"))
        finally:
            road.pump = None

    async def _step(self, road: Road, lane: int) -> None:
        if not road.room(lane):
            road.news.clear()
            await road.news.wait()
            return
        try:
            taken = await road.paced.take(bulk=lane > Lane.STAFF)
        except StoreFault as fault:
            log.warning("no pace", account=road.paced.account, error=type(fault).__name__)
            await self._sleep(STORE_AWAY)
            return
        if taken.until is not None:
            road.send_back(self._held(road))
        elif taken.wait > 0:
            await self._sleep(taken.wait)
        elif (best := road.best(self._now(), self._seconds())) is not None:
            heappop(road.waiters)
            road.busy += 1
            best.answer.set_result(None)

    def _held(self, road: Road) -> NotNow:
        """Of a stop the time is not told: whoever mends the account need not touch each part."""
        if road.paced.pace.stopped:
            return NotNow("account stopped")
        return NotNow("account paused", road.paced.held())
