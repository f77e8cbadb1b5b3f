"""The way out: parts leave through their channel in each person's order, and every outcome is written down.

Never sends a part that is not in the outbox, and never makes a person wait for another's trouble.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Connection

from bot.channels.channel import (
    Channel,
    Gesture,
    Given,
    Outcome,
    Refused,
    Retry,
    Sent,
    Shut,
    Uncertain,
    Unheld,
    Uploaded,
)
from bot.core.channel import Document, Part
from bot.runner.forms import load_part
from bot.runner.hiding import clear
from bot.runner.kit import Kit
from bot.runner.ledger import Ledger
from storage import media, outbox, releases, uploads
from storage.database import Database
from storage.faults import DamagedCell, StoreFault
from storage.outbox import Lane, OutRow, Result
from storage.parts import WINDOW, Upload

log = structlog.get_logger()

POLL_SECONDS = 1.0  # the guarantee behind the wake-ups
CLAIM = 100  # rows at a time, and in hand at most
TRIES = 8  # then a part fails for good (facts: reliability, errors)
LONGEST_WAIT = 900.0  # seconds between tries
AT_ONCE = 64  # people served at the same time by one account


class Held(NamedTuple):
    """A row in hand. After `until` half its lease is over: it goes back to the store untried."""

    row: OutRow
    until: datetime


class Sender:
    """One per process: a chain per person, so that parts of one leave one after another.

    `_blocked`: people of whom an earlier part went back to the store, so that later ones must follow it.
    `_claimed`, `_behind`: people in a chain of whom more may wait in the store.
    """

    def __init__(self, database: Database, kit: Kit, now: Callable[[], datetime]) -> None:
        self._database = database
        self._kit = kit
        self._now = now
        self._chains: dict[int, list[Held]] = {}
        self._blocked: set[int] = set()
        self._claimed: set[int] = set()
        self._behind: set[int] = set()
        self._in_flight: dict[int, OutRow] = {}
        self._paused: dict[str, datetime] = {}
        self._wakes: dict[str, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._gates: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(AT_ONCE))
        self._stopping = False
        self._ledger = Ledger(database, now)
        self.counts = self._ledger.counts

    # --- what the steps ask ---

    def may_lease(self, contact_id: int, account: str, *, unsent: bool) -> bool:
        """Whether a new part may be born claimed: nothing of this person waits outside this process's hands.

        Called from the writer's thread; a wrong no only costs the slower path.
        """
        if account not in self._wakes:
            return False
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
        """Make a gesture without waiting for it."""
        if account in self._wakes:
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
                    await self._send_first(account, chain)
                await self._ledger.flush()
        finally:
            del self._chains[contact_id]
            if contact_id in self._claimed or contact_id in self._behind:
                self._claimed.discard(contact_id)
                self._behind.discard(contact_id)
                self.wake(account)

    async def _send_first(self, account: str, chain: list[Held]) -> None:
        async with self._gates[account]:
            row, until = chain.pop(0)
            self._in_flight[row.id] = row
            result = await self._send(row, until)
            del self._in_flight[row.id]
        self._ledger.note(result)
        if result.state == "queued":
            self._blocked.add(row.contact_id)
            self._give_back(chain)
            chain.clear()

    def _give_back(self, held: list[Held]) -> None:
        for row, _ in held:
            self._ledger.note(Result(row, "queued", "behind an earlier part", tried=False))

    async def _send(self, row: OutRow, until: datetime) -> Result:
        part = None
        try:
            part = load_part(row.body)
            document = await self._document(row, part)
            now, paused = self._now(), self._paused.get(row.account)
            if paused is not None and paused > now:
                return Result(row, "queued", "account paused", not_before=paused, tried=False)
            if now > until:
                return Result(row, "queued", "waited too long for its turn", tried=False)
            outcome = await self._deliver(row, part, document)
        except StoreFault as fault:
            outcome = Retry(type(fault).__name__)  # the document could not be read: nothing was sent
        except DamagedCell as damage:
            log.error("document damaged", part=row.id)  # noqa: TRY400 - the row says it all
            outcome = Refused(type(damage).__name__)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not stop the chain; no words are logged
            log.error("send failed", part=row.id, error=type(error).__name__)  # noqa: TRY400
            outcome = Uncertain(type(error).__name__)
        content = part.document.content if part is not None and part.document is not None else ""
        return self._judge(row, outcome, content)

    async def _deliver(self, row: OutRow, part: Part, document: Given) -> Outcome:
        channel = self._kit.channels[row.account]
        if part.hides:
            await self._ledger.flush()  # ids of what was sent are known only then
            if trouble := await clear(self._database, self._kit, row, part.hides, self._now()):
                return trouble
        return await channel.send(row.external, part, document)

    async def _document(self, row: OutRow, part: Part) -> Given:
        held = part.document
        if held is None:
            return None
        if held.path:
            return await self._database.read(lambda conn: _recording(conn, row.account, held))
        found = await self._database.read(
            lambda conn: media.read(conn, self._kit.vault, held.media, row.contact_id)
        )
        return found[1] if found else None

    def _judge(self, row: OutRow, outcome: Outcome, content: str = "") -> Result:
        """What an outcome makes of the row: a reply may repeat, a reminder or broadcast may not.

        `content`: of the recording that it carried.
        """
        match outcome:
            case Sent(message, file):
                upload = Upload(content, file) if content and file else None
                return Result(row, "sent", message=message, upload=upload)
            case Shut():
                return Result(row, "held", WINDOW)
            case Unheld():
                return Result(row, "queued", "upload gone", tried=False, upload=Upload(content, ""))
            case Retry(reason, after, account_wide):
                if row.tries >= TRIES:
                    return Result(row, "failed", f"gave up: {reason}")
                wait = after if after is not None else _backoff(row.tries)
                until = self._now() + timedelta(seconds=wait)
                if account_wide:
                    self._pause(row.account, until)
                return Result(row, "queued", reason, not_before=until)
            case Refused(reason, stop):
                if stop == "account":
                    until = self._now() + timedelta(minutes=1)
                    self._pause(row.account, until)
                    log.error("account refused", account=row.account, reason=reason)
                    return Result(row, "queued", reason, not_before=until)
                return Result(row, "failed", f"{stop}: {reason}" if stop != "nothing" else reason)
            case Uncertain(reason):
                again = row.lane <= Lane.STAFF and row.tries < TRIES
                until = self._now() + timedelta(seconds=_backoff(row.tries))
                return Result(
                    row, "queued" if again else "unknown", reason, not_before=until if again else None
                )

    def _pause(self, account: str, until: datetime) -> None:
        """Never shorten: answers to sends that were in flight together come in any order."""
        self._paused[account] = max(until, self._paused.get(account, until))

    # --- what waits in the store ---

    async def dispatch(self, account: str) -> None:
        """Claim and send what waits for an account, for ever. Cancelled at shutdown."""
        wake = self._wakes.setdefault(account, asyncio.Event())
        while True:
            wake.clear()
            if not await self._claim(account):
                with suppress(TimeoutError):  # not wait_for, which in Python 3.11 may swallow a cancellation
                    async with asyncio.timeout(POLL_SECONDS):
                        await wake.wait()

    async def _claim(self, account: str) -> bool:
        now = self._now()
        if self._paused.get(account, now) > now:
            return False
        room = CLAIM - len(self._claimed)
        if room < 1:
            return False  # what is in hand must leave before its leases run out
        until = now + self._kit.lease

        def claim(conn: Connection) -> list[OutRow]:
            return outbox.claim(conn, self._kit.vault, account, self._kit.worker, now, until, room)

        try:
            rows = await self._database.run(claim)
        except StoreFault as fault:
            log.exception("nothing claimed", account=account, error=type(fault).__name__)
            return False
        claimed = {row.contact_id for row in rows}
        self._blocked -= claimed
        self._claimed |= claimed
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
        loop = asyncio.get_running_loop()
        return [loop.create_task(self.dispatch(account)) for account in accounts]

    async def drain(self, seconds: float) -> None:
        """Let what is in hand finish; after `seconds` give back what was not tried, the rest is uncertain."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        self._stopping = True
        late = tuple(self._tasks)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        for row in self._in_flight.values():
            self._ledger.note(self._judge(row, Uncertain("stopped while sending")))
        await self._ledger.flush()
        await self._database.run(lambda conn: outbox.release(conn, self._kit.worker))


def _recording(conn: Connection, account: str, held: Document) -> Given:
    """What the platform calls a recording that it has been given, else its bytes."""
    ref = uploads.known(conn, account, held.content)
    return releases.file(conn, held.release, held.path) if ref is None else Uploaded(ref)


def _backoff(tries: int) -> float:
    """Full jitter, seconds."""
    return random.uniform(0.5, min(LONGEST_WAIT, 2.0 ** min(tries, 10)))  # noqa: S311 - spreads load, protects nothing
