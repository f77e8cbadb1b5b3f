"""The office on a working morning: people who ask, staff on duty who are alerted, take and answer.

Never decides anything of its own.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from bot.core import effects as fx
from bot.core.actions import CaseKind
from bot.core.contact import Address
from bot.core.events import Body, Command, Event, Start, Tap
from bot.runner import desk, promises
from bot.runner.notice import desk_of
from bot.runner.step import Step
from storage import case_rows, duty, people, staff
from storage.case_rows import CaseRow
from storage.staff import Grant, Scope
from tests.runner.office import Office

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 08:00 in Phnom Penh
WHO, DARA, VANNA, SOPHEA, CHIEF = "77", "501", "502", "503", "504"
PURSAT = "pursat"
CASEWORKER, OFFICER = Grant("caseworker", PURSAT), Grant("safeguarding")


class House:
    """The office on a working morning; people who ask, staff who answer."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.count = 0
        office.clock.at = MONDAY

    async def happen(self, body: Body, who: str) -> None:
        self.count += 1
        where = Address(self.office.stage.account, who)
        await self.office.inbound.take_event(Event(f"h{self.count}", where, self.office.clock.at, body))

    async def joins(self, name: str, who: str, *grants: Grant) -> Scope:
        now = self.office.clock.at
        await self.office.database.run(lambda conn: staff.add(conn, name, grants, now))
        await self.renews(name, who)
        found = await self.office.database.read(lambda conn: staff.scope(conn, name))
        assert found is not None
        return found

    async def renews(self, name: str, who: str) -> None:
        code, now = f"CODE{name.upper():X<6}", self.office.clock.at
        vault = self.office.vault
        assert await self.office.database.run(lambda conn: duty.set_code(conn, vault, name, code, now))
        await self.happen(Command("staff", code), who)

    async def asks(self, kind: CaseKind = "person", who: str = WHO, centre: str | None = PURSAT) -> CaseRow:
        if await self.office.contact(who) is None:
            await self.office.greet(who)

        def work(conn: Connection) -> CaseRow:
            person = people.find(conn, self.office.vault, Address(self.office.stage.account, who), "x")
            assert person is not None
            now = self.office.clock.at
            event = Event("x", Address(person.account, person.external), now, Start())
            step = Step(conn, self.office.kit, self.office.kit.library.live(conn), person, event, now)
            danger = kind == "danger"
            urgent = kind in {"danger", "need"}
            promises.open_case(step, fx.CaseOpened(kind, None, centre, restricted=danger, urgent=urgent))
            return case_rows.live_of(conn, person.contact.id)[-1]

        return await self.office.database.run(work)

    async def case(self, number: int) -> CaseRow:
        found = await self.office.database.read(lambda conn: case_rows.row_of(conn, number))
        assert found is not None
        return found

    async def heard(self, who: str) -> list[str]:
        """What somebody was told, their first line alone."""
        return [one.part.text.partition("\n")[0] for one in await self.office.outbox(who) if one.part.text]

    async def taps(self, who: str, case_id: int) -> None:
        await self.happen(Tap(f"{promises.TAKE}{case_id}", "7", "q"), who)

    async def wait(self, **span: float) -> None:
        """Time goes by, an hour at a time as the tick would."""
        until = self.office.clock.at + timedelta(**span)
        while self.office.clock.at < until:
            self.office.clock.at = min(until, self.office.clock.at + timedelta(hours=1))
            await self.office.agenda.tick(self.office.clock.at)

    def says(self, message_id: str, **args: str) -> str:
        """The first line of a sentence of ours."""

        def words(conn: Connection) -> str:
            return self.office.kit.library.live(conn).words.say(message_id, "km", args)

        return self.office.database.read_now(words).partition("\n")[0]

    async def answers(self, scope: Scope, case: CaseRow, words: str = "សួស្តី") -> desk.Told:
        assert case.contact_id is not None
        whose, tools, now = case.contact_id, desk_of(self.office.kit), self.office.clock.at
        return await self.office.database.run(
            lambda conn: desk.reply(conn, tools, scope, whose, words, now, case=case)
        )
