"""Which activities somebody is shown, the nearest first: by where they live and what they told us.

Never reads a draft and never says anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core import activity_draft
from bot.core.activity import OPEN, SECTORS, Activity, Board
from bot.core.activity_draft import Listing
from bot.core.answers import Key, Keys, PlaceCode
from bot.core.fits import LEARNS, SKILLED
from bot.core.path import View

Nearness = Literal["commune", "district", "province", "elsewhere", "anywhere"]
AROUND: tuple[tuple[Nearness, int], ...] = (("commune", 6), ("district", 4), ("province", 2))
SHOWN = 6  # of a list at once; the others are a page further


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody told us that they want. `kinds`: of activities, to learn."""

    sectors: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether they told us anything that narrows a list."""
        return bool(self.sectors or self.kinds)

    def suit(self, one: Activity) -> bool:
        """Whether it is for them, as far as they told us; what is for everybody always is."""
        if not self or one.kind in self.kinds or one.kind in ("office-day", "meeting"):
            return True
        sectors = one.sheet.all_sectors
        if one.kind in LEARNS:
            return not self.kinds and (not sectors or bool(sectors & self.sectors))
        return not self.sectors or not sectors or bool(sectors & self.sectors)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a list. `near`: how near each group is. `others`: how many the filter leaves out.

    `far`: how many more there are in other provinces. `more`: whether there is a page after this one.
    """

    groups: tuple[tuple[Nearness, tuple[Activity, ...]], ...]
    others: int
    far: int
    more: bool

    @property
    def activities(self) -> tuple[Activity, ...]:
        """All of the page, in order."""
        return tuple(one for _, group in self.groups for one in group)


def home_of(view: View) -> str:
    """Where the person lives, as deep as we know; empty for nowhere that we know."""
    lives = view.latest("home")
    return lives.code if isinstance(lives, PlaceCode) else ""


def wishes_of(view: View) -> Wishes:
    """What their last answers say."""
    sectors = {
        value.key
        for value in (view.latest("want_sector"),)
        if isinstance(value, Key) and value.key in SECTORS
    }
    skills, training = view.latest("skills"), view.latest("training")
    if isinstance(skills, Keys) and sectors:
        sectors |= {SKILLED[key] for key in skills.keys if key in SKILLED}
    learns = training.keys if isinstance(training, Keys) else ()
    kinds = {kind for kind, key in LEARNS.items() if key in learns}
    return Wishes(frozenset(sectors), frozenset(kinds))


def nearness(place: str, home: str) -> Nearness:
    """How near a place is to another, by their codes; `anywhere` where the other is not known."""
    if not home:
        return "anywhere"
    fits = (name for name, digits in AROUND if len(home) >= digits and place[:digits] == home[:digits])
    return next(fits, "elsewhere")


def coming_up(board: Board, now: datetime) -> tuple[Activity, ...]:
    """What a list may show: what is open and not over, and what was called off of those they come to."""
    shown = (
        one
        for one in board.activities.values()
        if one.sheet.ends_at > now and (one.state in OPEN or _awaited(board, one))
    )
    return tuple(sorted(shown, key=lambda one: (one.sheet.starts_at, one.id)))


def _awaited(board: Board, one: Activity) -> bool:
    return one.state == "cancelled" and theirs(board, one)


def theirs(board: Board, one: Activity) -> bool:
    """Whether they said that they come, or may."""
    mine = board.mine.get(one.id)
    return mine is not None and mine.coming != "cannot"


def find(board: Board, view: View, asked: Listing) -> Found:
    """A page of what is asked for, nearest first; what is far only where it is wanted, or all there is."""
    all_ = coming_up(board, view.now)
    suiting = tuple(one for one in all_ if _suits(one, view, asked.sector, board))
    if asked.sector == activity_draft.MINE and not suiting:
        suiting = all_
    home = asked.place or home_of(view)
    near = [one for one in suiting if nearness(one.sheet.place, home) != "elsewhere"]
    kept = list(suiting) if asked.far or not near else near
    kept.sort(key=lambda one: _rank(one, home))
    page = kept[asked.page * SHOWN : (asked.page + 1) * SHOWN]
    return Found(
        _grouped(page, home),
        others=len(all_) - len(suiting),
        far=len(suiting) - len(kept),
        more=len(kept) > (asked.page + 1) * SHOWN,
    )


def sectors_of(board: Board, now: datetime) -> tuple[str, ...]:
    """The sectors of what there is, in the order of the intake."""
    there = {sector for one in coming_up(board, now) for sector in one.sheet.all_sectors}
    return tuple(sector for sector in SECTORS if sector in there)


def _suits(one: Activity, view: View, sector: str, board: Board) -> bool:
    match sector:
        case activity_draft.MINE:
            return wishes_of(view).suit(one)
        case activity_draft.ANY:
            return True
        case activity_draft.THEIRS:
            return theirs(board, one)
        case _:
            return sector in one.sheet.all_sectors


def _rank(one: Activity, home: str) -> tuple[int, datetime, int]:
    order: tuple[Nearness, ...] = ("commune", "district", "province", "elsewhere", "anywhere")
    return (order.index(nearness(one.sheet.place, home)), one.sheet.starts_at, one.id)


def _grouped(page: Iterable[Activity], home: str) -> tuple[tuple[Nearness, tuple[Activity, ...]], ...]:
    groups: dict[Nearness, list[Activity]] = {}
    for one in page:
        groups.setdefault(nearness(one.sheet.place, home), []).append(one)
    return tuple((name, tuple(group)) for name, group in groups.items())
