"""Somebody's letters must tell nothing from now on: what waits in plain words is taken back, and made anew.

Never makes anew what only goes to those whom nobody watches: news, matches, announcements.
"""

from datetime import datetime

from sqlalchemy import Connection

from bot.runner import informing, reminding
from storage import agenda, corrected, seats
from storage.corrected import Wrong
from storage.taken_back import MATCH, take_back

ACTIVITY, BROADCAST = "activity:", "broadcast:"
UNASKED = (ACTIVITY, MATCH, BROADCAST, corrected.CAUSE)  # what causes of lanes above that of staff begin with


def begins(conn: Connection, contact_id: int, now: datetime) -> None:
    """Take back what waits; what they asked for is made ready anew, in the words that they want now.

    Whoever calls holds the person (their session) and has written what they want.
    """
    taken = {one.cause for kind in UNASKED for one in take_back(conn, kind, contact_id=contact_id)}
    for cause in sorted(taken):
        if cause.startswith(ACTIVITY):
            _, number, occasion, *_ = cause.split(":")
            _again(conn, int(number), occasion, contact_id, now)
        elif cause.startswith(corrected.CAUSE):
            entry, version, *_ = cause.removeprefix(corrected.CAUSE).split(":")
            corrected.wait(conn, Wrong(entry, version), contact_id, now, now)


def _again(conn: Connection, number: int, occasion: str, contact_id: int, now: datetime) -> None:
    """Arm what makes one letter of an activity; what is armed twice comes once."""
    stem = f"{number}:{contact_id}"
    if occasion.startswith("-"):
        agenda.arm(conn, reminding.EXPECT, stem, contact_id, now, now)
    elif occasion.startswith("offer"):
        agenda.arm(conn, seats.OFFER, stem, contact_id, now, now)
    elif occasion.startswith("r"):
        agenda.arm(conn, informing.INFORM, stem, contact_id, now, now)
