"""What every step of the runner needs, built once by `app.py`.

Never holds a person's state.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.channels.channel import Channel
from bot.core.contact import Language
from bot.core.schedule import QuietHours
from bot.runner.library import Library
from storage.seal import Vault


class Leases(Protocol):
    """Whether the parts of a step may be born claimed by this process (see `sender`)."""

    def may_lease(self, contact_id: int, account: str, *, unsent: bool) -> bool:
        """Whether nothing of this person waits elsewhere than in this process's own hands."""
        ...


@dataclass(frozen=True, slots=True)
class Kit:
    """`answer_within`: by centre id; `any_answer_within` when no centre is known yet."""

    vault: Vault
    library: Library
    channels: Mapping[str, Channel]
    worker: str
    lease: timedelta
    default_language: Language
    answer_within: Mapping[str, timedelta]
    any_answer_within: timedelta
    quiet_hours: QuietHours
