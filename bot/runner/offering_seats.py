"""A seat that became free: whoever it is offered to is told, and after their time it goes to the next.

Never gives a seat to anybody: they take it themselves.
"""

from datetime import datetime

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
from storage import activities, registrations, seats
from storage.agenda import AgendaRow
from storage.outbox import Lane
from storage.taken_back import take_back


def offer_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Tell somebody of the seat that waits for them; whoever cannot be told in time leaves it to the next."""
    activity_id, contact_id, nth = (int(one) for one in row.key.split(":"))
    found = mailing.load(conn, desk, [contact_id], now)
    held = activities.lock(conn, activity_id)
    mine = registrations.of(conn, None, contact_id, activity_id)
    if held is None or mine is None or mine.seat != "offered" or held.state not in OPEN:
        return  # they answered, or it was called off
    until = mine.offered_until or now
    heard = desk.quiet_hours.after(now)
    if not found or barred(found[0].person.contact, asked_for=True) is not None:
        registrations.pass_on(conn, contact_id, activity_id, now, heard=heard)
        return
    to = found[0]
    at = hours.after(now, to.hours, desk.quiet_hours)
    cause = f"activity:{activity_id}:offer{nth}:{contact_id}"
    letter = _letter(held, mine, to.person.contact)
    post = Post(to, letter, Lane.REMINDER, cause, not_before=at, expires=until)
    if at >= until or mail_and_tell(conn, desk, [(post, (held,))], now):
        take_back(conn, cause, contact_id=contact_id)  # kept until they write, it would tell them too late
        registrations.pass_on(conn, contact_id, activity_id, now, heard=heard)


def lapse_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Look at the seats again: what was not taken in time, or is new, is offered to those who wait."""
    held = activities.lock(conn, int(row.key.partition(":")[0]))
    if held is not None:
        seats.settle(conn, held, now, heard=desk.quiet_hours.after(now))


def answered(conn: Connection, activity_id: int, contact_id: int) -> None:
    """Ask them no more of a seat that they have answered for: what waits to ask it is taken back."""
    take_back(conn, f"activity:{activity_id}:offer", contact_id=contact_id)


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
