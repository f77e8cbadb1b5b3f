"""What both fake platforms are watched by: what broke their rules, and the moment a call made something true.

Never judges a call.
"""

import asyncio
import time
from collections.abc import Callable


class Watched:
    """`violations`: calls that the real platform would not understand."""

    def __init__(self) -> None:
        self.violations: list[str] = []
        self._changed = asyncio.Event()

    def assert_clean(self) -> None:
        assert not self.violations, self.violations

    async def until(self, ready: Callable[[], bool], within: float = 10.0, what: str = "it") -> None:
        """Wait until a call made something true."""
        deadline = time.monotonic() + within
        while not ready():
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                raise AssertionError(f"waited {within} s for {what}") from None
