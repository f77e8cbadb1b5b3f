"""Making the platforms ready: when the process starts, and again later for one that was out of reach then.

Never keeps one platform waiting for another, and never starts a process whose only one is set up wrong.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from functools import partial

import structlog

from bot.channels.account import AccountError
from bot.runner import alarm
from bot.runner.agenda import guarded
from bot.runner.kit import Kit
from bot.runner.pacing import Paced

log = structlog.get_logger()

AGAIN_SECONDS = 180
NOT_READY = "not ready: "  # how the reason of a stop begins that was made here


class Beginning:
    """`prepare` makes one account ready, or raises AccountError."""

    def __init__(
        self,
        accounts: Iterable[str],
        prepare: Callable[[str], Awaitable[None]],
        paced: Callable[[str], Paced],
        kit: Kit,
        now: Callable[[], datetime],
    ) -> None:
        self._ready = {account: asyncio.Event() for account in accounts}
        self._prepare = prepare
        self._paced = paced
        self._kit = kit
        self._now = now

    async def begin(self) -> None:
        """Try each; what is not ready is stopped. Raises StoreFault, and AccountError of the only one."""
        for account in self._ready:
            try:
                await self._try(account)
            except AccountError as error:
                if len(self._ready) == 1:
                    raise
                await self._stop(account, type(error).__name__)

    async def again(self) -> None:
        """Try those that are left; trouble is logged."""
        for account, ready in self._ready.items():
            if not ready.is_set():
                await guarded("platform", self._try(account))

    async def ready(self, account: str) -> None:
        """Wait until it is."""
        await self._ready[account].wait()

    async def _try(self, account: str) -> None:
        await self._prepare(account)
        paced = self._paced(account)
        await paced.open()
        if paced.pace.stopped.startswith(NOT_READY):
            await paced.went()
        self._ready[account].set()

    async def _stop(self, account: str, kind: str) -> None:
        log.error("platform not ready", account=account, error=kind)
        paced = self._paced(account)
        await paced.open()
        tell = partial(alarm.tell, kit=self._kit, account=account, now=self._now())
        await paced.stopped(f"{NOT_READY}{kind}", tell)
