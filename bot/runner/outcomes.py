"""What became of a fair or course: those who came are asked some days after, and what they answer is kept.

Never asks twice for the same day, and never lets a word about money stay with us alone.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from bot.core.activity import Activity
from bot.core.activity_effects import OutcomeTold
from bot.core.contact import Language
from bot.core.hours import after as next_hours
from bot.core.message import Line
from bot.core.schedule import OFFICE, PHNOM_PENH, promised
from bot.core.unasked import barred, discreet
from bot.runner import asides, mailing, promises
from bot.runner.batches import AT_ONCE, begun, go_on, last_of
from bot.runner.mailing import Letter, Post
from bot.runner.notice import Desk, desk_of
from bot.runner.reminding import TOO_LATE
from bot.runner.step import Step, voice
from storage import activities, agenda, cases, outcomes
from storage import reminders as reminded
from storage.agenda import AgendaRow
from storage.outbox import Lane
from storage.taken_back import free

AFTER = "activity.after"
DAYS: Mapping[int, timedelta] = {  # after its last day → so late they may still be asked
    1: timedelta(days=7),
    14: timedelta(days=14),
    60: timedelta(days=30),
}
HOUR = time(10)  # local: a time of day at which people have a moment
AHEAD = timedelta(days=35)  # activities that end by then are entered into the agenda
WORK = ("yes", "offer", "no")


def planned(conn: Connection, now: datetime) -> list[tuple[str, str, datetime]]:
    """List what is to be entered into the agenda: the three questions of each activity."""
    longest = max(timedelta(days=day) + late for day, late in DAYS.items())
    known = outcomes.ended(conn, now + AHEAD, now - longest)
    asked = [(number, day, moment(ends_at, day)) for number, ends_at in known for day in DAYS]
    return [(AFTER, f"{number}:{day}", due) for number, day, due in asked if due + DAYS[day] > now]


def moment(ends_at: datetime, day: int) -> datetime:
    """When people are asked: so many days after the last day."""
    last = ends_at.astimezone(PHNOM_PENH).date()
    return datetime.combine(last + timedelta(days=day), HOUR, PHNOM_PENH)


def after_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Ask the next hundred; the entry comes due again until all are asked. One that was moved waits on.

    Whoever can not be asked today, because staff talk with them, may be asked on a later day.
    """
    number, day = map(int, row.key.split(":"))
    one = activities.get(conn, number)
    if one is None or one.state not in {"published", "moved", "done"}:
        return
    due = moment(one.sheet.ends_at, day)
    if due > now or desk.quiet_hours.cover(now):
        agenda.go_on(conn, row.id, max(due, desk.quiet_hours.after(now)), row.data)
        return
    until = due + DAYS[day]
    if now >= until:
        return
    ids = outcomes.people(conn, number, day, begun(row), AT_ONCE)
    if ids:
        _ask(conn, desk, one, day, ids, until, now)
    left = bool(outcomes.people(conn, number, day, 0, 1))
    go_on(conn, desk, row, last_of(ids, AT_ONCE), _stem(one, day), until, now, again=left)


def _ask(  # noqa: PLR0913, PLR0917 - what, whom and by when
    conn: Connection, desk: Desk, one: Activity, day: int, ids: list[int], until: datetime, now: datetime
) -> None:
    letters: dict[tuple[Language, bool], Letter] = {}
    posts: list[Post] = []
    missed: dict[int, str] = dict.fromkeys(ids, "no channel")
    for to in mailing.load(conn, desk, ids, now):
        whose = to.person.contact
        at = next_hours(now, to.hours, desk.quiet_hours)
        missed[whose.id] = barred(whose) or (TOO_LATE if at >= until else "")
        if missed[whose.id]:
            continue
        drawn = (whose.language, discreet(whose))
        if drawn not in letters:
            letters[drawn] = _letter(one, day, whose.language, hidden=discreet(whose))
        cause = f"{_stem(one, day)}{whose.id}"
        posts.append(Post(to, letters[drawn], Lane.REMINDER, cause, at, until))
    free(conn, [post.cause for post in posts])
    became = zip(posts, mailing.mail(conn, desk, posts, now), strict=True)
    asked = [(post.to.person.contact.id, post.cause) for post, how in became if how in {"queued", "waits"}]
    outcomes.ask(conn, one.id, day, asked, now)
    occasion = f"{outcomes.ASKED}{day}"
    reminded.miss(conn, one.id, occasion, [(who, why) for who, why in missed.items() if why], now)
    reminded.reached(conn, one.id, occasion, [who for who, why in missed.items() if not why])


def _stem(one: Activity, day: int) -> str:
    return f"activity:{one.id}:{outcomes.ASKED}{day}:"


def _letter(one: Activity, day: int, language: Language, *, hidden: bool) -> Letter:
    """To whom it must tell nothing it does not name what they came to."""
    title = one.sheet.title.read_in(language)
    asked = Line("after.discreet") if hidden else Line(f"after.day{day}", {"title": title})
    stem = f"a:{one.id}:after{day}"
    return Letter((asked,), tuple((f"{stem}:work-{work}", Line(f"after.work-{work}")) for work in WORK))


# --- what a step of the person's own does ---


def apply(step: Step, told: OutcomeTold) -> None:
    """Write down what they answered. Nothing is written of what nobody asked them."""
    if step.contact.staff or step.private:
        return
    this = (told.activity, step.contact.id, told.day)
    if told.work is not None:
        outcomes.work(step.conn, *this, told.work, step.now)
    if told.money is not None and outcomes.answered(step.conn, *this, step.now) and told.money:
        _complain(step, told.activity, told.day)


def _complain(step: Step, activity_id: int, day: int) -> None:
    """Somebody wanted money from them: it goes past every centre to the safeguarding officer.

    `case.number` and `case.answer_by` may be said. Said again of the same activity it is one complaint.
    """
    kept = asides.note(step, f"{asides.MONEY}{activity_id}", asides.title(step, activity_id), "S2")
    if not kept:
        return
    outcomes.count_money(step.conn, activity_id, day)
    desk = desk_of(step.kit)
    by = promised(step.now, desk.within(None), OFFICE)
    whose = step.conn, step.person
    case = cases.open_(*whose, "complaint", asides.NUMBER, None, None, True, by, step.now)  # noqa: FBT003 - a column
    promises.wait(step.conn, desk, case, step.now)
    step.facts["case.number"] = case.number or voice(step, None).say(Line("bot.number-later"))
    step.facts["case.answer_by"] = by
