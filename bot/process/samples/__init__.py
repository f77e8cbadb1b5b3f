"""Activities of a sample site, marked as sample, so that who tries the bot finds something to look at.

Never shown where somebody real may be reached: there they are ended.
"""

import re
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from bot import spreadsheets
from bot.activity_rows import Draft, Known, Report, read
from bot.core.activity import OPEN
from bot.core.book import Book
from bot.core.schedule import PHNOM_PENH
from bot.runner import planning
from bot.runner.kit import Kit
from bot.runner.notice import desk_of
from bot.spreadsheets import Unreadable
from storage import activities, releases
from storage.database import Database

FILE = Path(__file__).with_name("activities.csv")
MARK = "sample:"  # what the keys of these activities begin with
_DAY = re.compile(r"\{([+-]\d+)\}")  # so many days from today


def settle(database: Database, kit: Kit, now: datetime) -> None:
    """Make them where nothing real is to come, on a sample site; on any other end those there are."""
    if not kit.sample:
        end(database, now)
    elif database.read_now(releases.live) is not None and not database.read_now(
        lambda conn: activities.find(conn, states=OPEN, ends_after=now)
    ):
        book = database.read_now(kit.library.live).book
        drafts = [one.draft for one in rows(book, now) if one.draft is not None]
        database.run_now(lambda conn: _make(conn, kit, drafts, now))


def end(database: Database, now: datetime) -> None:
    """End those there are: whoever is reached from here on is somebody real."""
    stale = [
        one.activity.id
        for one in database.read_now(lambda conn: activities.find(conn, states=OPEN))
        if (one.source or "").startswith(MARK)
    ]
    for number in stale:
        database.run_now(partial(activities.change, activity_id=number, now=now, state="done"))


def rows(book: Book, now: datetime) -> list[Report]:
    """The rows of the sample, with the days that they speak of reckoned from `now`."""
    today = now.astimezone(PHNOM_PENH).date()
    text = _DAY.sub(lambda found: str(today + timedelta(days=int(found[1]))), FILE.read_text("utf-8"))
    table = spreadsheets.read(text.encode())
    centres = {code: one.id for one in book.centres.values() for code in (one.province, *one.near)}
    return [] if isinstance(table, Unreadable) else read(table, Known(book.places, centres, now))


def _make(conn: Connection, kit: Kit, drafts: list[Draft], now: datetime) -> None:
    for one in drafts:
        source = f"{MARK}{one.key}"
        if activities.by_source(conn, source) is None:
            made = activities.make(conn, one.kind, one.centre, one.sheet, now, source=source)
            planning.publish(conn, desk_of(kit), None, made.id, now)
