"""Who answers an activity: written down under its lock, and told truthfully what became of it.

Never promises a seat or a reminder that there is not.
"""

import secrets

from bot.core import registered as said
from bot.core.activity import Activity, Remind
from bot.core.activity_effects import ActivitiesTold, OfferAnswered, Registered
from bot.core.message import Line
from bot.core.reminding import moment, reminders
from bot.core.unasked import barred
from bot.runner.informing import on_told
from bot.runner.reach import PULLED, reached, speaks
from bot.runner.reminder_letters import REMINDER
from bot.runner.reminding import on_registered
from bot.runner.step import Step
from storage import activities, attendance, grants, registrations, seats, subscriptions
from storage.calling import call_of
from storage.faults import DamagedCell
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
    remind = _remind(step) if effect.remind else "none"
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
    if became.room is not None:
        _say(step, said.ROOM, (said.HELD,), room=became.room)
        _drop(step, *ABOUT_SEATS, said.REMIND, said.UNWANTED)
    elif now_is.seat == "waiting":
        _say(step, said.WAITING, (said.HELD,))
        _drop(step, said.TICKET)
    step.facts[said.TICKET] = now_is.ticket
    if said.REMIND not in step.instead:
        _say(step, _promise(step, held, now_is.remind), (said.REMIND,))


def _promise(step: Step, held: Activity, remind: Remind) -> str:
    """How they are told that we remind them; where every reminder's time is over, that there is none."""
    hours = subscriptions.hours_of(step.conn, step.contact.id)
    sheet, quiet = held.sheet, step.kit.quiet_hours
    left = (moment(one, hours, quiet, step.now) for one in reminders(sheet.reminders, sheet.starts_at))
    if remind != "none" and all(one is None for one in left):
        return said.TOO_SOON
    return said.WAY.format(way=remind)


def _remind(step: Step) -> Remind:
    """How this person can be reminded where they are reached best, as far as we know now."""
    conn, contact = step.conn, step.contact
    if barred(contact, asked_for=True) is not None:
        return "none"
    person = reached(conn, step.person, speaks(step.kit), "automatic", step.now)
    if person.where.channel in PULLED or person.account not in step.kit.channels:
        return "none"
    if step.kit.channels[person.account].capabilities.window is None:
        return "app"
    if f"{REMINDER}/{contact.language}" in grants.of(conn, person.account).templates:
        return "app"
    return "call" if _called(step) else "window"


def _called(step: Step) -> bool:
    """Whether staff can and may call them, as the call list judges it."""
    try:
        return call_of(step.conn, step.person.key, step.contact) is not None
    except DamagedCell:
        return False


def _say(step: Step, message: str, instead_of: tuple[str, ...], **args: int) -> None:
    step.instead |= dict.fromkeys(instead_of, Line(message, args))


def _drop(step: Step, *messages: str) -> None:
    step.instead |= dict.fromkeys(messages)
