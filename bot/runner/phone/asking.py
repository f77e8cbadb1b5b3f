"""What others of the staff are told of an announcement that waits: asked for their yes, told of a yes or no.

Never within the step of whoever caused it: that holds a chat of its own already.
"""

from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection

from bot.core.announcement import digest
from bot.core.message import Arg, Line, Verbatim
from bot.core.segment import describe
from bot.runner import mailing
from bot.runner.mailing import Letter, Post
from bot.runner.notice import Desk, say
from bot.runner.phone import timing
from bot.runner.phone.approving import able_now
from storage import broadcasts, duty, staff
from storage.agenda import AgendaRow
from storage.broadcasts import Broadcast
from storage.outbox import Lane


def ask_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Ask everybody on duty who may approve it, as long as it waits as it was shown."""
    found, about = _of(conn, row)
    if found is None or found.state != "waiting" or not digest(found.announcement).startswith(about["seen"]):
        return
    able = able_now(conn, found, about["by"], now)
    later = timing.told(found.announcement, now)
    letter = _letter(found, staff.name_of(conn, about["by"]), about["people"], about["seen"], later)
    people = mailing.load(conn, desk, sorted(one.contact_id for one in able), now)
    posts = [Post(one, letter, Lane.STAFF, f"approve:{row.key}:{one.person.contact.id}") for one in people]
    mailing.mail(conn, desk, posts, now)


def tell_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Let its author know what the second person said, where they are on duty."""
    found, about = _of(conn, row)
    author = None if found is None else duty.member(conn, found.staff_id, now)
    if found is None or author is None:
        return
    deed = "how" if about["said"] == "yes" else "preview"
    button = (f"s:an:{found.id}:{deed}", f"phone.an-do.{deed}")
    line = Line(f"phone.ap-{about['said']}-told", {"name": staff.name_of(conn, about["by"])})
    say(conn, desk, author.contact_id, (line,), now, button=button)


def _of(conn: Connection, row: AgendaRow) -> tuple[Broadcast | None, dict[str, Any]]:
    return broadcasts.find(conn, int(row.key.partition(":")[0])), orjson.loads(row.data)


def _letter(found: Broadcast, by: str, people: int, seen: str, later: tuple[Line, ...]) -> Letter:
    announcement = found.announcement
    about: dict[str, Arg] = {"name": by, "people": people, "who": describe(announcement.segment)}
    written = (Verbatim(one) for one in (announcement.words.km, announcement.words.en) if one)
    said: tuple[Line | Verbatim, ...] = (Line("phone.ap-ask", about), *later, *written)
    here = f"s:ap:{found.id}"
    return Letter(said, ((f"{here}:yes:{seen}", Line("phone.ap-yes")), (f"{here}:no", Line("phone.ap-no"))))
