"""The way out: parts leave through their channel in each person's order, and every outcome is written down.

Never sends a part that is not in the outbox, and never makes a person wait for another's trouble.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Connection

from bot.channels.channel import Channel, Gesture, Given, Outcome, Refused, Retry, Sent, Uncertain
from bot.core.channel import Part
from bot.runner import alarm, window
from bot.runner.documents import Busy, Documents
from bot.runner.flight import Flight
from bot.runner.forms import load_part
from bot.runner.hand import Hand
from bot.runner.hiding import clear
from bot.runner.judging import judge
from bot.runner.kit import Kit
from bot.runner.ledger import Ledger
from bot.runner.limiter import Limiter
from storage import outbox
from storage.database import Database
from storage.faults import DamagedCell, StoreFault
from storage.outbox import Lane, OutRow, Result

log = structlog.get_logger()

POLL_SECONDS = 1.0  # the guarantee behind the wake-ups


class Held(NamedTuple):
    """A row in hand. After `until` half its lease is over: it goes back to the store untried."""

    row: OutRow
    until: datetime


class Sender:
    """One per process: a chain per person, so that parts of one leave one after another.

    `_blocked`: people of whom an earlier part went back to the store, so that later ones must follow it.
    `_behind`: people in a chain of whom more may wait in the store, as of those in `_hand`.
    """

    def __init__(self, database: Database, kit: Kit, now: Callable[[], datetime]) -> None:
        self._database = database
        self._kit = kit
        self._now = now
        self._chains: dict[int, list[Held]] = {}
        self._blocked: set[int] = set()
        self._behind: set[int] = set()
        self._wakes: dict[str, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = False
        self._hand = Hand()
        self._documents = Documents(database, kit)
        self._ledger = Ledger(database, kit, now)
        self._flight = Flight(database, kit, now)
        self.limiter = Limiter(database, kit.limits, now)
        self.counts = self._ledger.counts

    # --- what the steps ask ---

    def may_lease(self, contact_id: int, account: str, *, unsent: bool) -> bool:
        """Whether a new part may be born claimed: nothing of this person waits outside this process's hands.

        Called from the writer's thread; a wrong no only costs the slower path.
        """
        if account not in self._wakes or self.limiter.paced(account).held() is not None:
            return False
        if self._loop is not None and contact_id in self.limiter.waiting:
            self._loop.call_soon_threadsafe(self.limiter.hurry, contact_id)
        if unsent or contact_id in self._blocked:
            self._behind.add(contact_id)
            return False
        return True

    def deliver(self, account: str, rows: tuple[OutRow, ...]) -> None:
        """Send claimed rows, behind what this person is already being sent."""
        if self._stopping:
            return  # `drain` has given them back, or the lease runs out
        until = self._now() + self._kit.lease / 2
        for row in rows:
            held, contact_id = Held(row, until), row.contact_id
            if contact_id in self._blocked:
                self._give_back([held])
                self._spawn(self._ledger.flush())
            elif contact_id in self._chains:
                self._chains[contact_id].append(held)
            else:
                self._chains[contact_id] = [held]
                self._spawn(self._run_chain(account, contact_id))

    def gesture(self, account: str, gesture: Gesture) -> None:
        """Make a gesture without waiting for it, wherever the parts of this account are sent."""
        if account in self._kit.channels:
            self._spawn(self._kit.channels[account].gesture(gesture))

    def wake(self, account: str) -> None:
        """Parts may wait in the store."""
        if (event := self._wakes.get(account)) is not None:
            event.set()

    # --- sending ---

    async def _run_chain(self, account: str, contact_id: int) -> None:
        chain = self._chains[contact_id]
        try:
            while chain:
                while chain:
                    await self._send_first(chain)
                await self._ledger.flush()
        finally:
            del self._chains[contact_id]
            more = self._hand.drop(contact_id, self.limiter.paced(account).pace.rate)
            if more or contact_id in self._behind:
                self._behind.discard(contact_id)
                self.wake(account)

    async def _send_first(self, chain: list[Held]) -> None:
        row, until = chain.pop(0)
        result = await self._send(row, until)
        if result is not None:
            self._ledger.note(result)
        if result is None or result.state == "queued":
            self._blocked.add(row.contact_id)
            self._give_back(chain)
            chain.clear()

    def _give_back(self, held: list[Held]) -> None:
        for row, _ in held:
            self._ledger.note(Result(row, "queued", "behind an earlier part", tried=False))

    async def _send(self, row: OutRow, until: datetime) -> Result | None:
        """Wait for its turn, and use it. None: it is no more ours, and we have nothing to say of it."""
        try:
            part = load_part(row.body)
        except Exception as error:  # noqa: BLE001 - it will never be read: a dead letter, and no words are logged
            log.error("part unreadable", part=row.id, error=type(error).__name__)  # noqa: TRY400
            return judge(row, Refused(f"unreadable: {type(error).__name__}"), self._now())
        try:
            file = part.document is not None
            wait = await self.limiter.turn(row.account, row.lane, row.contact_id, until, media=file)
        except StoreFault as fault:
            return Result(row, "queued", type(fault).__name__, tried=False)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not stop the chain; no words are logged
            return self._broken(row, error)
        if wait is not None:
            return Result(row, "queued", wait.reason, not_before=wait.until, tried=False)
        try:
            return await self._tried(row, part, until)
        finally:
            self.limiter.done(row.account)

    async def _tried(self, row: OutRow, part: Part, until: datetime) -> Result | None:
        if self._now() > until:
            return Result(row, "queued", "waited too long for its turn", tried=False)
        given: Given | Busy = None
        outcome: Outcome | None = None
        try:
            given = await self._documents.of(row, part.document)
            if isinstance(given, Busy):
                again = self._now() + given.wait
                return Result(row, "queued", "its file is being uploaded", not_before=again, tried=False)
            if row.lane > Lane.STAFF and not await self._begun(row):
                return None
            self._flight.begin(row)
            outcome = await self._deliver(row, part, given)
        except StoreFault as fault:
            outcome = Retry(type(fault).__name__)  # the document could not be read: nothing was sent
        except DamagedCell as damage:
            log.error("document damaged", part=row.id)  # noqa: TRY400 - the row says it all
            outcome = Refused(type(damage).__name__)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not stop the chain; no words are logged
            return self._broken(row, error)
        finally:
            self._documents.ended(row, part.document, given, outcome)
        self._flight.came(row, outcome)
        await self._heed(row.account, outcome)
        self._flight.end(row)
        content = part.document.content if part.document is not None else ""
        held = self.limiter.paced(row.account).held()
        return judge(row, outcome, self._now(), content=content, held=held)

    async def _begun(self, row: OutRow) -> bool:
        """What may not arrive twice leaves only once the store knows it: all else is sent anew."""
        return await self._database.run(lambda conn: outbox.begun(conn, row, self._now()))

    def _broken(self, row: OutRow, error: Exception) -> Result:
        """A fault of ours; before the wire it surely stayed here."""
        name = type(error).__name__
        log.error("send failed", part=row.id, error=name)
        outcome = Uncertain(name) if self._flight.end(row) else Retry(name)
        return judge(row, outcome, self._now())

    async def _heed(self, account: str, outcome: Outcome) -> None:
        """What an outcome means for everybody on the account."""
        paced = self.limiter.paced(account)
        match outcome:
            case Sent(message):
                await paced.went(len(message.split()))
            case Retry(account_wide=True, after=after):
                await paced.throttled(after)
            case Refused(reason, "account"):
                log.error("account refused", account=account, reason=reason)
                await paced.stopped(
                    reason, partial(alarm.tell, kit=self._kit, account=account, now=self._now())
                )

    async def _deliver(self, row: OutRow, part: Part, document: Given) -> Outcome:
        if part.hides:
            await self._ledger.flush()  # ids of what was sent are known only then
            if trouble := await clear(self._database, self._kit, row, part.hides, self._now()):
                return trouble
        return await window.send(self._database, self._kit, row, part, document, self._now())

    # --- what waits in the store ---

    async def dispatch(self, account: str) -> None:
        """Claim and send what waits for an account, for ever. Cancelled at shutdown."""
        wake = self._wakes.setdefault(account, asyncio.Event())
        while True:
            wake.clear()
            await self._flight.renew()
            if not await self._claim(account):
                with suppress(TimeoutError):  # not wait_for, which in Python 3.11 may swallow a cancellation
                    async with asyncio.timeout(self._idle(account)):
                        await wake.wait()

    def _idle(self, account: str) -> float:
        """Seconds until there may be work, if nobody says so before."""
        held = self.limiter.paced(account).held()
        return POLL_SECONDS if held is None else min(POLL_SECONDS, (held - self._now()).total_seconds())

    async def _claim(self, account: str) -> bool:
        now, paced = self._now(), self.limiter.paced(account)
        until, kit = now + self._kit.lease, self._kit
        try:
            await paced.look()
            room, bulk = self._hand.room(account, paced.pace.rate)
            if paced.held() is not None or room < 1:
                return False  # what is in hand must leave before its leases run out

            def claim(conn: Connection) -> list[OutRow]:
                if paced.held() is not None:
                    return []  # it was stopped while this waited for the store
                limit = min(room, bulk) if bulk else room
                return outbox.claim(conn, kit.vault, account, kit.worker, now, until, limit, prompt=not bulk)

            rows = await self._database.run(claim)
        except StoreFault as fault:
            log.exception("nothing claimed", account=account, error=type(fault).__name__)
            return False
        for row in rows:
            self._blocked.discard(row.contact_id)
            self._hand.take(row)
        self.deliver(account, tuple(rows))
        return bool(rows)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def serve(self, accounts: Mapping[str, Channel]) -> list[asyncio.Task[None]]:
        """Start dispatching for these accounts."""
        for account in accounts:
            self._wakes[account] = asyncio.Event()
            self.limiter.paced(account)  # known before a step of the writer's thread asks for it
        self._loop = loop = asyncio.get_running_loop()
        return [loop.create_task(self.dispatch(account)) for account in accounts]

    async def drain(self, seconds: float) -> None:
        """Let what is on the wire finish; what waits for its turn goes back untried, at once.

        What is still out after `seconds` is uncertain, unless we know what came of it.
        """
        await self.limiter.close()
        await self._flight.renew()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        self._stopping = True
        late = tuple(self._tasks)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        for row, outcome in self._flight.left():
            self._ledger.note(judge(row, outcome or Uncertain("stopped while sending"), self._now()))
        await self._ledger.flush()
        lost = frozenset(self._ledger.lost)
        await self._database.run(lambda conn: outbox.release(conn, self._kit.worker, lost))
