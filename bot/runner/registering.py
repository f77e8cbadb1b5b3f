"""Who answers an activity: written down under its lock, and told truthfully what became of it.

Never promises a seat or a reminder that there is not.
"""

import secrets

from bot.core import registered as said
from bot.core.activity import Activity, Remind
from bot.core.activity_effects import ActivitiesTold, OfferAnswered, Registered
from bot.core.activity_reminds import to_come
from bot.core.message import Arg, Line
from bot.core.reminding import moment, reminders
from bot.core.unasked import discreet, may_be_reminded
from bot.runner import offering_seats
from bot.runner.informing import on_told
from bot.runner.remindable import APPS, way_of
from bot.runner.reminding import on_registered
from bot.runner.step import Step
from storage import activities, attendance, registrations, seats, subscriptions
from storage.registrations import Booked, Refused

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none is taken for another, read aloud or on paper
LENGTH = 8
INSTEAD = {Refused.CLOSED: said.TOO_LATE, Refused.BUS: said.NO_BUS, Refused.NEVER: said.TOO_MANY}
ABOUT_SEATS = (said.BUS, said.TICKET)


def told(step: Step, effect: ActivitiesTold) -> None:
    """Remember what they were shown, so that they are corrected when it changes."""
    activities.tell(step.conn, step.contact.id, effect.told, step.now)
    on_told(step.conn, step.contact.id, effect.told, step.now)


def register(step: Step, effect: Registered) -> None:
    """Write down whether they come."""
    held = activities.get(step.conn, effect.activity)
    remind = _wanted(step, held) if effect.remind else "none"
    became = registrations.register(
        step.conn,
        step.person.key,
        step.contact.id,
        effect.activity,
        effect.coming,
        effect.party,
        remind=remind,
        ticket=new_ticket(step),
        now=step.now,
        heard=step.kit.quiet_hours.after(step.now),
    )
    _became(step, held, became, effect.party.stop if effect.coming == "bus" else "")


def answer_offer(step: Step, effect: OfferAnswered) -> None:
    """Write down whether they take the seat that was offered."""
    held = activities.get(step.conn, effect.activity)
    became = registrations.answer_offer(
        step.conn,
        step.person.key,
        step.contact.id,
        effect.activity,
        taken=effect.taken,
        ticket=new_ticket(step),
        now=step.now,
        heard=step.kit.quiet_hours.after(step.now),
    )
    _became(step, held, Refused.CLOSED if became is None else became)


def new_ticket(step: Step) -> str:
    """Nobody can guess one, and no two are the same."""
    while True:
        ticket = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        if attendance.by_ticket(step.conn, ticket) is None:
            return ticket


def _became(step: Step, held: Activity | None, became: Booked | Refused, stop: str = "") -> None:
    """What is said where it turned out otherwise than asked, and what only the store knew."""
    if held is None or isinstance(became, Refused):
        why = INSTEAD[became] if isinstance(became, Refused) else said.TOO_LATE
        most = seats.most(held, stop) if held and became is Refused.NEVER else None
        _say(step, why, (said.HELD, said.MAYBE, said.CANNOT), **({} if most is None else {"most": most}))
        _drop(step, *ABOUT_SEATS, said.REMIND, said.UNWANTED)
        return
    now_is = became.registration
    on_registered(step.conn, held.id, step.contact.id, step.now)
    if became.room is None:
        offering_seats.answered(step.conn, held.id, step.contact.id, step.now)
    if became.room is not None:
        _say(step, said.ROOM, (said.HELD,), room=became.room)
        _drop(step, *ABOUT_SEATS, said.REMIND, said.UNWANTED)
    elif now_is.seat == "waiting":
        told_of = may_be_reminded(step.contact) and way_of(step).asked
        _say(step, said.WAITING if told_of else said.LOOK_AGAIN, (said.HELD,))
        _drop(step, said.TICKET)
    step.facts[said.TICKET] = now_is.ticket
    if said.REMIND not in step.instead:
        step.instead[said.REMIND] = _promise(step, held, now_is.remind)


def _promise(step: Step, held: Activity, remind: Remind) -> Line:
    """How they are told that we remind them; where every reminder's time is over, that there is none."""
    way, here = way_of(step), step.person.where.channel
    if remind == "none" and step.contact.stopped:
        return Line(said.STOPPED)
    if not held.sheet.reminders:
        return Line(said.UNWANTED)
    if remind == way.remind == "none":
        return Line(said.PAGE if way.pulled else said.NONE)
    if not _left(step, held):
        return Line(said.TOO_SOON)
    if remind == "none":
        return Line(said.UNWANTED)
    if way.pulled:
        return Line(said.PHONE)
    if remind == "app" and way.channel != here:
        return Line(said.ELSEWHERE, {"app": APPS.get(way.channel, way.channel)})
    return Line(said.DISCREET if remind == "app" and discreet(step.contact) else said.WAY.format(way=remind))


def _wanted(step: Step, held: Activity | None) -> Remind:
    """How they are reminded; where no reminder is left to come nobody asked them, so what they said stays."""
    if held is None or to_come(held, step.now):
        return way_of(step).remind
    before = registrations.of(step.conn, None, step.contact.id, held.id)
    return "none" if before is None else before.remind


def _left(step: Step, held: Activity) -> bool:
    """Whether the time of any reminder is still to come, or its use is."""
    hours = subscriptions.hours_of(step.conn, step.contact.id)
    all_ = reminders(held.sheet.reminders, held.sheet.starts_at)
    return any(moment(one, hours, step.kit.quiet_hours, step.now) is not None for one in all_)


def _say(step: Step, message: str, instead_of: tuple[str, ...], **args: Arg) -> None:
    step.instead |= dict.fromkeys(instead_of, Line(message, args))


def _drop(step: Step, *messages: str) -> None:
    step.instead |= dict.fromkeys(messages)
