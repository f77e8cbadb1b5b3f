"""Who takes an event, as `route` decides it and `engine` does it.

Never says why.
"""

from dataclasses import dataclass

from bot.core.contact import Language
from bot.core.letters import Letter


@dataclass(frozen=True, slots=True)
class Open:
    """A dialog is opened by words or a command. `private`: the words that opened it are kept nowhere."""

    dialog: str
    private: bool


@dataclass(frozen=True, slots=True)
class ToStaff:
    """A person has the chat: keep the message, say nothing."""


@dataclass(frozen=True, slots=True)
class ToQuestion:
    """The waiting question reads it. `otherwise`: the dialog that its words open if that fails.

    `then`: the dialog that its words open as soon as they have answered the question.
    """

    otherwise: str | None = None
    then: str | None = None


@dataclass(frozen=True, slots=True)
class Flooded:
    """Too many messages. `first`: say so once."""

    first: bool


@dataclass(frozen=True, slots=True)
class Switch:
    """The person reads another language from now on (`/language en`, the page's switch)."""

    language: Language


@dataclass(frozen=True, slots=True)
class Aloud:
    """The person wants to hear these messages; none: the question that waits."""

    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AtGate:
    """Nobody knows who is writing. `held`: what they say is taken up once we do."""

    held: bool


@dataclass(frozen=True, slots=True)
class StaffAtWork:
    """A member of staff joins the duty, takes a case or records a sentence."""


@dataclass(frozen=True, slots=True)
class FromLetter:
    """A button of what we mailed, or a link to an activity: what waits goes on waiting."""

    letter: Letter


Decision = FromLetter | Aloud | Open | ToStaff | ToQuestion | Flooded | Switch | AtGate | StaffAtWork
