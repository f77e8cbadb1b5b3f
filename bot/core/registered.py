"""What is said after somebody answered an activity: as if they had got what they asked for.

Never knows whether there was a seat: where it turned out otherwise the runner says another message instead.
"""

from datetime import datetime

from bot.core.activity import Activity, Coming, Party
from bot.core.activity_effects import OfferAnswered, Registered
from bot.core.activity_words import stop_of
from bot.core.contact import Language
from bot.core.message import Arg, Fact, Line

HELD, WAITING, ROOM = "activity.held", "activity.waiting", "activity.room"
MAYBE, CANNOT, TOO_LATE, NO_BUS = "activity.maybe", "activity.cannot", "activity.closed", "activity.no-bus"
TOO_MANY = "activity.too-many"
TICKET, BUS, REMIND = "activity.ticket", "activity.bus", "activity.remind-app"
LOOK_AGAIN = "activity.waiting-look"  # nothing is sure to tell them of a seat
WAY = "activity.remind-{way}"  # app, window, call, none: how this person can be reminded
NONE, UNWANTED, TOO_SOON = "activity.remind-none", "activity.remind-off", "activity.remind-late"
DISCREET, ELSEWHERE, STOPPED = (
    "activity.remind-discreet",
    "activity.remind-elsewhere",
    "activity.remind-stopped",
)
PAGE, PHONE = "activity.remind-page", "activity.remind-phone"  # where nothing reaches anybody; staff call
CALENDAR, TICKET_FILE = "activity.calendar", "activity.ticket-file"
NO_FILE, NO_TICKET = "activity.no-file", "activity.no-ticket"
LINK, NO_LINK = "activity.link", "activity.no-link"


def registered(activity: Activity, said: Registered, language: Language) -> tuple[Line, ...]:
    """What is said in the same turn, behind this effect.

    `remind` in it stands for how we can remind this person, which the runner knows.
    """
    what = _what(activity, said.party, language)
    match said.coming:
        case "come" | "bus":
            lines = [Line(HELD, what), *_bus(activity, said.coming, said.party, language)]
            lines.append(Line(TICKET, {"ticket": Fact(TICKET)}))
        case "maybe":
            lines = [Line(MAYBE, what)]
        case _:
            return (Line(CANNOT, what),)
    return (*lines, Line(REMIND if said.remind else UNWANTED))


def answered(activity: Activity, said: OfferAnswered, party: Party, language: Language) -> tuple[Line, ...]:
    """The same behind the answer to an offered seat. `party`: as they are registered."""
    if not said.taken:
        return (Line(CANNOT, _what(activity, party, language)),)
    coming: Coming = "bus" if stop_of(activity.sheet, party.stop) else "come"
    return registered(activity, Registered(activity.id, coming, party, remind=True), language)


def _what(activity: Activity, party: Party, language: Language) -> dict[str, Arg]:
    title = activity.sheet.title.read_in(language)
    when: datetime = activity.sheet.starts_at
    return {"title": title, "when": when, "people": party.size}


def _bus(activity: Activity, coming: Coming, party: Party, language: Language) -> list[Line]:
    stops = [one for one in activity.sheet.stops if one.key == party.stop]
    if coming != "bus" or not stops:
        return []
    return [Line(BUS, {"stop": stops[0].name.read_in(language), "leaves": stops[0].leaves_at})]
