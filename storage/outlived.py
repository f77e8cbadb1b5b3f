"""What outlives its use: pictures that no announcement shows, and who was told or asked of what is long over.

Never deletes a cause or a key of the agenda: what was said once is not said again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select

from storage.schema import activity, activity_missed, activity_told, broadcast, enclosure, outcome

ENCLOSED_FOR = timedelta(days=7)  # for whoever has not said yet what their picture is for
TOLD_FOR = timedelta(days=2 * 365)  # after its end nobody is corrected or asked about an activity any more


def enclosures(conn: Connection, now: datetime) -> int:
    """Delete those that no announcement refers to; how many."""
    shown = select(broadcast.c.id).where(
        or_(broadcast.c.picture == enclosure.c.content, broadcast.c.voice == enclosure.c.content)
    )
    old = delete(enclosure).where(enclosure.c.at <= now - ENCLOSED_FOR, ~shown.exists())
    return conn.execute(old).rowcount


def told(conn: Connection, contacts: Sequence[int], now: datetime) -> int:
    """Delete what these people were told and answered of activities that are long over; how many rows."""
    over = select(activity.c.id).where(activity.c.ends_at <= now - TOLD_FOR)
    return sum(
        conn.execute(delete(one).where(one.c.contact_id.in_(contacts), one.c.activity_id.in_(over))).rowcount
        for one in (activity_told, activity_missed, outcome)
    )
