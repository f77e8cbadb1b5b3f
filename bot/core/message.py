"""What we want said: lines by message id with their arguments, and buttons; no words yet.

Never renders (`runner.render` does) and never decides what is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.core.answers import Value
from bot.core.channel import Point


@dataclass(frozen=True, slots=True)
class Fact:
    """An argument known only at commit: `case.number`, `case.answer_by`."""

    name: str


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place by code, to be named in the reader's language."""

    code: str


@dataclass(frozen=True, slots=True)
class Line:
    """A message id with its arguments. An argument that is a Line (or several) is said in its place.

    Numbers, dates and times are written as the reader's language writes them; `str` goes out as it is.
    """

    id: str
    args: Mapping[str, "Arg"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """Of a moment (aware) only its hour and minute, in local time."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Title:
    """The first paragraph of a message: what a question asks, without its explanations."""

    of: Line


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Words of a person (a member of staff), sent as they are."""

    text: str


Arg = str | int | Value | datetime | PlaceName | TimeOfDay | Fact | Line | Title | tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """`key` is ASCII, ≤ 40 characters; the payload will be `<turn>:<key>`. `ticked` shows ✓."""

    key: str
    label: Line | PlaceName | Verbatim
    short: Line | None = None
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class OutMessage:
    """What we want said. `lines` become paragraphs; `release` names the words.

    `buttons` answer the question; `controls` (back, skip, why…) go below them. `request`: ask the platform
    for its contact or location button too. `replaces`: the platform message that this one edits.
    `turn`: of the question, 0 for none. `page`: of its buttons, where they are too many for one message; 99
    for those below it. `sticky`: buttons stay of use. `aloud` False: a question redrawn, or
    asked one step deeper, which nobody hears again unasked. `point`: a pin on the map ahead of the words.
    """

    release: str
    lines: tuple[Line | Verbatim, ...]
    buttons: tuple[Button, ...] = ()
    controls: tuple[Button, ...] = ()
    request: Literal["contact", "location"] | None = None
    replaces: str = ""
    turn: int = 0
    page: int = 0
    sticky: bool = False
    aloud: bool = True
    point: Point | None = None
