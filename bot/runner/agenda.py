"""Everything that happens later: one tick looks at what is due and does it, as often as it is asked.

Never keeps a time of its own: the store is the agenda, the scheduler only a metronome.
"""

from collections.abc import Awaitable
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.runner.downloads import Downloads
from bot.runner.inbound import Inbound
from bot.runner.kit import Kit
from bot.runner.sender import Sender
from storage import erasure, outbox, people, releases
from storage.database import Database
from storage.erasure import ErasureLog
from storage.faults import DamagedCell

log = structlog.get_logger()

AT_ONCE = 100
PURGE_EVERY = timedelta(days=1)


class Agenda:
    """What one tick does, each thing in transactions of its own."""

    def __init__(
        self, database: Database, kit: Kit, inbound: Inbound, sender: Sender, erasures: ErasureLog
    ) -> None:
        self._database = database
        self._kit = kit
        self._inbound = inbound
        self._sender = sender
        self._erasures = erasures
        self._purged: datetime | None = None
        self.downloads = Downloads(database, kit)

    async def tick(self, now: datetime) -> None:
        """Do what is due at `now`; doing it twice does it once. Trouble of one piece stops no other."""
        await guarded("rescue", self._rescue(now))
        await guarded("questions", self._expire_questions(now))
        await guarded("downloads", self.downloads.start_due(now))
        await guarded("erasures", self._erase(now))
        await guarded("releases", self._purge(now))

    async def _rescue(self, now: datetime) -> None:
        rescued = await self._database.run(lambda conn: outbox.rescue(conn, now) + outbox.expire(conn, now))
        if rescued:
            log.warning("parts rescued or expired", parts=rescued)
            for account in self._kit.channels:
                self._sender.wake(account)

    async def _expire_questions(self, now: datetime) -> None:
        """Questions that waited their time come back as events, once each (the event's id is the turn's).

        In quiet hours they wait on: only the bot would speak.
        """
        if self._kit.quiet_hours.cover(now):
            return
        for contact_id in await self._database.read(lambda conn: people.due(conn, now, AT_ONCE)):
            await guarded("question", self._expire_question(contact_id, now), contact=contact_id)

    async def _expire_question(self, contact_id: int, now: datetime) -> None:
        try:
            await self._inbound.wake_person(contact_id, now)
        except DamagedCell:
            log.error("person damaged", contact=contact_id)  # noqa: TRY400 - ids only
            await self._database.run(partial(people.let_rest, contact_id=contact_id))

    async def _erase(self, now: datetime) -> None:
        for contact_id in await self._database.read(lambda conn: people.ready_to_erase(conn, AT_ONCE, now)):
            await guarded("erasure", self._erase_person(contact_id, now), contact=contact_id)

    async def _erase_person(self, contact_id: int, now: datetime) -> None:
        """Erase whoever asked for it, once the receipt has left; the log outside the store comes first."""
        blinds = await self._database.read(partial(erasure.blinds, contact_id=contact_id))
        self._erasures.append(blinds, now)
        await self._database.run(partial(erasure.erase, contact_id=contact_id, now=now))
        log.info("erased", contact=contact_id)

    async def _purge(self, now: datetime) -> None:
        """Once a day, and at the first tick, forget Releases that nobody walks or has walked."""
        if self._purged is None or now - self._purged >= PURGE_EVERY:
            purged = await self._database.run(releases.purge_unused)
            self._purged = now
            if purged:
                log.info("releases purged", releases=purged)


async def guarded(piece: str, work: Awaitable[None], **ids: int) -> None:
    """Do a piece of work; log by its kind what went wrong, so that what follows is done all the same."""
    try:
        await work
    except Exception as error:  # noqa: BLE001 - a message may hold words of a person: kind only
        log.error("tick failed", piece=piece, error=type(error).__name__, **ids)  # noqa: TRY400
