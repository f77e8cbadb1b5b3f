"""`/today`: the day of a fair at its door: who of the registered came, and everybody else as a number.

Never shows more of a person than the name they gave, and nobody of another centre.
"""

from datetime import date, datetime, time, timedelta

from bot.core.activity import Activity, State
from bot.core.khmer.digits import to_ascii_digits
from bot.core.khmer.fold import fold
from bot.core.message import Arg, Line, Verbatim
from bot.core.on_duty import TICKET
from bot.core.schedule import PHNOM_PENH
from bot.runner.phone import fairs, walk_ins
from bot.runner.phone.looking import Calls, number
from bot.runner.phone.room import Button, Room
from storage import activities, attendance, door_list, registrations
from storage.door_list import Party

DOING = "today"  # what `staff.doing` begins with: `today:<id>`; they type names and tickets
AT_ONCE = 8
SHOWN: tuple[State, ...] = ("published", "moved", "done")
PHONE = 6  # last digits by which somebody is found


def begin(room: Room) -> None:
    """Open the activity of today, or let them choose among several."""
    centres = room.centres(fairs.ATTEND)
    if not centres:
        room.say(Line("phone.no-right"))
        return
    start = datetime.combine(day_of(room), time(), PHNOM_PENH)
    until = start + timedelta(days=1)
    kept = activities.find(
        room.step.conn, states=SHOWN, centres=centres, ends_after=start, starts_before=until
    )
    if len(kept) == 1:
        _open(room, kept[0].activity)
        return
    buttons: list[Button] = [
        (f"to:{one.activity.id}", Verbatim(fairs.title(room, one.activity))) for one in kept
    ]
    if kept:
        room.say(Line("phone.today-which"), buttons=buttons)
    else:
        room.say(Line("phone.today-none"), buttons=[("fa:list:0", Line("phone.fair-do.list"))])


def tapped(room: Room, what: list[str]) -> None:
    """`5` · `5:who:0` · `5:came:77:0` · `5:walk:woman:25-34`."""
    one, *deed = what
    activity = fairs.found(room, number(one), fairs.ATTEND)
    if activity is None:
        return
    _wait(room, activity)
    match deed:
        case []:
            _open(room, activity, redraw=True)
        case ["who", page]:
            _who(room, activity, number(page))
            room.note("activity.names", f"activity {activity.id}")
        case ["came", contact]:
            _came(room, activity, number(contact))
        case ["tick", contact, page]:
            _tick(room, activity, number(contact))
            _who(room, activity, number(page))
        case ["undo", contact]:
            _undo(room, activity, number(contact))
        case ["calls"]:
            _calls(room, activity)
        case ["walk" | "less", *more]:
            walk_ins.tapped(room, activity.id, deed[0], more, day_of(room))
        case _:
            room.say(Line("phone.fair-unknown"))


def written(room: Room, words: str) -> None:
    """A ticket, a name, or the end of a phone number of somebody who stands at the door."""
    activity = fairs.found(room, number(room.asked.partition(":")[2]), fairs.ATTEND)
    if activity is None:
        return
    _wait(room, activity)
    parties = _meant(room, activity, words)
    if len(parties) == 1:
        _came(room, activity, parties[0].contact_id)
    elif parties:
        buttons = [_button(activity, one) for one in parties[:AT_ONCE]]
        room.say(Line("phone.today-which-person"), buttons=buttons)
    else:
        room.say(Line("phone.today-nobody"), buttons=_below(activity))


def scanned(room: Room, ticket: str) -> None:
    """A ticket's code was scanned: it opens this chat."""
    party = attendance.by_ticket(room.step.conn, ticket)
    activity = activities.get(room.step.conn, party.activity_id) if party else None
    if party is None or activity is None or not room.may(fairs.ATTEND, activity.centre):
        room.say(Line("phone.today-no-ticket"))
        return
    _wait(room, activity)
    _came(room, activity, party.contact_id)


def day_of(room: Room) -> date:
    """Today, in Phnom Penh."""
    return room.step.now.astimezone(PHNOM_PENH).date()


def _wait(room: Room, activity: Activity) -> None:
    room.ask(f"{DOING}:{activity.id}")


def _open(room: Room, activity: Activity, *, redraw: bool = False) -> None:
    _wait(room, activity)
    conn = room.step.conn
    parties, people = attendance.arrived(conn, activity.id)
    counted = registrations.counts(conn, activity.id)
    expected = fairs.people(counted, fairs.SEATED)
    walked = sum(one.count for one in attendance.walk_ins(conn, activity.id))
    numbers = {"parties": parties, "people": people, "expected": expected, "walked": walked}
    lines = (Verbatim(fairs.title(room, activity)), Line("phone.today", numbers), Line("phone.today-type"))
    room.say(*lines, buttons=_below(activity), redraw=redraw)


def _below(activity: Activity) -> list[Button]:
    return [
        (f"to:{activity.id}:who:0", Line("phone.today-do.who")),
        (f"to:{activity.id}:walk", Line("phone.today-do.walk")),
        (f"to:{activity.id}:calls", Line("phone.today-do.calls")),
    ]


def _calls(room: Room, activity: Activity) -> None:
    """How many are to be called; who and under what number is on paper, not in a chat that others see."""
    looked = room.step.looked
    count = looked.people if isinstance(looked, Calls) else 0
    about: dict[str, Arg] = {"count": count, "id": str(activity.id), "name": room.member.name}
    said = Line("phone.today-calls", about) if count else Line("phone.today-no-calls")
    room.say(said, buttons=[(f"to:{activity.id}", Line("phone.back"))])


def _who(room: Room, activity: Activity, page: int) -> None:
    """A page of the list; a tap ticks somebody, or takes the tick back."""
    conn, vault = room.step.conn, room.step.kit.vault
    found = door_list.page(conn, vault, activity.id, skip=page * AT_ONCE, limit=AT_ONCE + 1)
    here = f"to:{activity.id}"
    buttons: list[Button] = [(f"{here}:tick:{one.contact_id}:{page}", _label(one)) for one in found[:AT_ONCE]]
    if page:
        buttons.append((f"{here}:who:{page - 1}", Line("bot.page-backward")))
    if len(found) > AT_ONCE:
        buttons.append((f"{here}:who:{page + 1}", Line("bot.page-onward")))
    buttons.append((here, Line("phone.back")))
    came = attendance.arrived(conn, activity.id)[0]
    head = Line("phone.today-who", {"parties": came}) if found else Line("phone.today-who-none")
    room.say(head, buttons=buttons, redraw=True)


def _tick(room: Room, activity: Activity, contact_id: int) -> None:
    conn, now = room.step.conn, room.step.now
    party = attendance.of_contact(conn, activity.id, contact_id)
    if party is None:
        return
    if party.came is None:
        attendance.came(conn, activity.id, contact_id, now)
        room.note("activity.came", f"activity {activity.id} contact {contact_id}")
    else:
        attendance.undo(conn, activity.id, contact_id)
        room.note("activity.came-not", f"activity {activity.id} contact {contact_id}")


def _came(room: Room, activity: Activity, contact_id: int) -> None:
    """Note one party, and say so; a second time nothing changes."""
    conn, vault = room.step.conn, room.step.kit.vault
    party = door_list.of_contact(conn, vault, activity.id, contact_id)
    if party is None:
        room.say(Line("phone.today-nobody"), buttons=_below(activity))
        return
    if party.came is None:
        _tick(room, activity, contact_id)
    said = "phone.today-came" if party.came is None else "phone.today-came-before"
    undo: Button = (f"to:{activity.id}:undo:{contact_id}", Line("phone.today-do.undo"))
    room.say(Line(said, {"name": _name(party), "people": party.size}), buttons=(undo, *_below(activity)))


def _undo(room: Room, activity: Activity, contact_id: int) -> None:
    party = attendance.of_contact(room.step.conn, activity.id, contact_id)
    if party is not None and party.came is not None:
        _tick(room, activity, contact_id)
    _open(room, activity)


def _meant(room: Room, activity: Activity, words: str) -> list[Party]:
    conn, vault = room.step.conn, room.step.kit.vault
    ticket = attendance.by_ticket(conn, "".join(words.split()).removeprefix(TICKET).upper())
    if ticket is not None and ticket.activity_id == activity.id:
        one = door_list.of_contact(conn, vault, activity.id, ticket.contact_id)
        return [one] if one else []
    digits = "".join(one for one in to_ascii_digits(words) if one.isdigit())
    if len(digits) >= PHONE:
        return door_list.phoned(conn, vault, activity.id, digits[-PHONE:])
    return door_list.named(conn, vault, activity.id, fold(words).split())


def _button(activity: Activity, party: Party) -> Button:
    return f"to:{activity.id}:came:{party.contact_id}", _label(party)


def _label(party: Party) -> Line:
    tick = "phone.today-there" if party.came is not None else "phone.today-not-there"
    return Line(tick, {"name": _name(party), "people": party.size})


def _name(party: Party) -> str | Line:
    return party.name or Line("phone.today-no-name")
