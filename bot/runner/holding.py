"""Work that one process does at a time: done for ever under a lease, stopped before another may take it over.

Never decides what the work is.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

import structlog
from sqlalchemy import Connection

from storage import lease
from storage.database import Database
from storage.faults import StoreFault

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Term:
    """Seconds: how long a lease lasts, between renewals, and between looks whether it is free.

    A killed holder is followed within `lasts` + `look`.
    """

    lasts: float = 12.0
    renew: float = 3.0
    look: float = 1.0


class Lost(Exception):  # noqa: N818 - what happened
    """Another process holds the lease now: nothing more may be done in its name."""


class Holding:
    """One thing, for one process. `holder` names the process."""

    def __init__(self, database: Database, name: str, holder: str, term: Term | None = None) -> None:
        self._database = database
        self._name = name
        self._holder = holder
        self._term = term or Term()

    async def always(self, work: Callable[[], Awaitable[None]]) -> NoReturn:
        """Do `work` whenever the lease is ours, until cancelled; then it is given back.

        Trouble of the store and a lease that got lost begin it anew; any other trouble is the caller's.
        """
        try:
            while True:
                if await self._taken():
                    log.info("lease taken", lease=self._name)
                    try:
                        await self._once(work)
                    except (StoreFault, Lost) as trouble:
                        log.warning("lease broken off", lease=self._name, error=type(trouble).__name__)
                    await self._give_back()
                await asyncio.sleep(self._term.look)
        finally:
            await self._give_back()

    async def once(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` one time, after whoever does it now. Raises StoreFault."""
        while not await self._database.run(self._take):  # noqa: ASYNC110 - another process has it
            await asyncio.sleep(self._term.look)
        try:
            await self._once(work)
        finally:
            await self._give_back()

    async def write(self, what: Callable[[Connection], None]) -> None:
        """Write what only the holder may. Raises Lost, with nothing written."""

        def work(conn: Connection) -> bool:
            kept = lease.renew(conn, self._name, self._holder, self._term.lasts)
            if kept:
                what(conn)
            return kept

        if not await self._database.run(work):
            raise Lost

    async def _once(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do it, renewing beside it; raise Lost before the lease can have run out."""
        task = asyncio.ensure_future(work())
        try:
            await self._kept(task)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        task.result()

    async def _kept(self, task: asyncio.Future[None]) -> None:
        clock = asyncio.get_running_loop().time
        ends = clock() + self._term.lasts - self._term.renew
        while not task.done():
            await asyncio.wait({task}, timeout=self._term.renew)
            asked = clock()
            if not task.done() and await self._renewed(ends):
                ends = asked + self._term.lasts - self._term.renew

    async def _renewed(self, ends: float) -> bool:
        """Whether it was renewed; a store that does not answer may take until `ends`. Raises Lost."""
        renew = partial(lease.renew, name=self._name, holder=self._holder, seconds=self._term.lasts)
        try:
            async with asyncio.timeout_at(ends):
                if not await self._database.run(renew):
                    raise Lost
        except TimeoutError:
            raise Lost from None
        except StoreFault as fault:
            if asyncio.get_running_loop().time() >= ends:
                raise Lost from fault
            return False
        return True

    async def _taken(self) -> bool:
        try:
            return await self._database.run(self._take)
        except StoreFault as fault:
            log.warning("lease not asked for", lease=self._name, error=type(fault).__name__)
            return False

    def _take(self, conn: Connection) -> bool:
        return lease.take(conn, self._name, self._holder, self._term.lasts)

    async def _give_back(self) -> None:
        release = partial(lease.release, name=self._name, holder=self._holder)
        with suppress(StoreFault):  # then it runs out
            await self._database.run(release)
