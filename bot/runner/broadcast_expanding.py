"""An announcement on its way: queued for a hundred people at a time, just ahead of the senders.

Never writes to anybody who may not be written to by then, and never to more than were approved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from bot.core import hours
from bot.core.announcement import digest, ends
from bot.core.hours import Span
from bot.runner import mailing
from bot.runner.broadcast_letters import letters, why_not
from bot.runner.broadcasting import alone_up_to
from bot.runner.mailing import Post
from bot.runner.notice import Desk
from bot.runner.previewing import NOWHERE, audience
from storage import agenda, broadcast_anew, broadcast_still, broadcasts, segments
from storage.agenda import AgendaRow
from storage.broadcasts import Broadcast, cause
from storage.outbox import Lane
from storage.recipients import Recipient

log = structlog.get_logger()

AT_ONCE = 100  # people a transaction
AHEAD = 1_000  # parts that wait to leave at most: so few are held back when somebody pauses
LOOK_AGAIN = timedelta(seconds=1)  # while so many wait
SETTLING = timedelta(seconds=5)  # while the last are on their way
GREW = "more people than were approved"
EXPIRED = "expired"
TOO_LATE = "none of their hours were left"
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
            broadcast_still.hold(conn, found.id)
            _look_after(run)
        case "stopped":
            broadcast_still.cancel(conn, found.id, now)
            _look_after(run)
        case _:
            pass


def _look_after(run: _Run) -> None:
    """What a sender has in hand may come back to wait."""
    if broadcast_still.in_hand(run.conn, run.found.id):
        run.again(run.now + LOOK_AGAIN)


def _go_on(run: _Run) -> None:
    conn, found, now = run.conn, run.found, run.now
    if found.approved != digest(found.announcement):
        raise RuntimeError(f"broadcast {found.id} is not what was approved")
    over, everybody = now >= _ends(found, now), found.cursor == EVERYBODY
    held = () if over else broadcast_anew.held(conn, found.id, AT_ONCE)
    if over and not everybody:
        broadcasts.move_on(conn, found.id, EVERYBODY)
        broadcasts.set_state(conn, found.id, "sending", reason=EXPIRED)
        run.again(now)
    elif everybody and not held:
        _settle(run, over=over)
    elif run.desk.quiet_hours.cover(now):
        run.again(run.desk.quiet_hours.after(now))
    elif broadcasts.waiting(conn, now, AHEAD) + AT_ONCE > AHEAD:
        run.again(now + LOOK_AGAIN)
    elif held:
        _anew(run, held)
    else:
        _expand(run)


def _expand(run: _Run) -> None:
    """Queue it for the next people, or stand still when there are too many of them."""
    conn, found, now = run.conn, run.found, run.now
    page = segments.page(conn, audience(conn, run.desk, found), found.cursor, AT_ONCE, now)
    people = mailing.load(conn, run.desk, page.ids, now) if page.ids else []
    whom = _whom(found, page.ids, people)
    taken = run.taken() + sum(not why for why in whom.values())
    if found.people is not None and taken > _most(found, run.desk):
        broadcast_still.hold(conn, found.id)
        broadcasts.set_state(conn, found.id, "paused", reason=GREW)
        log.warning("broadcast grew", broadcast=found.id, people=found.people)
        _look_after(run)
        return
    _mail(run, [one for one in people if not whom[one.person.contact.id]])
    broadcasts.meant_for(conn, found.id, whom, now)
    broadcasts.move_on(conn, found.id, EVERYBODY if page.last else page.cursor)
    broadcasts.set_state(conn, found.id, "sending", started_at=found.started_at or now)
    run.again(now, taken)


def _anew(run: _Run, ids: Sequence[int]) -> None:
    """Queue it once more for people of whom it was held back, or whose hours passed without a sender."""
    conn, found, now = run.conn, run.found, run.now
    people = mailing.load(conn, run.desk, ids, now)
    whom = _whom(found, ids, people)
    late = {one.person.contact.id for one in people if _span(run, one.hours).start >= _ends(found, now)}
    broadcast_anew.give_up(conn, found.id, late, TOO_LATE)
    theirs = broadcast_anew.take(conn, found.id, whom.keys() - late)
    _mail(
        run, [one for one in people if (who := one.person.contact.id) in theirs and not whom[who]], again=True
    )
    broadcast_anew.skip(conn, found.id, {one: whom[one] for one in theirs if whom[one]})
    run.again(now)


def _whom(found: Broadcast, ids: Sequence[int], people: list[Recipient]) -> Mapping[int, str]:
    """Everybody of these: why it can not go to them, "" when it can."""
    whom: dict[int, str] = dict.fromkeys(ids, NOWHERE)
    for one in people:
        contact = one.person.contact
        whom[contact.id] = why_not(contact, found.announcement)
    return whom


def _mail(run: _Run, people: Sequence[Recipient], *, again: bool = False) -> None:
    """Queue it for these, each in hours that are safe for them and no longer: there is a next day."""
    found, said = run.found, letters(run.conn, run.found.announcement, run.found.id)
    ends, spans = _ends(found, run.now), {one: _span(run, one) for one in {each.hours for each in people}}
    posts = [
        Post(
            one,
            said[one.person.contact.language],
            Lane.BROADCAST,
            cause(found.id, one.person.contact.id),
            not_before=spans[one.hours].start,
            expires=min(ends, spans[one.hours].end),
            lasts=ends,
            again=again,
        )
        for one in people
    ]
    mailing.mail(run.conn, run.desk, posts, run.now)


def _span(run: _Run, safe: str) -> Span:
    """The next hours in which it may reach somebody of such safe hours, from now on."""
    start = hours.after(run.now, safe, run.desk.quiet_hours)
    return Span(start, hours.end(start, safe, run.desk.quiet_hours))


def _settle(run: _Run, *, over: bool) -> None:
    """It is done when nothing of it waits to leave; what waits for somebody to write may still go then.

    Whoever was not reached in their hours gets it in the next ones, unless it is over.
    """
    late = () if over else broadcast_anew.late(run.conn, run.found.id, AT_ONCE)
    if late:
        _anew(run, late)
    elif broadcast_still.waits(run.conn, run.found.id):
        run.again(run.now + SETTLING)
    else:
        broadcast_still.let_go(run.conn, run.found.id, run.now)
        broadcasts.set_state(run.conn, run.found.id, "done", ended_at=run.now)


def _ends(found: Broadcast, now: datetime) -> datetime:
    return ends(found.announcement, found.approved_at or now)


def _most(found: Broadcast, desk: Desk) -> int:
    """A segment is alive: a fifth more than were approved, but alone nobody passes the limit."""
    most = (found.people or 0) * 6 // 5 + 10
    return min(most, max(alone_up_to(found, desk.approve_above), found.people or 0)) if found.alone else most
