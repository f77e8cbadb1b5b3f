"""The runner's front door, as the web floor sees it: take an update, pull parts, redraw a conversation.

Never does anything itself.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from bot.runner.chat import Batch, Chats, File
from bot.runner.inbound import Inbound


class Door:
    """Inbound and Chats in one hand."""

    def __init__(self, inbound: Inbound, chats: Chats) -> None:
        self._inbound = inbound
        self._chats = chats

    async def take(self, account: str, raw: Mapping[str, Any], *, media: bytes | None = None) -> None:
        """As `Inbound.take`."""
        await self._inbound.take(account, raw, media=media)

    async def pull(self, account: str, external: str, after: int) -> Batch:
        """As `Chats.pull`."""
        return await self._chats.pull(account, external, after)

    async def history(self, account: str, external: str, limit: int) -> Batch:
        """As `Chats.history`."""
        return await self._chats.history(account, external, limit)

    async def document(self, account: str, external: str, media: int) -> File | None:
        """As `Chats.document`."""
        return await self._chats.document(account, external, media)

    def waiter(self, account: str, external: str) -> AbstractContextManager[Any]:
        """As `Chats.waiter`."""
        return self._chats.waiter(account, external)
