"""The one path by which an activity is published, changed, called off or ended, and what follows from that.

Never tells anybody by itself: it plans entries of the agenda, and takes back what still waits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from bot.core.activity import OPEN, Activity, Sheet, State
from bot.core.activity_changes import Change, changes, moves
from bot.core.reminding import AHEAD, Reminder, reminders
from bot.runner.matching import MATCH
from bot.runner.notice import Desk
from bot.runner.reminding import REMIND
from storage import activities, agenda, audit, seats
from storage import reminders as reminded
from storage.staff import Scope, may
from storage.taken_back import AT_ONCE, Taken, in_hand, take_back, take_back_matched

NEW = "activity.new"  # of the agenda; keys `activity:revision`
CORRECT = "activity.correct"  # keys `activity:revision`
TELLING = ("-", "new:", "r")  # how causes go on behind `activity:number:`: reminders, news, corrections
OFFER = "offer"  # the same, of seats
LOOK_AGAIN = timedelta(seconds=1)  # while a sender has some of it in hand
TAKEN_BACK = b'{"after":0}'  # of a correction: nothing waits any more with the old words


class Refused(StrEnum):
    """Why nothing was done."""

    UNKNOWN = "there is no such activity"
    NOT_YOURS = "it is another centre's"
    NOT_NOW = "it can not be done to an activity in this state"
    OVER = "it is over already"


@dataclass(frozen=True, slots=True)
class Plan:
    """An activity as it stands now, and what was planned with it.

    `reminders`: each offset of its sheet with the time it falls on and how late it may be.
    `changes`: the facts that people are told anew, the weightiest first; empty when nobody needs to be.
    `told`: how many people were told of it before, at most.
    """

    activity: Activity
    reminders: tuple[Reminder, ...] = ()
    changes: tuple[Change, ...] = ()
    told: int = 0


def publish(
    conn: Connection, desk: Desk, scope: Scope | None, activity_id: int, now: datetime
) -> Plan | Refused:
    """Show a draft to everybody: its reminders are planned, and those who follow its like are told.

    `scope` None: the installation itself. Others need `broadcast.draft` at the centre that organises it.
    """
    held = _held(conn, scope, activity_id, frozenset({"draft"}), now)
    if isinstance(held, Refused):
        return held
    if held.sheet.ends_at <= now:
        return Refused.OVER
    after = _write(conn, scope, held, "activity.publish", now, state="published")
    plan(conn, desk, after, now)
    return Plan(after, reminders(after.sheet.reminders, after.sheet.starts_at))


def change(
    conn: Connection, desk: Desk, scope: Scope | None, activity_id: int, sheet: Sheet, now: datetime
) -> Plan | Refused:
    """Let an activity say something else from now on, in a new revision.

    A published one whose time or place changes is `moved`. What waits with the old facts is taken back and
    made anew; exactly those who were told them are corrected, once.
    """
    held = _held(conn, scope, activity_id, OPEN | {"draft"}, now)
    if isinstance(held, Refused):
        return held
    state: State = "moved" if held.state in OPEN and moves(held.sheet, sheet) else held.state
    after = _write(conn, scope, held, "activity.change", now, sheet=sheet, state=state)
    planned = reminders(sheet.reminders, sheet.starts_at)
    if after == held or after.state == "draft":
        return Plan(after, planned)
    told = reminded.count_told(conn, after.id)
    _correct(conn, desk, after, now)
    seats.look_again(conn, after.id, now)
    return Plan(after, planned, changes(held.sheet, after), told)


def cancel(
    conn: Connection,
    desk: Desk,
    scope: Scope | None,
    activity_id: int,
    now: datetime,
) -> Plan | Refused:
    """Call it off: nothing more leaves for it but the word of that, to exactly those who were told of it."""
    held = _held(conn, scope, activity_id, OPEN | {"draft"}, now)
    if isinstance(held, Refused):
        return held
    after = _write(conn, scope, held, "activity.cancel", now, state="cancelled")
    if held.state == "draft":
        return Plan(after)
    told = reminded.count_told(conn, after.id)
    _correct(conn, desk, after, now)
    return Plan(after, changes=changes(held.sheet, after), told=told)


def done(
    conn: Connection,
    desk: Desk,
    scope: Scope | None,
    activity_id: int,
    now: datetime,
) -> Plan | Refused:
    """End what has begun: what still waits for it is taken back. What became of it is asked all the same."""
    held = activities.lock(conn, activity_id, alone=True)
    refused = _refused(held, scope, OPEN)
    if held is None or refused is not None:
        return refused or Refused.UNKNOWN
    if held.sheet.starts_at > now:
        return Refused.NOT_NOW
    after = _write(conn, scope, held, "activity.done", now, state="done")
    _correct(conn, desk, after, now)
    return Plan(after)


def key(one: Activity) -> str:
    """Of an entry of the agenda for an activity as it stands; one of another revision does nothing."""
    return f"{one.id}:{one.revision}"


def stale(conn: Connection, one: Activity, now: datetime) -> timedelta | None:
    """Take back some of what waits to tell what it said before; how soon to look again, None: that was all.

    Only before what it says now is planned. What a sender has begun to send may come back to wait: until it
    has left or not, nobody knows who is to be corrected.
    """
    before = in_hand(conn, one.id)  # it may come back while the rest is taken back
    taken = [take_back(conn, f"activity:{one.id}:{kind}") for kind in TELLING]
    offers, matches = take_back(conn, f"activity:{one.id}:{OFFER}"), take_back_matched(conn, one.id)
    for week in sorted({letter.cause.split(":")[1] for letter in matches}):
        agenda.arm(conn, MATCH, week, None, now, now)  # what still fits them
    if one.state in OPEN:
        _offer_again(conn, one, offers, now)
    if any(len(some) >= AT_ONCE for some in (*taken, offers, matches)):
        return timedelta()
    return LOOK_AGAIN if before or in_hand(conn, one.id) else None


def _offer_again(conn: Connection, one: Activity, offers: Iterable[Taken], now: datetime) -> None:
    """Whose seat is still offered is told of it with what is so now."""
    for contact_id in sorted({offer.contact_id for offer in offers}):
        agenda.arm(conn, seats.OFFER, f"{one.id}:{contact_id}", contact_id, now, now)


def _held(
    conn: Connection, scope: Scope | None, activity_id: int, states: frozenset[State], now: datetime
) -> Activity | Refused:
    """Hold it until the transaction ends; why not, where that is so."""
    held = activities.lock(conn, activity_id, alone=True)
    refused = _refused(held, scope, states)
    if held is None or refused is not None:
        return refused or Refused.UNKNOWN
    return Refused.OVER if held.sheet.ends_at <= now and held.state in OPEN else held


def _refused(held: Activity | None, scope: Scope | None, states: frozenset[State]) -> Refused | None:
    if held is None:
        return Refused.UNKNOWN
    if scope is not None and not may(scope, "broadcast.draft", held.centre):
        return Refused.NOT_YOURS
    return None if held.state in states else Refused.NOT_NOW


def _write(  # noqa: PLR0913 - who changes what into what
    conn: Connection,
    scope: Scope | None,
    held: Activity,
    action: str,
    now: datetime,
    *,
    sheet: Sheet | None = None,
    state: State | None = None,
) -> Activity:
    after = activities.change(conn, held.id, now, sheet=sheet, state=state)
    if after is None:
        raise LookupError(f"activity {held.id} vanished while it was held")
    if after != held:
        staff_id = None if scope is None else scope.staff_id or None
        audit.record(conn, staff_id, action, f"activity {held.id}", now)
    return after


def plan(conn: Connection, desk: Desk, one: Activity, now: datetime) -> None:
    """Enter what is told of it as it stands: what is new after the quiet hours, reminders a day ahead.

    Some are reminded earlier than others. A reminder that can not be of use any more is left out.
    """
    if one.state not in OPEN:
        return
    agenda.add(conn, NEW, None, key(one), desk.quiet_hours.after(now), b"", now)
    for reminder in reminders(one.sheet.reminders, one.sheet.starts_at):
        if reminder.until > now:
            due = max(now, reminder.at - AHEAD)
            agenda.add(conn, REMIND, None, f"{one.id}:{reminder.offset}:{one.revision}", due, b"", now)


def _correct(conn: Connection, desk: Desk, one: Activity, now: datetime) -> None:
    """Take back what waits, as much as one transaction may; the agenda does the rest, and tells who knew."""
    again = stale(conn, one, now)
    if again is not None:
        agenda.add(conn, CORRECT, None, key(one), now + again, b"", now)
    else:
        plan(conn, desk, one, now)
        agenda.add(conn, CORRECT, None, key(one), now, TAKEN_BACK, now)
