"""What became of a fair or course: those who came are asked some days after, and what they answer is kept.

Never asks twice for the same day, and never lets a word about money stay with us alone.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

import orjson
from sqlalchemy import Connection

from bot.core.activity import Activity
from bot.core.activity_effects import OutcomeTold
from bot.core.contact import Language
from bot.core.hours import after as next_hours
from bot.core.message import Line
from bot.core.schedule import OFFICE, PHNOM_PENH, promised
from bot.core.unasked import barred
from bot.runner import asides, mailing, promises
from bot.runner.mailing import Letter, Post
from bot.runner.notice import Desk, desk_of
from bot.runner.step import Step, voice
from storage import activities, agenda, cases, outcomes
from storage.agenda import AgendaRow
from storage.outbox import Lane

AFTER = "activity.after"
DAYS: Mapping[int, timedelta] = {  # after its last day → so late they may still be asked
    1: timedelta(days=7),
    14: timedelta(days=14),
    60: timedelta(days=30),
}
HOUR = time(10)  # local: a time of day at which people have a moment
AT_ONCE = 100  # people in one transaction
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
    """Ask the next hundred; the entry comes due again until all are asked. One that was moved waits on."""
    number, day = map(int, row.key.split(":"))
    one = activities.get(conn, number)
    if one is None or one.state not in {"published", "moved", "done"}:
        return
    due = moment(one.sheet.ends_at, day)
    if due > now or desk.quiet_hours.cover(now):
        agenda.go_on(conn, row.id, max(due, desk.quiet_hours.after(now)), row.data)
        return
    until = due + DAYS[day]
    past = orjson.loads(row.data)["after"] if row.data else 0
    ids = outcomes.people(conn, number, day, past, AT_ONCE) if now < until else []
    if ids:
        _ask(conn, desk, one, day, ids, until, now)
        agenda.go_on(conn, row.id, now, orjson.dumps({"after": ids[-1]}))


def _ask(  # noqa: PLR0913, PLR0917 - what, whom and by when
    conn: Connection, desk: Desk, one: Activity, day: int, ids: list[int], until: datetime, now: datetime
) -> None:
    letters: dict[tuple[Language, bool], Letter] = {}
    posts: list[Post] = []
    for to in mailing.load(conn, desk, ids, now):
        whose = to.person.contact
        at = next_hours(now, to.hours, desk.quiet_hours)
        if barred(whose) is not None or at >= until:
            continue
        drawn = (whose.language, whose.discreet)
        if drawn not in letters:
            letters[drawn] = _letter(one, day, whose.language, discreet=whose.discreet)
        cause = f"activity:{one.id}:after{day}:{whose.id}"
        posts.append(Post(to, letters[drawn], Lane.REMINDER, cause, at, until))
    became = zip(posts, mailing.mail(conn, desk, posts, now), strict=True)
    asked = [(post.to.person.contact.id, post.cause) for post, how in became if how in {"queued", "waits"}]
    outcomes.ask(conn, one.id, day, asked, now)


def _letter(one: Activity, day: int, language: Language, *, discreet: bool) -> Letter:
    """To whom it must tell nothing it does not name what they came to."""
    title = one.sheet.title.read_in(language)
    asked = Line("after.discreet") if discreet else Line(f"after.day{day}", {"title": title})
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
    if (
        told.money is not None
        and outcomes.money(step.conn, *this, step.now, wanted=told.money)
        and told.money
    ):
        _complain(step, told.activity)


def _complain(step: Step, activity_id: int) -> None:
    """Somebody wanted money from them: it goes past every centre to the safeguarding officer.

    `case.number` and `case.answer_by` may be said. Said again of the same activity it is one complaint.
    """
    kept = asides.note(step, f"{asides.MONEY}{activity_id}", asides.title(step, activity_id), "S2")
    if not kept:
        return
    desk = desk_of(step.kit)
    by = promised(step.now, desk.within(None), OFFICE)
    whose = step.conn, step.person
    case = cases.open_(*whose, "complaint", asides.NUMBER, None, None, True, by, step.now)  # noqa: FBT003 - a column
    promises.wait(step.conn, desk, case, step.now)
    step.facts["case.number"] = case.number or voice(step, None).say(Line("bot.number-later"))
    step.facts["case.answer_by"] = by
