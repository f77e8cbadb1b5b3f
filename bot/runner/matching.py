"""What fits what people wrote: once a week, those who want to hear of it are told, with the reason.

Never tells anybody else of them, never tells them twice of the same, and never reads a sensitive answer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from bot.core.activity import Activity, Purpose
from bot.core.contact import Language
from bot.core.fits import FIELDS, Fit, Wish, fitting, wish
from bot.core.message import Arg, Line, PlaceName, Verbatim
from bot.core.reminding import notice
from bot.core.schedule import PHNOM_PENH
from bot.core.unasked import barred, discreet
from bot.runner import mailing
from bot.runner.batches import AT_ONCE, begun, go_on, last_of
from bot.runner.mailing import Letter, Post
from bot.runner.notice import Desk
from bot.runner.telling import Telling, mail_and_tell
from storage import activities, agenda, wishes
from storage.agenda import AgendaRow
from storage.outbox import Lane
from storage.recipients import Recipient
from storage.taken_back import MATCH as LETTER
from storage.taken_back import free

MATCH = "match.week"  # of the agenda; keys a week, `week:number` when what was to leave was taken back
MOST = 3  # things in one letter: more would not be read
WEEKDAY, HOUR = 2, time(9, 30)  # Tuesday morning, local: before the middle of the week, when people are up
GRACE = timedelta(days=3)  # a week's letter that is later than that is left to the next week
AHEAD = timedelta(hours=18)  # what begins sooner is no news: nobody could come
Drawn = dict[tuple[tuple[tuple[int, str, str, str], ...], Language, bool], Letter]


def planned(conn: Connection, now: datetime) -> list[tuple[str, str, datetime]]:
    """List what is to be entered into the agenda: this week's letters and the next, if there is anything."""
    if not activities.shown(conn, now):
        return []
    weeks = (_week(now), _week(now + timedelta(days=7)))
    return [(MATCH, name, due) for name, due in weeks if due + GRACE > now]


def match_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Write to the next hundred whom something fits; the week's entry comes due again until all are done."""
    known = [one for one in activities.shown(conn, now) if one.sheet.starts_at > now + AHEAD]
    week = row.key.partition(":")[0]
    until = _due(week) + GRACE
    if not known or now > until:
        return
    if desk.quiet_hours.cover(now):
        agenda.go_on(conn, row.id, desk.quiet_hours.after(now), row.data)
        return
    ids = wishes.people(conn, FIELDS, begun(row), AT_ONCE)
    if ids and not _match(conn, desk, week, ids, known, now):
        agenda.go_on(conn, row.id, now, row.data)  # something was changed meanwhile: the same people again
        return
    go_on(conn, desk, row, last_of(ids, AT_ONCE), f"{LETTER}{week}:", until, now)


def _match(
    conn: Connection, desk: Desk, week: str, ids: Sequence[int], known: Sequence[Activity], now: datetime
) -> bool:
    """Write to these; False, and nothing is done, when what they would read is no longer so."""
    told = wishes.told(conn, ids, FIELDS)
    news = _news(told, wishes.known(conn, ids), known, now)
    letters: Drawn = {}
    posts: list[Telling] = []
    for to in mailing.load(conn, desk, sorted(news), now):
        whose = to.person.contact
        wanted = tuple(one for one in news[whose.id] if barred(whose, purpose=one.purpose) is None)[:MOST]
        if (post := _post(desk, week, to, wanted, letters, now)) is not None:
            posts.append((post, [one.activity for one in wanted]))
    about = {one.id: one for _, told_of in posts for one in told_of}
    if any(activities.lock(conn, number) != about[number] for number in sorted(about)):
        return False
    free(conn, [post.cause for post, _ in posts])
    mail_and_tell(conn, desk, posts, now)
    return True


def _news(
    told: Mapping[int, Mapping[str, Sequence[str]]],
    heard: Mapping[int, frozenset[int]],
    known: Sequence[Activity],
    now: datetime,
) -> dict[int, tuple[Fit, ...]]:
    """What fits whom, and is news to them; people who wrote the same are looked at once."""
    found: dict[int, tuple[Fit, ...]] = {}
    seen: dict[Wish, tuple[Fit, ...]] = {}
    for number, said in told.items():
        whose = wish(said)
        if whose not in seen:
            seen[whose] = fitting(known, whose, now, len(known))
        old = heard.get(number, frozenset())
        if fresh := tuple(one for one in seen[whose] if one.activity.id not in old):
            found[number] = fresh
    return found


def _post(
    desk: Desk, week: str, to: Recipient, fits: tuple[Fit, ...], letters: Drawn, now: datetime
) -> Post | None:
    """The week's letter to one person, in hours that are safe for them."""
    if not fits:
        return None
    first = min(one.activity.sheet.starts_at for one in fits)
    moment = notice(first, to.hours, desk.quiet_hours, now)
    if moment is None:
        return None
    whose = to.person.contact
    reasons = tuple((one.activity.id, one.because, one.what, one.where) for one in fits)
    drawn = (reasons, whose.language, discreet(whose))
    if drawn not in letters:
        letters[drawn] = _letter(fits, whose.language, hidden=discreet(whose))
    cause = f"{LETTER}{week}:{whose.id}"
    return Post(to, letters[drawn], Lane.REMINDER, cause, moment.at, moment.until, moment.use)


def _letter(fits: tuple[Fit, ...], language: Language, *, hidden: bool) -> Letter:
    shown = tuple(
        (f"a:{one.activity.id}", Line("match.show-nth", {"number": nth}) if fits[1:] else Line("match.show"))
        for nth, one in enumerate(fits, 1)
    )
    purposes: tuple[Purpose, ...] = tuple(dict.fromkeys(one.purpose for one in fits))
    if hidden:
        return Letter((Line("match.discreet"),), (*shown, (f"a:off:{purposes[0]}", Line("subscribe.off"))))
    ends = tuple((f"a:off:{one}", Line(f"subscribe.off-{one}")) for one in purposes)
    told = tuple(_told(nth if fits[1:] else 0, one, language) for nth, one in enumerate(fits, 1))
    return Letter((Line("match.head"), *told), (*shown, *ends))


def _told(nth: int, fit: Fit, language: Language) -> Line | Verbatim:
    sheet = fit.activity.sheet
    about: dict[str, Arg] = {
        "title": sheet.title.read_in(language),
        "when": sheet.starts_at,
        "place": PlaceName(f"+{sheet.place}"),
        "because": because(fit),
    }
    return Line("match.nth", {"number": nth, **about}) if nth else Line("match.one", about)


def because(fit: Fit) -> Line:
    """The reason, in words that the person gave."""
    where = Line("match.live" if fit.lives else "match.go", {"place": PlaceName(fit.where)})
    match fit.because:
        case "any" | "learn" | "certificate":
            return Line(f"match.because-{fit.because}", {"where": where})
        case "skill":
            return Line("match.because-skill", {"what": Line(f"match.skill.{fit.what}"), "where": where})
        case _:
            what = Line(f"match.sector.{fit.what}")
            return Line(f"match.because-{fit.because}", {"what": what, "where": where})


def _week(at: datetime) -> tuple[str, datetime]:
    year, week, _ = at.astimezone(PHNOM_PENH).isocalendar()
    name = f"{year}-W{week:02}"
    return name, _due(name)


def _due(week: str) -> datetime:
    """When the letters of an ISO week are due."""
    year, _, nth = week.partition("-W")
    day = datetime.fromisocalendar(int(year), int(nth), WEEKDAY).date()
    return datetime.combine(day, HOUR, PHNOM_PENH)
