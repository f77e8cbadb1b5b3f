"""A fair as staff plan it, and the letters that follow from that: which they are and when they leave.

Never waits for a clock: time goes by from one thing that is due to the next.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select, update

from bot.core.activity import Activity, Bilingual, Sheet, Stop
from bot.core.schedule import PHNOM_PENH
from bot.runner import planning
from bot.runner.notice import desk_of
from bot.runner.planning import Plan, Refused
from storage import activities, people, subscriptions
from storage.people import Flag
from storage.schema import activity_missed, agenda, outbox
from storage.staff import Scope
from tests.runner.fair import Fair
from tests.runner.office import WHO, Office, Said

START = datetime(2026, 12, 5, 1, tzinfo=UTC)  # Saturday, 08:00 in Phnom Penh
HOUR = timedelta(hours=1)
TITLE = "ពិព័រណ៍ការងារបាកាន"
STOP = Stop("bakan", Bilingual("ផ្សារបាកាន", "Bakan market"), START - 2 * HOUR, 40)
SHEET = Sheet(
    Bilingual(TITLE, "Bakan job fair"), "150101", START, START + 9 * HOUR, stops=(STOP,), sectors=("garment",)
)
SENT = {"sent", "unknown"}


@dataclass
class Planned:
    """A fair in thirteen days, published or not, and people who come to it."""

    office: Office
    fair: Fair = field(init=False)
    number: int = 0

    def __post_init__(self) -> None:
        self.fair = Fair(self.office)  # whose people answer ours
        made = self.office.database.run_now(
            lambda conn: activities.make(conn, "fair", "pursat", SHEET, self.office.clock.at)
        )
        self.number, self.fair.held = made.id, made

    # --- staff ---

    async def publish(self, scope: Scope | None = None) -> Plan | Refused:
        return await self._plan(lambda *known: planning.publish(*known, self.office.clock.at), scope)

    async def change(self, **cells: object) -> Plan | Refused:
        sheet = replace((await self.held()).sheet, **cells)  # type: ignore[arg-type]
        return await self._plan(lambda *known: planning.change(*known, sheet, self.office.clock.at))

    async def cancel(self, scope: Scope | None = None) -> Plan | Refused:
        return await self._plan(lambda *known: planning.cancel(*known, self.office.clock.at), scope)

    async def done(self) -> Plan | Refused:
        return await self._plan(lambda *known: planning.done(*known, self.office.clock.at))

    async def held(self) -> Activity:
        found = await self.office.database.read(lambda conn: activities.get(conn, self.number))
        assert found is not None
        return found

    async def _plan(self, does: object, scope: Scope | None = None) -> Plan | Refused:
        def work(conn: Connection) -> Plan | Refused:
            found: Plan | Refused = does(conn, desk_of(self.office.kit), scope, self.number)  # type: ignore[operator]
            return found

        became = await self.office.database.run(work)
        self.fair.held = await self.held()
        return became

    # --- people ---

    async def flagged(self, who: str, flag: Flag, *, on: bool = True) -> None:
        number, now = await self.fair.someone(who), self.office.clock.at
        await self.office.database.run(lambda conn: people.set_flag(conn, number, flag, on=on, now=now))

    async def hours(self, who: str, hours: str) -> None:
        number = await self.fair.someone(who)
        await self.office.database.run(lambda conn: subscriptions.set_hours(conn, number, hours))

    async def knows(self, who: str = WHO) -> None:
        """They were shown what it says now."""
        number, told = await self.fair.someone(who), [(self.number, (await self.held()).revision)]
        now = self.office.clock.at
        await self.office.database.run(lambda conn: activities.tell(conn, number, told, now))

    # --- time ---

    async def until(self, words: str) -> None:
        """Go on to a moment of Phnom Penh, by whatever comes due on the way, senders taking what leaves."""
        end = moment(words)
        await self.ticks()
        await self.sends()
        while self.office.clock.at < end:
            self.office.clock.at = min(end, await self.office.database.read(self._next))
            await self.ticks()
            await self.sends()

    def _next(self, conn: Connection) -> datetime:
        now, far = self.office.clock.at, self.office.clock.at + timedelta(days=30)
        entry = select(func.min(agenda.c.due)).where(agenda.c.done_at.is_(None), agenda.c.due > now)
        part = select(func.min(outbox.c.not_before)).where(outbox.c.not_before > now)
        return min(conn.scalar(entry) or far, conn.scalar(part) or far)

    async def sleeps(self, words: str) -> None:
        """Nothing happens until then."""
        self.office.clock.at = moment(words)
        await self.ticks()

    async def ticks(self, times: int = 1) -> None:
        for _ in range(times):
            await self.office.agenda.tick(self.office.clock.at)

    async def sends(self) -> None:
        """What may leave now has arrived."""
        now = self.office.clock.at
        due = (outbox.c.state == "queued", outbox.c.not_before <= now, outbox.c.lane > 0)
        await self.office.database.run(
            lambda conn: conn.execute(update(outbox).where(*due).values(state="sent", sent_at=now))
        )

    # --- what came of it ---

    async def letters(self, who: str = WHO, *states: str) -> list[tuple[str, str]]:
        """What of ours leaves or left for somebody: which (its cause), and when, in Phnom Penh."""
        number = await self.fair.someone(who)
        wanted = select(outbox.c.cause, outbox.c.not_before, outbox.c.state).where(
            outbox.c.contact_id == number, outbox.c.cause.startswith(f"activity:{self.number}:")
        )
        found = await self.office.database.read(lambda conn: conn.execute(wanted.order_by(outbox.c.id)).all())
        alive = states or (*SENT, "queued", "sending", "held")
        return [(_kind(row.cause), shown(row.not_before)) for row in found if row.state in alive]

    async def said(self, who: str = WHO) -> list[Said]:
        """Letters with their words."""
        return [one for one in await self.fair.letters(who) if one.part.text]

    async def missed(self) -> list[tuple[str, str]]:
        """On which occasion somebody was missed, and why."""
        wanted = select(activity_missed.c.occasion, activity_missed.c.why).order_by(activity_missed.c.at)
        return [
            tuple(row) for row in await self.office.database.read(lambda conn: conn.execute(wanted).all())
        ]  # type: ignore[misc]


def moment(words: str) -> datetime:
    """`12-04 17:00` of Phnom Penh, in 2026."""
    return datetime.fromisoformat(f"2026-{words}").replace(tzinfo=PHNOM_PENH).astimezone(UTC)


def shown(at: datetime) -> str:
    return f"{at.astimezone(PHNOM_PENH):%m-%d %H:%M}"


def _kind(cause: str) -> str:
    """What stands between the activity and the contact."""
    return cause.split(":", 2)[2].rpartition(":")[0]
