"""What should follow from a step: a Turn is the next session and its effects, nothing done yet.

Never renders words (ids and arguments only) and never performs anything.
"""

from dataclasses import dataclass
from typing import Literal

from bot.core.actions import CaseKind, Subject
from bot.core.activity_effects import ActivityEffect
from bot.core.answers import Value
from bot.core.contact import Language
from bot.core.dialog import Sensitivity
from bot.core.events import Body
from bot.core.faq_effects import AnswerJudged as AnswerJudged  # noqa: PLC0414 - an effect like those here
from bot.core.faq_effects import AnswerShown as AnswerShown  # noqa: PLC0414 - likewise
from bot.core.faq_effects import QuestionMissed as QuestionMissed  # noqa: PLC0414 - likewise
from bot.core.message import Line, OutMessage
from bot.core.session import Session


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

    `restricted`: danger; no words are kept and only the safeguarding role sees it. `centre` None: not known
    yet. `urgent`: need (no food, no roof, ill).
    """

    kind: CaseKind
    submission: int | None
    centre: str | None
    restricted: bool
    urgent: bool = False


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
class ChatPaused:
    """Staff have the chat in the platform's own inbox, or gave it back to us."""

    paused: bool


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
class HoldMedia:
    """A file that nobody asked for: it goes after a day unless the person wants it kept."""

    ref: str
    kind: str
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class MediaDecided:
    """What is held is kept for staff, or deleted at once, here and on the platform."""

    keep: bool


@dataclass(frozen=True, slots=True)
class VoiceChosen:
    """Recordings come first from now on, or only when asked for."""

    listens: bool


@dataclass(frozen=True, slots=True)
class DiscretionChosen:
    """What is sent unasked tells nothing from now on, or what it is about."""

    discreet: bool


@dataclass(frozen=True, slots=True)
class Speak:
    """Send the recordings of these messages, each if there is one."""

    release: str
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChatHidden:
    """Delete what the platform allows of the last messages, both sides; nothing is sent unasked now."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """The address is `contact`'s from here on (None: a new person's); `body` is what they say."""

    contact: int | None
    body: Body


@dataclass(frozen=True, slots=True)
class LinkDeed:
    """Of a one-time link: wanted; other pictures given than its maker's; the address joined to theirs.

    Of addresses that one has joined: where the person writes, or their others, become a new person's.
    """

    what: Literal["make", "miss", "join", "end here", "end others"]


@dataclass(frozen=True, slots=True)
class DangerEased:
    """The person is not in danger: automatic messages may go on, and staff see that they said so."""


@dataclass(frozen=True, slots=True)
class Complained:
    """A complaint, for the safeguarding officer only. `anonymous`: it leads back to nobody."""

    dialog: str
    release: str
    answers: tuple[SaveAnswer, ...]
    anonymous: bool


@dataclass(frozen=True, slots=True)
class AtDesk:
    """A member of staff works by chat: joins the duty, takes a case, records a sentence."""

    body: Body


@dataclass(frozen=True, slots=True)
class DataAsked:
    """Show, export or erase what is held about the person.

    `veiled`: others see this phone, so topics are named instead of answers, and no file is handed over.
    """

    what: Literal["show", "export", "erase"]
    veiled: bool = False


@dataclass(frozen=True, slots=True)
class DropWords:
    """This event's words are not kept at all (danger, private dialogs): its inbox row keeps only its key.

    `safety`: the danger words themselves; the row says that word, and no place in the script.
    """

    safety: bool = False


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
    | ChatPaused
    | KeepMedia
    | HoldMedia
    | MediaDecided
    | VoiceChosen
    | DiscretionChosen
    | Speak
    | ChatHidden
    | HandOver
    | LinkDeed
    | DangerEased
    | Complained
    | AnswerShown
    | AnswerJudged
    | QuestionMissed
    | AtDesk
    | DataAsked
    | DropWords
    | TapAnswered
    | ActivityEffect
)


@dataclass(frozen=True, slots=True)
class Turn:
    """The next session and what should follow, in order. `private`: it is in a private dialog."""

    session: Session
    effects: tuple[Effect, ...] = ()
    private: bool | None = None
