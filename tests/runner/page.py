"""An office on a platform with a window: a person who writes, and goes silent; staff who write to them.

Never reaches a platform.
"""

import asyncio
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, select

from bot import scripts
from bot.channels.telegram.capabilities import TELEGRAM
from bot.core.channel import Part, Template
from bot.core.contact import Address
from bot.core.window import Grants, Standing, Window
from bot.runner import desk
from bot.runner.forms import dump_part
from bot.runner.notice import desk_of
from bot.runner.publishing import publish
from storage import grants, outbox, people, staff, standing
from storage.case_rows import CaseRow
from storage.database import Database
from storage.outbox import Draft, Lane
from storage.schema import casefile
from storage.seal import Vault
from storage.staff import Grant, Scope
from tests.runner.office import NOON, PATIENCE, WHO, Office
from tests.runner.stage import Stage
from tests.started import shipped

ACCOUNT = "messenger:104"
HERE = Address(ACCOUNT, WHO)
WINDOWED = replace(TELEGRAM, channel="messenger", window=Window())
HOUR = timedelta(hours=1)


class Page:
    """The office of one Page; the person writes at NOON and is a contact from then on."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.stage = office.stage
        self.clock = office.clock

    async def writes(self, words: str = "សួស្តី") -> None:
        """The person writes, and everything they are told has left."""
        await self.office.type(words)
        await self.settled()

    async def settled(self) -> None:
        """Every part that may leave has left."""
        deadline = time.monotonic() + PATIENCE
        while any(one.state in {"queued", "sending"} for one in await self.office.outbox()):
            assert time.monotonic() < deadline, await self.office.ask("SELECT state, reason FROM outbox")
            self.office.sender.wake(ACCOUNT)
            await asyncio.sleep(0)

    async def unasked(
        self,
        *texts: str,
        lane: Lane = Lane.REMINDER,
        template: Template | None = None,
        expires: datetime | None = None,
    ) -> None:
        """Parts of ours come due, and leave or are held."""
        contact_id = await self.number()

        def work(conn: Connection) -> None:
            person = people.by_id(conn, self.office.vault, contact_id)
            assert person is not None
            first = people.take_seq(conn, contact_id, len(texts))
            parts = [Part(words, template=template) for words in texts]
            drafts = [
                Draft(f"r:{first + at}", lane, dump_part(part), expires=expires)
                for at, part in enumerate(parts)
            ]
            outbox.add(conn, person, drafts, first_seq=first, now=self.clock.at)

        await self.office.database.run(work)
        await self.settled()

    async def number(self) -> int:
        found = await self.office.contact()
        assert found is not None
        return found

    async def hires(self, name: str = "Dara") -> Scope:
        now = self.clock.at

        def work(conn: Connection) -> Scope:
            staff.add(conn, name, [Grant("caseworker")], now)
            found = staff.scope(conn, name)
            assert found is not None
            return found

        return await self.office.database.run(work)

    async def replies(self, scope: Scope, words: str, case: CaseRow | None = None) -> desk.Told:
        """A member of staff answers in their own words."""
        contact_id, tools, now = await self.number(), desk_of(self.office.kit), self.clock.at
        told = await self.office.database.run(
            lambda conn: desk.reply(conn, tools, scope, contact_id, words, now, case=case)
        )
        await self.settled()
        return told

    async def may(self, *templates: str, human: bool = False) -> None:
        """What the Page may do outside the window."""
        given, now = Grants(frozenset(templates), human), self.clock.at
        await self.office.database.run(lambda conn: grants.put(conn, ACCOUNT, given, now))

    async def standing(self) -> Standing:
        def work(conn: Connection) -> Standing:
            person = people.find(conn, self.office.vault, HERE, "")
            assert person is not None
            return standing.of(conn, person.address_id)

        return await self.office.database.run(work)

    async def calls(self) -> list[datetime | None]:
        """By when somebody calls, of every case."""
        found = select(casefile.c.call_by).order_by(casefile.c.id)
        return await self.office.database.read(lambda conn: list(conn.scalars(found)))

    def heard(self) -> list[str]:
        """What reached the person, its first line."""
        return [words.partition("\n")[0] for who, words in self.stage.sent if who == WHO]


async def opened(database: Database, vault: Vault, folder: Path) -> Page:
    """A Page with the shipped script live, serving; the person has written."""
    files = shipped()
    await database.run(lambda conn: publish(conn, scripts.digest(files), files, NOON))
    office = Office(database, vault, folder, stage=Stage(ACCOUNT, WINDOWED))
    page = Page(office)
    office.serve()
    await page.writes()
    return page
