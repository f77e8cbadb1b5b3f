"""Answers whose time runs out: administrators hear of each once, thirty days before.

Never tells anybody how often, or by whom, an answer was asked for.
"""

from datetime import datetime

from sqlalchemy import Connection

from bot.core.answers import Day
from bot.core.faq_due import expiring
from bot.core.message import Line
from bot.core.schedule import PHNOM_PENH
from bot.runner.kit import Kit
from bot.runner.notice import desk_of, say
from storage import agenda, duty, releases

EXPIRES = "answer.expires"


def warn(conn: Connection, kit: Kit, now: datetime) -> int:
    """Tell every administrator on duty of the entries that none was told of; how many entries.

    While none is on duty it waits.
    """
    admins = [one for one in duty.members(conn, now) if any(grant.role == "admin" for grant in one.grants)]
    if not admins or releases.live(conn) is None:
        return 0
    faq, today = kit.library.live(conn).book.faq, now.astimezone(PHNOM_PENH).date()
    fresh = tuple(
        Line("bot.answer-expires", {"id": one.entry.id, "until": Day(one.until)})
        for one in expiring(faq, today)
        if agenda.once(conn, EXPIRES, f"{one.entry.id}:{one.until.isoformat()}", now)
    )
    if fresh:
        told = (Line("bot.answers-expire", {"entries": fresh}),)
        for one in sorted(admins, key=lambda one: one.contact_id):
            say(conn, desk_of(kit), one.contact_id, told, now)
    return len(fresh)
