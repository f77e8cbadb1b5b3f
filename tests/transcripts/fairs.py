"""Activities of a transcript: staff publish, move and call them off, and others come to them too.

Never shows a page: what people see of it is the bot's.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from bot.app import Spean
from bot.core import duration
from bot.core.activity import (
    Activity,
    Bilingual,
    Employer,
    Kind,
    Party,
    Sheet,
    Stipend,
    Stop,
    Vacancy,
)
from bot.core.contact import Address
from bot.runner import planning
from bot.runner.notice import desk_of
from storage import activities, people, registrations
from tests.transcripts.stage import ACCOUNTS

HOUR = timedelta(hours=1)
MORNING = timedelta(hours=1)  # of a day in UTC: eight o'clock in Phnom Penh
SEWER = Vacancy(
    Bilingual("អ្នកដេរ", "Sewer"), "garment", 40, 210, 250, Bilingual("ចេះដេរម៉ាស៊ីន", "can sew by machine")
)
BLUE = Employer("blue", Bilingual("រោងចក្រពណ៌ខៀវ", "Blue Garments"), (SEWER,), "Sokha", date(2026, 11, 2))
UNSEEN = Employer("unseen", Bilingual("ក្រុមហ៊ុនមិនទាន់ពិនិត្យ", "Not Checked Ltd"), (SEWER,))


def _bakan(begins: datetime) -> Sheet:
    market = Stop("market", Bilingual("ផ្សារបាកាន", "Bakan market"), begins - HOUR, 40)
    pagoda = Stop("pagoda", Bilingual("វត្តរំលេច", "Rumlech pagoda"), begins - HOUR / 2, 20)
    return Sheet(
        Bilingual("ពិព័រណ៍ការងារបាកាន", "Bakan job fair"),
        "150106",
        begins,
        begins + 4 * HOUR,
        venue=Bilingual("សាលាស្រុកបាកាន", "Bakan district hall"),
        point=(12.7, 103.7),
        bring=Bilingual("អត្តសញ្ញាណប័ណ្ណ បើមាន", "your ID card if you have it"),
        employers=(BLUE, UNSEEN),
        stops=(market, pagoda),
        childcare=True,
        cost=0,
        phone="052 951 234",
    )


def _welding(begins: datetime) -> Sheet:
    return Sheet(
        Bilingual("វគ្គរៀនផ្សារដែក", "Welding course"),
        "150301",
        begins,
        begins + timedelta(days=30) + 4 * HOUR,
        for_whom=Bilingual("អាយុ ១៥ឆ្នាំ ឡើងទៅ", "15 and older"),
        sectors=("construction",),
        cost=0,
        stipend=Stipend(
            Bilingual("២៨០០០០ រៀលក្នុងមួយខែ បើមានប័ណ្ណសមធម៌", "280,000 riel a month with an equity card"),
            "សេចក្តីជូនដំណឹងវិទ្យាស្ថាន",
            date(2024, 3, 15),
        ),
    )


def _samraong(begins: datetime) -> Sheet:
    return Sheet(Bilingual("ពិព័រណ៍ការងារសំរោង", "Samraong job fair"), "220401", begins, begins + 4 * HOUR)


SHEETS: dict[str, tuple[Kind, str, Callable[[datetime], Sheet]]] = {
    "bakan": ("fair", "pursat", _bakan),
    "welding": ("course", "pursat", _welding),
    "samraong": ("fair", "oddar-meanchey", _samraong),
}
_NEW = re.compile(r"in ([0-9]+[dh])(?:, room ([0-9]+))?")
_MOVES = re.compile(r"moves to ([0-9]+d)")
_OTHERS = re.compile(r"([0-9]+) others? comes?")


class Fairs:
    """What there is in one transcript, by name."""

    def __init__(self, spean: Spean) -> None:
        self.spean = spean
        self.desk = desk_of(spean.kit)
        self.made: dict[str, int] = {}
        self.others: list[int] = []

    async def act(self, words: str, now: datetime) -> bool:
        """One line of the file; False when it says nothing that can be done."""
        name, _, what = words.partition(": ")
        if name not in SHEETS:
            return False
        return await self.spean.database.run(lambda conn: self._act(conn, name, what, now))

    def _act(self, conn: Connection, name: str, what: str, now: datetime) -> bool:
        if found := _NEW.fullmatch(what):
            return self._publish(conn, name, found[1], found[2], now)
        if name not in self.made:
            return False
        held = activities.get(conn, self.made[name])
        assert held is not None
        if found := _MOVES.fullmatch(what):
            sheet = _begins(held.sheet, _when(found[1], now))
            return isinstance(planning.change(conn, self.desk, None, held.id, sheet, now), planning.Plan)
        if found := _OTHERS.fullmatch(what):
            for _ in range(int(found[1])):
                self._come(conn, held, now)
            return True
        match what:
            case "is called off":
                return isinstance(planning.cancel(conn, self.desk, None, held.id, now), planning.Plan)
            case "another stays away" if self.others:
                self._answer(conn, held, self.others.pop(), now, comes=False)
                return True
            case _:
                return False

    def _publish(self, conn: Connection, name: str, when: str, room: str | None, now: datetime) -> bool:
        kind, centre, sheet_of = SHEETS[name]
        sheet = sheet_of(_when(when, now))
        if room is not None:
            sheet = replace(sheet, capacity=int(room))
        made = activities.make(conn, kind, centre, sheet, now)
        self.made[name] = made.id
        return isinstance(planning.publish(conn, self.desk, None, made.id, now), planning.Plan)

    def _come(self, conn: Connection, held: Activity, now: datetime) -> None:
        """Somebody else, in a chat of their own."""
        address = Address(ACCOUNTS["telegram"], f"other-{len(self.others)}")
        self.others.append(people.greet(conn, self.spean.vault, address, "km", now).contact.id)
        self._answer(conn, held, self.others[-1], now, comes=True)

    def _answer(self, conn: Connection, held: Activity, who: int, now: datetime, *, comes: bool) -> None:
        person = people.by_id(conn, self.spean.vault, who)
        assert person is not None
        registrations.register(
            conn,
            person.key,
            who,
            held.id,
            "come" if comes else "cannot",
            Party(),
            remind="none",
            ticket=f"OTHER{who}",
            now=now,
        )


def _when(length: str, now: datetime) -> datetime:
    """Days ahead, at eight in the morning in Phnom Penh; hours are counted from now."""
    ahead = duration.read(length)
    assert ahead is not None
    at = now + ahead
    return at if length.endswith("h") else datetime(at.year, at.month, at.day, tzinfo=UTC) + MORNING


def _begins(sheet: Sheet, begins: datetime) -> Sheet:
    """The same at another time, its buses too."""
    later = begins - sheet.starts_at
    stops = tuple(replace(one, leaves_at=one.leaves_at + later) for one in sheet.stops)
    return replace(sheet, starts_at=begins, ends_at=sheet.ends_at + later, stops=stops)
