"""What an announcement names: activities and dialogs, and whether people find them there when it leaves.

Never judges its words or its times (`core.announcement` does).
"""

from collections.abc import Container, Iterator
from datetime import datetime

from sqlalchemy import Connection

from bot.core.activity import Activity
from bot.core.announcement import Announcement, Fault, FaultKind, begins
from storage import activities


def unknown(conn: Connection, announcement: Announcement) -> tuple[Fault, ...]:
    """The activities that it names and that nobody ever made, whoever it is for or below it."""
    missing = [Fault("no activity", to) for to, found in _linked(conn, announcement) if found is None]
    meant = announcement.segment.activity
    if meant is not None and activities.get(conn, meant) is None:
        missing.append(Fault("no activity", f"activity={meant}"))
    return tuple(missing)


def lost(announcement: Announcement, dialogs: Container[str]) -> tuple[Fault, ...]:
    """The dialogs that it leads to and that are not among those of the live Release."""
    named = [one.to for one in announcement.buttons if one.to.startswith("d:")]
    return tuple(Fault("no dialog", to) for to in named if to.removeprefix("d:") not in dialogs)


def hidden(conn: Connection, announcement: Announcement, now: datetime) -> tuple[Fault, ...]:
    """The activities that it leads to and that people can not come to by the time it leaves."""
    leaves = begins(announcement, now)
    why = [(to, _why(found, leaves)) for to, found in _linked(conn, announcement) if found is not None]
    return tuple(Fault(kind, to) for to, kind in why if kind is not None)


def _linked(conn: Connection, announcement: Announcement) -> Iterator[tuple[str, Activity | None]]:
    for one in announcement.buttons:
        number = one.to.removeprefix("a:")
        if one.to.startswith("a:") and number.isascii() and number.isdigit():
            yield one.to, activities.get(conn, int(number))


def _why(found: Activity, leaves: datetime) -> FaultKind | None:
    match found.state:
        case "draft":
            return "unpublished"
        case "cancelled":
            return "called off"
        case "done":
            return "over"
        case _:
            return "over" if found.sheet.ends_at <= leaves else None
