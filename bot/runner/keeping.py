"""Forgetting on time: the daily purge, and backups that have lived their days.

Never decides what is due (the store's `purge` does), and never holds up the tick for long.
"""

import asyncio
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import structlog

from storage import backup, purge
from storage.database import Database
from storage.purge import Policy, Raced
from storage.seal import Vault

log = structlog.get_logger()

BATCHES = 20  # in one tick; the next goes on
EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """How long what is kept. `backups`: the folder, and how long one lives."""

    policy: Policy
    backups: Path
    backup_days: timedelta


class Keeping:
    """What one tick forgets."""

    def __init__(self, database: Database, vault: Vault, kept: Kept) -> None:
        self._database = database
        self._vault = vault
        self._kept = kept
        self._pruned: datetime | None = None

    async def tick(self, now: datetime) -> None:
        """Do what is due; doing it twice, or in two processes, does it once."""
        if await self._database.read(partial(purge.due, now=now)):
            await self._purge(now)
        if self._pruned is None or now - self._pruned >= EVERY:
            self._pruned = now
            gone = await asyncio.to_thread(backup.prune, self._kept.backups, now, self._kept.backup_days)
            if gone:
                log.info("backups expired", backups=len(gone))
        if self._database.unswept:
            await self._database.sweep()

    async def _purge(self, now: datetime) -> None:
        work = partial(purge.daily, vault=self._vault, policy=self._kept.policy, now=now)
        try:
            for _ in range(BATCHES):
                if not await self._database.run(work):
                    ran = await self._database.read(purge.last)
                    log.info("purged", **(asdict(ran.report) if ran else {}))
                    break
        except Raced:
            return  # another process is at it
        await self._database.sweep()
