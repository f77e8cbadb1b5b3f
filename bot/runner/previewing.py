"""What staff see before an announcement leaves: how many get it, who can not and why, how long it takes.

Never queues anything but a test copy to somebody of the staff.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.core.announcement import Fault, begins, digest, faults, missing
from bot.core.contact import Language
from bot.core.message import Line
from bot.core.segment import describe
from bot.core.window import OPEN_FOR
from bot.runner import broadcast_leads, mailing
from bot.runner.broadcast_letters import letters, why_not
from bot.runner.broadcasting import Refusal, alone_up_to, mine
from bot.runner.mailing import Outcome, Post
from bot.runner.notice import Desk
from storage import segments
from storage.broadcasts import Broadcast
from storage.outbox import Lane
from storage.segments import Audience, Group
from storage.staff import Scope

NOWHERE = "no channel"  # they write on the web page only, or where we are no more


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of it now. `digest`: of what was looked at. `who`: the segment in words.

    `reached`: people by channel who get it; of these `waits` only when they write next, because Messenger
    lets nobody write to them now. `not_reached`: people by reason. `lasts`: at the rates of the channels.
    `second`: a second person must approve it. `missing`: languages
    whose readers get the other one's words. `leaves`: when the first may get it, outside the quiet hours,
    were it approved now. `faults`: what must be changed before anybody may get it.
    """

    broadcast: Broadcast
    digest: str
    who: Line
    reached: Mapping[str, int]
    waits: int
    not_reached: Mapping[str, int]
    lasts: timedelta
    second: bool
    missing: tuple[Language, ...]
    leaves: datetime
    faults: tuple[Fault, ...]

    @property
    def people(self) -> int:
        """How many would get it."""
        return sum(self.reached.values())


def preview(
    conn: Connection, desk: Desk, scope: Scope, broadcast_id: int, now: datetime
) -> Preview | Refusal:
    """Count whom it would go to now. Reads only."""
    found = mine(conn, scope, broadcast_id)
    if isinstance(found, Refusal):
        return found
    announcement, channels = found.announcement, mailing.channels(desk)
    reached: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    waits = 0
    for group in segments.groups(conn, audience(conn, desk, found), channels, now - _open_for(desk), now):
        if why := why_not(group.contact, announcement):
            lost[why] += group.number
        elif not group.contact.channel:
            lost[NOWHERE] += group.number
        else:
            reached[group.contact.channel] += group.number
            waits += group.number if _shut(desk, group) else 0
    return Preview(
        broadcast=found,
        digest=digest(announcement),
        who=describe(announcement.segment),
        reached=dict(sorted(reached.items())),
        waits=waits,
        not_reached=dict(sorted(lost.items())),
        lasts=_lasts(desk, reached),
        second=sum(reached.values()) > alone_up_to(found, desk.approve_above),
        missing=missing(announcement),
        leaves=desk.quiet_hours.after(begins(announcement, now)),
        faults=(
            *faults(announcement, now),
            *broadcast_leads.unknown(conn, announcement),
            *broadcast_leads.lost(announcement, desk.library.live(conn).book.dialogs),
            *broadcast_leads.hidden(conn, announcement, now),
        ),
    )


def audience(conn: Connection, desk: Desk, broadcast: Broadcast) -> Audience:
    """Whom it is for."""
    provinces = {one.id: one.province for one in desk.library.live(conn).book.centres.values()}
    announcement = broadcast.announcement
    return Audience(announcement.segment, announcement.centre, provinces, announcement.repeats)


def test_copy(
    conn: Connection, desk: Desk, scope: Scope, broadcast_id: int, contact_id: int, now: datetime
) -> Outcome | Refusal:
    """Send it to one contact alone, who must be the member of staff who asks: as they would get it."""
    found = mine(conn, scope, broadcast_id)
    if isinstance(found, Refusal):
        return found
    people = mailing.load(conn, desk, [contact_id], now)
    if not people:
        return "no channel"
    letter = letters(conn, found.announcement, broadcast_id)[people[0].person.contact.language]
    cause = f"copy:{broadcast_id}:{contact_id}:{int(now.timestamp() * 1000)}"
    return mailing.mail(conn, desk, [Post(people[0], letter, Lane.STAFF, cause)], now)[0]


def _open_for(desk: Desk) -> timedelta:
    windows = [one.window for one in desk.capabilities.values() if one.window is not None]
    return min((one.open_for - one.margin for one in windows), default=OPEN_FOR)


def _shut(desk: Desk, group: Group) -> bool:
    return desk.capabilities[group.contact.channel].window is not None and not group.open


def _lasts(desk: Desk, reached: Mapping[str, int]) -> timedelta:
    """The slowest channel's time; the channels send beside each other."""
    took = [number / desk.rates[channel] for channel, number in reached.items() if channel in desk.rates]
    return timedelta(seconds=round(max(took, default=0.0)))
