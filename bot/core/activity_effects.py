"""What should follow from pages about activities; `effects` names them beside all others.

Never performs anything, and never promises a seat: the store knows whether there is one.
"""

from dataclasses import dataclass

from bot.core.activity import Coming, Follow, Party


@dataclass(frozen=True, slots=True)
class ActivitiesTold:
    """The person was shown what these activities say: (id, revision)."""

    told: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Registered:
    """The person says whether they come, with whom.

    `remind`: they want to be reminded, or were not asked, as nothing reaches them or no reminder is left to
    come. The runner, which knows both, writes down no yes that nobody gave.
    """

    activity: int
    coming: Coming
    party: Party
    remind: bool


@dataclass(frozen=True, slots=True)
class OfferAnswered:
    """A seat was offered to somebody who waited: taken, or left to the next."""

    activity: int
    taken: bool


@dataclass(frozen=True, slots=True)
class FileAsked:
    """The person wants the entry for their calendar, their ticket to be scanned, or a link to share."""

    activity: int
    what: str  # calendar, ticket, link


@dataclass(frozen=True, slots=True)
class Followed:
    """The person wants to hear of this from now on, or no more."""

    follow: Follow
    wanted: bool


@dataclass(frozen=True, slots=True)
class HoursChosen:
    """What we send unasked reaches the person only then: morning, noon, evening, any."""

    hours: str


@dataclass(frozen=True, slots=True)
class OutcomeTold:
    """What became of it, `day` days after: work (`yes`, `offer`, `no`), and whether anybody wanted money."""

    activity: int
    day: int
    work: str | None = None
    money: bool | None = None


@dataclass(frozen=True, slots=True)
class Introduce:
    """The person says yes, this once, that the centre gives their name and number to that employer."""

    activity: int
    employer: str


ActivityEffect = (
    ActivitiesTold | Registered | OfferAnswered | FileAsked | Followed | HoursChosen | OutcomeTold | Introduce
)
