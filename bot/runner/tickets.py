"""Files of somebody who comes to an activity: the entry for their calendar, and the ticket that is scanned.

Never makes a ticket for whoever has no seat.
"""

from bot import codes
from bot.activity_calendar import calendar
from bot.core import registered as said
from bot.core.activity import Activity
from bot.core.activity_effects import FileAsked
from bot.core.channel import Document, Part
from bot.core.message import Arg, Line, OutMessage
from bot.core.on_duty import TICKET
from bot.core.unasked import discreet
from bot.runner.links import leading
from bot.runner.step import Step, say, voice
from storage import activities, media, registrations

STAFF_CHANNEL = "telegram"  # where staff work by chat
CALENDAR_FILE, TICKET_FILE = ("activity.ics", "text/calendar"), ("ticket.png", "image/png")


def hand_over(step: Step, effect: FileAsked) -> None:
    """Put the file among what is said, or say why there is none."""
    held = activities.get(step.conn, effect.activity)
    if held is None:
        _speak(step, said.TOO_LATE)
    else:
        match effect.what:
            case "calendar":
                _calendar(step, held)
            case "link":
                _link(step, held)
            case _:
                _ticket(step, held)


def _calendar(step: Step, held: Activity) -> None:
    if not step.capabilities.documents:
        _speak(step, said.NO_FILE)
        return
    places, language = step.live.book.places, step.contact.language
    data = calendar([held], places, language, step.now, alarm=not discreet(step.contact))
    _file(step, Line(said.CALENDAR), CALENDAR_FILE, data)


def _ticket(step: Step, held: Activity) -> None:
    mine = registrations.of(step.conn, None, step.contact.id, held.id)
    if mine is None or mine.seat != "held" or not mine.ticket:
        _speak(step, said.NO_TICKET)
        return
    if not step.capabilities.documents:
        step.facts[said.TICKET] = mine.ticket
        _speak(step, said.TICKET, ticket=mine.ticket)
        return
    line = Line(said.TICKET_FILE, {"ticket": mine.ticket})
    _file(step, line, TICKET_FILE, codes.png(_scanned(step, mine.ticket)))


def _link(step: Step, held: Activity) -> None:
    """Words that can be sent on as they are."""
    leads = leading(step.conn, step.kit.channels, codes.of_activity(held.id))
    if not leads:
        _speak(step, said.NO_LINK)
        return
    title, when = held.sheet.title.read_in(step.contact.language), held.sheet.starts_at
    _speak(step, said.LINK, title=title, when=when, links="\n".join(leads.values()))


def _scanned(step: Step, ticket: str) -> str:
    """What the code says: a link that opens the ticket in the chat of staff, where we know one."""
    payload = f"{TICKET}{ticket}"
    return leading(step.conn, step.kit.channels, payload).get(STAFF_CHANNEL, payload)


def _file(step: Step, line: Line, kind: tuple[str, str], data: bytes) -> None:
    name, mime = kind
    stored = media.store(step.conn, step.person, name=name, mime=mime, data=data, now=step.now)
    words = voice(step, None).say(line)
    step.parts.append(Part(words, document=Document(stored, name, mime)))


def _speak(step: Step, message: str, **args: Arg) -> None:
    step.parts.extend(say(step, OutMessage("", (Line(message, args),))))
