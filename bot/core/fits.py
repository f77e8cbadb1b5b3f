"""Whether an activity, or work that is offered there, fits what somebody wrote; and by what they said.

Never reads the store, and never fits anybody by an answer that is sensitive.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from bot.core.activity import OPEN, SECTORS, Activity, Purpose, Vacancy, purpose_of

# What is read of what somebody told of themself: fields of the intake, all of them closed and coarse.
FIELDS = (
    "home",
    "work_now",
    "want_sector",
    "want_place",
    "want_pay",
    "skills",
    "training",
    "sector",
    "job_sector",
)
ANY = "any"  # of `want_sector`: whatever work there is
SETTLED = frozenset({"employed", "not-looking"})  # of `work_now`: they look for no work
LEAST_PAY: Mapping[str, int] = MappingProxyType(  # of `want_pay`: dollars a month
    {"under-200": 0, "200-250": 200, "250-300": 250, "over-300": 300}
)
SKILLED: Mapping[str, str] = MappingProxyType(  # of `skills` → the sector that it is of use in
    {
        "mason": "construction",
        "welding": "construction",
        "electric": "construction",
        "mechanic": "factory",
        "sewing": "garment",
        "cooking": "hospitality",
        "farming": "farm",
        "driving": "driving",
    }
)
LEARNS: Mapping[str, str] = MappingProxyType({"course": "course", "rpl-test": "certificate"})
Because = Literal["want", "any", "worked", "skill", "learn", "certificate"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wrote of themself, as far as it says what fits. Places: gazetteer codes.

    `wants`: sectors; `pay`: the least, in dollars a month. `looks`: for work.
    """

    home: str = ""
    place: str = ""
    looks: bool = True
    wants: frozenset[str] = frozenset()
    anything: bool = False
    worked: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    training: frozenset[str] = frozenset()
    pay: int = 0

    @property
    def sectors(self) -> frozenset[str]:
        """That they want, know or worked in."""
        return self.wants | self.worked | {SKILLED[one] for one in self.skills}


@dataclass(frozen=True, slots=True)
class Fit:
    """That something fits, because of what they said: `what` is a sector or a skill, `where` a place.

    `lives`: it is where they live, else where they want to work. `vacancies`: the work, where it is any.
    """

    activity: Activity
    purpose: Purpose
    because: Because
    what: str
    where: str
    lives: bool
    vacancies: tuple[Vacancy, ...] = field(default=())


def wish(told: Mapping[str, Sequence[str]]) -> Wish:
    """What the coarse answers to FIELDS say; several choices of one answer stand apart by a space."""
    one = {name: values[-1] for name, values in told.items() if values}
    wants = one.get("want_sector", "")
    skills = frozenset(known for known in one.get("skills", "").split() if known in SKILLED)
    worked = frozenset((*told.get("sector", ()), *told.get("job_sector", ()))) & frozenset(SECTORS)
    return Wish(
        home=one.get("home", ""),
        place=one.get("want_place", ""),
        looks=one.get("work_now", "") not in SETTLED,
        wants=frozenset({wants} & set(SECTORS)),
        anything=wants == ANY,
        worked=worked,
        skills=skills,
        training=frozenset(one.get("training", "").split()) - {"none"},
        pay=LEAST_PAY.get(one.get("want_pay", ""), 0),
    )


def fitting(known: Iterable[Activity], whose: Wish, now: datetime, most: int) -> tuple[Fit, ...]:
    """The first activities that fit somebody, the soonest first."""
    ahead = sorted(
        (one for one in known if one.state in OPEN and one.sheet.starts_at > now),
        key=lambda one: (one.sheet.starts_at, one.id),
    )
    found = (fit for one in ahead if (fit := fits(one, whose)) is not None)
    return tuple(fit for _, fit in zip(range(most), found, strict=False))


def fits(activity: Activity, whose: Wish) -> Fit | None:
    """Why it fits somebody; None when it does not, or when nothing says that it is near."""
    where = _near(activity.sheet.place, whose)
    if not where:
        return None
    if activity.kind in LEARNS:
        return _learns(activity, whose, where)
    return _works(activity, whose, where) if whose.looks else None


def _near(place: str, whose: Wish) -> str:
    """The place that they named in whose province it is: where they live goes first."""
    return next((one for one in (whose.home, whose.place) if one and one[:2] == place[:2]), "")


def _works(activity: Activity, whose: Wish, where: str) -> Fit | None:
    offered = [work for one in activity.sheet.shown for work in one.vacancies if _pays(work, whose.pay)]
    wanted = tuple(work for work in offered if whose.anything or work.sector in whose.wants)
    if wanted:
        because: Because = "any" if whose.anything else "want"
        return Fit(
            activity,
            "jobs",
            because,
            "" if whose.anything else wanted[0].sector,
            where,
            where == whose.home,
            wanted,
        )
    if whose.wants:  # they said what they want, and it is something else
        return None
    known = tuple(work for work in offered if work.sector in whose.sectors)
    if not known:
        return None
    because, what = _known(whose, known[0].sector)
    return Fit(activity, "jobs", because, what, where, where == whose.home, known)


def _learns(activity: Activity, whose: Wish, where: str) -> Fit | None:
    """A course or test for those who want one, in something they know or want, where that is known."""
    if LEARNS[activity.kind] not in whose.training:
        return None
    taught = activity.sheet.all_sectors
    purpose = purpose_of(activity.kind)
    if not taught or not whose.sectors:
        because: Because = "certificate" if activity.kind == "rpl-test" else "learn"
        return Fit(activity, purpose, because, "", where, where == whose.home)
    shared = sorted(taught & whose.sectors)
    if not shared:
        return None
    first = next((one for one in shared if one in whose.wants), shared[0])
    because, what = ("want", first) if first in whose.wants else _known(whose, first)
    return Fit(activity, purpose, because, what, where, where == whose.home)


def _known(whose: Wish, sector: str) -> tuple[Because, str]:
    """That they worked in it, or else what they know that is of use in it."""
    if sector in whose.worked:
        return "worked", sector
    return "skill", min(one for one in whose.skills if SKILLED[one] == sector)


def _pays(work: Vacancy, least: int) -> bool:
    """Whether it may pay what they want; where nobody says what it pays, it may."""
    most = work.pay_most if work.pay_most is not None else work.pay_least
    return most is None or most >= least
