"""Platform ids of messages whose words were not kept, so that hiding can still delete them there.

Never remembers more of them than that.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.effects import DropWords, Turn
from bot.core.events import Event, Location, Tap
from bot.core.session import Session

KEPT = timedelta(hours=48)  # what Telegram lets a bot delete (facts: security B3)
AT_MOST = 200


def forgetful(session: Session, now: datetime) -> Session:
    """The session without those that can no longer be deleted, wherever they were written."""
    elsewhere = tuple(replace(one, unkept=_young(one.unkept, now)) for one in session.elsewhere)
    return replace(session, unkept=_young(session.unkept, now), elsewhere=elsewhere)


def _young(known: tuple[tuple[str, datetime], ...], now: datetime) -> tuple[tuple[str, datetime], ...]:
    return tuple(one for one in known if now - one[1] < KEPT)


def remember(turn: Turn, event: Event, now: datetime) -> Turn:
    """The turn, its session knowing the message whose words are dropped; older ones are forgotten."""
    known = _young(turn.session.unkept, now)
    dropped = isinstance(event.body, Location) or any(isinstance(one, DropWords) for one in turn.effects)
    message = "" if isinstance(event.body, Tap) else getattr(event.body, "message", "")
    if dropped and message:
        known = (*known, (message, now))[-AT_MOST:]
    return (
        turn if known == turn.session.unkept else replace(turn, session=replace(turn.session, unkept=known))
    )
