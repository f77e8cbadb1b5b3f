"""When each account's last event happened, and when we took it: how far behind we are.

Never holds anything about a person.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """The last event of an account. `at`: the platform's time of it; `taken`: ours, when it was committed."""

    at: datetime
    taken: datetime
