"""People who wait for their turn to be sent to, on a clock that moves only when everybody waits.

Never sends.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import Any

from bot.core.pace import Limits
from bot.runner.limiter import Limiter, NotNow
from storage.database import Database
from storage.parts import Lane

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)
ACCOUNT = "telegram:7001"
REPLY, STAFF, REMINDER, BROADCAST = Lane


class Time:
    """Seconds since noon; whoever sleeps is woken in order when nobody has anything to do."""

    def __init__(self) -> None:
        self.at = 0.0
        self.sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self.count = 0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.at)

    def seconds(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.count += 1
        woken = asyncio.get_running_loop().create_future()
        heappush(self.sleepers, (self.at + seconds, self.count, woken))
        await woken

    async def pass_by(self, until: float) -> None:
        """Let time go on to `until`, from one wake-up to the next."""
        await settle()
        while self.sleepers and self.sleepers[0][0] <= until:
            at, _, woken = heappop(self.sleepers)
            self.at = max(self.at, at + 1e-6)
            if not woken.done():
                woken.set_result(None)
            await settle()
        self.at = until


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


class Line:
    """People who send, and when each had their turn."""

    def __init__(self, database: Database, **limits: Any) -> None:  # noqa: ANN401 - of Limits
        self.time = Time()
        self.limiter = Limiter(
            database,
            {ACCOUNT: Limits(**limits)} if limits else {},
            self.time.now,
            clock=lambda _conn: self.time.now(),
            seconds=self.time.seconds,
            sleep=self.time.sleep,
        )
        self.turns: list[tuple[float, Lane, int]] = []
        self.back: list[NotNow] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.hold: asyncio.Event | None = None

    def send(self, lane: Lane, chat: int, until: datetime | None = None, *, media: bool = False) -> None:
        self.tasks.append(asyncio.create_task(self._send(lane, chat, until, media=media)))

    async def _send(self, lane: Lane, chat: int, until: datetime | None, *, media: bool) -> None:
        wait = await self.limiter.turn(ACCOUNT, lane, chat, until, media=media)
        if wait is not None:
            self.back.append(wait)
            return
        self.turns.append((round(self.time.at, 3), lane, chat))
        if self.hold is not None:
            await self.hold.wait()
        self.limiter.done(ACCOUNT)

    def chats(self, lane: Lane | None = None) -> list[int]:
        return [chat for _, one, chat in self.turns if lane in {None, one}]

    def times(self, chat: int) -> list[float]:
        return [at for at, _, one in self.turns if one == chat]
