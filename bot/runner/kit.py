"""What every step of the runner needs, built once by `app.py`.

Never holds a person's state.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from bot.channels.channel import Channel
from bot.core.contact import Language
from bot.core.pace import Limits
from bot.core.schedule import QuietHours
from bot.runner.library import Library
from storage.seal import Vault


class Leases(Protocol):
    """Whether the parts of a step may be born claimed by this process (see `sender`)."""

    def may_lease(self, contact_id: int, account: str, *, unsent: bool) -> bool:
        """Whether nothing of this person waits elsewhere than in this process's own hands."""
        ...


class Tally:
    """How often something came from an address today; nothing of it is ever written down."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._counts: Counter[int] = Counter()

    def more(self, address_id: int, day: date) -> int:
        """Count once more; how often now."""
        if day != self._day:
            self._day = day
            self._counts.clear()
        self._counts[address_id] += 1
        return self._counts[address_id]


@dataclass(frozen=True, slots=True)
class Kit:
    """`answer_within`: by centre id; `any_answer_within` when no centre is known yet.

    `backup_days`: how long a backup lives. `sample`: nobody real is reached, so answers that nobody has
    reviewed are shown as drafts. `limits`: by account; one without sends as fast as it can.
    `approve_above`: so many people get an announcement without a second person who approves it.
    """

    vault: Vault
    library: Library
    channels: Mapping[str, Channel]
    worker: str
    lease: timedelta
    default_language: Language
    answer_within: Mapping[str, timedelta]
    any_answer_within: timedelta
    quiet_hours: QuietHours
    backup_days: timedelta
    sample: bool = False
    limits: Mapping[str, Limits] = field(default_factory=dict)
    approve_above: int = 200
    complaints: Tally = field(default_factory=Tally)
