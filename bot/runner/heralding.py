"""A new activity, told once to everybody who wants to hear of its like there: a hundred people a transaction.

Never tells whoever knows of it already, and never whoever has not agreed to that purpose.
"""

from datetime import datetime

from sqlalchemy import Connection

from bot.core.activity import OPEN, Activity, purpose_of
from bot.core.reminding import notice
from bot.core.unasked import barred
from bot.runner import mailing
from bot.runner.batches import AT_ONCE, begun, go_on, last_of
from bot.runner.mailing import Post
from bot.runner.notice import Desk
from bot.runner.reminder_letters import Letters
from bot.runner.telling import Telling, mail_and_tell
from storage import activities, queueing
from storage import reminders as reminded
from storage.agenda import AgendaRow
from storage.outbox import Lane
from storage.recipients import Recipient
from storage.taken_back import free, late


def herald_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Tell the next people of it; the entry goes on until that was all."""
    number, _, revision = row.key.partition(":")
    one = activities.get(conn, int(number))
    if one is None or one.revision != int(revision) or one.state not in OPEN or one.sheet.starts_at <= now:
        return
    page = reminded.followers(conn, one, purpose_of(one.kind), begun(row), AT_ONCE)
    causes = [_cause(one, who) for who in page]
    known, aware = queueing.there(conn, causes) - late(conn, causes), reminded.aware(conn, one.id, page)
    fresh = [who for who, cause in zip(page, causes, strict=True) if who not in aware and cause not in known]
    found = mailing.load(conn, desk, fresh, now) if fresh else []
    held = activities.lock(conn, one.id)
    if held is None or held.revision != one.revision:
        return  # it was changed meanwhile: another entry tells it as it is
    free(conn, causes)
    _herald(conn, desk, held, found, now)
    go_on(conn, desk, row, last_of(page, AT_ONCE), _stem(held), held.sheet.starts_at, now)


def _herald(conn: Connection, desk: Desk, held: Activity, found: list[Recipient], now: datetime) -> None:
    letters, purpose = Letters(held, desk.library.live(conn)), purpose_of(held.kind)
    begins, quiet = held.sheet.starts_at, desk.quiet_hours
    moments = {hours: notice(begins, hours, quiet, now) for hours in {to.hours for to in found}}
    posts: list[Telling] = []
    for to in found:
        who, when = to.person.contact, moments[to.hours]
        if when is not None and barred(who, purpose=purpose) is None:
            letter = letters.new(who, purpose)
            post = Post(to, letter, Lane.REMINDER, _cause(held, who.id), when.at, when.until, when.use)
            posts.append((post, (held,)))
    mail_and_tell(conn, desk, posts, now)


def _cause(one: Activity, contact_id: int) -> str:
    return f"{_stem(one)}{contact_id}"


def _stem(one: Activity) -> str:
    return f"activity:{one.id}:new:"
