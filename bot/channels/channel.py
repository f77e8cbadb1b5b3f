"""What every channel offers the runner: read a raw update, send a part, make a gesture, fetch media.

Never touches the store or decides what is said.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.core.channel import Capabilities, Part
from bot.core.contact import Address
from bot.core.events import Event
from bot.core.window import Standing, Way


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Bytes that the platform holds already, by the name it gave them."""

    ref: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Delivered to the platform, which named it `message` (ids with spaces between where it took several).

    `file`: its name for the bytes uploaded with it.
    """

    message: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Retry:
    """Surely not delivered; try again after `after` seconds (None: our own backoff).

    `account_wide`: everybody on this account waits (429).
    """

    reason: str
    after: float | None = None
    account_wide: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Will never be delivered as it is. `stop`: nothing, this person, or the whole account."""

    reason: str
    stop: str = "nothing"  # nothing | person | account


@dataclass(frozen=True, slots=True)
class Uncertain:
    """May have been delivered (the answer was lost)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unheld:
    """The platform no longer holds that upload: nothing was sent, and the bytes are needed again."""


@dataclass(frozen=True, slots=True)
class Shut:
    """The person's window is shut: nothing was sent, and free words may not be.

    `standing`: how the address stood when we asked; the sender fills it in.
    `barred`: the platform does not let this account take the way that was tried; it says nothing of the
    window.
    """

    standing: Standing | None = None
    barred: bool = False


Outcome = Sent | Retry | Refused | Uncertain | Unheld | Shut
Given = bytes | Uploaded | None  # the document of a part


@dataclass(frozen=True, slots=True)
class TapGesture:
    """Answer a tap: stop its spinner, and show `chosen` on the tapped message `message`.

    `raw`: the update that carried the tap, for the words of the tapped message.
    """

    address: str
    query: str
    message: str
    chosen: str = ""
    raw: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class TypingGesture:
    """Show that we are writing."""

    address: str


Gesture = TapGesture | TypingGesture


@dataclass(frozen=True, slots=True)
class Echoed:
    """The platform shows us a message of ours: the part that we named `name` was delivered as `message`."""

    address: Address
    name: str
    message: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything sent to this address up to `until` is delivered; `read`: and seen."""

    address: Address
    until: datetime
    read: bool = False


@dataclass(frozen=True, slots=True)
class TemplateRuled:
    """The platform has approved a template (`name/language`), or no longer does."""

    account: str
    key: str
    approved: bool


Report = Echoed | Receipt | TemplateRuled  # what a platform tells of our own sends


class Channel(Protocol):
    """One account on one platform."""

    account: str  # `telegram:7001`
    capabilities: Capabilities

    def read(self, raw: Mapping[str, Any], now: datetime) -> tuple[Event | Report, ...]:
        """Everything in a platform's update, oldest first (pure). Raises ValueError when it is none."""
        ...

    async def send(
        self, address: str, part: Part, document: Given = None, *, name: str = "", way: Way = "free"
    ) -> Outcome:
        """Deliver one part. Never raises for what the platform or network does.

        `name`: ours for it, ASCII; comes back in `Echoed`, with the last message that the part takes.
        `way`: what `window.way` said.
        """
        ...

    async def delete(self, address: str, messages: Sequence[str]) -> Outcome:
        """Take these messages back, ours and theirs alike; `Sent("")`: what can be deleted is gone."""
        ...

    async def gesture(self, gesture: Gesture) -> None:
        """Once, best effort: failures are logged by id and forgotten."""
        ...

    def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """The bytes of a media ref, in chunks. Raises OSError when it cannot be had."""
        ...
