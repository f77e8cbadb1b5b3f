"""Hints to other processes after a commit, and theirs to us: parts wait for an account, something for a page.

Never relied on: senders and pages look by themselves every second; and never waited for.
"""

import asyncio
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import partial

import structlog

from bot.channels.channel import Gesture
from bot.core.contact import Address
from bot.runner.chat import Chats
from bot.runner.sender import Sender
from storage import hints
from storage.database import Database
from storage.faults import StoreFault
from storage.outbox import OutRow

log = structlog.get_logger()

PARTS, PAGE = "parts ", "page "  # what a hint begins with; then an account, or a page's blind name


class Hinting:
    """One per process on PostgreSQL: what gathers while one hint is given goes with the next.

    `pushed`: the accounts to which some process sends; `pulled`: those whose pages fetch.
    """

    def __init__(
        self,
        database: Database,
        sender: Sender,
        chats: Chats,
        *,
        pushed: AbstractSet[str],
        pulled: AbstractSet[str],
    ) -> None:
        self._database = database
        self._sender = sender
        self._chats = chats
        self._pushed = pushed
        self._pulled = pulled
        self._told: set[str] = set()
        self._giving: asyncio.Task[None] | None = None
        self._ear: hints.Ear | None = None

    def parts(self, account: str) -> None:
        """Parts wait for an account that this process does not serve."""
        if account in self._pushed:
            self._tell(PARTS + account)

    def page(self, address: Address) -> None:
        """Something may be there for an address, whose page may wait at another process."""
        if address.account in self._pulled:
            self._tell(PAGE + self._chats.page_of(address))

    def listen(self, url: str) -> None:
        """Begin to hear the others."""
        loop = asyncio.get_running_loop()

        def in_loop(heard: Callable[[str], None], what: str) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(heard, what)

        self._ear = hints.Ear(url, partial(in_loop, self.heard), partial(in_loop, _broken))

    def heard(self, hint: str) -> None:
        """Wake whoever it is for."""
        if hint.startswith(PAGE):
            self._chats.heard(hint.removeprefix(PAGE))
        elif hint.startswith(PARTS):
            self._sender.wake(hint.removeprefix(PARTS))
        else:
            for account in self._pushed:
                self._sender.wake(account)

    async def close(self) -> None:
        """Give what is still to be given, and hear nothing more."""
        if self._giving is not None:
            await self._giving
        if self._ear is not None:
            await asyncio.to_thread(self._ear.close)

    def _tell(self, hint: str) -> None:
        self._told.add(hint)
        if self._giving is None:
            self._giving = asyncio.get_running_loop().create_task(self._give())

    async def _give(self) -> None:
        try:
            while self._told:
                told, self._told = sorted(self._told), set()
                await self._database.run(partial(hints.give, hints=told))
        except StoreFault as fault:
            log.warning("hint not given", error=type(fault).__name__)
        finally:
            self._giving = None


class Outgoing:
    """The sender as steps and the tick know it, wherever the sending is done. `gesture` is made here."""

    def __init__(self, sender: Sender, hinting: Hinting | None, served: AbstractSet[str]) -> None:
        self._sender = sender
        self._hinting = hinting
        self._served = served

    def may_lease(self, contact_id: int, account: str, *, unsent: bool) -> bool:
        """As the sender's."""
        return self._sender.may_lease(contact_id, account, unsent=unsent)

    def deliver(self, account: str, rows: tuple[OutRow, ...]) -> None:
        """As the sender's."""
        self._sender.deliver(account, rows)

    def gesture(self, account: str, gesture: Gesture) -> None:
        """As the sender's."""
        self._sender.gesture(account, gesture)

    def wake(self, account: str) -> None:
        """Parts may wait: this process's sender sees to it, else another's."""
        if account in self._served or self._hinting is None:
            self._sender.wake(account)
        else:
            self._hinting.parts(account)


class Pages:
    """The pages as steps know them, wherever they wait."""

    def __init__(self, chats: Chats, hinting: Hinting | None) -> None:
        self._chats = chats
        self._hinting = hinting

    def wake(self, address: Address) -> None:
        """Something may be there."""
        self._chats.wake(address)
        if self._hinting is not None:
            self._hinting.page(address)


def _broken(kind: str) -> None:
    log.warning("hints not heard", error=kind)
