"""Where the time comes from: the machine's clock, or one that a test or a talk moves.

Never read outside what builds things: everything below is given `now`.
"""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """The one source of time."""

    def now(self) -> datetime:
        """Aware UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC)
