"""The runner over a real store, with a channel that does as it is told and a clock that stands still.

Never reaches a platform.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as hour
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, func, select, text

from bot.core.channel import Part
from bot.core.contact import Address
from bot.core.schedule import QuietHours
from bot.runner.agenda import Agenda
from bot.runner.chat import Chats
from bot.runner.forms import dump_part, load_part
from bot.runner.inbound import Inbound
from bot.runner.kit import Kit
from bot.runner.sender import Sender
from storage import outbox, people
from storage.database import Database
from storage.erasure import ErasureLog
from storage.outbox import Draft, Lane, OutRow
from storage.parts import BODY
from storage.schema import contact
from storage.schema import outbox as parts
from storage.seal import Vault
from tests.runner.stage import Stage
from tests.started import LIBRARY

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)  # 12:00 in Phnom Penh
LEASE = timedelta(seconds=60)
PATIENCE = 10.0  # seconds for one thing to happen on a busy machine
WHO = "93007001"
T = TypeVar("T")


@dataclass
class Clock:
    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def wait(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Office:
    """One process: what `app` builds, less the listeners."""

    database: Database
    vault: Vault
    folder: Path
    clock: Clock = field(default_factory=Clock)
    stage: Stage = field(default_factory=Stage)
    worker: str = "w1"
    count: int = 0
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.kit = Kit(
            vault=self.vault,
            library=LIBRARY,
            channels={self.stage.account: self.stage},
            worker=self.worker,
            lease=LEASE,
            default_language="km",
            answer_within={},
            any_answer_within=timedelta(days=2),
            quiet_hours=QuietHours(hour(21), hour(7), ZoneInfo("Asia/Phnom_Penh")),
            backup_days=timedelta(days=30),
        )
        self.sender = Sender(self.database, self.kit, self.clock.now)
        self.chats = Chats(self.database, self.kit, self.clock.now)
        self.inbound = Inbound(self.database, self.kit, self.sender, self.chats, self.clock.now)
        self.log = ErasureLog(self.folder / "erasures.log")
        self.agenda = Agenda(self.database, self.kit, self.inbound, self.sender, self.log)

    def serve(self) -> None:
        self.tasks += self.sender.serve(self.kit.channels)

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.agenda.downloads.stop()
        await self.sender.drain(0)

    # --- people ---

    async def happen(
        self, event: str, *, who: str = WHO, name: str = "", upload: bytes | None = None, **fields: object
    ) -> None:
        """An update arrives."""
        self.count += 1
        raw = {"id": name or f"u{self.count}", "from": who, "event": event, **fields}
        await self.inbound.take(self.stage.account, raw, media=upload)

    async def type(self, words: str, *, who: str = WHO, name: str = "") -> None:
        await self.happen("Text", who=who, name=name, text=words, message=f"m{self.count}")

    async def tap(self, label: str, *, who: str = WHO, name: str = "") -> None:
        """Press the button that begins so, of the latest part that has it."""
        rows = await self.outbox(who)
        shown = [button for row in rows for line in row.part.rows for button in line]
        payload = next(button.payload for button in reversed(shown) if button.label.startswith(label))
        await self.happen("Tap", who=who, name=name, payload=payload, message="7", query="q")

    async def agree(self) -> None:
        """As far as the first question of the intake, with consent."""
        await self.happen("Start")
        for label in ("ភាសាខ្មែរ", "📖", "យល់ព្រម", "ជំនួយសម្រាប់ខ្ញុំ"):
            await self.tap(label)

    async def begin(self) -> None:
        """The first question answered, so that something is kept."""
        await self.agree()
        await self.tap("ប្រើតែម្នាក់ឯង")

    # --- parts of our own ---

    async def greet(self, who: str) -> int:
        where = Address(self.stage.account, who)
        found = await self.database.run(
            lambda conn: people.greet(conn, self.vault, where, "km", self.clock.at)
        )
        return found.contact.id

    async def queue(self, contact_id: int, *texts: str, lane: Lane = Lane.REPLY) -> None:
        """Parts wait in the store, as another process would leave them."""
        await self._add(contact_id, texts, lane, None)
        self.sender.wake(self.stage.account)

    async def born_claimed(self, contact_id: int, words: str) -> tuple[OutRow, ...]:
        """A part that a step of this process committed; its delivery is still to come."""
        lease = (self.worker, self.clock.at + LEASE)
        return tuple(await self._add(contact_id, (words,), Lane.REPLY, lease))

    async def _add(
        self, contact_id: int, texts: tuple[str, ...], lane: Lane, lease: tuple[str, datetime] | None
    ) -> list[OutRow]:
        def work(conn: Connection) -> list[OutRow]:
            person = people.by_id(conn, self.vault, contact_id)
            assert person is not None
            first = people.take_seq(conn, contact_id, len(texts))
            drafts = [
                Draft(f"t:{contact_id}:{first + at}", lane, dump_part(Part(words)))
                for at, words in enumerate(texts)
            ]
            return outbox.add(conn, person, drafts, first_seq=first, now=self.clock.at, lease=lease)

        return await self.database.run(work)

    # --- looking ---

    async def outbox(self, who: str = WHO) -> list["Said"]:
        """Everything said to a person, in order."""
        where = Address(self.stage.account, who)

        def work(conn: Connection) -> list[Said]:
            contact_id = people.contact_at(conn, self.vault, where)
            rows = conn.execute(
                select(parts, contact.c.data_key)
                .join(contact, contact.c.id == parts.c.contact_id)
                .where(parts.c.contact_id == contact_id)
                .order_by(parts.c.seq)
            )
            return [_said(self.vault, row) for row in rows]

        return await self.database.read(work)

    async def words(self, message_id: str) -> str:
        """The first line of a message in Khmer, as it is shipped."""
        live = await self.database.read(self.kit.library.live)
        return live.words.say(message_id, "km").partition("\n")[0]

    async def said(self, message_id: str, who: str = WHO) -> int:
        """How often that message was said to a person."""
        words = await self.words(message_id)
        return sum(words in said.part.text for said in await self.outbox(who))

    async def states(self, who: str = WHO) -> list[str]:
        return [said.state for said in await self.outbox(who)]

    async def ask(self, sql: str) -> list[tuple[Any, ...]]:
        return await self.database.read(lambda conn: [tuple(row) for row in conn.execute(text(sql))])

    async def many(self, table: str) -> int:
        found = await self.database.read(
            lambda conn: conn.scalar(select(func.count()).select_from(text(table)))
        )
        return found or 0

    async def contact(self, who: str = WHO) -> int | None:
        where = Address(self.stage.account, who)
        return await self.database.read(lambda conn: people.contact_at(conn, self.vault, where))

    async def until_tried(self, count: int) -> None:
        """Wait until so many sends were tried."""
        await until(lambda: len(self.stage.tried) == count, f"{count} tries")

    async def until_states(self, wanted: list[str], who: str = WHO) -> None:
        """Wait until a person's parts stand so."""
        deadline = time.monotonic() + PATIENCE
        while (found := await self.states(who)) != wanted:
            assert time.monotonic() < deadline, f"{found} instead of {wanted}"


@dataclass(frozen=True)
class Said:
    """A part in the store."""

    seq: int
    state: str
    part: Part
    reason: str
    tries: int
    lane: int
    not_before: datetime


def _said(vault: Vault, row: Row[Any]) -> Said:
    key = vault.unwrap(row.data_key)
    part = load_part(key.open(BODY, row.cause, row.body)) if row.body else Part("")
    return Said(row.seq, row.state, part, row.reason, row.tries, row.lane, row.not_before)


async def until(ready: Callable[[], bool], what: str = "it") -> None:
    """Let the loop turn until something is true."""
    deadline = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < deadline, f"waited {PATIENCE} s for {what}"
        await asyncio.sleep(0)


def words_of(stage: Stage, who: str = WHO) -> list[str]:
    """What reached a person."""
    return [words for address, words in stage.sent if address == who]
