"""What the web floor asks of the runner: take an event, pull parts, redraw a conversation.

Never implemented here: the runner offers it, tests offer a small one.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from bot.runner.chat import Batch, File, Pulled
from storage.faults import StoreFault as StoreDown

__all__ = ["Batch", "File", "Inbound", "Pulled", "StoreDown", "Wake"]


class Wake(Protocol):
    """Anything that can be waited for, such as an `asyncio.Event`."""

    async def wait(self) -> object:
        """Return once there may be something to pull."""
        ...

    def clear(self) -> None:
        """From now on wait for the next time."""
        ...


class Inbound(Protocol):
    """The runner as the web floor sees it; every method but `waiter` may raise StoreDown."""

    async def take(self, account: str, raw: Mapping[str, Any], *, media: bytes | None = None) -> None:
        """One update in one transaction; returns after COMMIT. Raises ValueError when it is no update.

        `media`: the bytes of an uploaded file, which the event's `Media.ref` names.
        """
        ...

    async def pull(self, account: str, external: str, after: int) -> Batch:
        """Parts not yet fetched or with seq > `after`, in order; they become sent.

        An address nobody knows has none.
        """
        ...

    async def history(self, account: str, external: str, limit: int) -> Batch:
        """The last `limit` lines, to redraw the page after a reload. Changes nothing."""
        ...

    async def document(self, account: str, external: str, media: int) -> File | None:
        """A file of a part that was said to this address; None when it is not theirs or gone."""
        ...

    def waiter(self, account: str, external: str) -> AbstractContextManager[Wake]:
        """A wake-up for this address, alive inside the `with`: take it first, then pull, then wait."""
        ...
