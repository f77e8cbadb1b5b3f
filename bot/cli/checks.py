"""What `spean doctor` says of one thing it looked at.

Never looks itself.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `cure` is empty when it is good."""

    state: Literal["good", "warning", "fault"]
    where: str
    what: str
    cure: str = ""
