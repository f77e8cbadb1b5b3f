"""What happened: one message, tap or signal of one person, the same shape from every channel.

Never decides what it means.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal, get_args

from bot.core.contact import Address, Language

MediaKind = Literal["voice", "audio", "image", "video", "document", "sticker"]


@dataclass(frozen=True, slots=True)
class Text:
    """Typed words. `edits`: platform id of the earlier message that these words replace."""

    text: str
    message: str = ""
    edits: str | None = None


@dataclass(frozen=True, slots=True)
class Tap:
    """A pressed button. `payload` is what we gave it; `message` is what carried it.

    `query` must be answered at once on platforms that show a spinner.
    """

    payload: str
    message: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A voice note, picture, file or sticker. `ref` is the channel's handle to fetch it."""

    kind: MediaKind
    ref: str
    mime: str = ""
    size: int = 0
    seconds: int = 0
    caption: str = ""
    album: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class SharedContact:
    """A shared phone number. `own`: the platform says it belongs to the sender."""

    phone: str
    own: bool
    message: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    """A shared point, degrees WGS 84. Never stored exactly (facts: exact GPS is not asked)."""

    latitude: float
    longitude: float
    message: str = ""


@dataclass(frozen=True, slots=True)
class Start:
    """The person opened the chat, maybe through a deep link (`payload`).

    `link`: the blind value, in hexadecimal, of a one-time link's token, which itself is kept nowhere.
    """

    payload: str = ""
    language_hint: Language | None = None
    message: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A platform command or fixed menu entry, without its slash: `menu`, `stop`, `help`…"""

    name: str
    argument: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Reachable:
    """The person blocked (`False`) or unblocked (`True`) us."""

    reachable: bool


@dataclass(frozen=True, slots=True)
class Reacted:
    """The person reacted to a message of ours: a sign of life with nothing to answer."""

    message: str = ""


@dataclass(frozen=True, slots=True)
class WrittenElsewhere:
    """Staff wrote to the person past us, in the platform's own inbox, or took the chat there."""

    message: str = ""


@dataclass(frozen=True, slots=True)
class LeftToUs:
    """Staff gave the chat back to us in the platform's own inbox."""


@dataclass(frozen=True, slots=True)
class WaitExpired:
    """The agenda says that the question of `turn` has waited its time. `last`: the second time."""

    turn: int
    last: bool


@dataclass(frozen=True, slots=True)
class Interrupted:
    """Something that the person did not ask for has reached them while the question of `turn` waits."""

    turn: int


@dataclass(frozen=True, slots=True)
class Returned:
    """Somebody at this address says that they are this person; nothing more was said."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A one-time link has joined this address to the person's others; nothing more was said."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something this version does not know; `kind` is the platform's word for it."""

    kind: str
    message: str = ""


Body = (
    Text
    | Tap
    | Media
    | SharedContact
    | Location
    | Start
    | Command
    | Reachable
    | Reacted
    | WrittenElsewhere
    | LeftToUs
    | WaitExpired
    | Interrupted
    | Returned
    | Joined
    | Unknown
)


@dataclass(frozen=True, slots=True)
class Event:
    """`id` is unique within the account (de-duplication); `at` is the platform's time, aware UTC.

    `standby`: staff have the chat in the platform's own inbox, and we only look on.
    """

    id: str
    address: Address
    at: datetime
    body: Body
    standby: bool = False


def automatic(event: Event) -> bool:
    """Whether our own agenda, the platform or staff made the event, not the person."""
    return isinstance(event.body, WaitExpired | Interrupted | Reachable | WrittenElsewhere | LeftToUs)


_KINDS: dict[str, type] = {kind.__name__: kind for kind in get_args(Body)}
_FIELDS = {kind: tuple(one.name for one in fields(kind)) for kind in _KINDS.values()}


def dump(body: Body) -> list[Any]:
    """`[kind, field, …]`, as JSON can hold it."""
    kind = type(body)
    return [kind.__name__, *(getattr(body, name) for name in _FIELDS[kind])]


def load(form: Sequence[Any] | Any) -> Body:  # noqa: ANN401 - any JSON
    """The body that `dump` wrote; anything else (a raw update that an earlier version parked) is Unknown."""
    match form:
        case [str(kind), *values] if kind in _KINDS:
            body: Body = _KINDS[kind](*values)
            return body
        case _:
            return Unknown("raw")
