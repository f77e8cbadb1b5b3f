"""Activities as the engine's tests tell of them: a fair in Bakan with two buses, a course, one far away.

Never stores anything.
"""

from dataclasses import replace
from datetime import date, timedelta

from bot.core.activity import (
    Activity,
    Bilingual,
    Board,
    Employer,
    Party,
    Registration,
    Sheet,
    Stipend,
    Stop,
    Vacancy,
)
from bot.core.activity_effects import ActivitiesTold, Registered
from bot.core.answers import PlaceCode
from bot.core.session import Submission
from tests.engine.shipped import NOON, Talk, agreed, release

BAKAN, KRAKOR, OTDAR = "150106", "150301", "220401"
SOON = NOON + timedelta(days=10, hours=-4)  # 8:00 in Phnom Penh
WORK = Vacancy(Bilingual("អ្នកដេរ", "Sewer"), "garment", 40, 210, 250)
CHECKED = Employer("e1", Bilingual("រោងចក្រពណ៌ខៀវ", "Blue Garments"), (WORK,), "Sokha", date(2026, 11, 1))
UNSEEN = Employer("e2", Bilingual("ក្រុមហ៊ុនមិនស្គាល់", "Unknown Ltd"), (WORK,))
MARKET = Stop("market", Bilingual("ផ្សារបាកាន", "Bakan market"), SOON - timedelta(hours=1), 40)
PAGODA = Stop("pagoda", Bilingual("វត្តបឹង", "Boeng pagoda"), SOON - timedelta(minutes=30), 20)
SHEET = Sheet(
    title=Bilingual("ពិព័រណ៍ការងារបាកាន", "Bakan job fair"),
    place=BAKAN,
    starts_at=SOON,
    ends_at=SOON + timedelta(hours=4),
    venue=Bilingual("សាលាស្រុក", "District hall"),
    point=(12.6, 103.8),
    bring=Bilingual("អត្តសញ្ញាណប័ណ្ណ បើមាន", "ID card if you have it"),
    employers=(CHECKED, UNSEEN),
    stops=(MARKET, PAGODA),
    capacity=100,
    childcare=True,
    cost=0,
    phone="012 345 678",
)
FAIR = Activity(12, "fair", "pursat", "published", 1, SHEET)
COURSE = Activity(
    13,
    "course",
    "pursat",
    "published",
    2,
    Sheet(
        title=Bilingual("វគ្គផ្សារដែក", "Welding course"),
        place=KRAKOR,
        starts_at=SOON + timedelta(days=5),
        ends_at=SOON + timedelta(days=35),
        sectors=("construction",),
        for_whom=Bilingual("អាយុ ១៥ ឡើង", "15 and older"),
        stipend=Stipend(
            Bilingual("២៨០០០០ រៀល បើមានប័ណ្ណសមធម៌", "280,000 riel with an equity card"), "V4", date(2024, 3, 15)
        ),
    ),
)
FAR = Activity(
    14,
    "fair",
    "oddar-meanchey",
    "published",
    1,
    replace(
        SHEET,
        title=Bilingual("ពិព័រណ៍សំរោង", "Samraong fair"),
        place=OTDAR,
        employers=(),
        stops=(),
        sectors=("farm",),
        point=None,
    ),
)
ALL = {one.id: one for one in (FAIR, COURSE, FAR)}


def board(*others: Activity, mine: dict[int, Registration] | None = None) -> Board:
    """All three, with what somebody answered."""
    return Board(activities={**ALL, **{one.id: one for one in others}}, mine=mine or {})


def coming(**changed: object) -> dict[int, Registration]:
    """They come to the fair in Bakan, two of them, by the bus from the market."""
    mine = Registration(12, "bus", Party(adults=2, stop="market"), "held", "app", ticket="AB12")
    return {12: replace(mine, **changed)}  # type: ignore[arg-type]


def looking(**known: object) -> Talk:
    """Somebody who agreed, is in the menu, and knows of all three."""
    talk = agreed().press("~menu")
    talk.board = board(**known)  # type: ignore[arg-type]
    return talk


def registered(talk: Talk) -> Registered:
    """What the last step registers."""
    return next(one for one in talk.effects if isinstance(one, Registered))


def say(message_id: str, language: str = "km", **args: str) -> str:
    return release().words.say(message_id, language, args)  # type: ignore[arg-type]


def text(talk: Talk) -> str:
    return "\n".join(one.text for one in talk.said)


def keys(talk: Talk) -> list[str]:
    return [one.payload.partition(":")[2] for one in talk.buttons]


def lives(talk: Talk, place: str, **answers: object) -> Talk:
    """They told where they live, and what work they want."""
    told = {("home", 0): PlaceCode(place), **{(name, 0): value for name, value in answers.items()}}
    (first, *_) = talk.session.submissions or (Submission(1, "intake", opened=True),)
    known = replace(first, opened=True, answers={**first.answers, **told})
    talk.session = replace(talk.session, submissions=(known,))
    return talk


def told(talk: Talk) -> set[int]:
    return {number for one in talk.effects if isinstance(one, ActivitiesTold) for number, _ in one.told}
