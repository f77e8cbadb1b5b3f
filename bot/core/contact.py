"""Who we talk with and where: people, accounts and addresses as the core sees them.

Never holds a platform's raw payload and never reaches for the store.
"""

from dataclasses import dataclass
from typing import Literal

Language = Literal["km", "en"]
LANGUAGES: tuple[Language, ...] = ("km", "en")


@dataclass(frozen=True, slots=True)
class Contact:
    """A person. `handled_by_staff`: a human holds the chat, so the bot keeps silent.

    `reachable`: as far as we know they have not blocked us.
    """

    id: int
    language: Language
    language_chosen: bool = False
    stopped: bool = False
    reachable: bool = True
    handled_by_staff: bool = False
    consents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Address:
    """One place to reach people: an account (`telegram:7001`) and the platform's id in it."""

    account: str
    external: str

    @property
    def channel(self) -> str:
        """The channel's name: what stands before the colon of the account."""
        return self.account.partition(":")[0]
