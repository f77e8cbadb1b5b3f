"""Downloads of what people sent, a few at a time and beside the tick, while the platform still has it.

Never holds a tick up, and never fetches for an account that this process does not serve.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from bot.channels.channel import Channel
from bot.runner.kit import Kit
from storage import lease, media
from storage.database import Database
from storage.faults import StoreFault
from storage.media import MediaRow

log = structlog.get_logger()

LISTED = 100  # rows looked at
AT_ONCE = 4  # downloads at the same time, of at most 20 MB each in memory
SECONDS = 120.0  # that one download may take
FETCHES = 5  # tries to download a file, within a quarter of an hour
FETCH_AGAIN = timedelta(minutes=1)
DOWNLOADS = "downloads"  # the lease
HELD = 60.0  # seconds


class Downloads:
    """One task per file in hand. What does not come is tried again, with growing pauses, and given up."""

    def __init__(self, database: Database, kit: Kit) -> None:
        self._database = database
        self._kit = kit
        self._tasks: dict[int, asyncio.Task[None]] = {}  # by media
        self._misses: dict[int, tuple[int, datetime]] = {}  # by media: tries that failed, not again before

    async def start_due(self, now: datetime) -> None:
        """Begin what is wanted, as far as there is room; of several processes one downloads."""
        accounts = tuple(self._kit.channels)

        def wanted(conn: Connection) -> list[MediaRow]:
            return media.wanted(conn, self._kit.vault, LISTED, accounts)

        rows = await self._database.read(wanted)
        if not rows or not await self._database.run(self._ours):
            return
        for row in rows:
            if len(self._tasks) >= AT_ONCE:
                return
            _, again = self._misses.get(row.id, (0, now))
            if row.id not in self._tasks and again <= now:
                self._tasks[row.id] = asyncio.create_task(self._hold(row, now))

    def _ours(self, conn: Connection) -> bool:
        """Whether the downloads are this process's: what is in hand is still wanted, so each tick renews."""
        return lease.take(conn, DOWNLOADS, self._kit.worker, HELD)

    async def idle(self) -> None:
        """Return once nothing is in hand."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks.values()))

    async def stop(self) -> None:
        """Break off what is in hand: it is still wanted."""
        tasks = tuple(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._database.run(partial(lease.release, name=DOWNLOADS, holder=self._kit.worker))

    async def _hold(self, row: MediaRow, now: datetime) -> None:
        try:
            await self._fetch(self._kit.channels[row.account], row, now)
        finally:
            del self._tasks[row.id]

    async def _fetch(self, channel: Channel, row: MediaRow, now: datetime) -> None:
        tries, _ = self._misses.pop(row.id, (0, now))
        last = tries + 1 >= FETCHES
        try:
            await self._database.run(await _fetched(channel, row, now))
        except Exception as error:  # noqa: BLE001 - one file's trouble is no other's
            reason = type(error).__name__
            log.warning("media not fetched", media=row.id, error=reason, last=last)
            self._misses[row.id] = (tries + 1, now + FETCH_AGAIN * 2 ** min(tries, FETCHES))
            if last and not isinstance(error, StoreFault):
                await self._give_up(row, reason, now)

    async def _give_up(self, row: MediaRow, reason: str, now: datetime) -> None:
        try:
            await self._database.run(partial(media.failed, media_id=row.id, reason=reason, now=now))
        except Exception as error:  # noqa: BLE001 - it stays wanted, and is given up another time
            log.error("media not given up", media=row.id, error=type(error).__name__)  # noqa: TRY400
        else:
            del self._misses[row.id]


async def _fetched(channel: Channel, row: MediaRow, now: datetime) -> Callable[[Connection], None]:
    """What to write down of one download."""
    data = bytearray()
    async with asyncio.timeout(SECONDS):
        async for chunk in channel.fetch(row.ref):
            data += chunk
            if len(data) > media.LARGEST:
                return partial(media.failed, media_id=row.id, reason="TooLarge", now=now)
    return partial(media.fill, key=row.key, media_id=row.id, data=bytes(data), now=now)
