"""What the web floor asks of the runner: take an event, pull parts, redraw a conversation.

Never implemented here: the runner offers it, tests offer a small one.
"""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from bot.runner.chat import Batch, File


class Inbound(Protocol):
    """What comes in."""

    async def take(self, account: str, raw: Mapping[str, Any], *, media: bytes | None = None) -> None:
        """One update in one transaction; returns after COMMIT.

        Raises ValueError when it is no update, StoreFault when it could not be kept.
        `media`: the bytes of an uploaded file, which the event's `Media.ref` names.
        """
        ...


class Chats(Protocol):
    """What is fetched; every method but `waiter` may raise StoreFault."""

    async def pull(self, account: str, external: str, after: int) -> Batch:
        """Parts not yet fetched or with seq > `after`, in order; they become sent.

        An address nobody knows has none.
        """
        ...

    async def history(self, account: str, external: str, limit: int) -> Batch:
        """The last `limit` lines, to redraw the page after a reload. Changes nothing."""
        ...

    async def document(self, account: str, external: str, number: int, /) -> File | None:
        """A file of a part that was said to this address; None when it is not theirs or gone."""
        ...

    async def recording(self, release: str, path: str, /) -> bytes | None:
        """Recorded speech of a kept Release; None when there is none."""
        ...

    async def enclosure(self, content: str, /) -> File | None:
        """A picture or recording of ours by the name of its bytes; None when there is none."""
        ...

    def waiter(self, account: str, external: str) -> AbstractContextManager[asyncio.Event]:
        """A wake-up for this address, alive inside the `with`: take it first, then pull, then wait."""
        ...
