"""A seat that became free: whoever it is offered to is told, and after their time it goes to the next.

Never gives a seat to anybody: they take it themselves.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.core import hours
from bot.core import registered as said
from bot.core.activity import OPEN, Activity, Registration
from bot.core.contact import Contact
from bot.core.message import Arg, Line
from bot.core.unasked import barred, discreet
from bot.runner import mailing
from bot.runner.mailing import Letter, Post
from bot.runner.notice import Desk
from bot.runner.telling import mail_and_tell
from storage import activities, agenda, registrations, reminders, seats
from storage.agenda import AgendaRow
from storage.outbox import Lane
from storage.recipients import Recipient
from storage.taken_back import in_hand_of, take_back

TOO_LATE = "too late"
LOOK_AGAIN = timedelta(seconds=1)  # while a sender has it in hand


def offer_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Tell somebody of the seat that waits for them; whoever cannot be told in time leaves it to the next.

    Staff see whom that was (`activity_missed`). Who has answered by now is asked no more: what a sender had
    begun may have come back to wait.
    """
    activity_id, contact_id, nth = (int(one) for one in row.key.split(":"))
    found = mailing.load(conn, desk, [contact_id], now)
    held = activities.lock(conn, activity_id)
    mine = registrations.of(conn, None, contact_id, activity_id)
    if held is None or mine is None or mine.seat != "offered" or held.state not in OPEN:
        _take_back(conn, activity_id, contact_id)  # they answered, or it was called off
        if in_hand_of(conn, activity_id, contact_id):
            agenda.go_on(conn, row.id, now + LOOK_AGAIN, b"")
        return
    kind = f"offer{nth}"
    why = _ask(conn, desk, held, mine, found[0], kind, now) if found else "no channel"
    if why is not None:
        take_back(conn, f"activity:{activity_id}:{kind}:", contact_id=contact_id)  # too late once they write
        reminders.miss(conn, activity_id, kind, [(contact_id, why)], now)
        registrations.pass_on(conn, contact_id, activity_id, now, heard=desk.quiet_hours.after(now))


def lapse_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Look at the seats again: what was not taken in time, or is new, is offered to those who wait."""
    held = activities.lock(conn, int(row.key.partition(":")[0]))
    if held is not None:
        seats.settle(conn, held, now, heard=desk.quiet_hours.after(now))


def answered(conn: Connection, activity_id: int, contact_id: int, now: datetime) -> None:
    """Ask them no more of a seat that they have answered for: what waits to ask it is taken back.

    What a sender has begun is looked at again: it may come back to wait. Whoever calls holds the person.
    """
    _take_back(conn, activity_id, contact_id)
    if in_hand_of(conn, activity_id, contact_id):
        agenda.arm(conn, seats.OFFER, f"{activity_id}:{contact_id}", contact_id, now, now)


def _take_back(conn: Connection, activity_id: int, contact_id: int) -> None:
    take_back(conn, f"activity:{activity_id}:offer", contact_id=contact_id)


def _ask(  # noqa: PLR0913, PLR0917 - of what, whom and when
    conn: Connection,
    desk: Desk,
    held: Activity,
    mine: Registration,
    to: Recipient,
    kind: str,
    now: datetime,
) -> str | None:
    """Queue the question; why it cannot reach them in time, where that is so."""
    who, until = to.person.contact, mine.offered_until or now
    why = barred(who, asked_for=True)
    at = hours.after(now, to.hours, desk.quiet_hours)
    if why is not None or at >= until:
        return why or TOO_LATE
    cause = f"activity:{held.id}:{kind}:{who.id}"
    post = Post(to, _letter(held, mine, who), Lane.REMINDER, cause, not_before=at, expires=until)
    return mail_and_tell(conn, desk, [(post, (held,))], now).get(who.id)


def _letter(held: Activity, mine: Registration, who: Contact) -> Letter:
    number, until = held.id, mine.offered_until or held.sheet.starts_at
    if discreet(who):
        line = Line("activity.offer-discreet", {"until": until})
        return Letter((line,), ((f"a:{number}", Line("activity.offer-show")),))
    title = held.sheet.title.read_in(who.language)
    args: dict[str, Arg] = {"title": title, "when": held.sheet.starts_at, "until": until}
    lines = [Line("activity.offer", args | {"people": mine.party.size})]
    bus = seats.bus_of(held, mine.party.stop)
    if bus is not None:
        lines.append(Line(said.BUS, {"stop": bus.name.read_in(who.language), "leaves": bus.leaves_at}))
    take = (f"a:{number}:take", Line("activity.offer-take"))
    leave = (f"a:{number}:leave", Line("activity.offer-leave"))
    return Letter(tuple(lines), (take, leave))
