"""When somebody last ticked, for processes that do not tick themselves and for `spean doctor`.

Never says what was done.
"""

from datetime import datetime

from sqlalchemy import Connection

from storage import settings

TICKED = "ticked"


def note(conn: Connection, now: datetime) -> None:
    """Write down that a tick came to its end."""
    settings.put(conn, TICKED, now.isoformat())


def last(conn: Connection) -> datetime | None:
    """Read when; None when there never was one."""
    found = settings.get(conn, TICKED)
    return None if found is None else datetime.fromisoformat(found)
