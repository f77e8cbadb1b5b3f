"""The web chat as a Channel: it reads, and leaves its parts queued until the page fetches them.

Never sends by itself and never fetches media: their bytes come with the event.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.channels.channel import Gesture, Given, Outcome, Retry, Sent
from bot.channels.webchat.capabilities import ACCOUNT, WEBCHAT
from bot.channels.webchat.read import read
from bot.core.channel import Capabilities, Part
from bot.core.events import Event
from bot.core.window import Way


class WebChat:
    """One account for all browsers; a browser is an address: the sha256 of its token, in hex."""

    account: str = ACCOUNT
    capabilities: Capabilities = WEBCHAT

    def read(self, raw: Mapping[str, Any], now: datetime) -> tuple[Event, ...]:
        """One event for each post of the page."""
        return (read(raw, now),)

    async def send(
        self, address: str, part: Part, document: Given = None, *, name: str = "", way: Way = "free"
    ) -> Outcome:
        """Leave it queued: it is sent when the page pulls it."""
        del address, part, document, name, way
        return Retry("pulled by the page")

    async def delete(self, address: str, messages: Sequence[str]) -> Outcome:  # noqa: ARG002 (the Channel's shape)
        """Nothing: whoever pulls a part that hides clears what it shows."""
        return Sent("")

    async def gesture(self, gesture: Gesture) -> None:
        """Nothing: the page itself shows typing and what was chosen."""

    def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """Raises OSError always: uploads arrive together with their event."""
        raise OSError(f"nothing to fetch for {ref}")
