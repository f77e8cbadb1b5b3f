"""What should follow from a step: a Turn is the next session and its effects, nothing done yet.

Never renders words (ids and arguments only) and never performs anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.core.answers import Value
from bot.core.contact import Language
from bot.core.dialog import CaseKind, Sensitivity, Subject
from bot.core.session import Session


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
class Title:
    """The first paragraph of a message: what a question asks, without its explanations."""

    of: Line


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Words of a person (a member of staff), sent as they are."""

    text: str


Arg = str | int | Value | datetime | PlaceName | Fact | Line | Title | tuple[Line, ...]


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
    `turn`: of the question, 0 for none. `sticky`: buttons stay of use. `speech`: the message whose recording
    follows the words, where the Release has one.
    """

    release: str
    lines: tuple[Line | Verbatim, ...]
    buttons: tuple[Button, ...] = ()
    controls: tuple[Button, ...] = ()
    request: Literal["contact", "location"] | None = None
    replaces: str = ""
    turn: int = 0
    sticky: bool = False
    speech: str | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """Say it to the person who wrote, in the reply lane."""

    message: OutMessage


@dataclass(frozen=True, slots=True)
class SaveAnswer:
    """Keep an answer; a later one for the same (submission, field, index) replaces it."""

    submission: int
    field: str
    index: int
    value: Value
    sensitivity: Sensitivity
    coarse: bool
    node: str  # `<dialog>.<node>`


@dataclass(frozen=True, slots=True)
class ForgetAnswer:
    """The answer no longer stands (an edit made its question pointless)."""

    submission: int
    field: str
    index: int


@dataclass(frozen=True, slots=True)
class OpenSubmission:
    """A run of `dialog` begins; `no` counts within the contact."""

    no: int
    dialog: str
    release: str


@dataclass(frozen=True, slots=True)
class SetSubject:
    """Whom the submission is about."""

    no: int
    subject: Subject


@dataclass(frozen=True, slots=True)
class CloseSubmission:
    """Its dialog was walked to the end."""

    no: int


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A human must look. An open case of the same submission (or person) is taken up instead of a second.

    `restricted`: danger; no words are kept and only authorised staff see it. `centre` None: not known yet.
    """

    kind: CaseKind
    submission: int | None
    centre: str | None
    restricted: bool


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """One row per purpose; `text` is the message id that was shown, in `release`."""

    purpose: str
    granted: bool
    text: str
    release: str


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    """The person reads this language from now on."""

    language: Language


@dataclass(frozen=True, slots=True)
class StopChosen:
    """Nothing automatic is sent while stopped."""

    stopped: bool


@dataclass(frozen=True, slots=True)
class ReachChanged:
    """The platform says that the person blocked or unblocked us."""

    reachable: bool


@dataclass(frozen=True, slots=True)
class KeepMedia:
    """Download and seal it; a person will listen. With a field it is also that field's answer."""

    ref: str
    kind: str
    mime: str
    size: int
    submission: int | None = None
    field: str | None = None
    index: int = 0


@dataclass(frozen=True, slots=True)
class DataAsked:
    """Show, export or erase what is held about the person."""

    what: Literal["show", "export", "erase"]


@dataclass(frozen=True, slots=True)
class DropWords:
    """This event's words are not kept at all (danger route): its inbox row keeps only its key."""


@dataclass(frozen=True, slots=True)
class TapAnswered:
    """Gesture: stop a tap's spinner and show on its message what was chosen, in words of `release`."""

    query: str
    message: str
    chosen: Line | None = None
    release: str | None = None


Effect = (
    Send
    | SaveAnswer
    | ForgetAnswer
    | OpenSubmission
    | SetSubject
    | CloseSubmission
    | CaseOpened
    | ConsentGiven
    | LanguageChosen
    | StopChosen
    | ReachChanged
    | KeepMedia
    | DataAsked
    | DropWords
    | TapAnswered
)


@dataclass(frozen=True, slots=True)
class Turn:
    """The next session and what should follow, in order."""

    session: Session
    effects: tuple[Effect, ...] = ()
