"""What a `spean` command left behind, for the tests of the command line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

THAT_DAY = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # of every test of a command


@dataclass(frozen=True, slots=True)
class Ran:
    """Its exit status and what it printed."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """Standard output, line by line."""
        return self.out.splitlines()


Spean = Callable[..., Ran]
