"""People who agreed to messages, and staff who announce something to them, in an office.

Never decides anything of its own.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, select

from bot.core.activity import Bilingual
from bot.core.announcement import Announcement, Link
from bot.core.segment import Segment
from bot.runner import broadcasting
from bot.runner.notice import Desk, desk_of
from bot.runner.previewing import Preview, preview
from storage import broadcast_report, consents, people, staff
from storage.broadcast_report import Fate, Progress
from storage.broadcasts import Broadcast
from storage.schema import outbox
from storage.staff import Grant, Scope
from tests.runner.office import Office

NEWS = Announcement(
    "ពិព័រណ៍ខែធ្នូ",
    Segment(),
    Bilingual("មានពិព័រណ៍ការងារ នៅបាកាន ថ្ងៃសៅរ៍។", "A job fair in Bakan on Saturday."),
    buttons=(Link(Bilingual("សួរ", "Ask"), "d:faq"),),
)
T = TypeVar("T")
P = ParamSpec("P")


class Crowd:
    """The office, whoever agreed to messages, and who writes to them."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.ids: dict[str, int] = {}

    @property
    def now(self) -> datetime:
        return self.office.clock.at

    @property
    def desk(self) -> Desk:
        return desk_of(self.office.kit)

    async def joins(self, *who: str) -> None:
        """People who said yes to messages, and whose phone is theirs alone."""

        def agree(conn: Connection, contact_id: int) -> None:
            people.set_flag(conn, contact_id, "careful", on=False, now=self.now)
            shown = {"text": "news.wanted", "release": "r", "language": "km", "channel": "telegram"}
            consents.record(conn, contact_id, "messages", granted=True, now=self.now, **shown)

        for one in who:
            self.ids[one] = await self.office.greet(one)
            await self.does(agree, self.ids[one])

    async def hires(self, name: str, *grants: Grant) -> Scope:
        await self.office.database.run(lambda conn: staff.add(conn, name, grants, self.now))
        found = await self.office.database.read(lambda conn: staff.scope(conn, name))
        assert found is not None
        return found

    async def does(
        self, act: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """In a transaction of its own."""
        return await self.office.database.run(lambda conn: act(conn, *args, **kwargs))

    async def drafts(self, scope: Scope, what: Announcement = NEWS, *, phone: bool = False) -> int:
        made = await self.does(broadcasting.draft, scope, what, self.now, phone=phone)
        assert isinstance(made, int), made
        return made

    async def sees(self, scope: Scope, number: int) -> Preview:
        shown = await self.does(preview, self.desk, scope, number, self.now)
        assert isinstance(shown, Preview), shown
        return shown

    async def approves(
        self, scope: Scope, number: int, *, limit: int = 200, phone: bool = False
    ) -> Broadcast | broadcasting.Refusal:
        shown = await self.sees(scope, number)
        return await self.does(
            broadcasting.approve,
            scope,
            number,
            self.now,
            seen=shown.digest,
            people=shown.people,
            limit=limit,
            phone=phone,
        )

    async def announces(self, scope: Scope, what: Announcement = NEWS) -> int:
        number = await self.drafts(scope, what)
        done = await self.approves(scope, number)
        assert isinstance(done, Broadcast), done
        return number

    async def ticks(self, seconds: float = 0, times: int = 1) -> None:
        for _ in range(times):
            self.office.clock.wait(seconds=seconds)
            await self.office.agenda.tick(self.now)

    async def stands(self, number: int) -> Progress:
        return await self.office.database.read(lambda conn: broadcast_report.progress(conn, number))

    async def fates(self, number: int) -> list[Fate]:
        return await self.office.database.read(lambda conn: broadcast_report.fates(conn, number, 0, 1000))

    async def causes(self, state: str = "queued") -> list[str]:
        def read(conn: Connection) -> list[str]:
            found = select(outbox.c.cause).where(outbox.c.state == state, outbox.c.lane == 3)
            return list(conn.scalars(found.order_by(outbox.c.id)))

        return await self.office.database.read(read)

    async def finds(self, scope: Scope, number: int) -> Broadcast:
        found = await self.does(broadcasting.mine, scope, number)
        assert isinstance(found, Broadcast)
        return found


def only(what: Announcement = NEWS, **parts: object) -> Announcement:
    """The announcement to a smaller segment."""
    return replace(what, segment=Segment(**parts))  # type: ignore[arg-type]
