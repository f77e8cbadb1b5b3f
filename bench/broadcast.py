"""The broadcast: thousands of messages leave through a Bot API that enforces its limit, while people write.

Never counts a refused message as sent, and ends by itself also when messages are lost.
"""

import asyncio
import os
import statistics
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter

from sqlalchemy import Connection
from telegram.constants import FloodLimit

from bench import bots, plans
from bench.bots import BenchFailed, Bot, Spent
from bench.crowd import Crowd
from bench.fake import FakeTelegram, Shown
from bench.limit import Limit, most_in_a_second
from bench.people import Plan
from bench.rig import Make, Rig
from bot.config.settings import TelegramSection
from bot.core.channel import Part
from bot.core.contact import Address
from bot.core.pace import CAPACITY, Limits
from bot.runner.forms import dump_part
from storage import outbox, people
from storage.database import Database
from storage.outbox import Draft, Lane
from storage.seal import Vault

QUICK, FULL = 3_000, 20_000  # people written to: two minutes a bot, twelve minutes a bot
FIRST_CHAT = 900_000_001
WRITES = 4.0  # updates a second from the people meanwhile
AWAY = 0.05  # seconds from a message's arrival at Telegram to the bot's knowing of it
LEARNING = 60.0  # seconds in which a limiter may still find its pace
SILENT = 20.0  # seconds without one more message of the broadcast, after which no more will come
SLACK = 1.6  # times what the limiter may need for it: then the broadcast is broken off
_AT_ONCE = 250  # people made in one transaction, which stays under 50 ms
_ACCOUNT = f"telegram:{bots.TOKEN.partition(':')[0]}"
Start = Callable[[Crowd, Bot, Path, range], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class Side:
    """A bot: how it is made and begins the broadcast (whose perf_counter it returns).

    `may`: sends a second that its limiter may use.
    """

    make: Callable[[range], Make]
    plan: Plan
    may: float
    start: Start


@dataclass(frozen=True, slots=True)
class Announced:
    """What one broadcast showed. Times in seconds, memory in bytes, `rate` and `may` in sends a second.

    `reached` of `people`; `twice`: messages that somebody had already. `rate`: all sends after the first
    minute. `refused`: in the first minute, and later. `most`: that came within any one second; `seconds`:
    that came in each from the beginning. `replies` with their latencies, `stuck` of them never came.
    `busy`, `others`: as in load.Measured.
    """

    people: int
    reached: int
    twice: int
    took: float
    may: float
    rate: float
    refused: tuple[int, int]
    most: int
    seconds: tuple[int, ...]
    replies: int
    stuck: int
    p50: float
    p95: float
    p99: float
    slowest: float
    memory: int
    busy: float
    others: float
    load_average: float

    @property
    def share(self) -> float:
        """How much of what the limiter may use was used."""
        return self.rate / self.may


class Broadcast:
    """One broadcast of one bot. Listens to the fake Bot API."""

    def __init__(self, side: Side, count: int) -> None:
        self._side = side
        self._chats = range(FIRST_CHAT, FIRST_CHAT + count)
        self._crowd = Crowd(side.plan, self._chats, WRITES)
        self._limit = Limit()
        self._had: Counter[int] = Counter()
        self._last = 0.0
        self._all = asyncio.Event()
        self.fake = FakeTelegram(self._hear, AWAY, self._limit)

    def _hear(self, shown: Shown) -> None:
        if not shown.text.startswith(plans.ANNOUNCED):
            self._crowd.hear(shown)
            return
        self._had[shown.chat] += 1
        self._last = shown.at
        if len(self._had) == len(self._chats):
            self._all.set()

    async def measure(self, rig: Rig) -> Announced:
        """From an empty store to the last message."""
        async with rig.running(self._side.make(self._chats), self.fake) as (bot, folder):
            began = self._last = await self._side.start(self._crowd, bot, folder, self._chats)
            before = bot.spent()
            async with asyncio.TaskGroup() as both:
                both.create_task(self._crowd.write(bot))
                await self._over(began + SLACK * len(self._chats) / self._side.may)
                self._crowd.leave()
            return self._summary(began, before, bot.spent(), perf_counter())

    async def _over(self, end: float) -> None:
        while not self._all.is_set() and (now := perf_counter()) < end and now - self._last < SILENT:
            with suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await self._all.wait()

    def _summary(self, began: float, before: Spent, after: Spent, now: float) -> Announced:
        limit, latencies, took = self._limit, self._crowd.latencies, self._last - began
        if took <= LEARNING or len(latencies) < 100:
            raise BenchFailed(f"the broadcast ended after {took:.0f} s, {len(self._had)} people were reached")
        learnt = began + LEARNING
        refused = set(limit.refused)
        sent = sum(learnt <= at <= self._last for at in limit.came if at not in refused)
        cuts = statistics.quantiles(latencies, n=100)
        counted = Counter(int(at - began) for at in limit.came if at <= self._last)
        return Announced(
            people=len(self._chats),
            reached=len(self._had),
            twice=self._had.total() - len(self._had),
            took=took,
            may=self._side.may,
            rate=sent / (self._last - learnt),
            refused=(sum(at < learnt for at in refused), sum(at >= learnt for at in refused)),
            most=most_in_a_second(limit.came),
            seconds=tuple(counted[second] for second in range(int(took) + 1)),
            replies=len(latencies),
            stuck=self._crowd.stuck,
            p50=cuts[49],
            p95=cuts[94],
            p99=cuts[98],
            slowest=max(latencies),
            memory=after.memory,
            busy=(after.cpu - before.cpu) / (now - began),
            others=max(0.0, after.core - before.core - after.cpu + before.cpu) / (now - began),
            load_average=os.getloadavg()[1],
        )


# --- how each bot begins ---


async def _queue(crowd: Crowd, bot: Bot, folder: Path, chats: range) -> float:
    """Put the parts into our outbox, all due at one moment, and wait for it."""
    del crowd, bot
    ahead = timedelta(seconds=3 + len(chats) / 500)
    due, at = datetime.now(UTC) + ahead, perf_counter() + ahead.total_seconds()
    await asyncio.to_thread(_fill, folder, chats, due)
    if perf_counter() > at:
        raise BenchFailed("the broadcast was not in the store in time")
    await asyncio.sleep(at - perf_counter())
    return at


def _fill(folder: Path, chats: range, due: datetime) -> None:
    body = dump_part(Part(text=plans.ANNOUNCEMENT))
    vault = Vault.open(folder / "master.key", make=False)
    database = Database.open(f"sqlite:///{folder / 'spean.db'}")

    def add(conn: Connection, some: range) -> None:
        now = datetime.now(UTC)
        for chat in some:
            person = people.greet(conn, vault, Address(_ACCOUNT, str(chat)), "km", now)
            draft = Draft(f"bench-{chat}", Lane.BROADCAST, body, not_before=due)
            seq = people.take_seq(conn, person.contact.id)
            outbox.add(conn, person, [draft], first_seq=seq, now=now)

    try:
        for start in range(0, len(chats), _AT_ONCE):
            some = chats[start : start + _AT_ONCE]
            database.run_now(partial(add, some=some))
    finally:
        database.close_now()


async def _command(crowd: Crowd, bot: Bot, folder: Path, chats: range) -> float:
    """Tell the peer to begin."""
    del folder, chats
    await crowd.command(bot, "/announce")
    return perf_counter()


def _paced(chats: range) -> Make:
    del chats  # they stand in the store
    return bots.spean_paced


def _announcing(chats: range) -> Make:
    return partial(bots.peer, announce=chats)


def _tuned(chats: range) -> Make:
    return partial(bots.peer, announce=chats, pace=(CAPACITY, CAPACITY / OURS.top))


OURS = Limits(TelegramSection().rate)
SIDES = {
    "spean": Side(_paced, plans.SPEAN, OURS.top, _queue),
    "peer": Side(_announcing, plans.PEER, float(FloodLimit.MESSAGES_PER_SECOND), _command),
    "peer (tuned)": Side(_tuned, plans.PEER, OURS.top, _command),
}
