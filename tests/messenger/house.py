"""A whole Spean on one Page of the fake, both by one clock that a test moves; staff at its desk.

Never mends a row: what the store holds is only read.
"""

import asyncio
import io
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import aiohttp
from pydantic import SecretStr
from sqlalchemy import Connection, select

from bot.app import Spean
from bot.config.settings import MessengerSection, Settings, TelegramSection, WebSection
from bot.core.channel import Part, Template
from bot.core.contact import Address
from bot.runner import desk
from bot.runner.forms import dump_part
from bot.runner.notice import desk_of
from storage import duty, outbox, people, staff
from storage.outbox import Draft, Lane
from storage.people import Person
from storage.schema import casefile, contact, inbox
from storage.schema import outbox as parts
from storage.staff import Grant, Scope
from tests.fakes.graph.api import FakeGraph
from tests.fakes.graph.hooks import encode, sign
from tests.fakes.graph.person import FakePerson
from tests.fakes.telegram.api import FakeTelegram
from tests.fakes.telegram.user import FakeUser
from tests.started import compiled, furnish

ROOT = Path(__file__).parents[2]
PATIENCE = 15.0  # seconds for one thing to happen on a busy machine
CREEP, CREPT = timedelta(milliseconds=2), timedelta(milliseconds=500)  # each look; in all
T = TypeVar("T")


class MovedClock:
    """The machine's time, moved on; after `at` it creeps, so that an edge can be met to the second."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)
        self._creeps: datetime | None = None
        self._looks = 0

    def now(self) -> datetime:
        if self._creeps is None:
            return datetime.now(UTC) + self._ahead
        self._looks += 1
        return self._creeps + min(self._looks * CREEP, CREPT)

    def at(self, moment: datetime) -> None:
        """It is this moment, and for half a second more at most."""
        self._creeps = moment

    def goes_on(self, by: timedelta) -> None:
        """A while goes by."""
        self._ahead += by


@dataclass
class House:
    """One installation, its fake and their clock."""

    fake: FakeGraph
    spean: Spean
    clock: MovedClock

    @property
    def account(self) -> str:
        return f"messenger:{self.fake.page_id}"

    # --- the platform ---

    async def post(self, raw: bytes, signature: str | None = None) -> int:
        """Post a body as it is, signed rightly unless told otherwise; the status."""
        given = sign(self.fake.app_secret, raw) if signature is None else signature
        header = {"Content-Type": "application/json"} | ({"X-Hub-Signature-256": given} if given else {})
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.fake.webhook, data=io.BytesIO(raw), headers=header) as answer,
        ):
            return answer.status

    async def posted(self, form: object) -> int:
        """The same of an object, written as the platform writes it."""
        return await self.post(encode(form))

    async def calm(self) -> None:
        """Everything told is taken, and every part that may leave has left."""
        await self.fake.settled()
        await self.until(self._nothing_waits, "parts that do not leave")
        await self.fake.settled()

    async def until(self, true: Callable[[Connection], object], what: str) -> None:
        """Wait for what only the store tells."""
        deadline = time.monotonic() + PATIENCE
        while not await self.read(true):
            assert time.monotonic() < deadline, f"waited for {what}: {await self.states()}"
            self.spean.sender.wake(self.account)
            await asyncio.sleep(0.01)

    async def comes(self, psid: str) -> FakePerson:
        """Somebody writes for the first time, and has been answered."""
        person = self.fake.person(psid)
        await person.say("សួស្តី")
        await self.calm()
        return person

    # --- ourselves and staff ---

    async def unasked(
        self, person: FakePerson, *texts: str, lane: Lane = Lane.REMINDER, template: Template | None = None
    ) -> None:
        """Parts that a reminder or an announcement would queue; they leave, or are held."""
        at = self.clock.now()

        def work(conn: Connection) -> None:
            whose = self._person(conn, person)
            first = people.take_seq(conn, whose.contact.id, len(texts))
            made = [dump_part(Part(words, template=template)) for words in texts]
            cause = f"unasked:{whose.contact.id}"
            drafts = [Draft(f"{cause}:{first + nth}", lane, part) for nth, part in enumerate(made)]
            outbox.add(conn, whose, drafts, first_seq=first, now=at)

        await self.spean.database.run(work)
        self.spean.sender.wake(self.account)

    async def hires(self, name: str = "dara") -> Scope:
        """A caseworker."""

        def work(conn: Connection) -> Scope:
            staff.add(conn, name, [Grant("caseworker")], self.clock.now())
            found = staff.scope(conn, name)
            assert found is not None
            return found

        return await self.spean.database.run(work)

    async def on_duty(self, name: str, chat: FakeUser) -> None:
        """They join by a code, in their chat on Telegram."""
        code, now, vault = "ABCD2345", self.clock.now(), self.spean.vault
        assert await self.spean.database.run(lambda conn: duty.set_code(conn, vault, name, code, now))
        chat.text(f"/staff {code}")
        await self.until(lambda conn: duty.members(conn, now), "the duty")

    async def replies(self, scope: Scope, person: FakePerson, words: str) -> desk.Told:
        """A member of staff answers somebody in their own words."""
        tools, now = desk_of(self.spean.kit), self.clock.now()

        def work(conn: Connection) -> desk.Told:
            return desk.reply(conn, tools, scope, self._person(conn, person).contact.id, words, now)

        told = await self.spean.database.run(work)
        self.spean.sender.wake(self.account)
        return told

    async def takes(self, scope: Scope, case_id: int) -> None:
        """They take a case."""
        tools, now = desk_of(self.spean.kit), self.clock.now()
        await self.spean.database.run(lambda conn: desk.take(conn, tools, scope, case_id, now))

    # --- what the store holds ---

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self.spean.database.read(work)

    async def states(self) -> list[str]:
        """Of every part, in the order in which they were made."""
        return list(
            await self.read(lambda conn: conn.scalars(select(parts.c.state).order_by(parts.c.id)).all())
        )

    async def taken(self) -> int:
        """How many events were taken."""
        return len(await self.read(lambda conn: conn.scalars(select(inbox.c.id)).all()))

    async def flag(self, person: FakePerson, name: str) -> bool:
        """`reachable`, `paused` … of a contact."""

        def work(conn: Connection) -> bool:
            number = self._person(conn, person).contact.id
            return bool(conn.scalar(select(contact.c[name]).where(contact.c.id == number)))

        return await self.read(work)

    async def calls(self) -> list[datetime | None]:
        """By when somebody calls, of every case."""
        found = select(casefile.c.call_by).order_by(casefile.c.id)
        return await self.read(lambda conn: list(conn.scalars(found)))

    async def words(self, name: str) -> str:
        """The first line of a sentence of ours."""
        return (await self.spean.words()).say(name, "km", {"number": "", "by": ""}).partition("\n")[0]

    def _person(self, conn: Connection, person: FakePerson) -> Person:
        where = Address(self.account, person.psid)
        number = people.contact_at(conn, self.spean.vault, where)
        found = people.by_id(conn, self.spean.vault, number, lock=False) if number else None
        assert found is not None, "nobody is known there"
        return found

    def _nothing_waits(self, conn: Connection) -> bool:
        waiting = select(parts.c.id).where(parts.c.state.in_(("queued", "sending"))).limit(1)
        return conn.scalar(waiting) is None


@asynccontextmanager
async def served(
    folder: Path, fake: FakeGraph, clock: MovedClock, telegram: FakeTelegram | None = None
) -> AsyncIterator[House]:
    """Spean over a store in `folder`, told of everything that happens on the fake's Page, and on Telegram."""
    bot = TelegramSection()
    if telegram is not None:
        bot = TelegramSection(enabled=True, token=SecretStr(telegram.token), api_base=telegram.base)
    page = MessengerSection(
        enabled=True,
        page_id=fake.page_id,
        page_token=SecretStr(fake.page_token),
        app_secret=SecretStr(fake.app_secret),
        verify_token=SecretStr(fake.verify_token),
        graph_base=fake.base,
    )
    config = Settings(messenger=page, telegram=bot, web=WebSection(port=0, internal_port=0)).kept_in(folder)
    furnish(folder)
    with compiled():
        spean = Spean(config, ROOT, clock)
    await spean.start()
    fake.webhook = spean.chat_url().removesuffix("/chat") + "/webhook/messenger"
    try:
        yield House(fake, spean, clock)
        await fake.settled()
    finally:
        await spean.stop()
