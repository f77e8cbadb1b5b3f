"""Everything compiled from one Release: dialogs, routes, centres, hotlines and places.

Never reads a file (`bot.scripts` compiles files to this) and holds no sentence, only message ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bot.core.condition import Condition
from bot.core.dialog import Dialog
from bot.core.places import Gazetteer


@dataclass(frozen=True, slots=True)
class Route:
    """Words and commands that open a dialog from anywhere.

    `rank`: `danger` before all; `control` (stop, erase) before a human's chat; `open` only when
    nothing above takes the event; commands of any rank act at once.
    `exact`: the whole message must match (folded); otherwise it may contain the phrase.
    """

    dialog: str
    rank: Literal["danger", "control", "open"]
    commands: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Centre:
    """A Migrant Worker Resource Centre. Its name is the message `centres.<id>.name`."""

    id: str
    prefix: str  # of case numbers: OM, PU, PV
    province: str  # gazetteer code
    near: tuple[str, ...]  # provinces nearer to this centre than to the others
    phones: tuple[str, ...] = ()
    hours: str | None = None  # message id
    address: str | None = None  # message id


@dataclass(frozen=True, slots=True)
class Hotline:
    """A number to call. Its name is the message `hotlines.<id>.name`."""

    id: str
    numbers: tuple[str, ...]
    province: str | None = None
    called_on: date | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """Everything compiled from one Release; `digest` names it.

    Sources that `Node.args` may name: a field of the submission · `case.number`,
    `case.answer_by` (known at commit) · `centre.name|phone|hours|address` (the chosen centre, else that of
    `home`) · `centre.near` (the one near `home`) · `hotlines` and `hotlines.<id>` (lines to call).
    """

    digest: str
    dialogs: Mapping[str, Dialog]
    routes: tuple[Route, ...]
    first: str  # the dialog of a first contact
    home: str  # the menu
    person: str  # talk to a person
    greetings: tuple[str, ...]  # words that only greet
    quiet_when: Condition | None  # nothing is sent unasked to whom it holds for
    centres: Mapping[str, Centre]
    hotlines: Mapping[str, Hotline]
    places: Gazetteer
    labels: Mapping[
        str, tuple[str, ...]
    ]  # label message id → its words in every language, to match typed labels

    @property
    def urgent(self) -> frozenset[str]:
        """The dialogs that speak even while a person has the chat: danger, stop and erase."""
        return frozenset(one.dialog for one in self.routes if one.rank in ("danger", "control"))


@dataclass(frozen=True, slots=True)
class Shelf:
    """The Books that one step needs: the live one, and those its session began with."""

    live: Book
    pinned: Mapping[str, Book] = field(default_factory=dict)

    def book(self, digest: str) -> Book:
        """The Book of a Release; the live one when that Release is no longer kept."""
        return self.pinned.get(digest, self.live)
