"""Whether a platform lets us write to a person now, and by which way: one pure function.

Never sends and never reads a clock. Rules and times: facts/channels.md §3.3 and §3.6.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

Kind = Literal["automatic", "typed"]
Way = Literal["free", "template", "human", "held"]

OPEN_FOR: Final = timedelta(hours=24)  # after the person's last message, tap, reaction or click (§3.3)
HUMAN_FOR: Final = timedelta(days=7)  # HUMAN_AGENT, only for words that a person typed (§3.6)


@dataclass(frozen=True, slots=True)
class Window:
    """How long a platform's window stays open. `margin`: what we send by ourselves ends that much earlier."""

    open_for: timedelta = OPEN_FOR
    human_for: timedelta = HUMAN_FOR
    margin: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Grants:
    """What the platform lets this account do outside the window, as it was last asked.

    `templates`: the approved ones, `name/language`.
    """

    templates: frozenset[str] = frozenset()
    human_agent: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one address: the person's last action, and when the platform said that the window is shut."""

    acted_at: datetime | None = None
    shut_at: datetime | None = None


def way(kind: Kind, template: str, standing: Standing, window: Window, grants: Grants, now: datetime) -> Way:
    """By which way words may leave. `typed`: a named member of staff wrote them.

    `template`: the approved words (`name/language`) that say the same about an event which the person
    registered for; "" when there are none.
    """
    acted, shut = standing.acted_at, standing.shut_at
    since = None if acted is None else now - acted
    margin = window.margin if kind == "automatic" else timedelta(0)
    believed = shut is None or (acted is not None and acted > shut)
    if since is not None and believed and since < window.open_for - margin:
        return "free"
    if template and template in grants.templates:
        return "template"
    if kind == "typed" and grants.human_agent and since is not None and since < window.human_for:
        return "human"
    return "held"
