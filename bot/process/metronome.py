"""Work that is done again every few seconds, never beside itself; a stop lets what has begun end.

Never keeps a time beyond this process: what is due stands in the store.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler


class Metronome:
    """APScheduler with nothing but its clock; work logs its own trouble."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._beating: set[asyncio.Task[None]] = set()

    def every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        """Do it from `start` on; a beat that comes while it is still being done is left out."""

        async def do() -> None:
            await work()

        async def beat() -> None:
            task = asyncio.create_task(do())
            self._beating.add(task)
            task.add_done_callback(self._beating.discard)
            await asyncio.shield(task)

        self._scheduler.add_job(
            beat, "interval", seconds=seconds, coalesce=True, max_instances=1, misfire_grace_time=None
        )

    def start(self) -> None:
        """Begin to beat."""
        self._scheduler.start()

    async def stop(self, seconds: float) -> None:
        """Beat no more; what is being done may take `seconds` to end."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self._beating:
            _, late = await asyncio.wait(tuple(self._beating), timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
