"""Parts on the wire: a long send keeps its lease, and what came of it is known until it is written down.

Never sends, and never judges.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog

from bot.channels.channel import Outcome
from bot.runner.kit import Kit
from storage import outbox
from storage.database import Database
from storage.faults import StoreFault
from storage.outbox import OutRow

log = structlog.get_logger()


class Flight:
    """One per sender. A large file may take longer than a lease lasts: another would send it once more."""

    def __init__(self, database: Database, kit: Kit, now: Callable[[], datetime]) -> None:
        self._database = database
        self._kit = kit
        self._now = now
        self._out: dict[int, tuple[OutRow, Outcome | None]] = {}
        self._renewed = now()

    def begin(self, row: OutRow) -> None:
        """A part goes onto the wire: from now on it may arrive."""
        self._out[row.id] = row, None

    def came(self, row: OutRow, outcome: Outcome) -> None:
        """The platform has answered, and what that means for everybody is about to be done."""
        if row.id in self._out:
            self._out[row.id] = row, outcome

    def end(self, row: OutRow) -> bool:
        """Whether a part was on the wire, where it is no more."""
        return self._out.pop(row.id, None) is not None

    def left(self) -> tuple[tuple[OutRow, Outcome | None], ...]:
        """What is still out, and what came of it (None: nobody knows)."""
        return tuple(self._out.values())

    async def renew(self) -> None:
        """Let what is out keep its lease; asked every second, it is done three times in a lease."""
        now = self._now()
        if not self._out or abs(now - self._renewed) < self._kit.lease / 3:
            return
        self._renewed = now
        rows = [row for row, _ in self._out.values()]
        try:
            await self._database.run(partial(outbox.renew, rows=rows, until=now + self._kit.lease))
        except StoreFault as fault:
            log.warning("leases not renewed", parts=len(rows), error=type(fault).__name__)
