"""How sends ended, on its way into the store: what gathers while one write runs is written by the next.

Never keeps whoever waits for a write waiting for ever: after the last pause the lease decides.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from bot.core.contact import Address
from bot.runner import calls
from bot.runner.kit import Kit
from bot.runner.notice import desk_of
from storage import outbox, reachable, sharing, standing, uploads, waking
from storage.database import Database
from storage.faults import StoreFault
from storage.outbox import Lane, OutRow, Result

log = structlog.get_logger()

PAUSES = (0.2, 1.0, 5.0)  # seconds before each new try to write, together far less than a lease
ASK_AFTER = timedelta(seconds=5)  # the last part of something unasked, before what waits is asked again


class Ledger:
    """One per sender. `counts`: outcomes since the start, by account and state.

    `lost`: parts that may have arrived, of which that could not be written down.
    """

    def __init__(self, database: Database, kit: Kit, now: Callable[[], datetime]) -> None:
        self._database = database
        self._kit = kit
        self._now = now
        self._results: list[Result] = []
        self._written: asyncio.Future[None] | None = None
        self._flusher: asyncio.Task[None] | None = None
        self.counts: dict[tuple[str, str], int] = {}
        self.lost: set[int] = set()

    def note(self, result: Result) -> None:
        """Remember an outcome until the next `flush`."""
        key = (result.row.account, result.state)
        self.counts[key] = self.counts.get(key, 0) + 1
        self._results.append(result)

    async def flush(self) -> None:
        """Return once everything noted so far is written down, or was given up."""
        if not self._results:
            return
        if self._written is None:
            self._written = asyncio.get_running_loop().create_future()
        written = self._written
        if self._flusher is None:
            self._flusher = asyncio.create_task(self._write_down())
        await asyncio.shield(written)

    async def _write_down(self) -> None:
        written: asyncio.Future[None] | None = None
        try:
            while (written := self._written) is not None:
                self._written = None
                batch = tuple(self._results)
                await self._write(batch)
                del self._results[: len(batch)]
                written.set_result(None)
        finally:  # however it ended, nobody waits on: what is still in `_results` goes with the next flush
            self._flusher = None
            for left in (written, self._written):
                if left is not None and not left.done():
                    left.set_result(None)
            self._written = None

    async def _write(self, results: Sequence[Result]) -> None:
        """Write them; given up, their leases run out and `rescue` decides: only the knowledge is lost."""
        for pause in (*PAUSES, None):
            trouble = await self._tried(results)
            if trouble is None:
                return
            if pause is not None:
                await asyncio.sleep(pause)
        if not isinstance(trouble, StoreFault) and len(results) > 1:
            for result in results:  # one of them is the trouble: it takes no other with it
                if await self._tried((result,)) is not None:
                    self._lose((result,))
            return
        self._lose(results)

    def _lose(self, results: Sequence[Result]) -> None:
        self.lost.update(one.row.id for one in results if _perhaps_there(one))

    async def _tried(self, results: Sequence[Result]) -> Exception | None:
        try:
            await self._database.run(partial(self._finish, results=results))
        except Exception as error:  # noqa: BLE001 - whatever it is, chains wait; its message may hold words
            log.error("outcomes not written", error=type(error).__name__, parts=len(results))  # noqa: TRY400
            return error
        self.lost.difference_update(one.row.id for one in results)
        return None

    def _finish(self, conn: Connection, results: Sequence[Result]) -> None:
        now = self._now()
        results = standing.weighed(conn, results)
        outbox.finish(conn, results, now)
        uploads.note(conn, results, now)
        told = {one.row.contact_id for one in results if one.state == "sent" and one.row.lane > Lane.STAFF}
        if told:
            waking.interrupted(conn, told, now + ASK_AFTER)
        for result in results:
            if result.state == "failed" and result.reason.startswith("person: "):
                self._blocked(conn, result.row, now)
            calls.unsaid(conn, desk_of(self._kit), result, now)

    def _blocked(self, conn: Connection, row: OutRow, now: datetime) -> None:
        """By where it was sent: since then the part may have got another address."""
        place = sharing.place_of(conn, self._kit.vault, Address(row.account, row.external))
        reachable.lost(conn, row.contact_id, place, now)


def _perhaps_there(result: Result) -> bool:
    """Whether the platform may have the part: what it surely refused or put off is not there."""
    tried_again = result.state == "queued" and result.tried and result.row.lane <= Lane.STAFF
    return result.state in {"sent", "unknown"} or tried_again
