"""People who are told something by an announcement, some of whom write meanwhile; and the staff who sent it.

Never asks the product what came: the platform counts.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy import Connection

from bench import plans
from bench.bots import SECRET
from bench.fake import Shown
from bench.limit import Limit
from bench.people import Updates
from bench.wire import Line
from bot.core.activity import Bilingual
from bot.core.announcement import Announcement, digest
from bot.core.contact import Address
from bot.core.segment import Segment
from bot.runner import broadcasting
from bot.runner.broadcasting import Refusal
from storage import broadcast_report, broadcasts, consents, people, staff
from storage.broadcast_report import Progress
from storage.broadcasts import Broadcast
from storage.database import Database
from storage.seal import Vault
from storage.staff import EVERYWHERE, Grant, Scope
from tests.crash.polled import PolledTelegram

ACCOUNT = "telegram:123456"
FIRST = 810_000_000  # the chat of the first of them
AT_ONCE = 200  # people who are made in one transaction
NEWS = Announcement("ទិវាការងារ", Segment(), Bilingual(plans.ANNOUNCEMENT))
SHOWN = {"text": "news.wanted", "release": "r", "language": "km", "channel": "telegram"}


@dataclass(frozen=True)
class Answered:
    """One thing that somebody wrote, and when the bot's answer came; perf_counter."""

    wrote: float
    heard: float

    @property
    def seconds(self) -> float:
        return self.heard - self.wrote


class Audience:
    """`size` people; the last `writers` of them also write. `port`: of the webhook.

    `had`: how often the announcement came to each chat; `times`: when. `answered`: what they wrote.
    """

    def __init__(self, size: int, writers: int, speed: float, hold: float) -> None:
        self.size = size
        self.limit = Limit(speed)
        self.fake = PolledTelegram(self._hear, hold, self.limit)
        self.port = 0
        self.had: Counter[int] = Counter()
        self.times: list[float] = []
        self.answered: list[Answered] = []
        self._updates = Updates()
        self._up = asyncio.Event()
        self._over = False
        self._heard = {FIRST + size - 1 - number: asyncio.Event() for number in range(writers)}
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def chats(self) -> range:
        return range(FIRST, FIRST + self.size)

    def up(self) -> None:
        """Deliver from now on."""
        self._up.set()

    def down(self) -> None:
        """Deliver nothing until the bot is up again."""
        self._up.clear()

    def begin(self) -> None:
        """The writers write, each again when they were answered."""
        self._tasks = [asyncio.create_task(self._write(chat)) for chat in self._heard]

    async def finish(self) -> None:
        """Nobody writes any more, and what was written is answered."""
        self._over = True
        await asyncio.gather(*self._tasks)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.fake.server.stop()

    def _hear(self, shown: Shown) -> None:
        if plans.ANNOUNCED in shown.text:
            self.had[shown.chat] += 1
            self.times.append(shown.at)
        elif not shown.edited and shown.chat in self._heard:
            self._heard[shown.chat].set()

    async def _write(self, chat: int) -> None:
        line = Line(self.port, "/webhook/telegram", {"X-Telegram-Bot-Api-Secret-Token": SECRET})
        heard = self._heard[chat]
        while not self._over:
            await asyncio.sleep(1.0)  # quicker would be a flood
            heard.clear()
            number, body = self._updates.text(chat, "ម៉ឺនុយ")
            wrote = perf_counter()
            await (self._post(line, body) if self.port else self.fake.hand_out(number, body))
            await heard.wait()
            self.answered.append(Answered(wrote, perf_counter()))
        line.close()

    async def _post(self, line: Line, body: bytes) -> None:
        """Post until it is acknowledged."""
        while True:
            await self._up.wait()
            try:
                status = await line.post(body)
            except OSError:
                status = 0
            if status == 200:
                return
            assert status == 0 or status >= 500, f"refused with {status}"
            await asyncio.sleep(0.05)


class Staff:
    """Whoever announces, beside the running bot; every method blocks. `number`: of the announcement."""

    def __init__(self, url: str, key: Path) -> None:
        self._database = Database.open(url)
        self._vault = Vault.open(key)
        self._scope: Scope | None = None
        self.number = 0

    def close(self) -> None:
        self._database.close_now()

    def gather(self, audience: Audience) -> None:
        """All of the audience have said yes to messages, on a phone of their own."""
        for start in range(0, audience.size, AT_ONCE):
            some = audience.chats[start : start + AT_ONCE]
            self._database.run_now(lambda conn, some=some: self._greet(conn, some))

    def _greet(self, conn: Connection, chats: range) -> None:
        now = datetime.now(UTC)
        for chat in chats:
            person = people.greet(conn, self._vault, Address(ACCOUNT, str(chat)), "km", now)
            people.set_flag(conn, person.contact.id, "careful", on=False, now=now)
            consents.record(conn, person.contact.id, "messages", granted=True, now=now, **SHOWN)

    def announce(self, size: int) -> None:
        """Drafted and approved for so many people: it begins."""

        def work(conn: Connection) -> int:
            now = datetime.now(UTC)
            staff.add(conn, "chief", [Grant("admin", EVERYWHERE)], now)
            self._scope = scope = staff.scope(conn, "chief")
            assert scope is not None
            made = broadcasting.draft(conn, scope, NEWS, now)
            assert isinstance(made, int), made
            seen = digest(NEWS)
            done = broadcasting.approve(conn, scope, made, now, seen=seen, people=size, limit=size)
            assert isinstance(done, Broadcast), done
            return made

        self.number = self._database.run_now(work)

    def pause(self) -> None:
        self._do(broadcasting.pause)

    def resume(self) -> None:
        self._do(broadcasting.resume)

    def _do(self, act: Callable[[Connection, Scope, int, datetime], Broadcast | Refusal]) -> None:
        scope = self._scope
        assert scope is not None
        done = self._database.run_now(lambda conn: act(conn, scope, self.number, datetime.now(UTC)))
        assert not isinstance(done, Refusal), done

    def stands(self) -> tuple[Broadcast, Progress]:
        def work(conn: Connection) -> tuple[Broadcast, Progress]:
            found = broadcasts.find(conn, self.number)
            assert found is not None
            return found, broadcast_report.progress(conn, self.number)

        return self._database.read_now(work)


def awake() -> str:
    """Quiet hours that are not now: announcements wait for the morning."""
    later = datetime.now(UTC) + timedelta(hours=7 + 12)  # Phnom Penh, and half a day
    return f"{later:%H:%M}-{later + timedelta(minutes=1):%H:%M}"
