"""Everything that happens later: one tick looks at what is due and does it, as often as it is asked.

Never keeps a time of its own: the store is the agenda, the scheduler only a metronome.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from bot.channels.channel import Channel
from bot.runner.inbound import Inbound
from bot.runner.kit import Kit
from bot.runner.sender import Sender
from storage import erasure, media, outbox, people
from storage.database import Database
from storage.erasure import ErasureLog
from storage.media import MediaRow

log = structlog.get_logger()

AT_ONCE = 100
FETCHES = 5  # tries to download a file, within a quarter of an hour
FETCH_AGAIN = timedelta(minutes=1)


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
        self._misses: dict[int, tuple[int, datetime]] = {}  # by media: tries that failed, not again before

    async def tick(self, now: datetime) -> None:
        """Do what is due at `now`; doing it twice does it once."""
        rescued = await self._database.run(lambda conn: outbox.rescue(conn, now) + outbox.expire(conn, now))
        if rescued:
            log.warning("parts rescued or expired", parts=rescued)
            for account in self._kit.channels:
                self._sender.wake(account)
        await self._expire_questions(now)
        await self._fetch_media(now)
        await self._erase(now)

    async def _expire_questions(self, now: datetime) -> None:
        """Questions that waited their time come back as events, once each (the event's id is the turn's).

        In quiet hours they wait on: only the bot would speak.
        """
        if self._kit.quiet_hours.cover(now):
            return
        for contact_id in await self._database.read(lambda conn: people.due(conn, now, AT_ONCE)):
            await self._inbound.wake_person(contact_id, now)

    async def _fetch_media(self, now: datetime) -> None:
        """Download what people sent, while the platform still has it."""
        for row in await self._database.read(lambda conn: media.wanted(conn, self._kit.vault, AT_ONCE)):
            channel = self._kit.channels.get(row.account)
            tries, again = self._misses.pop(row.id, (0, now))
            if channel is None or again > now:
                self._misses[row.id] = (tries, again)
                continue
            done = await _fetched(channel, row, now, last=tries + 1 >= FETCHES)
            if done is None:
                self._misses[row.id] = (tries + 1, now + FETCH_AGAIN * 2**tries)
            else:
                await self._database.run(done)

    async def _erase(self, now: datetime) -> None:
        """Erase whoever asked for it, once the receipt has left; the log outside the store comes first."""
        for contact_id in await self._database.read(lambda conn: people.ready_to_erase(conn, AT_ONCE, now)):
            blinds = await self._database.read(partial(erasure.blinds, contact_id=contact_id))
            self._erasures.append(blinds, now)
            await self._database.run(partial(erasure.erase, contact_id=contact_id, now=now))
            log.info("erased", contact=contact_id)


async def _fetched(
    channel: Channel, row: MediaRow, now: datetime, *, last: bool
) -> Callable[[Connection], None] | None:
    """What to write down of one download; None to try again, unless this was the `last` time."""
    data = bytearray()
    try:
        async for chunk in channel.fetch(row.ref):
            data += chunk
            if len(data) > media.LARGEST:
                return partial(media.failed, media_id=row.id, reason="TooLarge", now=now)
    except OSError as error:
        log.warning("media not fetched", media=row.id, error=type(error).__name__, last=last)
        if not last:
            return None
        return partial(media.failed, media_id=row.id, reason=type(error).__name__, now=now)
    return partial(media.fill, key=row.key, media_id=row.id, data=bytes(data), now=now)
