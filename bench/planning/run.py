"""The fair published, the agenda ticking until everybody's letter is ready, while others write to the bot.

Never sends anything, and never lets time go by: every part is due, and stays.
"""

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as hour
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from bench.planning import crowd
from bot import scripts
from bot.channels.channel import Gesture, Given, Outcome, Sent
from bot.channels.telegram.capabilities import TELEGRAM
from bot.core.channel import Capabilities, Part
from bot.core.contact import Address
from bot.core.events import Event, Text
from bot.core.schedule import PHNOM_PENH, QuietHours
from bot.runner import planning
from bot.runner.agenda import Agenda
from bot.runner.chat import Chats
from bot.runner.inbound import Inbound
from bot.runner.kit import Kit
from bot.runner.library import Library
from bot.runner.notice import desk_of
from bot.runner.publishing import publish
from bot.runner.sender import Sender
from storage import agenda, migrate
from storage.database import Database, Work
from storage.erasure import ErasureLog
from storage.schema import agenda as later
from storage.schema import outbox
from storage.seal import Vault

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)  # in Phnom Penh
ROOT = Path(__file__).parents[2]
BETWEEN = 0.05  # seconds between those who write


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds; bytes. `cpu`: of this process. `held`: of each transaction of the agenda, the longest last.

    `busy`: only the CPU of it, which other programs on the machine do not lengthen.
    `replies`: how long each of those who wrote meanwhile waited for what they were answered to be kept.
    `grew`: memory from the first tenth of the people to the end.
    """

    people: int
    letters: int
    publishing: float
    wall: float
    cpu: float
    held: Sequence[float]
    busy: Sequence[float]
    replies: Sequence[float]
    grew: int


@dataclass
class _Mute:
    """A channel that nothing leaves by."""

    account: str = crowd.ACCOUNT
    capabilities: Capabilities = TELEGRAM

    def read(self, raw: Mapping[str, Any], now: datetime) -> tuple[Event, ...]:
        del raw, now
        return ()

    async def send(
        self, address: str, part: Part, document: Given = None, *, name: str = "", way: str = "free"
    ) -> Outcome:
        del address, part, document, name, way
        return Sent("1")

    async def delete(self, address: str, messages: Sequence[str]) -> Outcome:
        del address, messages
        return Sent("")

    async def gesture(self, gesture: Gesture) -> None:
        del gesture

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        del ref
        for chunk in ():
            yield chunk


@dataclass
class _Held:
    """A door to the store for the agenda, which notes how long each piece of work held it."""

    database: Database
    spans: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)

    async def run(self, work: Work[Any]) -> Any:  # noqa: ANN401 - whatever the work gives
        began = 0.0

        def timed(conn: Connection) -> Any:  # noqa: ANN401 - likewise
            nonlocal began
            began, busy = time.perf_counter(), time.thread_time()
            try:
                return work(conn)
            finally:
                self.busy.append(time.thread_time() - busy)

        result = await self.database.run(timed)
        self.spans.append(time.perf_counter() - began)
        return result

    async def read(self, work: Work[Any]) -> Any:  # noqa: ANN401 - likewise
        return await self.database.read(work)


async def measure(
    url: str,
    folder: Path,
    people: int,
    library: Library | None = None,
    ready: Callable[[], None] = lambda: None,
) -> Took:
    """Everything, on an empty store at `url`.

    `library`: what is compiled already. `ready`: called before the clock runs.
    """
    database = Database.open(url)
    migrate.upgrade(database)
    vault, files = Vault.open(folder / "master.key"), scripts.read_files(ROOT)
    database.run_now(lambda conn: publish(conn, scripts.digest(files), files, NOON))
    crowd.settle(database, vault, people, NOON)
    number = crowd.fair(database, NOON)
    try:
        return await _measure(database, _kit(vault, library or Library()), folder, (people, number), ready)
    finally:
        await database.close()


async def _measure(
    database: Database, kit: Kit, folder: Path, wanted: tuple[int, int], ready: Callable[[], None]
) -> Took:
    people, number = wanted
    sender = Sender(database, kit, _noon)
    inbound = Inbound(database, kit, sender, Chats(database, kit, _noon), _noon)
    held = _Held(database)
    ticking = Agenda(held, kit, inbound, sender, ErasureLog(folder / "erasures.log"))  # type: ignore[arg-type]
    await _reply(inbound, 0)  # what is compiled once is compiled now
    await ticking.tick(NOON)
    ready()
    replies: list[float] = []
    writing = asyncio.create_task(_write(inbound, replies))
    held.spans.clear()
    held.busy.clear()
    began, cpu = time.perf_counter(), time.process_time()
    desk = desk_of(kit)
    await held.run(lambda conn: planning.publish(conn, desk, None, number, NOON))
    publishing, early = time.perf_counter() - began, 0
    while await database.read(_due):
        await ticking.tick(NOON)
        if not early and await database.read(_letters) >= people / 10:
            early = _memory()
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    writing.cancel()
    with suppress(asyncio.CancelledError):
        await writing
    letters, grew = await database.read(_letters), _memory() - early
    spans = sorted(held.spans), sorted(held.busy), sorted(replies)
    return Took(people, letters, publishing, wall, cpu, *spans, grew)


def _kit(vault: Vault, library: Library) -> Kit:
    channel = _Mute()
    return Kit(
        vault=vault,
        library=library,
        channels={channel.account: channel},
        worker="bench",
        lease=timedelta(seconds=60),
        default_language="km",
        answer_within={},
        any_answer_within=timedelta(days=2),
        quiet_hours=QuietHours(hour(20), hour(7), PHNOM_PENH),
        backup_days=timedelta(days=30),
    )


async def _write(inbound: Inbound, replies: list[float]) -> None:
    """Others write, one after the other."""
    number = 0
    while True:
        number += 1
        began = time.perf_counter()
        await _reply(inbound, number)
        replies.append(time.perf_counter() - began)
        await asyncio.sleep(BETWEEN)


async def _reply(inbound: Inbound, number: int) -> None:
    where = Address(crowd.ACCOUNT, str(number % 20))
    await inbound.take_event(Event(f"b{number}", where, NOON, Text("សួស្តី")))


def _noon() -> datetime:
    return NOON


def _due(conn: Connection) -> bool:
    return (
        agenda.waits(conn, NOON)
        and conn.scalar(
            select(func.count()).where(
                later.c.kind == planning.NEW, later.c.done_at.is_(None), later.c.due <= NOON
            )
        )
        != 0
    )


def _letters(conn: Connection) -> int:
    return conn.scalar(select(func.count()).select_from(outbox).where(outbox.c.lane > 0)) or 0


def _memory() -> int:
    """Bytes that the process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()
