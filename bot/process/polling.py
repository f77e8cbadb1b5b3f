"""Polling for one token, by one process of all: the offset moves only while the lease is held.

Never gives up an update that it has begun to take.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, NoReturn

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.polling import poll
from bot.runner.holding import Holding
from bot.runner.inbound import Inbound
from storage import settings
from storage.database import Database


class Polling:
    """`worker` names this process."""

    def __init__(self, database: Database, inbound: Inbound, telegram: TelegramChannel, worker: str) -> None:
        self._database = database
        self._inbound = inbound
        self._telegram = telegram
        self._holding = Holding(database, f"poll {telegram.account}", worker)
        self._offset = f"offset:{telegram.account}"
        self._taking: set[asyncio.Task[None]] = set()

    async def always(self) -> NoReturn:
        """Poll whenever no other process does, until cancelled. Raises BadToken, AnotherPoller."""
        await self._holding.always(self._poll)

    async def _poll(self) -> None:
        known = await self._database.read(lambda conn: settings.get(conn, self._offset))
        try:
            await poll(self._telegram, self._take, int(known or 0), self._confirm)
        finally:
            if self._taking:
                await asyncio.wait(tuple(self._taking))

    async def _take(self, raw: Mapping[str, Any]) -> None:
        task = asyncio.create_task(self._inbound.take(self._telegram.account, raw))
        self._taking.add(task)
        task.add_done_callback(self._taking.discard)
        await asyncio.shield(task)

    async def _confirm(self, offset: int) -> None:
        """Remember it, or raise Lost: then the platform gives these updates to whoever polls now."""
        await self._holding.write(lambda conn: settings.put(conn, self._offset, str(offset)))
