"""Parts on their way out, as senders and runners hold them.

Never touches the store.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Literal

from bot.core.window import Standing
from storage.seal import DataKey

BODY = "outbox|body"
MESSAGE = "outbox|message"
ABSENT = "somebody else has the phone"  # the reason of a part that is held
WINDOW = "the platform's window is shut"  # likewise: it waits for the person's next action
NEVER = datetime(9000, 1, 1, tzinfo=UTC)  # when what is held back would leave
Ended = Literal["sent", "failed", "queued", "held", "unknown", "expired"]


class Lane(IntEnum):
    """Lower leaves first. Replies and staff keep a person's order even while one waits to be tried again."""

    REPLY = 0
    STAFF = 1
    REMINDER = 2
    BROADCAST = 3


@dataclass(frozen=True, slots=True)
class Draft:
    """A part to be sent. `cause` is unique for ever and made of internal ids only.

    `lasts`: until when it is of use where it is held until its person writes; else until it `expires`.
    """

    cause: str
    lane: int
    body: bytes
    not_before: datetime | None = None
    expires: datetime | None = None
    lasts: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutRow:
    """A part on its way. `tries` counts this one; `worker` holds its lease, "" while it only waits.

    `troubles`: how often it surely did not get as far as the platform, which costs no try.
    """

    id: int
    contact_id: int
    account: str
    external: str
    seq: int
    lane: int
    body: bytes
    tries: int
    cause: str
    key: DataKey
    worker: str
    troubles: int = 0
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """What a platform calls the bytes `content` (their SHA-256); `ref` empty: it holds them no longer."""

    content: str
    ref: str


@dataclass(frozen=True, slots=True)
class Result:
    """How a try ended. `queued`: try again, not before `not_before`. `message`: the platform's id of it.

    `tried` False, with `queued`: it was never on the wire, so that this try does not count.
    `troubled`, likewise: its account or the way there is in trouble, and that is counted apart.
    `standing`, with `held`: how the address stood when its window was found shut.
    """

    row: OutRow
    state: Ended
    reason: str = ""
    message: str = ""
    not_before: datetime | None = None
    tried: bool = True
    troubled: bool = False
    upload: Upload | None = None
    standing: Standing | None = None
