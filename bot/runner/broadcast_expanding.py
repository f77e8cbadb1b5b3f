"""An announcement on its way: queued for a hundred people at a time, just ahead of the senders.

Never writes to anybody who may not be written to by then, and never to more than were approved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from bot.core import hours
from bot.core.announcement import digest, ends
from bot.core.contact import Language
from bot.runner import mailing
from bot.runner.broadcast_letters import letters, why_not
from bot.runner.mailing import Letter, Post
from bot.runner.notice import Desk
from bot.runner.previewing import NOWHERE, audience
from storage import agenda, broadcasts, segments
from storage.agenda import AgendaRow
from storage.broadcasts import Broadcast, cause
from storage.outbox import Lane
from storage.recipients import Recipient
from storage.segments import Page

log = structlog.get_logger()

AT_ONCE = 100  # people a transaction
AHEAD = 1_000  # parts that wait to leave at most: so few are held back when somebody pauses
LOOK_AGAIN = timedelta(seconds=1)  # while so many wait
SETTLING = timedelta(seconds=5)  # while the last are on their way
GREW = "more people than were approved"
EXPIRED = "expired"
EVERYBODY = 2**62  # as a cursor: nobody is left


@dataclass(frozen=True, slots=True)
class _Run:
    """One piece of the work on it."""

    conn: Connection
    desk: Desk
    row: AgendaRow
    found: Broadcast
    now: datetime

    def again(self, due: datetime, taken: int | None = None) -> None:
        """Come due again; `taken`: for how many it was queued so far, so that nobody counts them anew."""
        data = self.row.data if taken is None else str(taken).encode()
        agenda.go_on(self.conn, self.row.id, due, data)

    def taken(self) -> int:
        """For how many it was queued so far."""
        return int(self.row.data) if self.row.data else broadcasts.taken(self.conn, self.found.id)


def expand_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Do the next piece; what is paused or stopped is looked after until no sender has any of it."""
    found = broadcasts.find(conn, int(row.key.partition(":")[0]), lock=True)
    if found is None:
        return
    run = _Run(conn, desk, row, found, now)
    match found.state:
        case "approved" | "sending":
            _go_on(run)
        case "paused":
            broadcasts.hold(conn, found.id)
            _look_after(run)
        case "stopped":
            broadcasts.cancel(conn, found.id, now)
            _look_after(run)
        case _:
            pass


def _look_after(run: _Run) -> None:
    """What a sender has in hand may come back to wait."""
    if broadcasts.in_hand(run.conn, run.found.id):
        run.again(run.now + LOOK_AGAIN)


def _go_on(run: _Run) -> None:
    conn, found, now = run.conn, run.found, run.now
    if found.approved != digest(found.announcement):
        raise RuntimeError(f"broadcast {found.id} is not what was approved")
    if found.cursor == EVERYBODY:
        _settle(run)
    elif now >= _ends(found, now):
        broadcasts.move_on(conn, found.id, EVERYBODY)
        broadcasts.set_state(conn, found.id, "sending", reason=EXPIRED)
        run.again(now)
    elif run.desk.quiet_hours.cover(now):
        run.again(run.desk.quiet_hours.after(now))
    elif broadcasts.waiting(conn, now, AHEAD) + AT_ONCE > AHEAD:
        run.again(now + LOOK_AGAIN)
    else:
        _expand(run)


def _expand(run: _Run) -> None:
    """Queue it for the next people, or stand still when there are too many of them."""
    conn, found, now = run.conn, run.found, run.now
    page = segments.page(conn, audience(conn, run.desk, found), found.cursor, AT_ONCE, now)
    people = mailing.load(conn, run.desk, page.ids, now) if page.ids else []
    whom = _whom(found, page, people)
    taken = run.taken() + sum(not why for why in whom.values())
    if found.people is not None and taken > _most(found, run.desk):
        broadcasts.hold(conn, found.id)
        broadcasts.set_state(conn, found.id, "paused", reason=GREW)
        log.warning("broadcast grew", broadcast=found.id, people=found.people)
        return
    said = letters(conn, found.announcement, found.id)
    leaves = {one: hours.after(now, one, run.desk.quiet_hours) for one in {each.hours for each in people}}
    posts = [_post(run, one, said, leaves) for one in people if not whom[one.person.contact.id]]
    mailing.mail(conn, run.desk, posts, now)
    broadcasts.meant_for(conn, found.id, whom, now)
    broadcasts.move_on(conn, found.id, EVERYBODY if page.last else page.cursor)
    broadcasts.set_state(conn, found.id, "sending", started_at=found.started_at or now)
    run.again(now, taken)


def _whom(found: Broadcast, page: Page, people: list[Recipient]) -> Mapping[int, str]:
    """Everybody of a page: why it can not go to them, "" when it can."""
    whom: dict[int, str] = dict.fromkeys(page.ids, NOWHERE)
    for one in people:
        contact = one.person.contact
        whom[contact.id] = why_not(contact, found.announcement)
    return whom


def _post(run: _Run, to: Recipient, said: Mapping[Language, Letter], leaves: Mapping[str, datetime]) -> Post:
    """For one person, in hours that are safe for them."""
    contact, found = to.person.contact, run.found
    return Post(
        to,
        said[contact.language],
        Lane.BROADCAST,
        cause(found.id, contact.id),
        not_before=leaves[to.hours],
        expires=_ends(found, run.now),
    )


def _settle(run: _Run) -> None:
    """It is done when nothing of it waits to leave; what waits for somebody to write may still go then."""
    if broadcasts.waits(run.conn, run.found.id):
        run.again(run.now + SETTLING)
    else:
        broadcasts.set_state(run.conn, run.found.id, "done", ended_at=run.now)


def _ends(found: Broadcast, now: datetime) -> datetime:
    return ends(found.announcement, found.approved_at or now)


def _most(found: Broadcast, desk: Desk) -> int:
    """A segment is alive: a fifth more than were approved, but alone nobody passes the limit."""
    most = (found.people or 0) * 6 // 5 + 10
    return min(most, max(desk.approve_above, found.people or 0)) if found.alone else most
