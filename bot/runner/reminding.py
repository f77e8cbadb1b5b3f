"""Reminders of an activity: made ready a day ahead, a hundred people a transaction, each at their own moment.

Never reminds anybody twice of the same, and never by what it said before.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.core.activity import OPEN, Activity
from bot.core.hours import next_day
from bot.core.reminding import AHEAD, Reminder, moment, parse, reminders
from bot.core.unasked import barred
from bot.runner import mailing
from bot.runner.batches import AT_ONCE, begun, go_on, last_of
from bot.runner.mailing import Post
from bot.runner.notice import Desk
from bot.runner.reminder_letters import Letters
from bot.runner.telling import Telling, mail_and_tell
from storage import activities, agenda, chats
from storage import reminders as reminded
from storage.agenda import AgendaRow
from storage.outbox import Lane
from storage.recipients import Recipient
from storage.reminders import Expected
from storage.taken_back import free, in_hand_of, take_back

REMIND = "activity.remind"  # of the agenda; keys `activity:offset:revision`
TOO_LATE = "too late"
LOOK_AGAIN = timedelta(seconds=1)  # while a sender has some of it in hand
EXPECT = "activity.expect"  # keys `activity:contact:number`


def remind_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Make one reminder of an activity ready for the next people; the entry goes on until that was all."""
    number, offset, revision = parts_of(row.key)
    page = reminded.expected(conn, number, begun(row), AT_ONCE)
    found = mailing.load(conn, desk, [one.contact_id for one in page], now)
    held = activities.lock(conn, number)
    if held is None or held.revision != revision or held.state not in OPEN:
        return  # another entry says what is so by now
    reminder = _of(held, offset)
    if reminder is None:
        return
    missed = _remind(conn, desk, held, reminder, page, found, now)
    reminded.miss(conn, held.id, reminder.offset, missed.items(), now)
    last = last_of([one.contact_id for one in page], AT_ONCE)
    go_on(conn, desk, row, last, _stem(held, reminder), reminder.until, now)


def on_registered(conn: Connection, activity_id: int, contact_id: int, now: datetime) -> None:
    """Somebody answered, or answered anew: what waits for them is taken back, and made as they say now.

    A reminder whose time has come leaves at once, as long as it is of use; one of the next day is made ready.
    What a sender has begun may come back to wait: then it is looked at again. Whoever calls holds the person
    (their session) and has written the registration.
    """
    in_hand = _take_back(conn, activity_id, contact_id)
    reminded.heed(conn, activity_id, contact_id)
    held = activities.get(conn, activity_id)
    due = held is not None and bool(_due(held, now))
    expected = due and reminded.expected_of(conn, activity_id, contact_id) is not None
    if expected or in_hand:
        agenda.arm(conn, EXPECT, f"{activity_id}:{contact_id}", contact_id, now, now)


def expect_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Make ready for one person what was made ready for the others before they registered.

    First what waits for them is taken back: it came back from a sender, and says what they said before.
    """
    number, contact_id, _ = (int(one) for one in row.key.split(":"))
    chats.hold(conn, contact_id)
    held = activities.lock(conn, number)
    in_hand = _take_back(conn, number, contact_id)
    expected = reminded.expected_of(conn, number, contact_id)
    if held is not None and expected is not None:
        due, tomorrow = _due(held, now), next_day(now, desk.quiet_hours)
        for reminder in due:
            found = mailing.load(conn, desk, [contact_id], now)  # behind what was queued just now
            missed = _remind(conn, desk, held, reminder, [expected], found, now)
            known = {who: why for who, why in missed.items() if why != TOO_LATE}  # they know: they came late
            reminded.miss(conn, held.id, reminder.offset, known.items(), now)
        if any(reminder.until > tomorrow for reminder in due):
            agenda.go_on(conn, row.id, tomorrow, b"")  # what was not taken in its time
    if in_hand:
        agenda.go_on(conn, row.id, now + LOOK_AGAIN, b"")


def _take_back(conn: Connection, activity_id: int, contact_id: int) -> bool:
    """Whether a sender has begun some of it: asked before too, for it may come back to wait meanwhile."""
    before = in_hand_of(conn, activity_id, contact_id)
    for kind in ("-", "new:"):
        take_back(conn, f"activity:{activity_id}:{kind}", contact_id=contact_id)
    return before or in_hand_of(conn, activity_id, contact_id)


def _remind(  # noqa: PLR0913, PLR0917 - of what, whom and when
    conn: Connection,
    desk: Desk,
    held: Activity,
    reminder: Reminder,
    page: Sequence[Expected],
    found: Sequence[Recipient],
    now: datetime,
) -> dict[int, str]:
    """Queue it for everybody of a page; whom it cannot reach, and why."""
    stops = {one.contact_id: one.stop for one in page}
    free(conn, [f"{_stem(held, reminder)}{number}" for number in stops])
    reached = {one.person.contact.id: one for one in found}
    missed = {number: "no channel" for number in stops if number not in reached}
    letters = Letters(held, desk.library.live(conn))
    posts: list[Telling] = []
    for number, to in reached.items():
        post = _post(desk, letters, held, reminder, to, stops[number], now)
        if isinstance(post, Post):
            posts.append((post, (held,)))
        else:
            missed[number] = post
    return missed | mail_and_tell(conn, desk, posts, now)


def _post(  # noqa: PLR0913, PLR0917 - of what, to whom and when
    desk: Desk,
    letters: Letters,
    held: Activity,
    reminder: Reminder,
    to: Recipient,
    stop: str,
    now: datetime,
) -> Post | str:
    """The letter to one person; why there is none."""
    who = to.person.contact
    why = barred(who, asked_for=True)
    if why is not None:
        return why
    when = moment(reminder, to.hours, desk.quiet_hours, now)
    if when is None:
        return TOO_LATE
    cause = f"{_stem(held, reminder)}{who.id}"
    letter = letters.reminder(who, stop, when.at, sets_out=_sets_out(held, reminder))
    return Post(to, letter, Lane.REMINDER, cause, when.at, when.until, when.use)


def _stem(held: Activity, reminder: Reminder) -> str:
    return f"activity:{held.id}:{reminder.offset}:"


def parts_of(key: str) -> tuple[int, str, int]:
    """Number, offset and revision of an entry."""
    number, _, rest = key.partition(":")
    offset, _, revision = rest.rpartition(":")
    return int(number), offset, int(revision)


def _due(held: Activity, now: datetime) -> list[Reminder]:
    """Those that are made ready by now, and still of use."""
    return [one for one in _all(held) if held.state in OPEN and one.at - AHEAD <= now < one.until]


def _sets_out(held: Activity, reminder: Reminder) -> bool:
    """Whether it is the last one, and so many hours before that it is meant for the way there."""
    return parse(reminder.offset).hours > 0 and reminder == _all(held)[-1]


def _all(held: Activity) -> tuple[Reminder, ...]:
    return reminders(held.sheet.reminders, held.sheet.starts_at)


def _of(held: Activity, offset: str) -> Reminder | None:
    return next((one for one in _all(held) if one.offset == offset), None)
