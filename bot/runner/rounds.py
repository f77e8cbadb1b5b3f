"""What comes round by itself: questions after an activity, letters of the week; entered into the agenda.

Never enters anything twice: the keys stay taken.
"""

from datetime import datetime

from sqlalchemy import Connection

from bot.runner import matching, outcomes
from storage import agenda


def enter(conn: Connection, now: datetime) -> int:
    """Enter what is to come as far as it is known now; how many entries are new."""
    planned = (*outcomes.planned(conn, now), *matching.planned(conn, now))
    return sum(agenda.add(conn, kind, None, key, due, b"", now) for kind, key, due in planned)
