"""Ending a process part by part: what goes wrong with one keeps no other from ending, and all has an end.

Never decides the order.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any

import structlog

log = structlog.get_logger()

WITHIN = 80.0  # seconds for all of it: systemd kills after 90 (deploy/spean.service)
BEFORE_DRAIN = 40.0  # of them until what is on the wire may have its own time


class Ending:
    """Begins when it is made."""

    def __init__(self) -> None:
        self._began = asyncio.get_running_loop().time()

    async def of(self, what: str, ending: Awaitable[Any], within: float = WITHIN) -> None:
        """End one part, at most `within` seconds after the beginning. Trouble is logged by its kind."""
        try:
            async with asyncio.timeout_at(self._began + within):
                await ending
        except Exception as error:  # noqa: BLE001 - leases run out, and a message may hold words of a person
            log.error("not ended well", part=what, error=type(error).__name__)  # noqa: TRY400 - kind only
