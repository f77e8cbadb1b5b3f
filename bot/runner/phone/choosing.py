"""Who an announcement is for, chosen by taps: a few parts of a segment, each with its values to tick.

Never looks anybody up, and never offers what tells of a person: needs and cases are chosen at the computer.
"""

from dataclasses import replace

from bot.core import segment as segments
from bot.core.announcement import Announcement
from bot.core.message import Line, PlaceName, Verbatim
from bot.core.segment import VALUES, Segment
from bot.runner.phone.looking import number
from bot.runner.phone.room import Button, Room, Said
from storage import activities

PARTS = ("places", "sexes", "ages", "worked", "wants", "training", "activity")
TICK = "✓ "
AT_ONCE = 8


def chosen(room: Room, announcement: Announcement, part: str, value: str) -> Announcement | None:
    """The announcement with a value ticked, or not any more; None for what is not offered here."""
    if part not in PARTS or value not in {one for one, _ in _values(room, announcement, part)}:
        return None
    before = announcement.segment
    if part != "activity":
        return replace(announcement, segment=segments.toggled(before, part, value))
    fair = number(value)
    segment = replace(before, activity=None if fair == before.activity else fair)
    return replace(announcement, segment=segment)


def show(room: Room, broadcast_id: int, announcement: Announcement) -> None:
    """Who it is for so far, and what else can be chosen."""
    here, onward = f"an:{broadcast_id}", "preview" if announcement.words else "words"
    buttons: list[Button] = [(f"{here}:part:{one}", _named(announcement, one)) for one in PARTS]
    buttons += [(f"{here}:{onward}", Line("phone.an-go-on")), (f"{here}:drop", Line("phone.an-drop"))]
    described = segments.describe(announcement.segment)
    room.say(Line("phone.an-who"), whose(announcement), described, buttons=buttons, redraw=True)


def show_part(room: Room, broadcast_id: int, announcement: Announcement, part: str) -> None:
    """The values of one part, those that are ticked with a tick."""
    here = f"an:{broadcast_id}"
    ticked = getattr(announcement.segment, part)
    there = {str(ticked)} if part == "activity" else set(ticked)
    buttons = [
        (f"{here}:tick:{part}:{value}", _ticked(room, label, on=value in there))
        for value, label in _values(room, announcement, part)
    ]
    none = () if buttons else (Line("phone.an-no-values"),)
    below: Button = (f"{here}:who", Line("phone.back"))
    described = segments.describe(announcement.segment)
    room.say(Line(f"phone.an-ask.{part}"), described, *none, buttons=[*buttons, below], redraw=True)


def _values(room: Room, announcement: Announcement, part: str) -> list[tuple[str, Said]]:
    match part:
        case "places":
            return _places(room, announcement)
        case "activity":
            centres = [announcement.centre] if announcement.centre else None
            found = activities.find(
                room.step.conn, states=("published", "moved"), centres=centres, ends_after=room.step.now
            )
            language = room.step.contact.language
            return [
                (str(one.activity.id), Verbatim(one.activity.sheet.title.read_in(language)))
                for one in found[:AT_ONCE]
            ]
        case _:
            return [(value, Line(f"broadcast.{part}.{value}")) for value in VALUES[part]]


def _places(room: Room, announcement: Announcement) -> list[tuple[str, Said]]:
    """The centre's province and its districts; of the whole installation, the centres' provinces."""
    book = room.step.live.book
    centre = book.centres.get(announcement.centre)
    if centre is None:
        return [(one.province, PlaceName(one.province)) for one in book.centres.values()]
    whole = (centre.province, Line("phone.an-province", {"place": PlaceName(centre.province)}))
    return [whole, *((one.code, PlaceName(one.code)) for one in book.places.children(centre.province))]


def _ticked(room: Room, label: Said, *, on: bool) -> Said:
    return Verbatim(TICK + room.voice.say(label)) if on else label


def _set(announcement: Announcement, part: str) -> bool:
    return bool(getattr(announcement.segment, part) != getattr(Segment(), part))


def _named(announcement: Announcement, part: str) -> Line:
    tick = "phone.an-part-set" if _set(announcement, part) else "phone.an-part"
    return Line(tick, {"part": Line(f"phone.an-part.{part}")})


def whose(announcement: Announcement) -> Line:
    """Whose people it reaches at most."""
    if not announcement.centre:
        return Line("phone.an-everywhere")
    return Line("phone.an-centre", {"centre": Line(f"centres.{announcement.centre}.name")})
