"""A member of staff with a phone: writes, taps what is shown to them, and reads what comes.

Never decides anything of its own.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from bot.core.activity import Activity, Bilingual, Coming, Party, Sheet, Stop
from bot.core.answers import Value, Words
from bot.core.effects import SaveAnswer
from bot.core.events import Command, Start, Tap, Text
from bot.runner import answers
from storage import activities, people, registrations, submissions
from tests.runner.house import House

BAKAN = "150101"
FAIR_DAY = datetime(2026, 12, 15, 1, 0, tzinfo=UTC)  # 08:00 in Phnom Penh


class Phone:
    """One chat of somebody on duty."""

    def __init__(self, house: House, who: str) -> None:
        self.house, self.who, self.count = house, who, 0

    async def command(self, name: str) -> None:
        await self.house.happen(Command(name), self.who)

    async def types(self, words: str) -> None:
        self.count += 1
        await self.house.happen(Text(words, f"w{self.count}"), self.who)

    async def scans(self, ticket: str) -> None:
        await self.house.happen(Start(f"t-{ticket}"), self.who)

    async def taps(self, label: str) -> None:
        """Press the latest button that is called so, or else that has this in its label."""
        rows = [one.part for one in await self.house.office.outbox(self.who)]
        shown = [button for part in rows for row in part.rows for button in row]
        found = [one.payload for one in shown if one.label == label]
        found = found or [one.payload for one in shown if label in one.label]
        assert found, f"no button {label}: {[button.label for button in shown]}"
        await self.presses(found[-1])

    async def presses(self, payload: str) -> None:
        await self.house.happen(Tap(payload, "9", "q"), self.who)

    async def reads(self) -> str:
        """The latest message."""
        return (await self.house.office.outbox(self.who))[-1].part.text

    async def told(self) -> list[str]:
        """All of them."""
        return [one.part.text for one in await self.house.office.outbox(self.who)]

    async def buttons(self) -> list[str]:
        """The labels below the latest message."""
        rows = (await self.house.office.outbox(self.who))[-1].part.rows
        return [button.label for row in rows for button in row]


def a_sheet(**changed: object) -> Sheet:
    """A fair in Bakan in three weeks, with a bus."""
    stop = Stop("s1", Bilingual("ផ្សារបាកាន"), FAIR_DAY - timedelta(hours=1), 20)
    told = {
        "title": Bilingual("ពិព័រណ៍ការងារបាកាន", "Bakan job fair"),
        "place": BAKAN,
        "starts_at": FAIR_DAY,
        "ends_at": FAIR_DAY + timedelta(hours=4),
        "capacity": 100,
        "stops": (stop,),
    }
    return Sheet(**(told | changed))  # type: ignore[arg-type]


async def a_fair(house: House, centre: str = "pursat", sheet: Sheet | None = None) -> Activity:
    """A published one."""

    def make(conn: Connection) -> Activity:
        now = house.office.clock.at
        made = activities.make(conn, "fair", centre, sheet or a_sheet(), now)
        shown = activities.change(conn, made.id, now, state="published")
        assert shown is not None
        return shown

    return await house.office.database.run(make)


async def comes(
    house: House,
    who: str,
    fair: Activity,
    name: str = "",
    *,
    coming: Coming = "come",
    party: Party | None = None,
    ticket: str = "",
) -> int:
    """Somebody is registered, and maybe told us their name."""
    contact_id = await house.office.greet(who)
    if name:
        await answered(house, contact_id, {"name": Words(name)})

    def register(conn: Connection) -> int:
        person = people.by_id(conn, house.office.vault, contact_id)
        assert person is not None
        registrations.register(
            conn,
            person.key,
            contact_id,
            fair.id,
            coming,
            party or Party(),
            remind="app",
            ticket=ticket or f"TICKET{who}",
            now=house.office.clock.at,
        )
        return contact_id

    return await house.office.database.run(register)


async def answered(house: House, contact_id: int, given: dict[str, Value], *, coarse: bool = False) -> None:
    """They answered these questions of the intake."""

    def save(conn: Connection) -> None:
        person = people.by_id(conn, house.office.vault, contact_id)
        assert person is not None
        now, release = house.office.clock.at, house.office.kit.library.live(conn).book.digest
        submissions.open_(conn, person, 1, "intake", release, now)
        for field, value in given.items():
            kept = SaveAnswer(1, field, 0, value, "S1", coarse=coarse, node=f"intake.{field}")
            answers.keep(conn, house.office.vault, person, kept, now)

    await house.office.database.run(save)
