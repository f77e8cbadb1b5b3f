"""`/fair`: what comes next at their centre, with who comes; publishing it and calling it off.

Never changes an activity but through `planning`, and never shows one of another centre.
"""

from datetime import datetime

from bot.core.activity import Activity, Sheet, State, Stop
from bot.core.contact import Language
from bot.core.message import Arg, Line, PlaceName, TimeOfDay, Verbatim
from bot.core.schedule import PHNOM_PENH
from bot.runner import planning
from bot.runner.phone import fair_making
from bot.runner.phone.looking import number
from bot.runner.phone.room import Button, Room
from bot.runner.planning import Plan, Refused
from storage import activities, registrations
from storage.registrations import Counts
from storage.staff import Action

EDIT: Action = "broadcast.draft"
ATTEND: Action = "activity.attend"
AT_ONCE = 8  # as many as are read on a phone without scrolling for long
NEXT: tuple[State, ...] = ("draft", "published", "moved")
AT_DOOR: frozenset[State] = frozenset({"published", "moved", "done"})
SEATED = frozenset({"held"})
WAITING = frozenset({"waiting", "offered"})


def begin(room: Room, page: int = 0, *, redraw: bool = False) -> None:
    """List the next activities of the centres where they may do anything about them."""
    centres = _centres(room)
    if not centres:
        room.say(Line("phone.no-right"))
        return
    now = room.step.now
    found = activities.find(room.step.conn, states=NEXT, centres=centres, ends_after=now)
    shown = [one.activity for one in found[page * AT_ONCE : (page + 1) * AT_ONCE]]
    buttons: list[Button] = [(f"fa:{one.id}", Verbatim(title(room, one))) for one in shown]
    if len(found) > (page + 1) * AT_ONCE:
        buttons.append((f"fa:list:{page + 1}", Line("bot.page-onward")))
    if room.centres(EDIT):
        buttons.append(("fa:new", Line("phone.fair-new")))
    head = Line("phone.fairs" if shown else "phone.fairs-none")
    room.say(head, *(_row(room, one) for one in shown), buttons=buttons, redraw=redraw)


def tapped(room: Room, what: list[str]) -> None:
    """`list:1` · `new…` and `ask…` (making one) · `5` · `5:publish` · `5:cancel` · `5:really`."""
    match what:
        case ["list", page]:
            begin(room, number(page), redraw=True)
        case ["new" | "ask" | "keep" | "drop", *_]:
            fair_making.tapped(room, what)
        case [one, *deed]:
            _one(room, number(one), deed)


def title(room: Room, activity: Activity) -> str:
    """What it is called in their language."""
    return activity.sheet.title.read_in(room.step.contact.language)


def show(room: Room, activity: Activity, *said: Line, redraw: bool = False) -> None:
    """Everything about one, and what may be done now. `said`: what was just done."""
    sheet = activity.sheet
    counted = registrations.counts(room.step.conn, activity.id)
    lines: list[Line | Verbatim] = [*said, Verbatim(title(room, activity))]
    lines.append(Line("phone.fair-when", {"starts": sheet.starts_at, "ends": on(sheet, sheet.ends_at)}))
    lines.append(Line("phone.fair-where", {"place": where(sheet, room.step.contact.language)}))
    lines.append(_state(activity, counted))
    lines += [_bus(room, sheet, one, counted) for one in sheet.stops]
    room.say(*lines, buttons=_deeds(room, activity), redraw=redraw)


def where(sheet: Sheet, language: Language) -> Arg:
    """The venue, if they told one, and its commune."""
    place = PlaceName(f"+{sheet.place}")
    if not sheet.venue:
        return place
    return Line("phone.fair-at", {"venue": sheet.venue.read_in(language), "place": place})


def on(sheet: Sheet, moment: datetime) -> Arg:
    """A moment of the day on which it begins: its hour is enough."""
    same = moment.astimezone(PHNOM_PENH).date() == sheet.starts_at.astimezone(PHNOM_PENH).date()
    return TimeOfDay(moment) if same else moment


def found(room: Room, activity_id: int, action: Action) -> Activity | None:
    """The activity, if they may do this to it; else they are told that there is none."""
    activity = activities.get(room.step.conn, activity_id)
    if activity is None or not room.may(action, activity.centre):
        room.say(Line("phone.fair-unknown"))
        return None
    return activity


def elsewhere(room: Room, centre: str, sheet: Sheet) -> bool:
    """Whether it is in a province that is not the centre's: all who follow its like there would be told."""
    own = room.step.live.book.centres.get(centre)
    return own is None or not sheet.place.startswith(own.province)


def told(room: Room, outcome: Plan | Refused, said: str) -> None:
    """What came of a change: the activity as it stands now, or why nothing was done."""
    if isinstance(outcome, Refused):
        unknown = outcome in {Refused.UNKNOWN, Refused.NOT_YOURS}
        room.say(Line("phone.fair-unknown" if unknown else "phone.fair-not-now"))
        return
    to_come = sum(one.until > room.step.now for one in outcome.reminders)
    show(room, outcome.activity, Line(said, {"told": outcome.told, "reminders": to_come}))


def _one(room: Room, activity_id: int, deed: list[str]) -> None:
    activity = found(room, activity_id, EDIT if deed else ATTEND)
    if activity is None:
        return
    conn, now = room.step.conn, room.step.now
    match deed:
        case []:
            show(room, activity, redraw=True)
        case ["publish"] if elsewhere(room, activity.centre, activity.sheet):
            room.say(Line("phone.fair-elsewhere"))
        case ["publish"]:
            told(
                room, planning.publish(conn, room.desk, room.scope, activity.id, now), "phone.fair-published"
            )
        case ["move"]:
            fair_making.move(room, activity)
        case ["cancel"]:
            sure: list[Button] = [
                (f"fa:{activity.id}:really", Line("phone.fair-cancel-yes")),
                (f"fa:{activity.id}", Line("phone.back")),
            ]
            room.say(
                Line("phone.fair-cancel-sure", {"title": title(room, activity)}), buttons=sure, redraw=True
            )
        case ["really"]:
            told(room, planning.cancel(conn, room.desk, room.scope, activity.id, now), "phone.fair-cancelled")
        case _:
            room.say(Line("phone.fair-unknown"))


def _centres(room: Room) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*room.centres(EDIT), *room.centres(ATTEND))))


def _deeds(room: Room, activity: Activity) -> list[Button]:
    buttons: list[Button] = []
    if room.may(EDIT, activity.centre):
        deeds = {"draft": ("publish", "move"), "published": ("move", "cancel"), "moved": ("move", "cancel")}
        possible = deeds.get(activity.state, ())
        buttons += [(f"fa:{activity.id}:{deed}", Line(f"phone.fair-do.{deed}")) for deed in possible]
    if room.may(ATTEND, activity.centre) and activity.state in AT_DOOR:
        buttons.append((f"to:{activity.id}", Line("phone.fair-do.today")))
    return [*buttons, ("fa:list:0", Line("phone.fair-do.list"))]


def _row(room: Room, activity: Activity) -> Line:
    counted = registrations.counts(room.step.conn, activity.id)
    about: dict[str, Arg] = {"title": title(room, activity), "starts": activity.sheet.starts_at}
    return Line("phone.fair-row", about | {"state": _state(activity, counted)})


def _state(activity: Activity, counted: list[Counts]) -> Line:
    numbers = {
        "come": people(counted, SEATED),
        "waiting": people(counted, WAITING),
        "bus": people([one for one in counted if one.coming == "bus"], SEATED),
        "maybe": sum(one.adults + one.children for one in counted if one.coming == "maybe"),
    }
    return Line("phone.fair-state", {"state": Line(f"phone.fair-is.{activity.state}"), **numbers})


def people(counted: list[Counts], seats: frozenset[str]) -> int:
    """How many people have or wait for a seat."""
    return sum(one.adults + one.children for one in counted if one.seat in seats)


def _bus(room: Room, sheet: Sheet, stop: Stop, counted: list[Counts]) -> Line:
    taken = people([one for one in counted if one.stop == stop.key], SEATED)
    name = stop.name.read_in(room.step.contact.language)
    about: dict[str, Arg] = {
        "stop": name,
        "leaves": on(sheet, stop.leaves_at),
        "taken": taken,
        "seats": stop.seats,
    }
    return Line("phone.fair-bus", about)
