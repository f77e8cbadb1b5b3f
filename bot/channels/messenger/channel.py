"""One Facebook Page as a Channel: reads, sends, makes gestures, fetches media.

Never calls anything outside `graph_base` and the media hosts of the platform, and never acknowledges a
webhook.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.channels.channel import Gesture, Given, Outcome, Report, Sent
from bot.channels.messenger.capabilities import DOWNLOAD_MAX, MESSENGER
from bot.channels.messenger.download import download
from bot.channels.messenger.gestures import make_gesture
from bot.channels.messenger.graph import Graph
from bot.channels.messenger.read import read
from bot.channels.messenger.send import Sender
from bot.core.channel import Capabilities, Part
from bot.core.events import Event
from bot.core.window import Way, Window


class MessengerChannel:
    """`page_id`: digits. `margin`: how much earlier than the platform we take the window for shut."""

    def __init__(  # noqa: PLR0913 - the settings of a Page
        self,
        page_id: str,
        page_token: str,
        app_secret: str,
        graph_base: str = "https://graph.facebook.com",
        graph_version: str = "v26.0",
        margin: timedelta = timedelta(hours=1),
        *,
        graph: Graph | None = None,
    ) -> None:
        self.page_id = page_id
        self.account = f"messenger:{page_id}"
        self.capabilities: Capabilities = replace(MESSENGER, window=Window(margin=margin))
        self.graph = graph or Graph(
            base=graph_base, version=graph_version, token=page_token, app_secret=app_secret
        )
        self._sender = Sender(self.graph, page_id)

    def read(self, raw: Mapping[str, Any], now: datetime) -> tuple[Event | Report, ...]:
        """Everything in a webhook's body, oldest first. Raises ValueError when it is none."""
        return read(raw, self.account, now)

    async def send(
        self, address: str, part: Part, document: Given = None, *, name: str = "", way: Way = "free"
    ) -> Outcome:
        """Deliver one part; never raises for what the platform or the network does."""
        return await self._sender.send(address, part, document, name, way)

    async def delete(self, address: str, messages: Sequence[str]) -> Outcome:
        """Nothing: the platform lets a Page delete nothing in a person's chat."""
        del address, messages
        return Sent("")

    async def gesture(self, gesture: Gesture) -> None:
        """Once, best effort."""
        await make_gesture(self.graph, self.page_id, gesture)

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """A file by its address, at most 25 MB. Raises OSError when it cannot be had."""
        session, patience = self.graph.bare()
        async for chunk in download(session, patience, ref, self.graph.base, DOWNLOAD_MAX):
            yield chunk

    async def close(self) -> None:
        """Close every connection."""
        await self.graph.close()
