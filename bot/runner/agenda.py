"""Everything that happens later: one tick looks at what is due and does it, as often as it is asked.

Never keeps a time of its own: the store is the agenda, the scheduler only a metronome.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog
from sqlalchemy import Connection

from bot.runner import (
    broadcast_expanding,
    broadcasting,
    calls,
    correcting,
    desk,
    duty,
    erasing,
    expiring,
    heralding,
    informing,
    matching,
    offering_seats,
    outcomes,
    pausing,
    planning,
    promises,
    reminding,
    rounds,
)
from bot.runner.downloads import Downloads
from bot.runner.inbound import Inbound
from bot.runner.kit import Kit
from bot.runner.notice import Desk, desk_of
from bot.runner.phone import approving, asking
from storage import agenda, corrected, doing, held, missed, outbox, people, releases, seats, waking
from storage.agenda import AgendaRow
from storage.database import Database
from storage.erasure import ErasureLog
from storage.faults import DamagedCell

log = structlog.get_logger()

AT_ONCE = 100
AGAIN = timedelta(minutes=5)  # before an entry that failed is tried again
DUE: Mapping[str, Callable[[Connection, Desk, AgendaRow, datetime], None]] = {
    promises.ANSWER: promises.answer_due,
    promises.ALERT: promises.alert_due,
    desk.SILENCE: desk.silence_due,
    duty.RENEW: duty.renew_due,
    calls.CALL: calls.call_due,
    pausing.RESUME: pausing.resume_due,
    corrected.CORRECT: correcting.correct_due,
    broadcasting.EXPAND: broadcast_expanding.expand_due,
    approving.ASK: asking.ask_due,
    approving.TELL: asking.tell_due,
    seats.OFFER: offering_seats.offer_due,
    seats.LAPSE: offering_seats.lapse_due,
    reminding.REMIND: reminding.remind_due,
    reminding.EXPECT: reminding.expect_due,
    planning.NEW: heralding.herald_due,
    planning.CORRECT: informing.inform_due,
    informing.INFORM: informing.inform_one_due,
    outcomes.AFTER: outcomes.after_due,
    matching.MATCH: matching.match_due,
}
PURGE_EVERY = timedelta(days=1)
WARN_EVERY = timedelta(hours=1)
PLAN_EVERY = timedelta(hours=1)
# What the bot says in private dialogs could betray who complained: it is emptied within two hours.
PRIVATE_FOR = timedelta(hours=1)


class Wakes(Protocol):
    """Whoever sends."""

    def wake(self, account: str) -> None:
        """Parts may wait in the store."""
        ...


class Agenda:
    """What one tick does, each thing in transactions of its own."""

    def __init__(
        self, database: Database, kit: Kit, inbound: Inbound, sender: Wakes, erasures: ErasureLog
    ) -> None:
        self._database = database
        self._kit = kit
        self._inbound = inbound
        self._sender = sender
        self._erasures = erasures
        self._purged: datetime | None = None
        self._forgot: datetime | None = None
        self._warned: datetime | None = None
        self._planned: datetime | None = None
        self.downloads = Downloads(database, kit)

    async def tick(self, now: datetime) -> None:
        """Do what is due at `now`; doing it twice does it once. Trouble of one piece stops no other."""
        await guarded("rescue", self._rescue(now))
        await guarded("questions", self._expire_questions(now))
        await guarded("interrupted questions", self._ask_again(now))
        await guarded("downloads", self.downloads.start_due(now))
        await guarded("erasures", self._erase(now))
        await guarded("held files", self._drop_files(now))
        await guarded("plans", self._plan(now))
        await guarded("agenda", self._do_due(now))
        await guarded("private words", self._forget(now))
        await guarded("releases", self._purge(now))
        await guarded("answers", self._warn(now))

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
            await self._database.run(partial(waking.let_rest, contact_id=contact_id))

    async def _ask_again(self, now: datetime) -> None:
        """Questions below which something unasked came, once each; not in quiet hours, as above."""
        if self._kit.quiet_hours.cover(now):
            return
        for contact_id in await self._database.read(lambda conn: waking.to_ask(conn, now, AT_ONCE)):
            await guarded("interrupted", self._ask_one_again(contact_id, now), contact=contact_id)

    async def _ask_one_again(self, contact_id: int, now: datetime) -> None:
        try:
            await self._inbound.ask_again(contact_id, now)
        except DamagedCell:
            log.error("person damaged", contact=contact_id)  # noqa: TRY400 - ids only
            await self._database.run(partial(waking.ask_then, contact_id=contact_id, at=None))

    async def _erase(self, now: datetime) -> None:
        for contact_id in await self._database.read(lambda conn: people.ready_to_erase(conn, AT_ONCE, now)):
            await guarded("erasure", self._erase_person(contact_id, now), contact=contact_id)

    async def _erase_person(self, contact_id: int, now: datetime) -> None:
        await erasing.erase(self._database, self._kit, self._erasures, contact_id, now)
        log.info("erased", contact=contact_id)

    async def _plan(self, now: datetime) -> None:
        """Once an hour, and at the first tick, enter what comes round by itself."""
        if self._planned is None or now - self._planned >= PLAN_EVERY:
            await self._database.run(partial(rounds.enter, now=now))
            self._planned = now

    async def _do_due(self, now: datetime) -> None:
        """What the agenda holds for now, each entry in a transaction of its own, once for all processes."""
        for _ in range(AT_ONCE):
            if not await self._database.read(partial(agenda.waits, now=now)):
                return
            taken: list[AgendaRow] = []
            try:
                await self._database.run(partial(self._do_next, now=now, taken=taken))
            except Exception as error:
                if not taken:
                    raise
                failed = taken[-1]
                log.error("agenda failed", entry=failed.id, kind=failed.kind, error=type(error).__name__)  # noqa: TRY400 - its message may hold words
                await self._database.run(partial(agenda.postpone, agenda_id=failed.id, until=now + AGAIN))
            if not taken:
                return
            for account in self._kit.channels:
                self._sender.wake(account)

    def _do_next(self, conn: Connection, now: datetime, taken: list[AgendaRow]) -> None:
        """Take the entry that has waited longest and do it. Committed, it is done; else nothing was."""
        taken.clear()
        for row in agenda.due(conn, now, 1):
            taken.append(row)
            agenda.done(conn, row.id, now)
            DUE[row.kind](conn, desk_of(self._kit), row, now)

    async def _drop_files(self, now: datetime) -> None:
        """Files that nobody asked for go when nobody wanted them kept."""
        if await self._database.read(partial(held.expired, now=now)):
            gone = await self._database.run(partial(held.drop_expired, now=now))
            log.info("held files dropped", files=gone)

    async def _forget(self, now: datetime) -> None:
        """Once an hour, and at the first tick."""
        if self._forgot is None or now - self._forgot >= PRIVATE_FOR:
            await self._database.run(partial(outbox.forget_private, before=now - PRIVATE_FOR))
            await self._database.run(partial(missed.mix, now=now))
            await self._database.run(partial(doing.forget_old, now=now))
            self._forgot = now

    async def _warn(self, now: datetime) -> None:
        """Once an hour, but not in quiet hours, tell administrators of answers whose time runs out."""
        late = self._warned is None or now - self._warned >= WARN_EVERY
        if late and not self._kit.quiet_hours.cover(now):
            told = await self._database.run(partial(expiring.warn, kit=self._kit, now=now))
            self._warned = now
            for account in self._kit.channels if told else ():
                self._sender.wake(account)

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
