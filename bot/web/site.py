"""What the public listener is built from; `app.py` fills it.

Never built anywhere else and never changed while serving.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.core.contact import Language
from bot.web.behind import Chats, Inbound
from bot.web.budget import Room
from bot.web.limits import Network
from bot.web.tokens import Sign
from bot.web.webhooks import MessengerHook, TelegramHook


class Says(Protocol):
    """The words of the live Release."""

    def say(self, message_id: str, language: Language, args: Mapping[str, str]) -> str:
        """The sentence of a message id."""
        ...


@dataclass(frozen=True, slots=True)
class Site:
    """`name`: the bot's own. `words`: of the live Release at this moment.

    `now` is aware UTC, `seconds` monotonic.
    `sign`: a keyed digest (≥ 16 bytes) under a key of its own, which proves that a browser's token is ours.
    `https`: the public address is, so browsers may be told to stay on it.
    """

    name: str
    inbound: Inbound
    chats: Chats
    words: Callable[[], Awaitable[Says]]
    now: Callable[[], datetime]
    seconds: Callable[[], float]
    sign: Sign = field(repr=False)
    telegram: TelegramHook | None = None
    messenger: MessengerHook | None = None
    trusted_proxies: tuple[Network, ...] = ()
    default_language: Language = "km"
    https: bool = False
    uploads: Room = field(default_factory=Room)
