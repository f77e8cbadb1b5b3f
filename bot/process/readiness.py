"""Whether traffic may come: the store can be written and has our tables, somebody ticks, we are not stopping.

Never looks at anything of a person.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from storage import migrate, settings, ticks
from storage.database import Database
from storage.faults import StoreFault

LATE = timedelta(seconds=15)  # three ticks


class Readiness:
    """`stopping` is set first of all when the process is told to end."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self.stopping = False

    async def missing(self) -> Mapping[str, str]:
        """What keeps traffic away, and why; the tick is that of any process."""
        missing: dict[str, str] = {}
        now = self._now()
        try:
            await self._database.run(lambda conn: settings.put(conn, "ready", now.isoformat()))
            await asyncio.to_thread(migrate.require_current, self._database)
            last = await self._database.read(ticks.last)
            if last is None or now - last > LATE:
                missing["tick"] = "late"
        except StoreFault as fault:
            missing["store"] = type(fault).__name__
        if self.stopping:
            missing["process"] = "stopping"
        return missing
