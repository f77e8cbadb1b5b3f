"""A fair that people answer, in a store with the shipped script.

Never shows its pages: what the engine decided is given.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.core.activity import Activity, Bilingual, Coming, Party, Registration, Sheet, Stop
from bot.core.activity_effects import FileAsked, OfferAnswered, Registered
from bot.core.effects import Send
from bot.core.message import Line, OutMessage
from bot.core.registered import answered, registered
from storage import activities, people, registrations
from tests.runner.asking import Asking
from tests.runner.office import WHO, Office, Said

WEEK, HOUR = timedelta(days=7), timedelta(hours=1)
TITLE = "ពិព័រណ៍ការងារបាកាន"


@dataclass
class Fair:
    """Ten seats in a week from now, of which four may come by bus."""

    office: Office
    people: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.asking = Asking(self.office)
        begins = self.office.clock.at + WEEK
        stop = Stop("bakan", Bilingual("ផ្សារបាកាន", "Bakan market"), begins - 2 * HOUR, 4)
        self.sheet = Sheet(
            Bilingual(TITLE, "Bakan job fair"),
            "150101",
            begins,
            begins + 8 * HOUR,
            capacity=10,
            stops=(stop,),
        )
        self.held = self.office.database.run_now(lambda conn: self.published(conn, self.sheet))

    def published(self, conn: Connection, sheet: Sheet) -> Activity:
        now = self.office.clock.at
        made = activities.make(conn, "fair", "pursat", sheet, now)
        found = activities.change(conn, made.id, now, state="published")
        assert found is not None
        return found

    async def becomes(self, **cells: object) -> None:
        """The sheet says something else from now on."""
        sheet = replace(self.sheet, **cells)  # type: ignore[arg-type]
        number, now = self.held.id, self.office.clock.at
        await self.office.database.run(lambda conn: activities.change(conn, number, now, sheet=sheet))

    async def someone(self, who: str = WHO) -> int:
        if who not in self.people:
            number, now = await self.office.greet(who), self.office.clock.at
            alone = partial(people.set_flag, contact_id=number, flag="careful", on=False, now=now)
            await self.office.database.run(alone)  # as after any step: they have not said that others look
            self.people[who] = number
        return self.people[who]

    async def answers(
        self, coming: Coming, people: int = 1, *, who: str = WHO, stop: str = "", remind: bool = True
    ) -> str:
        """What they hear when they answer so."""
        said = Registered(self.held.id, coming, Party(people, stop=stop), remind)
        return await self._says(who, said, registered(self.held, said, "km"))

    async def decides(self, *, taken: bool, who: str = WHO) -> str:
        """The same of a seat that was offered to them."""
        said, mine = OfferAnswered(self.held.id, taken), await self.mine(who)
        return await self._says(who, said, answered(self.held, said, mine.party, "km"))

    async def wants(self, what: str, who: str = WHO) -> Said:
        """What they get of a file."""
        await self.asking.does(await self.someone(who), FileAsked(self.held.id, what))
        return (await self.office.outbox(who))[-1]

    async def mine(self, who: str = WHO) -> Registration:
        number, activity = await self.someone(who), self.held.id
        found = await self.office.database.read(lambda conn: registrations.of(conn, None, number, activity))
        assert found is not None
        return found

    async def seats(self, *people: str) -> list[str]:
        return [(await self.mine(one)).seat for one in people]

    async def ticks(self, **span: float) -> datetime:
        self.office.clock.wait(**span)
        await self.office.agenda.tick(self.office.clock.at)
        return self.office.clock.at

    async def letters(self, who: str = WHO) -> list[Said]:
        """What came to them unasked."""
        return [one for one in await self.office.outbox(who) if one.lane > 0]

    async def _says(self, who: str, said: Registered | OfferAnswered, lines: tuple[Line, ...]) -> str:
        number = await self.someone(who)
        await self.asking.does(number, said, Send(OutMessage("", lines)))
        return (await self.office.outbox(who))[-1].part.text
