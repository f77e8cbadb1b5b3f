"""An activity of a centre: job fair, short course, test, office day or meeting; and who comes to it.

Never holds a sentence of ours, and never reads a clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from bot.core.contact import Language

Kind = Literal["fair", "course", "rpl-test", "office-day", "meeting"]
State = Literal["draft", "published", "moved", "cancelled", "done"]
Coming = Literal["come", "bus", "maybe", "cannot"]
Seat = Literal["none", "held", "waiting", "offered"]
Remind = Literal["app", "window", "call", "none"]
Purpose = Literal["fairs", "training", "jobs"]

KINDS: tuple[Kind, ...] = ("fair", "course", "rpl-test", "office-day", "meeting")
OPEN: frozenset[State] = frozenset({"published", "moved"})  # people see it and may come
RULE: tuple[str, ...] = (
    "-7d",
    "-1d 17:00",
    "-3h",
)  # when people are reminded, unless the sheet says otherwise
SECTORS: tuple[str, ...] = (  # those of the intake (`want_sector`)
    "construction",
    "garment",
    "factory",
    "farm",
    "hospitality",
    "shop",
    "driving",
)
SPOKEN: tuple[str, ...] = ("km", "en", "th", "vi", "sign")  # languages there


def purpose_of(kind: Kind) -> Purpose:
    """The purpose under which people hear of such an activity unasked."""
    return "training" if kind in {"course", "rpl-test"} else "fairs"


@dataclass(frozen=True, slots=True)
class Bilingual:
    """Words of staff in Khmer and English; either may be missing."""

    km: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        """Whether anything is said."""
        return bool(self.km or self.en)

    def read_in(self, language: Language) -> str:
        """The words in a language, else in the other."""
        return (self.km or self.en) if language == "km" else (self.en or self.km)


NOTHING = Bilingual()


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Work that an employer offers. Pay: US dollars a month; None where they did not say."""

    job: Bilingual
    sector: str
    number: int = 1
    pay_least: int | None = None
    pay_most: int | None = None
    requires: Bilingual = NOTHING


@dataclass(frozen=True, slots=True)
class Employer:
    """An employer who comes. Nobody is shown one that no member of staff has checked."""

    key: str
    name: Bilingual
    vacancies: tuple[Vacancy, ...] = ()
    checked_by: str = ""
    checked_on: date | None = None

    @property
    def checked(self) -> bool:
        """Whether somebody is named who checked them, and when."""
        return bool(self.checked_by) and self.checked_on is not None


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a bus to it leaves, when (aware UTC), and how many it takes."""

    key: str
    name: Bilingual
    leaves_at: datetime
    seats: int


@dataclass(frozen=True, slots=True)
class Stipend:
    """What is paid to whom while they learn: the rule, where it is written, and when that was read."""

    rule: Bilingual
    source: str
    read_on: date


@dataclass(frozen=True, slots=True)
class Sheet:
    """What an activity says in one revision. Times: aware UTC. `place`: gazetteer code. `capacity`: people.

    `point`: degrees WGS 84, of the venue. `cost`: riel; None where nothing is said. `reminders`: `-7d`,
    `-1d 17:00`, `-3h`. `phone`: E.164 or a short number, of whom to ask.
    """

    title: Bilingual
    place: str
    starts_at: datetime
    ends_at: datetime
    venue: Bilingual = NOTHING
    description: Bilingual = NOTHING
    point: tuple[float, float] | None = None
    bring: Bilingual = NOTHING
    for_whom: Bilingual = NOTHING
    employers: tuple[Employer, ...] = ()
    stops: tuple[Stop, ...] = ()
    capacity: int | None = None
    childcare: bool = False
    languages: tuple[str, ...] = ("km",)
    phone: str = ""
    sectors: tuple[str, ...] = ()
    cost: int | None = None
    stipend: Stipend | None = None
    reminders: tuple[str, ...] = RULE

    @property
    def shown(self) -> tuple[Employer, ...]:
        """The employers whom people are shown."""
        return tuple(one for one in self.employers if one.checked)

    @property
    def all_sectors(self) -> frozenset[str]:
        """Of the activity itself and of the work that is shown."""
        offered = {work.sector for one in self.shown for work in one.vacancies}
        return frozenset(self.sectors) | offered


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity as it stands. `centre`: who organises it. `revision`: of its sheet, from 1."""

    id: int
    kind: Kind
    centre: str
    state: State
    revision: int
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Party:
    """Who comes together. `stop`: key of the bus stop; empty: they come by themselves."""

    adults: int = 1
    children: int = 0
    stop: str = ""
    childcare: bool = False
    mobility: bool = False

    @property
    def size(self) -> int:
        """Seats that they take."""
        return self.adults + self.children


@dataclass(frozen=True, slots=True)
class Registration:
    """What somebody answered. `remind`: how we said that we can. `ticket`: what is scanned at the door."""

    activity: int
    coming: Coming
    party: Party
    seat: Seat
    remind: Remind
    ticket: str = ""
    offered_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Follow:
    """What somebody wants to hear of unasked. `place` empty: anywhere; `sector` empty: any."""

    purpose: Purpose
    place: str = ""
    sector: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """The activities that people may be shown, and what this person answered to them and wants to hear of.

    `activities` holds those that are not over and were ever published, cancelled ones too. `hours`: when
    what we send unasked may reach the person. `reminds`: a reminder or a call of staff can reach them.
    """

    activities: Mapping[int, Activity] = field(default_factory=lambda: MappingProxyType({}))
    mine: Mapping[int, Registration] = field(default_factory=lambda: MappingProxyType({}))
    follows: frozenset[Follow] = frozenset()
    hours: str = "any"
    reminds: bool = True


NO_BOARD = Board()
