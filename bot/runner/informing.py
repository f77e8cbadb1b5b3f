"""What has changed of an activity, told once to exactly those who were told what it said before.

Never tells whoever knows it as it is, and nothing to whom the old words had not left for.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.core.activity import Activity, Sheet
from bot.core.activity_changes import Change, changes
from bot.core.reminding import DEAD_OF_NIGHT, Moment, correction
from bot.core.unasked import barred, discreet
from bot.runner import mailing
from bot.runner.batches import AT_ONCE, begun, go_on, last_of
from bot.runner.mailing import Letter, Post
from bot.runner.notice import Desk
from bot.runner.planning import TAKEN_BACK, plan, stale
from bot.runner.reminder_letters import Letters
from bot.runner.reminding import TOO_LATE
from bot.runner.telling import Telling, mail_and_tell
from storage import activities, agenda
from storage import reminders as reminded
from storage.agenda import AgendaRow
from storage.outbox import Lane
from storage.recipients import Recipient
from storage.taken_back import free

INFORM = "activity.inform"  # of the agenda; keys `activity:contact:number`
Known = tuple[Sheet, tuple[Change, ...]]  # what somebody was told, and what of it is otherwise now


def inform_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Take back what waits with the old words; then tell the next of those for whom they had left."""
    number, _, revision = row.key.partition(":")
    one = activities.get(conn, int(number))
    if one is None or one.revision != int(revision):
        return  # the entry of what it says now tells them
    if not row.data:
        _clear(conn, desk, row, one, now)
    elif DEAD_OF_NIGHT.cover(now):
        agenda.go_on(conn, row.id, DEAD_OF_NIGHT.after(now), row.data)
    elif one.state != "done":
        _tell(conn, desk, row, one, now)


def _clear(conn: Connection, desk: Desk, row: AgendaRow, one: Activity, now: datetime) -> None:
    """Take back what waits with the old words; once that is all, what it says now may be planned."""
    held = activities.lock(conn, one.id)
    if held is None or held.revision != one.revision:
        return
    again = stale(conn, held, now)
    if again is not None:
        agenda.go_on(conn, row.id, now + again, b"")
    else:
        plan(conn, desk, held, now)
        agenda.go_on(conn, row.id, now, TAKEN_BACK)


def _tell(conn: Connection, desk: Desk, row: AgendaRow, one: Activity, now: datetime) -> None:
    """Tell the next people; the entry goes on until that was all."""
    page = reminded.told(conn, one.id, begun(row), AT_ONCE)
    held = _tell_these(conn, desk, one, page, now)
    if held is not None:
        last = last_of([who for who, _ in page], AT_ONCE)
        go_on(conn, desk, row, last, _stem(held), held.sheet.ends_at, now)


def on_told(conn: Connection, contact_id: int, told: Iterable[tuple[int, int]], now: datetime) -> None:
    """Somebody was just shown these revisions: (id, revision). What changed meanwhile is told them as well.

    Whoever calls has written that down before.
    """
    for activity_id in activities.behind(conn, dict(told)):
        agenda.arm(conn, INFORM, f"{activity_id}:{contact_id}", contact_id, now, now)


def inform_one_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Tell one person what changed while they were shown it; a page of people may have gone by them."""
    number, contact_id, _ = (int(one) for one in row.key.split(":"))
    one = activities.get(conn, number)
    if one is None or one.state == "done":
        return
    if DEAD_OF_NIGHT.cover(now):
        agenda.go_on(conn, row.id, DEAD_OF_NIGHT.after(now), row.data)
        return
    _tell_these(conn, desk, one, reminded.told(conn, number, contact_id - 1, 1, contact_id), now)


def _tell_these(
    conn: Connection, desk: Desk, one: Activity, page: Sequence[tuple[int, int]], now: datetime
) -> Activity | None:
    """Tell those of them who know otherwise; None when it is something else by now: another entry does."""
    wrong = _wrong(conn, one, page)
    found = mailing.load(conn, desk, sorted(wrong), now) if wrong else []
    held = activities.lock(conn, one.id)
    if held is None or held.revision != one.revision:
        return None
    _inform(conn, desk, held, wrong, found, now)
    return held


def _wrong(conn: Connection, one: Activity, page: Sequence[tuple[int, int]]) -> dict[int, Known]:
    """Whoever knows something that is otherwise now."""
    if all(revision in {0, one.revision} for _, revision in page):
        return {}
    said = {known.number: known for known in activities.revisions(conn, one.id)}
    different = {
        number: () if known.state == one.state == "cancelled" else changes(known.sheet, one)
        for number, known in said.items()
    }
    return {who: (said[told].sheet, different[told]) for who, told in page if told and different[told]}


def _inform(
    conn: Connection,
    desk: Desk,
    held: Activity,
    wrong: Mapping[int, Known],
    found: Sequence[Recipient],
    now: datetime,
) -> None:
    free(conn, [f"{_stem(held)}{who}" for who in wrong])
    reached = {to.person.contact.id: to for to in found}
    missed: dict[int, str] = {who: "no channel" for who in wrong if who not in reached}
    letters, lost = Letters(held, desk.library.live(conn)), reminded.busless(conn, held, wrong)
    posts: list[Telling] = []
    for who, to in reached.items():
        was, changed = wrong[who]
        why = barred(to.person.contact, asked_for=True)
        when = _moment(desk, held, was, to, now)
        if why is not None or when is None:
            missed[who] = why or TOO_LATE
            continue
        if when.at >= _sets_out(held, was, now):
            missed[who] = TOO_LATE  # they may be on their way by then, but let them know all the same
        letter = letters.correction(to.person.contact, was, changed, busless=who in lost)
        posts.append((_post(held, to, letter, when), (held,)))
    missed |= mail_and_tell(conn, desk, posts, now)
    reminded.miss(conn, held.id, f"r{held.revision}", missed.items(), now)


def _post(held: Activity, to: Recipient, letter: Letter, when: Moment) -> Post:
    """The letter to one person."""
    cause = f"{_stem(held)}{to.person.contact.id}"
    return Post(to, letter, Lane.REMINDER, cause, when.at, when.until, when.use)


def _stem(held: Activity) -> str:
    return f"activity:{held.id}:r{held.revision}:"


def _moment(desk: Desk, held: Activity, was: Sheet, to: Recipient, now: datetime) -> Moment | None:
    """Either what they knew or what is so now begins soon: what comes first makes it urgent."""
    over = max(was.ends_at, held.sheet.ends_at)
    quiet, who = desk.quiet_hours, to.person.contact
    return correction(_sets_out(held, was, now), over, to.hours, quiet, now, discreet=discreet(who))


def _sets_out(held: Activity, was: Sheet, now: datetime) -> datetime:
    """When somebody would set out at the earliest, by what they knew or by what is so."""
    ahead = [at for at in (was.starts_at, held.sheet.starts_at) if at > now]
    return min(ahead, default=max(was.ends_at, held.sheet.ends_at))
