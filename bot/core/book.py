"""Everything compiled from one Release: dialogs, routes, centres, hotlines and places.

Never reads a file (`bot.scripts` compiles files to this) and holds no sentence, only message ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bot.core.activity import NO_BOARD, Board
from bot.core.condition import Condition
from bot.core.contact import Language
from bot.core.dialog import Dialog
from bot.core.faq import NO_FAQ, Faq
from bot.core.places import Gazetteer
from bot.core.safety import Safety
from bot.core.schedule import OFFICE, Hours


@dataclass(frozen=True, slots=True)
class Route:
    """Words and commands that open a dialog from anywhere.

    `rank`: `danger` before all; `control` (stop, erase) before a human's chat; the others only when nothing
    above takes the event; commands of any rank act at once. Danger, need and death are known by the safety
    lists; for the others the whole message must be one of the `phrases` (folded). `known`: while the gate of
    a shared phone is shut, who is writing is asked first.
    """

    dialog: str
    rank: Literal["danger", "need", "death", "control", "open"]
    commands: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    known: bool = False


@dataclass(frozen=True, slots=True)
class Centre:
    """A Migrant Worker Resource Centre. Its name is the message `centres.<id>.name`.

    `hours` is what people are told, `open_hours` what the machine reckons with.
    """

    id: str
    prefix: str  # of case numbers: OM, PU, PV
    province: str  # gazetteer code
    near: tuple[str, ...]  # provinces nearer to this centre than to the others
    phones: tuple[str, ...] = ()
    hours: str | None = None  # message id
    address: str | None = None  # message id
    open_hours: Hours = OFFICE


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
    `case.answer_by`, `case.opens` (known at commit) · `centre.name|phone|hours|address` (the centre they
    chose, else that of `home`) · `centre.near` (the one near `home`) · `hotlines` and `hotlines.<id>` (lines
    to call).
    """

    digest: str
    dialogs: Mapping[str, Dialog]
    routes: tuple[Route, ...]
    first: str  # the dialog of a first contact
    home: str  # the menu
    person: str  # talk to a person
    who: str  # who is writing
    unasked: str  # what becomes of a file that nobody asked for; empty in older Releases
    link: str  # a one-time link is opened; likewise
    greetings: tuple[str, ...]  # words that only greet
    quiet_when: Condition | None  # nothing is sent unasked to whom it holds for
    centres: Mapping[str, Centre]
    hotlines: Mapping[str, Hotline]
    places: Gazetteer
    labels: Mapping[
        str, tuple[str, ...]
    ]  # label message id → its words in every language, to match typed labels
    voices: Mapping[Language, frozenset[str]] = field(default_factory=dict)  # messages with a fresh recording
    safety: Safety = field(default_factory=Safety)  # words of danger, need and death
    faq: Faq = NO_FAQ
    answers: str = ""  # the dialog that answers questions; empty in older Releases
    activities: str = ""  # the dialog of job fairs and other activities; likewise

    @property
    def hides(self) -> bool:
        """Whether a command hides the chat."""
        return any("hide" in one.commands for one in self.routes)

    @property
    def urgent(self) -> frozenset[str]:
        """The dialogs that speak even while a person has the chat: who is writing, links, danger, stop."""
        ranked = (one.dialog for one in self.routes if one.rank in ("danger", "control"))
        return frozenset({self.who, self.link, *ranked})

    @property
    def known(self) -> frozenset[str]:
        """The dialogs that nobody enters while the gate of a shared phone is shut."""
        return frozenset(one.dialog for one in self.routes if one.known)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The Books that one step needs: the live one, and those its session began with.

    `withdrawn`: the entries that staff took back. `sample`: nobody real is reached, so drafts may be shown.
    `board`: the activities that people are shown, and what this person said to them.
    """

    live: Book
    pinned: Mapping[str, Book] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    sample: bool = False
    board: Board = NO_BOARD

    def book(self, digest: str) -> Book:
        """The Book of a Release; the live one when that Release is no longer kept."""
        return self.pinned.get(digest, self.live)
