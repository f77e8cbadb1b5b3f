"""A fair told by phone: the questions one after another, what was said so far, and the fair of it.

Never shows a new fair to anybody: it is a draft until they publish it.
"""

from typing import Any

import orjson

from bot.core import fair_form
from bot.core.activity import Activity, Sheet
from bot.core.fair_form import MOVED, NEW, Unclear
from bot.core.message import Arg, Line
from bot.runner import planning
from bot.runner.phone import fairs
from bot.runner.phone.looking import number
from bot.runner.phone.room import Button, Room
from storage import activities

DOING = "fair"  # what `staff.doing` begins with: `fair:<id, 0 for a new one>:<question> {…}`
READY = "ready"  # all was said; they look at it


def tapped(room: Room, what: list[str]) -> None:
    """`new` · `new:pursat` · `ask:hours:08:00-12:00` · `keep` · `drop`."""
    match what:
        case ["new"]:
            _begin(room)
        case ["new", centre]:
            _begin(room, centre)
        case ["ask", question, *said]:
            _answered(room, question, ":".join(said))
        case ["keep"]:
            _keep(room)
        case _:
            room.say(Line("phone.fair-dropped"))


def written(room: Room, words: str) -> None:
    """They typed an answer to the question that waits."""
    _, question, _ = _so_far(room)
    _answered(room, question, words)


def move(room: Room, activity: Activity) -> None:
    """Another time, maybe another place: the same questions as for a new one."""
    _go_on(room, activity.id, {"title": fairs.title(room, activity), "centre": activity.centre})


def _begin(room: Room, centre: str = "") -> None:
    centres = room.centres(fairs.EDIT)
    if not centres or (centre and centre not in centres):
        room.say(Line("phone.no-right"))
    elif centre or len(centres) == 1:
        _go_on(room, 0, {"centre": centre or centres[0]})
    else:
        choices = [(f"fa:new:{one}", Line(f"centres.{one}.name")) for one in centres]
        room.say(Line("phone.which-centre"), buttons=choices)


def _so_far(room: Room) -> tuple[int, str, dict[str, Any]]:
    """Which fair (0: a new one), which question waits, and what was said; empty when none does."""
    head, _, form = room.asked.partition(" ")
    match head.split(":"):
        case [_, one, question] if head.startswith(f"{DOING}:"):
            return number(one), question, orjson.loads(form)
        case _:
            return 0, "", {}


def _answered(room: Room, question: str, said: str) -> None:
    one, waits, given = _so_far(room)
    if not waits or (question != waits and question not in given):
        room.say(Line("phone.begin-again"))
        return
    if question != waits:  # a button of a question that is answered already
        _ask(room, one, waits, given)
        return
    if waits == READY:
        _show(room, one, given)
        return
    book, now = room.step.live.book, room.step.now
    read = fair_form.read(book, question, given, said, now)
    if isinstance(read, Unclear):
        room.ask(f"{DOING}:{one}:{question}", given)
        choices: list[Button] = [(f"fa:ask:{question}:{value}", label) for value, label in read.choices]
        room.say(read.why, buttons=[*choices, *_taps(question, one)])
        return
    _go_on(room, one, read)


def _go_on(room: Room, one: int, given: dict[str, Any]) -> None:
    question = fair_form.next_of(MOVED if one else NEW, given)
    if question is None:
        _show(room, one, given)
    else:
        _ask(room, one, question, given)


def _ask(room: Room, one: int, question: str, given: dict[str, Any]) -> None:
    if question == READY:
        _show(room, one, given)
        return
    room.ask(f"{DOING}:{one}:{question}", given)
    room.say(Line(f"phone.fair-ask.{question}"), buttons=_taps(question, one))


def _taps(question: str, one: int) -> list[Button]:
    choices: list[Button] = [
        (f"fa:ask:{question}:{value}", label) for value, label in fair_form.choices(question, moves=bool(one))
    ]
    return [*choices, ("fa:drop", Line("phone.fair-drop"))]


def _show(room: Room, one: int, given: dict[str, Any]) -> None:
    """What they said, to be kept or thrown away."""
    room.ask(f"{DOING}:{one}:{READY}", given)
    before = activities.get(room.step.conn, one) if one else None
    sheet = fair_form.moved(before.sheet, given) if before else fair_form.sheet(given)
    sure = "phone.fair-keep-sure" if before is None or before.state == "draft" else "phone.fair-move-sure"
    keep: Button = ("fa:keep", Line("phone.fair-move" if before else "phone.fair-keep"))
    buttons: tuple[Button, ...] = (keep, ("fa:drop", Line("phone.fair-drop")))
    room.say(*_told(room, sheet), Line(sure), buttons=buttons)


def _told(room: Room, sheet: Sheet) -> list[Line]:
    language = room.step.contact.language
    about: dict[str, Arg] = {"title": sheet.title.read_in(language), "place": fairs.where(sheet, language)}
    about |= {"starts": sheet.starts_at, "ends": fairs.on(sheet, sheet.ends_at)}
    lines = [Line("phone.fair-so", about)]
    if sheet.capacity:
        lines.append(Line("phone.fair-so-capacity", {"capacity": sheet.capacity}))
    for stop in sheet.stops:
        bus: dict[str, Arg] = {"stop": stop.name.read_in(language), "leaves": fairs.on(sheet, stop.leaves_at)}
        lines.append(Line("phone.fair-so-bus", bus | {"seats": stop.seats}))
    return lines


def _keep(room: Room) -> None:
    one, waits, given = _so_far(room)
    if waits != READY:
        room.say(Line("phone.begin-again"))
    elif one:
        _moved(room, one, given)
    elif not room.may(fairs.EDIT, given["centre"]):
        room.say(Line("phone.no-right"))
    else:
        step, sheet = room.step, fair_form.sheet(given)
        staff_id = room.member.staff_id
        made = activities.make(step.conn, "fair", given["centre"], sheet, step.now, staff_id=staff_id)
        room.note("activity.make", f"activity {made.id}")
        fairs.show(room, made, Line("phone.fair-kept"))


def _moved(room: Room, one: int, given: dict[str, Any]) -> None:
    activity = fairs.found(room, one, fairs.EDIT)
    if activity is None:
        return
    step, sheet = room.step, fair_form.moved(activity.sheet, given)
    done = planning.change(step.conn, room.desk, room.scope, one, sheet, step.now)
    fairs.told(room, done, "phone.fair-changed" if activity.state == "draft" else "phone.fair-moved")
