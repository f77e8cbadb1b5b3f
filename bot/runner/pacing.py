"""One account's pace as this process knows it: its own on SQLite, a row that all share on PostgreSQL.

Never waits for a turn: the limiter does.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from bot.core import pace as pacing
from bot.core.pace import Limits, Pace, Taken
from storage import pace
from storage.database import Database
from storage.pace import Changed, Clock

log = structlog.get_logger()

UNLIMITED = Limits(1e9)  # a second: an account whose platform names no limit
LOOK_EVERY = timedelta(seconds=5)  # at a stopped account's row, which a command may have mended
Tell = Callable[[Connection], None]
How = Callable[[Pace, datetime], Pace]


class Paced:
    """`pace` as last known. `shared`: the row is the truth, and the database's clock its time.

    Trouble holds here at once, and is then written down; a store that is away loses no pause.
    """

    def __init__(
        self,
        database: Database,
        account: str,
        limits: Limits | None,
        now: Callable[[], datetime],
        clock: Clock,
    ) -> None:
        self._database = database
        self._now = now
        self._clock = clock
        self._opening = asyncio.Lock()
        self._looked = now()
        self._until: datetime | None = None  # by our own clock
        self.account = account
        self.limits = limits or UNLIMITED
        self.shared = limits is not None and database.dialect == "postgresql"
        self.pace = pacing.first(self.limits, now())
        self.opened = False
        self.throttles = 0

    async def open(self) -> None:
        """Take up what was remembered, once. Raises StoreFault."""
        async with self._opening:
            if self.opened:
                return
            if self.shared:
                self._learn(await self._database.run(partial(self._change, how=self._fitted)))
            elif (known := await self._database.read(self._row)) is not None:
                now = self._now()
                self._learn(Changed(known, self._fitted(known, now), now))
            self.opened = True

    def held(self) -> datetime | None:
        """The end of a pause or the next probe of a stop, while nothing may be sent."""
        if self._until is None or self._until <= self._now():
            return None
        return self._until

    async def others(self, chat: int) -> float:
        """Seconds that a chat keeps its distance from what any process has sent there. Raises StoreFault."""
        limits = self.limits
        if not self.shared or limits.chat is None:
            return 0.0
        sent = await self._database.read(lambda conn: pace.lately(conn, self.account, chat))
        return pacing.distance(sent, self._now(), limits.chat, limits.burst)

    def take_here(self, *, bulk: bool) -> Taken:
        """Ask to send once, of an account that is this process's own."""
        now = self._now()
        if self.limits is UNLIMITED and self._until is None and not self.pace.stopped:
            return Taken(self.pace)
        taken = pacing.take(self.pace, self.limits, now, bulk=bulk)
        self.pace = taken.pace
        return taken

    async def take(self, *, bulk: bool) -> Taken:
        """Ask to send once. Raises StoreFault."""
        if not self.shared:
            return self.take_here(bulk=bulk)
        taken = await self._database.run(
            lambda conn: pace.take(conn, self.account, self.limits, self._clock, bulk=bulk)
        )
        self.pace = taken.pace
        if taken.until is not None:
            self._until = self._now() + timedelta(seconds=taken.wait)
        return taken

    async def throttled(self, after: float | None) -> None:
        """The platform says that it is too much: every worker waits as long as it says."""
        self.throttles += 1
        await self._happened(lambda known, now: pacing.throttled(known, now, after))

    async def stopped(self, reason: str, tell: Tell) -> None:
        """The platform takes nothing from this account. `tell`: in the transaction that says so first."""
        await self._happened(lambda known, now: pacing.stopped(known, now, reason), tell)

    async def went(self, messages: int = 1) -> None:
        """Something was sent: a stopped account goes again.

        `messages`: how many a part became, of which one had its turn; the next wait for the others.
        """
        if messages > 1 and self.limits is not UNLIMITED:
            await self._owes(messages - 1)
        if self.pace.stopped:
            await self._happened(pacing.resumed)
            log.info("account sends again", account=self.account)

    async def _owes(self, more: int) -> None:
        if not self.shared:
            self.pace = pacing.owing(self.pace, more)
            return
        try:
            there = await self._database.run(
                partial(self._change, how=lambda known, _: pacing.owing(known, more))
            )
        except Exception as error:  # noqa: BLE001 - it was sent: whatever this is, that must be written down
            log.error("pace not written", account=self.account, error=type(error).__name__)  # noqa: TRY400 - ids only
        else:
            self._learn(there)

    async def look(self) -> None:
        """See whether somebody mended a stopped account."""
        now = self._now()
        if not self.pace.stopped or now - self._looked < LOOK_EVERY:
            return
        self._looked = now
        row = await self._database.read(self._row)
        if row is not None and not row.stopped:
            self._learn(Changed(row, row, now))

    async def _happened(self, how: How, tell: Tell | None = None) -> None:
        now = self._now()
        here = Changed(self.pace, how(self.pace, now), now)
        self._learn(here)
        try:
            there = await self._database.run(partial(self._write, here=here, how=how, tell=tell))
        except Exception as error:  # noqa: BLE001 - whatever it is, the pause holds here
            log.error("pace not written", account=self.account, error=type(error).__name__)  # noqa: TRY400 - ids only
            return
        if self.shared:
            self._learn(there)

    def _write(self, conn: Connection, here: Changed, how: How, tell: Tell | None) -> Changed:
        if self.shared:
            here = self._change(conn, how)
        else:
            pace.put(conn, self.account, here.after, here.at)
        if tell is not None and here.after.stopped and not here.before.stopped:
            tell(conn)
        return here

    def _change(self, conn: Connection, how: How) -> Changed:
        return pace.change(conn, self.account, self.limits, self._clock, how)

    def _row(self, conn: Connection) -> Pace | None:
        return pace.of(conn, self.account)

    def _fitted(self, known: Pace, now: datetime) -> Pace:
        return pacing.fitted(known, self.limits, now)

    def _learn(self, known: Changed) -> None:
        """Take over how it stands, its pause by our own clock."""
        self.pace = known.after
        until = known.after.paused_until
        waits = until is not None and until > known.at
        self._until = self._now() + (until - known.at) if until is not None and waits else None
