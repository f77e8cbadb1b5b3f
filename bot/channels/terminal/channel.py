"""The terminal as a Channel: nothing arrives raw, and its parts are pulled after every line.

Never reads the keyboard: `bot.cli` does, and makes the events itself.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.channels.channel import Gesture, Given, Outcome, Retry, Sent
from bot.channels.terminal.show import CAPABILITIES
from bot.core.channel import Capabilities, Part
from bot.core.events import Event
from bot.core.window import Way

ACCOUNT = "terminal:chat"


class Terminal:
    """One person at one keyboard; with another account and its capabilities it shows what that would show."""

    def __init__(self, account: str = ACCOUNT, capabilities: Capabilities = CAPABILITIES) -> None:
        self.account = account
        self.capabilities = capabilities

    def read(self, raw: Mapping[str, Any], now: datetime) -> tuple[Event, ...]:  # noqa: ARG002 (the Channel's shape)
        """Raises ValueError always: a terminal has no updates."""
        raise ValueError("a terminal sends no updates")

    async def send(
        self, address: str, part: Part, document: Given = None, *, name: str = "", way: Way = "free"
    ) -> Outcome:
        """Leave it queued: it is sent when it is pulled."""
        del address, part, document, name, way
        return Retry("pulled by the terminal")

    async def delete(self, address: str, messages: Sequence[str]) -> Outcome:  # noqa: ARG002 (the Channel's shape)
        """Nothing: whoever pulls a part that hides clears what it shows."""
        return Sent("")

    async def gesture(self, gesture: Gesture) -> None:
        """Nothing: a terminal has no spinner."""

    def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """Raises OSError always: voice notes arrive together with their event."""
        raise OSError(f"nothing to fetch for {ref}")
