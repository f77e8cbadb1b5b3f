"""What somebody wants who taps a button of what we mailed, or opens the chat by a link or a printed code.

Never looks an activity up: it may be over by now. The payloads are part of what is sent for ever.
"""

import re
from dataclasses import dataclass
from typing import Literal

from bot.core.activity import Coming
from bot.core.events import Event, Start, Tap

Work = Literal["yes", "offer", "no"]
AFTER = "after"  # `a:12:after14:work-yes`
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_DAY = re.compile(rf"{AFTER}([0-9]{{1,3}})")
_PLACE = re.compile(r"[0-9]{2,8}")


@dataclass(frozen=True, slots=True)
class ShowList:
    """What there is; `place`: a gazetteer code to look around, empty for home."""

    place: str = ""


@dataclass(frozen=True, slots=True)
class Show:
    """One activity."""

    activity: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether they come."""

    activity: int
    coming: Coming


@dataclass(frozen=True, slots=True)
class Offer:
    """A seat that was offered is taken, or left."""

    activity: int
    taken: bool


@dataclass(frozen=True, slots=True)
class After:
    """What became of it, so many days after: one of the two is told."""

    activity: int
    day: int
    work: Work | None = None
    money: bool | None = None


@dataclass(frozen=True, slots=True)
class OpenDialog:
    """A dialog that a letter leads to."""

    dialog: str


Letter = ShowList | Show | Answer | Offer | After | OpenDialog


def of(event: Event) -> Letter | None:
    """What the event asks for; None for anything else, and for a payload that is none of ours."""
    match event.body:
        case Tap(payload):
            return _tapped(payload.split(":"))
        case Start(payload=payload):
            return _linked(payload)
        case _:
            return None


def answers(letter: Letter) -> bool:
    """Whether it tells us something, and not only wants to see something."""
    return isinstance(letter, Answer | Offer | After)


def _linked(payload: str) -> Letter | None:
    """`f-12`: an activity; `v-1502`: what there is near a place."""
    head, _, tail = payload.partition("-")
    if head == "f" and _NUMBER.fullmatch(tail):
        return Show(int(tail))
    if head == "v" and _PLACE.fullmatch(tail):
        return ShowList(tail[:6])
    return None


def _tapped(parts: list[str]) -> Letter | None:
    match parts:
        case ["d", dialog] if dialog:
            return OpenDialog(dialog)
        case ["a", "list"]:
            return ShowList()
        case ["a", number, *rest] if _NUMBER.fullmatch(number):
            return _of_activity(int(number), rest)
        case _:
            return None


def _of_activity(number: int, rest: list[str]) -> Letter | None:
    match rest:
        case []:
            return Show(number)
        case [("come" | "bus" | "maybe" | "cannot") as coming]:
            return Answer(number, coming)
        case ["take" | "leave" as answer]:
            return Offer(number, taken=answer == "take")
        case [day, told] if found := _DAY.fullmatch(day):
            return _after(number, int(found[1]), told)
        case _:
            return None


def _after(number: int, day: int, told: str) -> Letter | None:
    match told.split("-"):
        case ["work", ("yes" | "offer" | "no") as work]:
            return After(number, day, work=work)
        case ["money", "yes" | "no" as money]:
            return After(number, day, money=money == "yes")
        case _:
            return None
